/**
 * deriv and predict_linear: the straight line of least squares through a window, x in seconds from a moment: from the first
 * sample for deriv, from the step for predict_linear.
 *
 * Where windows overlap much, the sums that it needs are kept as in sums.ts, with x in ms from the series' first sample, and moved
 * to the moment for each window: sum (x - d)·y = sum x·y - d·sum y. All of it is reckoned with twice the digits of a number, so
 * that what is rounded at last is what Prometheus rounds.
 */

import type { Column, Implementation, OverTime } from '../functions.js';
import type { Range } from '../value.js';
import { isSparse, surveyOf } from './windows.js';

/** Makes the result from slope and intercept at a step. */
type Finish = (slope: number, intercept: number, step: number) => number;

/** The moment of x = 0, for a window that begins with this sample. */
type Origin = (first: number, step: number) => number;

const neverMind = (value: number): number =>
  Math.abs(value) === Number.POSITIVE_INFINITY ? Number.NaN : value;

const finishFrom = (
  sumX: number,
  sumY: number,
  sumXY: number,
  sumXX: number,
  count: number,
  finish: Finish,
  step: number,
): number => {
  const covariance = sumXY - (sumX * sumY) / count;
  const variance = sumXX - (sumX * sumX) / count;
  const slope = covariance / variance;
  return finish(slope, sumY / count - (slope * sumX) / count, step);
};

/** Sums of products, each with what it lost. The products themselves are rounded, as in Prometheus. */
const fitted = (
  { times, values }: Range,
  from: number,
  to: number,
  origin: number,
  finish: Finish,
  step: number,
): number => {
  let x = 0;
  let y = 0;
  let xy = 0;
  let xx = 0;
  let xLost = 0;
  let yLost = 0;
  let xyLost = 0;
  let xxLost = 0;
  for (let index = from; index < to; index++) {
    const dx = ((times[index] as number) - origin) / 1000;
    const dy = values[index] as number;
    const dxy = dx * dy;
    const dxx = dx * dx;
    let next = x + dx;
    xLost += Math.abs(x) >= Math.abs(dx) ? x - next + dx : dx - next + x;
    x = next;
    next = y + dy;
    if (Math.abs(next) === Number.POSITIVE_INFINITY) yLost = 0;
    else yLost += Math.abs(y) >= Math.abs(dy) ? y - next + dy : dy - next + y;
    y = next;
    next = xy + dxy;
    if (Math.abs(next) === Number.POSITIVE_INFINITY) xyLost = 0;
    else xyLost += Math.abs(xy) >= Math.abs(dxy) ? xy - next + dxy : dxy - next + xy;
    xy = next;
    next = xx + dxx;
    xxLost += Math.abs(xx) >= Math.abs(dxx) ? xx - next + dxx : dxx - next + xx;
    xx = next;
  }
  return finishFrom(x + xLost, y + yLost, xy + xyLost, xx + xxLost, to - from, finish, step);
};

/** For each sample, the first of those before it that have the same value without a break. NaN is like nothing. */
const runsOf = (values: Float64Array): Uint32Array => {
  const runs = new Uint32Array(values.length);
  for (let index = 1; index < runs.length; index++)
    runs[index] = values[index] === values[index - 1] ? (runs[index - 1] as number) : index;
  return runs;
};

/** 2^27 + 1, which cuts a number in two halves of 26 bits (Veltkamp), whose products are exact (Dekker). */
const HALVES = 134_217_729;

const highHalf = (value: number): number => {
  const scaled = HALVES * value;
  return scaled - (scaled - value);
};

