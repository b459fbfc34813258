/** Windows in which there are not two samples, as functions such as rate() need them. */

import type { Expr, MatrixSelector } from './ast.js';
import { allParts } from './parts.js';
import type { SeriesSet } from './series.js';

/** A window, ms, beside how far samples are apart there, ms. */
export interface ShortWindow {
  readonly call: string;
  readonly metric: string;
  readonly range: number;
  readonly apart: number;
}

/** Functions that need two samples in their window. */
const NEED_TWO = new Set(['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv', 'predict_linear']);

export interface PairWindow {
  readonly call: string;
  readonly window: MatrixSelector;
}

/** All windows of an expression in which two samples are needed. */
export const pairWindows = (expr: Expr): readonly PairWindow[] =>
  allParts(expr).flatMap((part) => {
    const [window] = part.kind === 'call' && NEED_TWO.has(part.name) ? part.args : [];
    return part.kind === 'call' && window?.kind === 'matrixSelector' ? [{ call: part.name, window }] : [];
  });

/** How far apart moments mostly are; 0 where there is only one. They are in their order. */
export const distanceOf = (times: Float64Array): number => {
  const distances = Float64Array.from(times.subarray(1), (time, at) => time - (times[at] as number)).sort();
  return distances[distances.length >> 1] ?? 0;
};

/** How far the samples of a window's series are apart, of those that come most often, ms; 0 where that is not known. */
const apartIn = ({ window: { selector } }: PairWindow, set: SeriesSet): number => {
  const all = {
    matchers: selector.matchers,
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
  };
  return set
    .select(all)
    .map(({ times }) => distanceOf(times))
    .reduce((least, one) => (one > 0 && (least === 0 || one < least) ? one : least), 0);
};

/** Times are not exact: what is taken once a minute is now and then a little less than a minute apart. */
const JITTER = 1.05;

/** Whether a window hardly ever has two samples. It is open on the left: one of a minute has one of each minute. */
const isShort = (range: number, apart: number): boolean => apart > 0 && range <= apart * JITTER;

/** The first window of an expression that is too short for the samples there are; those shorter than `factor` times their distance, where it is given. */
export const shortWindow = (expr: Expr, set: SeriesSet, factor?: number): ShortWindow | undefined => {
  for (const one of pairWindows(expr)) {
    const { call, window } = one;
    const { range, selector } = window;
    const apart = apartIn(one, set);
    if (isShort(range, apart) || range < apart * (factor ?? 0))
      return { call, metric: selector.name, range, apart };
  }
  return undefined;
};

/** Windows of which what was loaded does not tell how far the samples are apart: where there is one alone. */
export const windowsUnknown = (expr: Expr, set: SeriesSet): readonly PairWindow[] =>
  pairWindows(expr).filter((one) => apartIn(one, set) === 0);
