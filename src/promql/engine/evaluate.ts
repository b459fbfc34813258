/** The walk through the tree. Each part is evaluated once, at all steps that are wanted of it. */

import { type Annotator, openAnnotator } from '../annotations.js';
import type { Aggregate, Call, Expr, MatrixSelector, Subquery, VectorSelector } from '../ast.js';
import { implementationOf } from '../functions/index.js';
import { EvaluationError } from '../functions.js';
import type { Series, SeriesSet } from '../series.js';
import type { Matrix, Scalar, Text, Value, Vector } from '../value.js';
import { aggregate } from './aggregate.js';
import { binary } from './binary.js';
import { call } from './call.js';
import { countValues } from './count-values.js';
import { findInvariants, spread } from './invariant.js';
import { renamed, vectorOf, vectorOfSeries } from './lines.js';
import { isDecided } from './needless.js';
import { quantile, topOrBottom } from './rank.js';
import { resultOf } from './result.js';
import { selectVector, sorted, windowsOf } from './select.js';
import { type Bounds, LOOKBACK, lookFrom, SUBQUERY_STEP, subqueryTimes, timesOf } from './steps.js';
import type { Evaluate } from './types.js';

/** What is the same for all parts of a query. */
interface Query {
  readonly text: string;
  readonly set: SeriesSet;
  readonly bounds: Bounds;
  readonly lookback: number;
  readonly subqueryStep: number;
  readonly delayed: boolean;
  readonly signal: AbortSignal | undefined;
  readonly invariants: ReadonlySet<Expr>;
  readonly annotator: Annotator;
  readonly times: Float64Array;
  readonly given: ReadonlyMap<Expr, Value> | undefined;
}

type Times = Float64Array;

const last = (times: Times): number => times[times.length - 1] as number;

const selectIn = (
  { set }: Query,
  { matchers }: VectorSelector,
  since: number,
  until: number,
): readonly Series[] => (until < since ? [] : set.select({ matchers, since, until }));

const vectorSelector = (query: Query, node: VectorSelector, times: Times, stamps = false): Vector => {
  const moments = times.map((time) => lookFrom(node, time, query.bounds));
  const { lookback } = query;
  // Open on the left, to the millisecond.
  const series = selectIn(query, node, (moments[0] as number) - lookback + 1, last(moments));
  return selectVector(series, moments, lookback, stamps);
};

const matrixSelector = (query: Query, { selector, range }: MatrixSelector, times: Times): Matrix => {
  const ends = times.map((time) => lookFrom(selector, time, query.bounds));
  const starts = ends.map((end) => end - range);
  const series = selectIn(query, selector, (starts[0] as number) + 1, last(ends));
  return windowsOf(
    sorted(series).map((one) => ({ ...one, dropName: false })),
    starts,
    ends,
  );
};

const subquery = (query: Query, node: Subquery, times: Times): Matrix => {
  const ends = times.map((time) => lookFrom(node, time, query.bounds));
  const starts = ends.map((end) => end - node.range);
  const inner = subqueryTimes(starts, ends, node.step ?? query.subqueryStep);
  if (inner.length === 0) return { type: 'matrix', ranges: [], starts, ends };
  const { lines } = evaluateAt(query, node.expr, inner) as Vector;
  const series = lines.map(({ labels, dropName, values, has }) => {
    if (has.indexOf(0) < 0) return { labels, dropName, times: inner, values };
    return {
      labels,
      dropName,
      times: inner.filter((_, step) => has[step]),
      values: values.filter((_, step) => has[step]),
    };
  });
  return windowsOf(series, starts, ends);
};

const unwrapped = (expr: Expr): Expr => (expr.kind === 'paren' ? unwrapped(expr.expr) : expr);

