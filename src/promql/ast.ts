/** An expression as it was understood: Prometheus's own tree, in plain data. */

import type { Matcher } from './matcher.js';

/** Where in the text something stands: UTF-16 offsets, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Prometheus's names for them are in `typeName` of errors: 'scalar', 'instant vector', 'range vector', 'string'. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

interface Node extends Span {
  readonly type: ValueType;
}

/** When a selector looks: moved by an offset, or nailed to a moment. */
export interface When {
  /** ms; positive is the past. */
  readonly offset: number;
  /** `@`: ms since 1970, or the start or end of the query. */
  readonly at?: number | 'start' | 'end';
}

export interface NumberLiteral extends Node {
  readonly kind: 'number';
  readonly value: number;
  /** Written as a duration, such as 5m; the value is in seconds. */
  readonly duration?: true;
}

export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}

export interface VectorSelector extends Node, When {
  readonly kind: 'vectorSelector';
  /** The name before the braces; '' where the matchers alone say it, as a name that is quoted in the braces does. */
  readonly name: string;
  /** All of them, that of the name included: last where the name stands before the braces. */
  readonly matchers: readonly Matcher[];
}

export interface MatrixSelector extends Node {
  readonly kind: 'matrixSelector';
  readonly selector: VectorSelector;
  /** ms */
  readonly range: number;
}

export interface Subquery extends Node, When {
  readonly kind: 'subquery';
  readonly expr: Expr;
  /** ms */
  readonly range: number;
  /** ms; undefined means the default: the interval of rule evaluation. */
  readonly step?: number;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

export type AggregateOperator =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values';

export interface Aggregate extends Node {
  readonly kind: 'aggregate';
  readonly operator: AggregateOperator;
  readonly expr: Expr;
  /** Of topk, bottomk, quantile (scalar) and count_values (string). */
  readonly param?: Expr;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

export interface Matching {
  readonly card: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  readonly labels: readonly string[];
  /** `on` rather than `ignoring`. */
  readonly on: boolean;
  /** Labels of the one side that go into the result: group_left(…), group_right(…). */
  readonly include: readonly string[];
}

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly lhs: Expr;
  readonly rhs: Expr;
  readonly bool: boolean;
  /** Only between two vectors. */
  readonly matching?: Matching;
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

export interface Paren extends Node {
  readonly kind: 'paren';
  readonly expr: Expr;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren;

/** `1:5`, as Prometheus counts: both from 1, columns in bytes of UTF-8. */
export const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset);
  const line = before.split('\n');
  return `${line.length}:${Buffer.byteLength(line.at(-1) as string) + 1}`;
};

/** What is wrong with an expression, before it is evaluated. `message` is Prometheus's, place included: `1:5: parse error: …`. */
export class ParseError extends Error {
  /** The same without the place. */
  readonly reason: string;
  readonly span: Span;
  constructor(text: string, span: Span, reason: string) {
    super(`${placeOf(text, span.start)}: parse error: ${reason}`);
    this.reason = reason;
    this.span = span;
  }
}

/** What Prometheus has behind a feature flag, or for native histograms alone: well meant, and not to be had here. */
export class UnsupportedError extends ParseError {}
