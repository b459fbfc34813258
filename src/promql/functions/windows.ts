/** What is known of a series before its windows are gone through: how much of them overlaps, and which values need care. */

import type { Range } from '../value.js';

/**
 * Up to so many times is a sample visited in windows that are summed one by one. That way the sums are Prometheus's to the last
 * digit, and it is no slower than to keep partial sums; beyond it the cost would grow with samples times steps.
 */
const VISITS = 16;

/** Whether windows overlap so little that each may as well be gone through by itself. */
export const isSparse = (
  { times, from, to }: Pick<Range, 'times' | 'from' | 'to'>,
  most = VISITS,
): boolean => {
  if (from.length === 1) return true;
  let visits = 0;
  for (let step = 0; step < from.length; step++) visits += (to[step] as number) - (from[step] as number);
  return visits <= most * times.length;
};

export interface Survey {
  /** Of those that are finite, without their signs. */
  readonly largest: number;
  /** How many samples before each were NaN, or an infinity; undefined where all are finite. */
  readonly strange?: { readonly nan: Uint32Array; readonly up: Uint32Array; readonly down: Uint32Array };
}

export const surveyOf = (values: Float64Array): Survey => {
  let largest = 0;
  let finite = true;
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(values[index] as number);
    // NaN fails both.
    if (size <= Number.MAX_VALUE) {
      if (size > largest) largest = size;
    } else finite = false;
  }
  if (finite) return { largest };
  const nan = new Uint32Array(values.length + 1);
  const up = new Uint32Array(values.length + 1);
  const down = new Uint32Array(values.length + 1);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    nan[index + 1] = (nan[index] as number) + (Number.isNaN(value) ? 1 : 0);
    up[index + 1] = (up[index] as number) + (value === Number.POSITIVE_INFINITY ? 1 : 0);
    down[index + 1] = (down[index] as number) + (value === Number.NEGATIVE_INFINITY ? 1 : 0);
  }
  return { largest, strange: { nan, up, down } };
};

/** What a sum of a window's samples is for those of them that are not finite: NaN, an infinity, or 0 if all are finite. */
export const strangeSum = ({ strange }: Survey, from: number, to: number): number => {
  if (strange === undefined) return 0;
  if (strange.nan[to] !== strange.nan[from]) return Number.NaN;
  const up = strange.up[to] !== strange.up[from];
  const down = strange.down[to] !== strange.down[from];
  if (up && down) return Number.NaN;
  return up ? Number.POSITIVE_INFINITY : down ? Number.NEGATIVE_INFINITY : 0;
};