/** What a product lost in rounding. */
const lostIn = (product: number, a: number, b: number): number => {
  const aHigh = highHalf(a);
  const aLow = a - aHigh;
  const bHigh = highHalf(b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
};

/** A sum of two numbers, the second of which is what the first lost. */
class Precise {
  high = 0;
  low = 0;

  set(high: number, low: number): void {
    this.high = high;
    this.low = low;
  }

  add(value: number, low: number): void {
    const next = this.high + value;
    this.low +=
      (Math.abs(this.high) >= Math.abs(value) ? this.high - next + value : value - next + this.high) + low;
    this.high = next;
  }

  /** Takes away by · (high + low). */
  subtract(by: number, high: number, low: number): void {
    const product = -by * high;
    this.add(product, lostIn(product, -by, high) - by * low);
  }

  get value(): number {
    return this.high + this.low;
  }
}

/** The sums of x and of x², from the series' first sample on: whole numbers, which two numbers hold exactly. */
const sumsOfTimes = (times: Float64Array, pivot: number): Float64Array => {
  const sums = new Float64Array((times.length + 1) * 4);
  const x = new Precise();
  const xx = new Precise();
  for (let index = 0; index < times.length; index++) {
    const dx = (times[index] as number) - pivot;
    const square = dx * dx;
    x.add(dx, 0);
    xx.add(square, lostIn(square, dx, dx));
    const at = (index + 1) * 4;
    sums[at] = x.high;
    sums[at + 1] = x.low;
    sums[at + 2] = xx.high;
    sums[at + 3] = xx.low;
  }
  return sums;
};

const fillGoing = (range: Range, out: Column, origin: Origin, finish: Finish): void => {
  const { times, values, from, to } = range;
  const pivot = times[0] as number;
  const runs = runsOf(values);
  const { strange } = surveyOf(values);
  const ofTimes = sumsOfTimes(times, pivot);
  const fronts = new Float64Array(values.length * 4);
  const y = new Precise();
  const xy = new Precise();
  const sumX = new Precise();
  const sumXX = new Precise();
  const sumY = new Precise();
  const sumXY = new Precise();
  const push = (index: number): void => {
    const value = values[index] as number;
    // A window with one that is not finite is not made of these sums.
    if (!Number.isFinite(value)) return;
    const dx = (times[index] as number) - pivot;
    const product = dx * value;
    y.add(value, 0);
    xy.add(product, lostIn(product, dx, value));
  };
  let cut = 0;
  let added = 0;
  for (let step = 0; step < from.length; step++) {
    const first = from[step] as number;
    const after = to[step] as number;
    if (after - first < 2) continue;
    out.has[step] = 1;
    if (first >= cut) {
      y.set(0, 0);
      xy.set(0, 0);
      for (let index = after - 1; index >= first; index--) {
        push(index);
        fronts[index * 4] = y.high;
        fronts[index * 4 + 1] = y.low;
        fronts[index * 4 + 2] = xy.high;
        fronts[index * 4 + 3] = xy.low;
      }
      y.set(0, 0);
      xy.set(0, 0);
      cut = after;
      added = after;
    }
    for (; added < after; added++) push(added);
    if ((runs[after - 1] as number) <= first) {
      const flat = neverMind(values[first] as number);
      out.values[step] = finish(Number.isNaN(flat) ? flat : 0, flat, step);
      continue;
    }
    const zero = origin(first, step);
    if (strange !== undefined) {
      if (strange.nan[after] !== strange.nan[first]) {
        out.values[step] = Number.NaN;
        continue;
      }
      if (strange.up[after] !== strange.up[first] || strange.down[after] !== strange.down[first]) {
        out.values[step] = fitted(range, first, after, zero, finish, step);
        continue;
      }
    }
    const count = after - first;
    const shift = zero - pivot;
    const [begin, end] = [first * 4, after * 4];
    sumY.set(y.high, y.low);
    sumY.add(fronts[begin] as number, fronts[begin + 1] as number);
    sumXY.set(xy.high, xy.low);
    sumXY.add(fronts[begin + 2] as number, fronts[begin + 3] as number);
    sumXY.subtract(shift, sumY.high, sumY.low);
    sumX.set(ofTimes[end] as number, ofTimes[end + 1] as number);
    sumX.add(-(ofTimes[begin] as number), -(ofTimes[begin + 1] as number));
    sumXX.set(ofTimes[end + 2] as number, ofTimes[end + 3] as number);
    sumXX.add(-(ofTimes[begin + 2] as number), -(ofTimes[begin + 3] as number));
    // sum (x - d)² = sum x² - d · (2 · sum x - n · d)
    const turn = count * shift;
    sumXX.subtract(shift, 2 * sumX.high, 2 * sumX.low);
    sumXX.subtract(-shift, turn, lostIn(turn, count, shift));
    sumX.subtract(shift, count, 0);
    out.values[step] = finishFrom(
      sumX.value / 1e3,
      sumY.value,
      sumXY.value / 1e3,
      sumXX.value / 1e6,
      count,
      finish,
      step,
    );
  }
};

const fillOneByOne = (range: Range, out: Column, origin: Origin, finish: Finish): void => {
  const { values, from, to } = range;
  for (let step = 0; step < from.length; step++) {
    const first = from[step] as number;
    const after = to[step] as number;
    if (after - first < 2) continue;
    out.has[step] = 1;
    const value = values[first] as number;
    let flat = true;
    for (let index = first; index < after && flat; index++) flat = values[index] === value;
    const level = neverMind(value);
    out.values[step] = flat
      ? finish(Number.isNaN(level) ? level : 0, level, step)
      : fitted(range, first, after, origin(first, step), finish, step);
  }
};

/** Halving larger ones overflows. */
const HALVABLE = 1e280;

/**
 * Up to so many times a sample may be visited in windows that are gone through one by one. More than for other sums: of values that
 * are large beside their changes, such as free bytes, the rounded products are most of the error, and it shall be Prometheus's.
 */
const VISITS = 64;

const fillLine = (range: Range, out: Column, origin: Origin, finish: Finish): void => {
  if (isSparse(range, VISITS) || surveyOf(range.values).largest > HALVABLE)
    fillOneByOne(range, out, origin, finish);
  else fillGoing(range, out, origin, finish);
};

const deriv: OverTime = (range, _windows, _args, out) =>
  fillLine(
    range,
    out,
    (first) => range.times[first] as number,
    (slope) => slope,
  );

const predictLinear: OverTime = (range, _windows, args, out, { times }) => {
  const [ahead] = args as readonly [Float64Array];
  fillLine(
    range,
    out,
    (_first, step) => times[step] as number,
    (slope, intercept, step) => slope * (ahead[step] as number) + intercept,
  );
};

export const regressionFunctions: Readonly<Record<string, Implementation>> = {
  deriv: { kind: 'over time', fill: deriv },
  predict_linear: { kind: 'over time', fill: predictLinear },
};
