/** The moments at which a part of an expression is evaluated, and how far into the past it looks from there. */

import type { When } from '../ast.js';
import { EvaluationError } from '../functions.js';
import type { Moments } from './types.js';

export const LOOKBACK = 5 * 60_000;
export const SUBQUERY_STEP = 60_000;

/** Points that one value may have. Prometheus's own limit, and its words. */
const MOST_POINTS = 50_000_000;

export const checkSize = (points: number): void => {
  if (points > MOST_POINTS)
    throw new EvaluationError('query processing would load too many samples into memory in query execution');
};

/** ms since 1970, ascending; not always at equal distances. */
export const timesOf = ({ start, end, step }: Moments): Float64Array => {
  if (step <= 0 || end <= start) return Float64Array.of(start);
  const count = Math.floor((end - start) / step) + 1;
  checkSize(count);
  const times = new Float64Array(count);
  for (let index = 0; index < count; index++) times[index] = start + index * step;
  return times;
};

/** What `start()` and `end()` are, in subqueries too: those of the whole query. */
export type Bounds = Pick<Moments, 'start' | 'end'>;

/** The moment from which a selector or subquery looks back when it is evaluated at `time`. */
export const lookFrom = (when: When, time: number, bounds: Bounds): number => {
  const { at, offset } = when;
  if (at === undefined) return time - offset;
  return (typeof at === 'number' ? at : bounds[at]) - offset;
};

/** The first multiple of the step after a moment. */
export const multipleAfter = (time: number, step: number): number => (Math.floor(time / step) + 1) * step;

/**
 * Moments at which the expression in a subquery is evaluated, so that each window (start, end] has its multiples of the step:
 * those that any of the windows needs, each once. Both go up.
 */
export const subqueryTimes = (starts: Float64Array, ends: Float64Array, step: number): Float64Array => {
  let count = 0;
  let next = Number.NEGATIVE_INFINITY;
  const walk = (take: (from: number, many: number) => void): void => {
    next = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < starts.length; index++) {
      const from = Math.max(next, multipleAfter(starts[index] as number, step));
      const many = Math.floor(((ends[index] as number) - from) / step) + 1;
      if (many <= 0) continue;
      take(from, many);
      next = from + many * step;
    }
  };
  walk((_, many) => {
    count += many;
    checkSize(count);
  });
  const times = new Float64Array(count);
  let filled = 0;
  walk((from, many) => {
    for (let index = 0; index < many; index++) times[filled++] = from + index * step;
  });
  return times;
};