const callAt = (query: Query, node: Call, times: Times): Value => {
  const [first] = node.args;
  if (node.name === 'timestamp' && first !== undefined) {
    const inner = unwrapped(first);
    // Of a selector, when its samples were taken; of anything else, the moment of evaluation.
    if (inner.kind === 'vectorSelector') {
      const { lines } = vectorSelector(query, inner, times, true);
      return vectorOf(lines.map((line) => ({ ...line, ...renamed(line, query.delayed) })));
    }
  }
  const implementation = implementationOf(node.name);
  if (implementation === undefined) throw new EvaluationError(`unknown function with name "${node.name}"`);
  const args = node.args.map((arg) => evaluateAt(query, arg, times));
  const { delayed, annotator } = query;
  return call(implementation, args, { times, delayed, annotator, call: node });
};

const writtenAs = ({ text }: Query, { param }: Aggregate): string => {
  if (param === undefined) return '';
  const { start, end } = unwrapped(param);
  return text.slice(start, end);
};

const aggregateAt = (query: Query, node: Aggregate, times: Times): Vector => {
  const param = node.param === undefined ? undefined : evaluateAt(query, node.param, times);
  const vector = evaluateAt(query, node.expr, times) as Vector;
  switch (node.operator) {
    case 'topk':
    case 'bottomk':
      return topOrBottom(node, vector, param as Scalar);
    case 'quantile':
      return quantile(node, vector, param as Scalar, query.annotator);
    case 'count_values':
      return countValues(
        node,
        vector,
        { label: (param as Text).text, written: writtenAs(query, node) },
        times.length,
      );
    default:
      return aggregate(node, node.operator, vector, times.length);
  }
};

const negated = (value: Value, delayed: boolean): Value => {
  if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((one) => -one) };
  const { lines } = value as Vector;
  return vectorOfSeries(
    lines.map((line) => ({ ...line, ...renamed(line, delayed), values: line.values.map((one) => -one) })),
    delayed,
  );
};

const compute = (query: Query, expr: Expr, times: Times): Value => {
  switch (expr.kind) {
    case 'number':
      return { type: 'scalar', values: new Float64Array(times.length).fill(expr.value) };
    case 'string':
      return { type: 'string', text: expr.value };
    case 'vectorSelector':
      return vectorSelector(query, expr, times);
    case 'matrixSelector':
      return matrixSelector(query, expr, times);
    case 'subquery':
      return subquery(query, expr, times);
    case 'call':
      return callAt(query, expr, times);
    case 'aggregate':
      return aggregateAt(query, expr, times);
    case 'binary': {
      const lhs = evaluateAt(query, expr.lhs, times);
      if (isDecided(expr, lhs)) return lhs;
      return binary(expr, lhs, evaluateAt(query, expr.rhs, times), query.delayed);
    }
    case 'unary': {
      const value = evaluateAt(query, expr.expr, times);
      return expr.operator === '-' ? negated(value, query.delayed) : value;
    }
    case 'paren':
      return evaluateAt(query, expr.expr, times);
  }
};

const evaluateAt = (query: Query, expr: Expr, times: Times): Value => {
  query.signal?.throwIfAborted();
  const known = times === query.times ? query.given?.get(expr) : undefined;
  if (known !== undefined) return known;
  if (times.length > 1 && expr.kind !== 'number' && query.invariants.has(expr))
    return spread(compute(query, expr, times.subarray(0, 1)), times.length);
  return compute(query, expr, times);
};

export const evaluate: Evaluate = (text, expr, set, moments, options = {}) => {
  const annotator = openAnnotator(text);
  const times = timesOf(moments);
  const query: Query = {
    text,
    set,
    bounds: moments,
    lookback: options.lookback ?? LOOKBACK,
    subqueryStep: options.subqueryStep ?? SUBQUERY_STEP,
    delayed: options.delayedNames ?? false,
    signal: options.signal,
    invariants: findInvariants(expr),
    annotator,
    times,
    given: options.given,
  };
  const value = evaluateAt(query, expr, times);
  return { ...resultOf(expr, value, times, moments.step === 0), annotations: annotator.all() };
};
