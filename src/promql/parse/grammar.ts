/** Which words can stand where, and how operators bind. */

import type { Kind, Token } from './token.js';

/** How binary operators bind; a unary sign binds as `*` does. */
export const BINDING: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
export const UNARY = 5;
export const POWER = 6;

/** Deeper trees would overflow the stack of what walks them. A chain of operators is as deep as it is long. */
export const DEEPEST = 1000;
/** Of parentheses, calls and signs: what the parser itself walks. */
export const DEEPEST_NESTING = 500;

/** Metrics may be called like these as well; `sum` and the like by their kind. */
export const NAMES = new Set(['and', 'or', 'unless', 'offset', 'by', 'without', 'start', 'end']);
/** Labels may not, bare. */
export const NO_LABELS = new Set(['without']);

export const AFTER_AGGREGATOR = new Set(['(', 'by', 'without']);
const OPERANDS: ReadonlySet<Kind> = new Set<Kind>([
  'identifier',
  'metric',
  'aggregator',
  'number',
  'duration',
  'string',
]);
const SIGNS = new Set(['+', '-']);
export const startsOperand = ({ kind, what }: Token): boolean =>
  OPERANDS.has(kind) || NAMES.has(what) || what === '{' || what === '(';

export const startsExpression = (token: Token): boolean => startsOperand(token) || SIGNS.has(token.what);

export const WITH_PARAMETER = new Set(['topk', 'bottomk', 'quantile', 'count_values']);
export const EXPERIMENTAL = new Set(['limitk', 'limit_ratio']);
