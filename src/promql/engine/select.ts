/** Selectors at all steps: one walk through the samples of each series. */

import { compareLabels } from '../labels.js';
import type { Series } from '../series.js';
import type { Line, Matrix, Range, Vector } from '../value.js';
import { checkSize } from './steps.js';

/** The index of the first time after this one. */
export const firstAfter = (times: Float64Array, time: number): number => {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) > time) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** By labels, so that what depends on an order (ties in topk) never depends on how the data came. */
export const sorted = <T extends Pick<Series, 'labels'>>(series: readonly T[]): readonly T[] =>
  [...series].sort((a, b) => compareLabels(a.labels, b.labels));

/**
 * The newest sample in (moment − lookback, moment], none where the series has ended since.
 * `stamps` takes the samples' own times in seconds, as `timestamp` wants them, rather than their values.
 */
const lineOf = (
  series: Series,
  moments: Float64Array,
  lookback: number,
  stamps: boolean,
): Line | undefined => {
  const { times, ends } = series;
  const count = moments.length;
  let next = firstAfter(times, moments[0] as number);
  let nextEnd = firstAfter(ends, moments[0] as number);
  let line: Line | undefined;
  for (let step = 0; step < count; step++) {
    const moment = moments[step] as number;
    while (next < times.length && (times[next] as number) <= moment) next++;
    if (next === 0) continue;
    const time = times[next - 1] as number;
    if (time <= moment - lookback) continue;
    while (nextEnd < ends.length && (ends[nextEnd] as number) <= moment) nextEnd++;
    if (nextEnd > 0 && (ends[nextEnd - 1] as number) > time) continue;
    line ??= {
      labels: series.labels,
      dropName: false,
      values: new Float64Array(count),
      has: new Uint8Array(count),
    };
    line.values[step] = stamps ? time / 1000 : (series.values[next - 1] as number);
    line.has[step] = 1;
  }
  return line;
};

export const selectVector = (
  series: readonly Series[],
  moments: Float64Array,
  lookback: number,
  stamps: boolean,
): Vector => {
  checkSize(series.length * moments.length);
  const lines: Line[] = [];
  for (const one of sorted(series)) {
    const line = lineOf(one, moments, lookback, stamps);
    if (line !== undefined) lines.push(line);
  }
  return { type: 'vector', lines };
};

/** The windows (start, end] of one series, with no samples beside them; undefined where all of them are empty. */
const rangeOf = (
  series: Pick<Range, 'labels' | 'dropName' | 'times' | 'values'>,
  starts: Float64Array,
  ends: Float64Array,
): Range | undefined => {
  const { labels, dropName, times, values } = series;
  const count = starts.length;
  const skipped = firstAfter(times, starts[0] as number);
  let from = skipped;
  let to = skipped;
  let any = false;
  const froms = new Uint32Array(count);
  const tos = new Uint32Array(count);
  for (let step = 0; step < count; step++) {
    const start = starts[step] as number;
    const end = ends[step] as number;
    while (from < times.length && (times[from] as number) <= start) from++;
    if (to < from) to = from;
    while (to < times.length && (times[to] as number) <= end) to++;
    froms[step] = from - skipped;
    tos[step] = to - skipped;
    if (to > from) any = true;
  }
  if (!any) return undefined;
  return {
    labels,
    dropName,
    times: times.subarray(skipped, to),
    values: values.subarray(skipped, to),
    from: froms,
    to: tos,
  };
};

export const windowsOf = (
  series: Iterable<Pick<Range, 'labels' | 'dropName' | 'times' | 'values'>>,
  starts: Float64Array,
  ends: Float64Array,
): Matrix => {
  const ranges: Range[] = [];
  for (const one of series) {
    const range = rangeOf(one, starts, ends);
    if (range !== undefined) ranges.push(range);
  }
  return { type: 'matrix', ranges, starts, ends };
};
