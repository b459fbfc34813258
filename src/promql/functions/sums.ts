/**
 * sum_over_time and avg_over_time. Sums are compensated (Kahan's way as Neumaier improved it, as in Prometheus): beside the sum
 * goes what it lost in rounding.
 *
 * Where windows overlap much, samples are not added again for each. A window is cut at some sample: of those before the cut the
 * sums up to it are kept for every start (`front`), those after it are added as they come (`back`), and a window's sum is one
 * of the first and the second. When its start comes to the cut, the cut moves to its end. So nothing is ever subtracted, which
 * would leave the error of a large sample in the sum for ever, and each sample is added twice.
 */

import type { Column, Implementation, OverTime } from '../functions.js';
import type { Range } from '../value.js';
import { isSparse, type Survey, strangeSum, surveyOf } from './windows.js';

type OfWindow = (values: Float64Array, from: number, to: number) => number;

const sumOf: OfWindow = (values, from, to) => {
  let sum = 0;
  let lost = 0;
  for (let index = from; index < to; index++) {
    const value = values[index] as number;
    const next = sum + value;
    if (next === Number.POSITIVE_INFINITY || next === Number.NEGATIVE_INFINITY) lost = 0;
    else if (Math.abs(sum) >= Math.abs(value)) lost += sum - next + value;
    else lost += value - next + sum;
    sum = next;
  }
  return Math.abs(sum) === Number.POSITIVE_INFINITY ? sum : sum + lost;
};

/** The mean from `index` on, when the sum of those before it is all that a number can hold: it goes along instead of the sum. */
const meanBeyond = (
  values: Float64Array,
  from: number,
  index: number,
  to: number,
  sum: number,
  lost: number,
): number => {
  let mean = sum / (index - from);
  let rest = lost / (index - from);
  for (let at = index; at < to; at++) {
    const count = at - from + 1;
    const part = (count - 1) / count;
    const before = part * mean;
    const value = (values[at] as number) / count;
    rest *= part;
    const next = before + value;
    if (Math.abs(next) === Number.POSITIVE_INFINITY) rest = 0;
    else if (Math.abs(before) >= Math.abs(value)) rest += before - next + value;
    else rest += value - next + before;
    mean = next;
  }
  return mean + rest;
};

const meanOf: OfWindow = (values, from, to) => {
  let sum = values[from] as number;
  let lost = 0;
  for (let index = from + 1; index < to; index++) {
    const value = values[index] as number;
    const next = sum + value;
    if (Math.abs(next) === Number.POSITIVE_INFINITY) return meanBeyond(values, from, index, to, sum, lost);
    if (Math.abs(sum) >= Math.abs(value)) lost += sum - next + value;
    else lost += value - next + sum;
    sum = next;
  }
  return sum / (to - from) + lost / (to - from);
};

const fillOneByOne = ({ values, from, to }: Range, out: Column, ofWindow: OfWindow): void => {
  for (let step = 0; step < from.length; step++) {
    const first = from[step] as number;
    const after = to[step] as number;
    if (after === first) continue;
    out.values[step] = ofWindow(values, first, after);
    out.has[step] = 1;
  }
};

const onlyFinite = (values: Float64Array, { strange }: Survey): Float64Array =>
  strange === undefined ? values : values.map((value) => (Number.isFinite(value) ? value : 0));

/** `finish` gets the sum of a window's finite samples and what that lost. */
const fillGoing = (
  { values: given, from, to }: Range,
  out: Column,
  survey: Survey,
  finish: (sum: number, lost: number, count: number) => number,
): void => {
  const values = onlyFinite(given, survey);
  const frontSum = new Float64Array(values.length + 1);
  const frontLost = new Float64Array(values.length + 1);
  let cut = 0;
  let added = 0;
  let sum = 0;
  let lost = 0;
  for (let step = 0; step < from.length; step++) {
    const first = from[step] as number;
    const after = to[step] as number;
    if (after === first) continue;
    if (first >= cut) {
      sum = 0;
      lost = 0;
      for (let index = after - 1; index >= first; index--) {
        const value = values[index] as number;
        const next = sum + value;
        lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
        sum = next;
        frontSum[index] = sum;
        frontLost[index] = lost;
      }
      frontSum[after] = 0;
      frontLost[after] = 0;
      cut = after;
      added = after;
      sum = 0;
      lost = 0;
    }
    for (; added < after; added++) {
      const value = values[added] as number;
      const next = sum + value;
      lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
      sum = next;
    }
    const strange = strangeSum(survey, first, after);
    if (strange === 0) {
      const front = frontSum[first] as number;
      const both = front + sum;
      const rest = Math.abs(front) >= Math.abs(sum) ? front - both + sum : sum - both + front;
      out.values[step] = finish(both, (frontLost[first] as number) + lost + rest, after - first);
    } else out.values[step] = strange;
    out.has[step] = 1;
  }
};

const fillSums =
  (ofWindow: OfWindow, finish: (sum: number, lost: number, count: number) => number): OverTime =>
  (range, _windows, _args, out) => {
    const sparse = isSparse(range);
    const survey = sparse ? { largest: 0 } : surveyOf(range.values);
    // Sums that may overflow depend on their order.
    if (sparse || survey.largest * range.values.length > Number.MAX_VALUE / 4)
      fillOneByOne(range, out, ofWindow);
    else fillGoing(range, out, survey, finish);
  };

export const sumFunctions: Readonly<Record<string, Implementation>> = {
  avg_over_time: {
    kind: 'over time',
    fill: fillSums(meanOf, (sum, lost, count) => sum / count + lost / count),
  },
  sum_over_time: { kind: 'over time', fill: fillSums(sumOf, (sum, lost) => sum + lost) },
};
