/** Series that rules write while they are evaluated, beside those that were there before. */

import type { Labels } from '../labels.js';
import { MemorySet } from '../memory.js';
import type { Series, SeriesSet } from '../series.js';

export interface Recorder extends SeriesSet {
  readonly write: (labels: Labels, time: number, value: number) => void;
  /** The series is seen to be gone. */
  readonly end: (labels: Labels, time: number) => void;
}

export const openRecorder = (base: SeriesSet): Recorder => {
  const written = new MemorySet();
  return {
    write: (labels, time, value) => written.append(labels, time, value),
    end: (labels, time) => written.end(labels, time),
    select: (selection) => {
      const found = base.select(selection);
      const added = written.select(selection);
      if (added.length === 0) return found;
      if (found.length === 0) return added;
      const byKey = new Map(added.map((series) => [series.labels.key, series]));
      const merged = found.map((series) => {
        const other = byKey.get(series.labels.key);
        byKey.delete(series.labels.key);
        return other === undefined ? series : merge(series, other);
      });
      return [...merged, ...byKey.values()];
    },
  };
};

/** Two series of the same labels as one; at a moment that both have, the first one's stands: storage takes no second one. */
const merge = (first: Series, second: Series): Series => {
  const points = new Map<number, number>();
  for (const [index, time] of second.times.entries()) points.set(time, second.values[index] as number);
  for (const end of first.ends) points.delete(end);
  for (const [index, time] of first.times.entries()) points.set(time, first.values[index] as number);
  const times = Float64Array.from(points.keys()).sort();
  const ends = new Set([...first.ends, ...second.ends].filter((end) => !points.has(end)));
  return {
    labels: first.labels,
    times,
    values: times.map((time) => points.get(time) as number),
    ends: Float64Array.from(ends).sort(),
  };
};

const countUntil = (times: Float64Array, now: number): number => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= now) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** What was there until a moment: nothing of what came later. */
export const seenUntil = (set: SeriesSet, now: number): SeriesSet => ({
  select: (selection) =>
    set.select({ ...selection, until: Math.min(selection.until, now) }).map((series) => {
      const { times, ends } = series;
      if ((times.at(-1) ?? 0) <= now && (ends.at(-1) ?? 0) <= now) return series;
      const count = countUntil(times, now);
      return {
        labels: series.labels,
        times: times.subarray(0, count),
        values: series.values.subarray(0, count),
        ends: ends.subarray(0, countUntil(ends, now)),
      };
    }),
});
