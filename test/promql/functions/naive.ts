/** Functions over ranges as one would write them down, window by window: what those that go on from window to window are held against. */

import type { Sample } from './windowed.js';

export interface Window {
  readonly samples: readonly Sample[];
  readonly start: number;
  readonly end: number;
  /** The step's own time. */
  readonly now: number;
}

type Naive = (window: Window, ...args: readonly number[]) => number | undefined;

const valuesOf = ({ samples }: Window): number[] => samples.map(({ value }) => value);

const some =
  (map: (values: number[], window: Window, ...args: readonly number[]) => number): Naive =>
  (window, ...args) =>
    window.samples.length === 0 ? undefined : map(valuesOf(window), window, ...args);

const pairs = (values: readonly number[]): [number, number][] =>
  values.slice(1).map((value, index) => [values[index] as number, value]);

/** Exact but for the last rounding: every double is a whole number of 2^-1074. */
export const exactSum = (values: readonly number[]): number => {
  if (!values.every(Number.isFinite)) return values.reduce((sum, value) => sum + value, 0);
  let total = 0n;
  for (const value of values) total += unitsOf(value);
  return fromUnits(total);
};

const UNIT_BITS = 1074n;

const unitsOf = (value: number): bigint => {
  if (value === 0) return 0n;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = bits >> 52n;
  const mantissa = bits & ((1n << 52n) - 1n);
  const units = exponent === 0n ? mantissa : (mantissa | (1n << 52n)) << (exponent - 1n);
  return value < 0 ? -units : units;
};

const fromUnits = (units: bigint): number => {
  const size = units < 0n ? -units : units;
  const bits = BigInt(size.toString(2).length);
  // Number() rounds to the nearest, once; the rest is a power of two.
  const shift = bits > 1000n ? bits - 1000n : 0n;
  const value = Number(size >> shift) * 2 ** -500 * 2 ** Number(shift - UNIT_BITS + 500n);
  return units < 0n ? -value : value;
};

const extrapolated =
  (isCounter: boolean, isRate: boolean): Naive =>
  (window) => {
    const { samples, start, end } = window;
    const first = samples[0];
    const last = samples.at(-1);
    if (first === undefined || last === undefined || samples.length < 2) return undefined;
    let result = last.value - first.value;
    if (isCounter)
      for (const [before, value] of pairs(valuesOf(window))) if (value < before) result += before;
    let toStart = (first.time - start) / 1000;
    let toEnd = (end - last.time) / 1000;
    const sampled = (last.time - first.time) / 1000;
    const mean = sampled / (samples.length - 1);
    if (toStart >= mean * 1.1) toStart = mean / 2;
    if (isCounter && result > 0 && first.value >= 0)
      toStart = Math.min(toStart, sampled * (first.value / result));
    if (toEnd >= mean * 1.1) toEnd = mean / 2;
    const factor = (sampled + toStart + toEnd) / sampled;
    return result * (isRate ? factor / ((end - start) / 1000) : factor);
  };

const ofLastTwo =
  (isRate: boolean): Naive =>
  ({ samples }) => {
    const [before, last] = samples.slice(-2);
    if (before === undefined || last === undefined) return undefined;
    const result = isRate && last.value < before.value ? last.value : last.value - before.value;
    return isRate ? result / ((last.time - before.time) / 1000) : result;
  };

/** About the means, so that nothing large is subtracted. */
const line = ({ samples }: Window, origin: number): readonly [slope: number, at: number] => {
  const values = samples.map(({ value }) => value);
  const [first] = values as [number];
  if (values.every((value) => value === first)) return Number.isFinite(first) ? [0, first] : [NaN, NaN];
  const times = samples.map(({ time }) => (time - origin) / 1000);
  const x = exactSum(times) / times.length;
  const y = exactSum(values) / values.length;
  const slope =
    exactSum(values.map((value, index) => (value - y) * ((times[index] as number) - x))) /
    exactSum(times.map((time) => (time - x) ** 2));
  return [slope, y - slope * x];
};

const variance = (values: readonly number[]): number => {
  const mean = exactSum(values) / values.length;
  return exactSum(values.map((value) => (value - mean) ** 2)) / values.length;
};

const quantile = (values: readonly number[], q: number): number => {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const sorted = [
    ...values.filter(Number.isNaN),
    ...values.filter((value) => !Number.isNaN(value)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  ];
  const rank = q * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return (sorted[lower] as number) * (1 - (rank - lower)) + (sorted[upper] as number) * (rank - lower);
};

const extreme =
  (choose: (a: number, b: number) => number) =>
  (values: readonly number[]): number =>
    values.reduce((a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : choose(a, b)));

export const naive: Readonly<Record<string, Naive>> = {
  avg_over_time: some((values) => exactSum(values) / values.length),
  changes: some(
    (values) => pairs(values).filter(([a, b]) => !(a === b || (Number.isNaN(a) && Number.isNaN(b)))).length,
  ),
  count_over_time: some((values) => values.length),
  delta: extrapolated(false, false),
  deriv: (window) =>
    window.samples.length < 2 ? undefined : line(window, (window.samples[0] as Sample).time)[0],
  idelta: ofLastTwo(false),
  increase: extrapolated(true, false),
  irate: ofLastTwo(true),
  last_over_time: some((values) => values.at(-1) as number),
  max_over_time: some(extreme(Math.max)),
  min_over_time: some(extreme(Math.min)),
  predict_linear: (window, ahead = 0) => {
    if (window.samples.length < 2) return undefined;
    const [slope, at] = line(window, window.now);
    return slope * ahead + at;
  },
  present_over_time: some(() => 1),
  quantile_over_time: some((values, _window, q = 0) => quantile(values, q)),
  rate: extrapolated(true, true),
  resets: some((values) => pairs(values).filter(([before, value]) => value < before).length),
  stddev_over_time: some((values) => Math.sqrt(variance(values))),
  stdvar_over_time: some(variance),
  sum_over_time: some(exactSum),
};
