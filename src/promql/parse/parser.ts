/** Makes a tree of an expression. Types are not looked at yet (check.ts). Errors are those of Prometheus's own grammar. */

import {
  type AggregateOperator,
  type BinaryOperator,
  type Expr,
  type Matching,
  ParseError,
  type Span,
  UnsupportedError,
} from '../ast.js';
import { refusalOf, signatures } from '../functions/signatures.js';
import { METRIC_NAME } from '../labels.js';
import { makeMatcher } from '../matcher.js';
import { quote, unquote } from '../strings.js';
import {
  AFTER_AGGREGATOR,
  BINDING,
  DEEPEST,
  DEEPEST_NESTING,
  EXPERIMENTAL,
  POWER,
  startsExpression,
  startsOperand,
  UNARY,
  WITH_PARAMETER,
} from './grammar.js';
import { readGrouping } from './grouping.js';
import { openLexer } from './lexer.js';
import { readNumber } from './literals.js';
import { readMatchers } from './matchers.js';
import { placeInTime, readRange, secondsOf } from './modifiers.js';
import { describe, type Token } from './token.js';
import type { Words } from './words.js';

export const parseTree = (text: string): Expr => {
  const lexer = openLexer(text);
  let ahead: Token | undefined;
  let last: Token | undefined;
  /** How many aggregations are open: errors in them say so. */
  let aggregations = 0;
  let depth = 0;
  /** Of the tree that was made last. */
  let height = 0;

  const fail = (span: Span, reason: string): never => {
    throw new ParseError(text, span, reason);
  };
  const peek = (): Token => {
    ahead ??= lexer.next();
    return ahead;
  };
  const take = (): Token => {
    last = peek();
    ahead = undefined;
    return last;
  };
  const accept = (what: string): Token | undefined => (peek().what === what ? take() : undefined);
  const unexpected = (context = aggregations > 0 ? 'aggregation' : '', expected = ''): never => {
    const token = peek();
    const inside = context === '' ? '' : ` in ${context}`;
    return fail(
      token,
      `unexpected ${describe(token)}${inside}${expected === '' ? '' : `, expected ${expected}`}`,
    );
  };
  const numberOf = (token: Token): number => {
    const value = readNumber(token.text);
    return typeof value === 'string' ? fail(token, value) : value;
  };
  const words: Words = { text, peek, take, last: () => last as Token, accept, unexpected, fail, numberOf };
  const endsHere = (): number => (last as Token).end;

  const grown = <Node extends Expr>(node: Node, inside: number): Node => {
    height = inside + 1;
    if (height > DEEPEST) fail(node, `expression is nested more than ${DEEPEST} deep`);
    return node;
  };

  /** In parentheses. */
  const parseArguments = (): Expr[] => {
    if (accept('(') === undefined) unexpected();
    const args: Expr[] = [];
    let deepest = 0;
    while (accept(')') === undefined) {
      args.push(parseBinary(0));
      deepest = Math.max(deepest, height);
      const comma = accept(',');
      if (comma === undefined && peek().what !== ')') unexpected();
      if (comma !== undefined && !startsExpression(peek()))
        fail(comma, 'trailing commas not allowed in function call args');
    }
    height = deepest;
    return args;
  };

  const parseCall = (name: Token): Expr => {
    const args = parseArguments();
    const span = { start: name.start, end: endsHere() };
    const signature = signatures().get(name.text);
    if (signature === undefined) {
      const refusal = refusalOf(name.text);
      if (refusal !== undefined) throw new UnsupportedError(text, name, refusal);
      return fail(name, `unknown function with name ${quote(name.text)}`);
    }
    return grown({ kind: 'call', type: signature.returns, name: name.text, args, ...span }, height);
  };

  const parseAggregate = (operator: Token): Expr => {
    const modifier = (): Token | undefined => accept('by') ?? accept('without');
    aggregations++;
    let by = modifier();
    let labels = by === undefined ? [] : readGrouping(words);
    const args = parseArguments();
    aggregations--;
    let end = endsHere();
    if (by === undefined) {
      by = modifier();
      if (by !== undefined) {
        labels = readGrouping(words);
        end = endsHere();
      }
    }
    const span = { start: operator.start, end };
    const name = operator.what;
    if (args.length === 0) fail(span, 'no arguments for aggregate expression provided');
    if (EXPERIMENTAL.has(name))
      throw new UnsupportedError(
        text,
        span,
        `${quote(name)} is an experimental aggregation, which sysmon does not have`,
      );
    const wanted = WITH_PARAMETER.has(name) ? 2 : 1;
    if (args.length !== wanted)
      fail(
        span,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      );
    return grown(
      {
        kind: 'aggregate',
        type: 'vector',
        operator: name as AggregateOperator,
        expr: args[wanted - 1] as Expr,
        ...(wanted === 2 ? { param: args[0] as Expr } : {}),
        grouping: labels,
        without: by?.what === 'without',
        ...span,
      },
      height,
    );
  };

  const parseName = (name: Token): Expr => {
    if (peek().what === '(') {
      if (name.kind === 'identifier') return parseCall(name);
      if (name.kind === 'preprocessor')
        throw new UnsupportedError(text, name, refusalOf(name.what) as string);
    }
    if (name.kind === 'aggregator' && AFTER_AGGREGATOR.has(peek().what)) return parseAggregate(name);
    const matchers = peek().what === '{' ? readMatchers(words) : [];
    const named = [...matchers, makeMatcher(METRIC_NAME, '=', name.text)];
    return grown(
      {
        kind: 'vectorSelector',
        type: 'vector',
        name: name.text,
        matchers: named,
        offset: 0,
        start: name.start,
        end: endsHere(),
      },
      0,
    );
  };

  const parseOperand = (): Expr => {
    const token = peek();
    const { start, end } = token;
    if (!startsOperand(token)) return unexpected();
    take();
    switch (token.kind) {
      case 'number':
        return grown({ kind: 'number', type: 'scalar', value: numberOf(token), start, end }, 0);
      case 'duration': {
        const value = secondsOf(words, token);
        return grown({ kind: 'number', type: 'scalar', value, duration: true, start, end }, 0);
      }
      case 'string':
        return grown({ kind: 'string', type: 'string', value: unquote(token.text), start, end }, 0);
      case 'sign':
        break;
      default:
        return parseName(token);
    }
    if (token.what === '{') {
      const matchers = readMatchers(words, true);
      return grown(
        { kind: 'vectorSelector', type: 'vector', name: '', matchers, offset: 0, start, end: endsHere() },
        0,
      );
    }
    const expr = parseBinary(0);
    if (accept(')') === undefined) unexpected();
    return grown({ kind: 'paren', type: expr.type, expr, start, end: endsHere() }, height);
  };

  const parsePostfix = (): Expr => {
    let expr = parseOperand();
    for (;;) {
      const inside = height;
      const next = peek();
      if (next.what === '[') expr = grown(readRange(words, expr), inside);
      else if (next.what === 'offset' || next.what === '@') expr = placeInTime(words, expr);
      else if (/^(anchored|smoothed)$/i.test(next.text))
        throw new UnsupportedError(
          text,
          next,
          `modifier ${quote(next.text)} is experimental, which sysmon does not have`,
        );
      else return expr;
    }
  };

  const parseUnary = (): Expr => {
    const sign = peek();
    if (sign.what !== '-' && sign.what !== '+') return parsePostfix();
    take();
    const expr = parseBinary(UNARY + 1);
    const { start } = sign;
    if (expr.kind === 'number')
      return { ...expr, value: sign.what === '-' ? -expr.value : expr.value, start };
    return grown({ kind: 'unary', type: expr.type, operator: sign.what, expr, start, end: expr.end }, height);
  };

  const readMatching = (): Matching => {
    const word = accept('on') ?? accept('ignoring');
    if (word === undefined) return { card: 'one-to-one', labels: [], on: false, include: [] };
    const labels = readGrouping(words);
    const side = accept('group_left') ?? accept('group_right');
    const named = side !== undefined && (peek().what === '(' || !startsExpression(peek()));
    const include = named ? readGrouping(words) : [];
    const card =
      side === undefined ? 'one-to-one' : side.what === 'group_left' ? 'many-to-one' : 'one-to-many';
    return { card, labels, on: word.what === 'on', include };
  };

  const parseBinary = (least: number): Expr => {
    if (++depth > DEEPEST_NESTING) fail(peek(), `expression is nested more than ${DEEPEST_NESTING} deep`);
    let lhs = parseUnary();
    for (;;) {
      const { what } = peek();
      const binding = BINDING[what] ?? -1;
      if (binding < least) break;
      take();
      const left = height;
      const bool = accept('bool') !== undefined;
      const matching = readMatching();
      const rhs = parseBinary(binding === POWER ? POWER : binding + 1);
      lhs = grown(
        {
          kind: 'binary',
          type: lhs.type === 'scalar' && rhs.type === 'scalar' ? 'scalar' : 'vector',
          operator: what as BinaryOperator,
          lhs,
          rhs,
          bool,
          matching,
          start: lhs.start,
          end: rhs.end,
        },
        Math.max(left, height),
      );
    }
    depth--;
    return lhs;
  };

  if (peek().kind === 'end') fail({ start: 0, end: 0 }, 'no expression found in input');
  const expr = parseBinary(0);
  if (peek().kind !== 'end') unexpected();
  return expr;
};
