/**
 * stdvar_over_time and stddev_over_time, by Welford's recurrence with compensated sums, as in Prometheus. Where windows overlap
 * much, a window is made of two parts as in sums.ts, joined by the formula of Chan, Golub and LeVeque: the squares of both, and
 * the square of the distance of their means.
 */

import type { Column, Implementation, OverTime } from '../functions.js';
import type { Range } from '../value.js';
import { isSparse, surveyOf } from './windows.js';

/** Mean and sum of squared distances of some samples, each with what it lost in rounding. */
class Moments {
  count = 0;
  mean = 0;
  meanLost = 0;
  squares = 0;
  squaresLost = 0;

  clear(): void {
    this.count = 0;
    this.mean = 0;
    this.meanLost = 0;
    this.squares = 0;
    this.squaresLost = 0;
  }

  add(value: number): void {
    this.count++;
    const distance = value - (this.mean + this.meanLost);
    const shift = distance / this.count;
    const mean = this.mean + shift;
    if (Math.abs(mean) === Number.POSITIVE_INFINITY) this.meanLost = 0;
    else if (Math.abs(this.mean) >= Math.abs(shift)) this.meanLost += this.mean - mean + shift;
    else this.meanLost += shift - mean + this.mean;
    this.mean = mean;
    const square = distance * (value - (mean + this.meanLost));
    const squares = this.squares + square;
    if (Math.abs(squares) === Number.POSITIVE_INFINITY) this.squaresLost = 0;
    else if (Math.abs(this.squares) >= Math.abs(square)) this.squaresLost += this.squares - squares + square;
    else this.squaresLost += square - squares + this.squares;
    this.squares = squares;
  }
}

const fillOneByOne = ({ values, from, to }: Range, out: Column): void => {
  const moments = new Moments();
  for (let step = 0; step < from.length; step++) {
    const first = from[step] as number;
    const after = to[step] as number;
    if (after === first) continue;
    moments.clear();
    for (let index = first; index < after; index++) moments.add(values[index] as number);
    out.values[step] = (moments.squares + moments.squaresLost) / moments.count;
    out.has[step] = 1;
  }
};

const fillGoing = ({ values, from, to }: Range, out: Column, nan: Uint32Array | undefined): void => {
  const fronts = new Float64Array(values.length * 3);
  const back = new Moments();
  let cut = 0;
  let added = 0;
  for (let step = 0; step < from.length; step++) {
    const first = from[step] as number;
    const after = to[step] as number;
    if (after === first) continue;
    out.has[step] = 1;
    if (first >= cut) {
      back.clear();
      for (let index = after - 1; index >= first; index--) {
        back.add(values[index] as number);
        fronts[index * 3] = back.mean;
        fronts[index * 3 + 1] = back.meanLost;
        fronts[index * 3 + 2] = back.squares + back.squaresLost;
      }
      back.clear();
      cut = after;
      added = after;
    }
    for (; added < after; added++) back.add(values[added] as number);
    if (nan !== undefined && nan[after] !== nan[first]) {
      out.values[step] = Number.NaN;
      continue;
    }
    const mine = cut - first;
    const distance =
      back.mean - (fronts[first * 3] as number) + (back.meanLost - (fronts[first * 3 + 1] as number));
    const squares =
      (fronts[first * 3 + 2] as number) +
      (back.squares + back.squaresLost) +
      (back.count === 0 ? 0 : distance * distance * ((mine * back.count) / (mine + back.count)));
    out.values[step] = squares / (mine + back.count);
  }
};

/** Larger ones overflow when squared, and then the order counts. */
const SQUARABLE = 1e150;

const variance: OverTime = (range, _windows, _args, out) => {
  if (isSparse(range)) {
    fillOneByOne(range, out);
    return;
  }
  const { largest, strange } = surveyOf(range.values);
  if (largest > SQUARABLE) {
    fillOneByOne(range, out);
    return;
  }
  if (strange === undefined) {
    fillGoing(range, out, undefined);
    return;
  }
  // An infinity has no distance to a mean: it is as NaN here.
  const nan = strange.nan.map(
    (count, index) => count + (strange.up[index] as number) + (strange.down[index] as number),
  );
  const values = range.values.map((value) => (Number.isFinite(value) ? value : 0));
  fillGoing({ ...range, values }, out, nan);
};

const deviation: OverTime = (range, windows, args, out, context) => {
  variance(range, windows, args, out, context);
  for (let step = 0; step < out.values.length; step++)
    out.values[step] = Math.sqrt(out.values[step] as number);
};

export const varianceFunctions: Readonly<Record<string, Implementation>> = {
  stddev_over_time: { kind: 'over time', fill: deviation },
  stdvar_over_time: { kind: 'over time', fill: variance },
};
