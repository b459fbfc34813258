/** What stands behind an expression: `[5m]`, `[5m:1m]`, `offset 5m`, `@ 1700000000`. */

import {
  type Expr,
  type MatrixSelector,
  type Span,
  type Subquery,
  UnsupportedError,
  type VectorSelector,
  type When,
} from '../ast.js';
import { parseDuration } from '../durations.js';
import type { Token } from './token.js';
import type { Words } from './words.js';

const OPERATORS = new Set(['+', '-', '*', '/', '%', '^']);
const FUNCTIONS = /^(step|range|min|max|min_of|max_of)$/i;

/** Of a duration token. */
export const secondsOf = ({ fail }: Words, token: Token): number => {
  const ms = parseDuration(token.text);
  if (typeof ms === 'string') return fail(token, ms);
  return ms === 0 ? fail(token, 'duration must be greater than 0') : ms / 1000;
};

const calculated = ({ text }: Words, span: Span): never => {
  throw new UnsupportedError(
    text,
    span,
    'calculating with durations is experimental, which sysmon does not have',
  );
};

/** Seconds, as a number or a duration, with or without a sign, and where they stand. */
const readSeconds = (words: Words, complain: () => never): Span & { readonly seconds: number } => {
  const { peek, take, accept, numberOf } = words;
  const { start } = peek();
  const minus = accept('-');
  if (minus === undefined) accept('+');
  const token = peek();
  if (token.kind !== 'number' && token.kind !== 'duration') return complain();
  take();
  const seconds = token.kind === 'number' ? numberOf(token) : secondsOf(words, token);
  return { seconds: minus === undefined ? seconds : -seconds, start, end: token.end };
};

const LONGEST = 2 ** 63 / 1e9;

/** As Go's nanoseconds have it, in ms. Written like this since 1.001 × 1000 is a little less than 1001. */
const msOf = (seconds: number): number => Math.trunc(Math.round(seconds * 1e9) / 1e6);

/** Between brackets. */
const readLength = (words: Words, context: string, expected: string): number => {
  const { fail, peek, unexpected } = words;
  const complain = (): never => {
    if (peek().what === '(' || OPERATORS.has(peek().what)) calculated(words, peek());
    return unexpected(context, expected);
  };
  const read = readSeconds(words, complain);
  if (OPERATORS.has(peek().what)) calculated(words, peek());
  if (!(read.seconds > 0)) return fail(read, 'duration must be greater than 0');
  return read.seconds > LONGEST ? fail(read, 'duration out of range') : msOf(read.seconds);
};

const whyNoRange = (expr: Expr): string | undefined => {
  if (expr.kind !== 'vectorSelector') return 'ranges only allowed for vector selectors';
  if (expr.offset !== 0) return 'no offset modifiers allowed before range';
  // Prometheus has no objection to start() and end() there.
  return typeof expr.at === 'number' ? 'no @ modifiers allowed before range' : undefined;
};

/** A bracket comes next. */
export const readRange = (words: Words, expr: Expr): MatrixSelector | Subquery => {
  const { take, accept, peek, unexpected, fail } = words;
  const bracket = take();
  const range = readLength(words, 'subquery or range selector', 'number or duration');
  const { start } = expr;
  const close = accept(']');
  if (close !== undefined) {
    const wrong = whyNoRange(expr);
    if (wrong !== undefined) fail({ start: bracket.start, end: close.end }, wrong);
    return {
      kind: 'matrixSelector',
      type: 'matrix',
      selector: expr as VectorSelector,
      range,
      start,
      end: close.end,
    };
  }
  if (accept(':') === undefined) unexpected('subquery or range', '":" or "]"');
  const step =
    peek().what === ']' ? undefined : readLength(words, 'subquery selector', 'number, duration, or "]"');
  const end = peek().end;
  if (accept(']') === undefined) unexpected('subquery selector', '"]"');
  return {
    kind: 'subquery',
    type: 'matrix',
    expr,
    range,
    ...(step === undefined ? {} : { step }),
    offset: 0,
    start,
    end,
  };
};

type Placed = VectorSelector | MatrixSelector | Subquery;

const isPlaced = ({ kind }: Expr): boolean =>
  kind === 'vectorSelector' || kind === 'matrixSelector' || kind === 'subquery';

const whenOf = (expr: Placed): When => (expr.kind === 'matrixSelector' ? expr.selector : expr);

const withWhen = (expr: Placed, when: When, end: number): Expr =>
  expr.kind === 'matrixSelector'
    ? { ...expr, selector: { ...expr.selector, ...when }, end }
    : { ...expr, ...when, end };

/** Go's %f, of what is too large or no number. */
const formatFixed = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return `${BigInt(value)}.000000`;
};

const readTimestamp = (words: Words, expr: Expr): number | 'start' | 'end' => {
  const { peek, take, accept, unexpected, fail } = words;
  const complain = (): never => unexpected('@', 'timestamp');
  const { kind, what } = peek();
  if (kind === 'preprocessor') {
    take();
    if (accept('(') === undefined || accept(')') === undefined) complain();
    return what as 'start' | 'end';
  }
  const { seconds } = readSeconds(words, complain);
  if (!(Math.abs(seconds) < 2 ** 63)) {
    const shown = formatFixed(seconds);
    fail(expr, `timestamp out of bounds for @ modifier: ${shown}`);
  }
  return Math.sign(seconds) * Math.round(Math.abs(seconds) * 1000);
};

/** `offset` or `@` comes next. */
export const placeInTime = (words: Words, expr: Expr): Expr => {
  const { take, peek, unexpected, fail } = words;
  const modifier = take().what;
  if (modifier === 'offset') {
    const read = readSeconds(words, () => {
      const { text, what } = peek();
      if (FUNCTIONS.test(text) || what === '(') calculated(words, peek());
      return unexpected('offset', 'number or duration');
    });
    if (!(Math.abs(read.seconds) <= LONGEST)) fail(read, 'duration out of range');
    if (!isPlaced(expr))
      fail(
        expr,
        'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      );
    const placed = expr as Placed;
    if (whenOf(placed).offset !== 0) fail(expr, 'offset may not be set multiple times');
    return withWhen(placed, { offset: msOf(read.seconds) }, read.end);
  }
  const at = readTimestamp(words, expr);
  if (!isPlaced(expr))
    fail(
      expr,
      '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    );
  const placed = expr as Placed;
  const when = whenOf(placed);
  if (when.at !== undefined) fail(expr, '@ <timestamp> may not be set multiple times');
  return withWhen(placed, { offset: when.offset, at }, words.last().end);
};
