/** Several sources of series are one. */

import { describe, expect, it } from 'vitest';
import { joinSources } from '../../src/promql/join.js';
import { labelsFrom } from '../../src/promql/labels.js';
import type { Metric, Selection, Series, SeriesSource } from '../../src/promql/series.js';

const series = (
  name: string,
  points: readonly (readonly [number, number])[],
  ends: readonly number[] = [],
): Series => ({
  labels: labelsFrom([['__name__', name]]),
  times: Float64Array.from(points, ([time]) => time),
  values: Float64Array.from(points, ([, value]) => value),
  ends: Float64Array.from(ends),
});

const source = (all: readonly Series[], metrics: readonly Metric[] = []): SeriesSource => ({
  load: async (_, options) => {
    options?.onProgress?.(0.5);
    options?.onProgress?.(1);
    return { select: () => all };
  },
  metrics: async () => metrics,
});

const ALL: Selection = { matchers: [], since: 0, until: 1e6 };

const selectFrom = async (...sources: readonly SeriesSource[]) =>
  (await joinSources(sources).load([ALL])).select(ALL).map(({ labels, times, values, ends }) => ({
    name: labels.values[0],
    points: Array.from(times, (time, index) => [time, values[index]]),
    ends: [...ends],
  }));

describe('joined sources', () => {
  it('give what each has', async () => {
    expect(await selectFrom(source([series('a', [[1, 1]])]), source([series('b', [[2, 2]], [3])]))).toEqual([
      { name: 'a', points: [[1, 1]], ends: [] },
      { name: 'b', points: [[2, 2]], ends: [3] },
    ]);
    expect(await selectFrom()).toEqual([]);
  });

  it('put a series of several together by time: the later source’s word stands, and no end is where a point is', async () => {
    const first = series(
      'a',
      [
        [1, 1],
        [3, 3],
        [5, 5],
      ],
      [4, 9],
    );
    const second = series(
      'a',
      [
        [2, 20],
        [3, 30],
        [4, 40],
      ],
      [6, 9],
    );
    const third = series('a', [[7, 70]], [8]);
    expect(await selectFrom(source([first]), source([second]), source([third]))).toEqual([
      {
        name: 'a',
        points: [
          [1, 1],
          [2, 20],
          [3, 30],
          [4, 40],
          [5, 5],
          [7, 70],
        ],
        ends: [6, 8, 9],
      },
    ]);
  });

  it('tell how far they are together', async () => {
    const parts: number[] = [];
    await joinSources([source([]), source([])]).load([ALL], { onProgress: (part) => parts.push(part) });
    expect(parts).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('know each metric once', async () => {
    const metric = (name: string, help: string): Metric => ({ name, type: 'gauge', help });
    const joined = joinSources([
      source([], [metric('a', 'one')]),
      source([], [metric('a', 'two'), metric('b', 'two')]),
    ]);
    expect(await joined.metrics()).toEqual([metric('a', 'one'), metric('b', 'two')]);
  });
});
