/** A series in four numbers. */

import type { Points } from '../promql/engine.js';

export interface Statistics {
  /** Of the finite values; NaN where there are none. */
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Whatever it is; NaN where there is no point. */
  readonly last: number;
}

export const statisticsOf = ({ values }: Pick<Points, 'values'>): Statistics => {
  let [min, max, mean, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    // No sum, which could be infinite though no value is.
    count++;
    mean += value / count - mean / count;
  }
  const last = values.length === 0 ? Number.NaN : (values[values.length - 1] as number);
  return count === 0
    ? { min: Number.NaN, mean: Number.NaN, max: Number.NaN, last }
    : { min, mean, max, last };
};
