/**
 * rate, increase, delta: the difference of the first and the last sample, stretched to the window as Prometheus stretches it.
 * irate, idelta: that of the last two.
 */

import type { Context, Implementation, OverTime } from '../functions.js';
import { labelOf, METRIC_NAME } from '../labels.js';
import { quote } from '../strings.js';
import type { Range } from '../value.js';
import { argumentOf } from './lines.js';

const COUNTER_NAME = /_(?:total|sum|count|bucket)$/;

/** A counter by no name that counters have may well be a gauge, and a gauge has no rate. */
const informOfNonCounter = (range: Range, has: Uint8Array, context: Context): void => {
  const name = labelOf(range.labels, METRIC_NAME);
  if (name === '' || COUNTER_NAME.test(name) || !has.includes(1)) return;
  context.annotator.inform(
    `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${quote(name)}`,
    argumentOf(context.call, 0),
  );
};

/** Windows with more resets than this take their sum from sums up to each reset rather than adding them again. */
const FEW = 32;

/** Where a counter began anew, and how far it had come by then. */
interface Resets {
  /** How many up to each sample, its own among them. */
  readonly counts: Uint32Array;
  /** What it had come to before each. */
  readonly reached: Float64Array;
  /** Sums of these from the start, each as a number and what that lost; undefined where they are few, or one is infinite. */
  readonly sums?: { readonly high: Float64Array; readonly low: Float64Array };
}

const resetsOf = (values: Float64Array): Resets | undefined => {
  const counts = new Uint32Array(values.length);
  let count = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) < (values[index - 1] as number)) count++;
    counts[index] = count;
  }
  if (count === 0) return undefined;
  const reached = new Float64Array(count);
  for (let index = 1; index < values.length; index++) {
    const before = counts[index - 1] as number;
    if (counts[index] !== before) reached[before] = values[index - 1] as number;
  }
  if (count <= FEW) return { counts, reached };
  const high = new Float64Array(count + 1);
  const low = new Float64Array(count + 1);
  for (let index = 0; index < count; index++) {
    const sum = high[index] as number;
    const value = reached[index] as number;
    const next = sum + value;
    high[index + 1] = next;
    low[index + 1] =
      (low[index] as number) + (Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum);
  }
  return high.every(Number.isFinite) ? { counts, reached, sums: { high, low } } : { counts, reached };
};

/** With all that was lost at resets between two samples. */
const withResets = (difference: number, { counts, reached, sums }: Resets, first: number, last: number) => {
  const from = counts[first] as number;
  const to = counts[last] as number;
  if (sums !== undefined && to - from > FEW) {
    const high = (sums.high[to] as number) - (sums.high[from] as number);
    return difference + (high + ((sums.low[to] as number) - (sums.low[from] as number)));
  }
  let sum = difference;
  for (let index = from; index < to; index++) sum += reached[index] as number;
  return sum;
};

/**
 * Samples seldom lie on the edges of a window. If the first or last is nearer to its edge than 1.1 times the mean distance of
 * samples, the series is taken to go on up to there; else it is taken to have begun or ended half a distance beyond. A counter
 * is never taken to have been below zero. Prometheus's order of operations, for its last digits.
 */
const stretched =
  ({ isCounter, isRate }: { readonly isCounter: boolean; readonly isRate: boolean }): OverTime =>
  (range, { starts, ends }, _args, out, context) => {
    const { times, values, from, to } = range;
    const resets = isCounter ? resetsOf(values) : undefined;
    for (let step = 0; step < from.length; step++) {
      const first = from[step] as number;
      const last = (to[step] as number) - 1;
      if (last <= first) continue;
      const start = starts[step] as number;
      const end = ends[step] as number;
      const firstValue = values[first] as number;
      let result = (values[last] as number) - firstValue;
      if (resets !== undefined) result = withResets(result, resets, first, last);
      let toStart = ((times[first] as number) - start) / 1000;
      let toEnd = (end - (times[last] as number)) / 1000;
      const sampled = ((times[last] as number) - (times[first] as number)) / 1000;
      const mean = sampled / (last - first);
      const near = mean * 1.1;
      if (toStart >= near) toStart = mean / 2;
      if (isCounter && result > 0 && firstValue >= 0) {
        const toZero = sampled * (firstValue / result);
        if (toZero < toStart) toStart = toZero;
      }
      if (toEnd >= near) toEnd = mean / 2;
      let factor = (sampled + toStart + toEnd) / sampled;
      if (isRate) factor /= (end - start) / 1000;
      out.values[step] = result * factor;
      out.has[step] = 1;
    }
    if (isCounter) informOfNonCounter(range, out.has, context);
  };

const ofLastTwo =
  (isRate: boolean): OverTime =>
  ({ times, values, from, to }, _windows, _args, out) => {
    for (let step = 0; step < from.length; step++) {
      const last = (to[step] as number) - 1;
      if (last <= (from[step] as number)) continue;
      const before = values[last - 1] as number;
      const value = values[last] as number;
      // After a reset a counter has counted from zero.
      let result = isRate && value < before ? value : value - before;
      if (isRate) result /= ((times[last] as number) - (times[last - 1] as number)) / 1000;
      out.values[step] = result;
      out.has[step] = 1;
    }
  };

export const rateFunctions: Readonly<Record<string, Implementation>> = {
  delta: { kind: 'over time', fill: stretched({ isCounter: false, isRate: false }) },
  idelta: { kind: 'over time', fill: ofLastTwo(false) },
  increase: { kind: 'over time', fill: stretched({ isCounter: true, isRate: false }) },
  irate: { kind: 'over time', fill: ofLastTwo(true) },
  rate: { kind: 'over time', fill: stretched({ isCounter: true, isRate: true }) },
};
