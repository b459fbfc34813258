/** Several sources of series as one. */

import type { Metric, Selection, Series, SeriesSet, SeriesSource } from './series.js';

/** Some times of both, each once, ascending. */
const mergeTimes = (a: Float64Array, b: Float64Array): Float64Array =>
  Float64Array.from(new Set([...a, ...b])).sort();

/** The points of both by time; of two of one time that of the later source. An end counts where neither has a point. */
const merge = (a: Series, b: Series): Series => {
  const times = new Float64Array(a.times.length + b.times.length);
  const values = new Float64Array(times.length);
  let [left, right, count] = [0, 0, 0];
  while (left < a.times.length || right < b.times.length) {
    const mine = left < a.times.length ? (a.times[left] as number) : Number.POSITIVE_INFINITY;
    const other = right < b.times.length ? (b.times[right] as number) : Number.POSITIVE_INFINITY;
    times[count] = Math.min(mine, other);
    values[count++] = (other <= mine ? b.values[right] : a.values[left]) as number;
    if (mine <= other) left++;
    if (other <= mine) right++;
  }
  const all = times.subarray(0, count);
  const taken = new Set(all);
  return {
    labels: a.labels,
    times: all,
    values: values.subarray(0, count),
    ends: mergeTimes(a.ends, b.ends).filter((time) => !taken.has(time)),
  };
};

const selectFrom = (sets: readonly SeriesSet[], selection: Selection): readonly Series[] => {
  const byKey = new Map<string, Series>();
  for (const set of sets) {
    for (const series of set.select(selection)) {
      const known = byKey.get(series.labels.key);
      byKey.set(series.labels.key, known === undefined ? series : merge(known, series));
    }
  }
  return [...byKey.values()];
};

/** Where two have the same series, their points are put together; what is known of a metric is the first one's word. */
export const joinSources = (sources: readonly SeriesSource[]): SeriesSource => ({
  load: async (selections, options = {}) => {
    const sets: SeriesSet[] = [];
    for (const [index, source] of sources.entries()) {
      const { onProgress } = options;
      sets.push(
        await source.load(
          selections,
          onProgress === undefined
            ? options
            : { ...options, onProgress: (part) => onProgress((index + part) / sources.length) },
        ),
      );
    }
    const [only] = sets;
    if (sets.length === 1 && only !== undefined) return only;
    return { select: (selection) => selectFrom(sets, selection) };
  },
  metrics: async () => {
    const byName = new Map<string, Metric>();
    for (const source of sources)
      for (const metric of await source.metrics())
        if (!byName.has(metric.name)) byName.set(metric.name, metric);
    return [...byName.values()];
  },
});
