/** Quantiles of plain values, and quantile_over_time. */

import { goFloat } from '../../core/go-float.js';
import type { Annotator } from '../annotations.js';
import type { Span } from '../ast.js';
import type { Implementation, OverTime } from '../functions.js';
import { argumentOf } from './lines.js';
import { orderOf } from './order.js';

export const warnOfQuantile = (quantile: number, annotator: Annotator, at: Span): void => {
  if (quantile >= 0 && quantile <= 1) return;
  annotator.warn(`quantile value should be between 0 and 1, got ${goFloat(quantile, 'g')}`, at);
};

/** Between two values where it falls between them. `at` gives the values in ascending order, NaN first. */
export const quantileOf = (quantile: number, count: number, at: (index: number) => number): number => {
  if (count === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const rank = quantile * (count - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - lower;
  return at(lower) * (1 - weight) + at(upper) * weight;
};

/** How many values of each rank are in the window: a Fenwick tree, where both counting and finding the n-th take log n. */
class Ranks {
  readonly #counts: Uint32Array;
  readonly #top: number;

  constructor(size: number) {
    this.#counts = new Uint32Array(size + 1);
    this.#top = 2 ** Math.floor(Math.log2(size));
  }

  add(rank: number): void {
    const counts = this.#counts;
    for (let node = rank + 1; node < counts.length; node += node & -node)
      counts[node] = (counts[node] as number) + 1;
  }

  remove(rank: number): void {
    const counts = this.#counts;
    for (let node = rank + 1; node < counts.length; node += node & -node)
      counts[node] = (counts[node] as number) - 1;
  }

  /** The rank of the n-th, from 0. */
  at(n: number): number {
    const counts = this.#counts;
    let node = 0;
    let left = n;
    for (let size = this.#top; size > 0; size >>= 1) {
      const next = node + size;
      if (next < counts.length && (counts[next] as number) <= left) {
        node = next;
        left -= counts[next] as number;
      }
    }
    return node;
  }
}

/** Ascending, NaN left out; and of each value its place there, or -1. */
const placesOf = (values: Float64Array): readonly [sorted: Float64Array, places: Int32Array] => {
  const order = orderOf(values);
  const sorted = new Float64Array(order.length);
  const places = new Int32Array(values.length).fill(-1);
  for (let place = 0; place < order.length; place++) {
    const index = order[place] as number;
    sorted[place] = values[index] as number;
    places[index] = place;
  }
  return [sorted, places];
};

const quantileOverTime: OverTime = (range, _windows, args, out, { annotator, call }) => {
  const { values, from, to } = range;
  const [quantiles] = args as readonly [Float64Array];
  const place = argumentOf(call, 0);
  const [sorted, ranks] = placesOf(values);
  const window = new Ranks(Math.max(1, sorted.length));
  let nans = 0;
  let removed = 0;
  let added = 0;
  const at = (index: number): number =>
    index < nans ? Number.NaN : (sorted[window.at(index - nans)] as number);
  for (let step = 0; step < from.length; step++) {
    const first = from[step] as number;
    const after = to[step] as number;
    if (after === first) continue;
    for (; added < after; added++) {
      const rank = ranks[added] as number;
      if (rank < 0) nans++;
      else window.add(rank);
    }
    for (; removed < first; removed++) {
      const rank = ranks[removed] as number;
      if (rank < 0) nans--;
      else window.remove(rank);
    }
    const quantile = quantiles[step] as number;
    warnOfQuantile(quantile, annotator, place);
    out.values[step] = quantileOf(quantile, after - first, at);
    out.has[step] = 1;
  }
};

export const quantileFunctions: Readonly<Record<string, Implementation>> = {
  quantile_over_time: { kind: 'over time', fill: quantileOverTime },
};
