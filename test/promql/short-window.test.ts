/** Which windows are too short for samples that are so far apart. */

import { describe, expect, test } from 'vitest';
import { MemorySet } from '../../src/promql/memory.js';
import { readSeries } from '../../src/promql/notation.js';
import { parse } from '../../src/promql/parse.js';
import { shortWindow, windowsUnknown } from '../../src/promql/short-window.js';

/** So many samples at such a distance, ms; every other one comes later by `late`. */
const samples = (apart: number, count: number, late = 0): MemorySet => {
  const set = new MemorySet();
  const { labels } = readSeries('a_total{x="1"} 0');
  for (let index = 0; index < count; index++) set.append(labels, index * apart + (index % 2) * late, index);
  return set;
};

describe('a window', () => {
  test.each([
    ['rate(a_total[1m])', 60_000, true],
    ['rate(a_total[59s])', 60_000, true],
    ['rate(a_total[61s])', 60_000, true],
    ['rate(a_total[64s])', 60_000, false],
    ['rate(a_total[1m])', 15_000, false],
    ['sum by (x) (increase(a_total{x="1"}[5m])) > 3', 300_000, true],
    ['max_over_time(a_total[1m])', 60_000, false],
    ['rate(b_total[1m])', 60_000, false],
    ['max_over_time(rate(a_total[1m])[10m:])', 60_000, true],
    ['a_total', 60_000, false],
  ])('%s over samples that are %d ms apart: %s', (text, apart, expected) => {
    expect(shortWindow(parse(text), samples(apart, 9)) !== undefined).toBe(expected);
  });

  test('is told with what it is of, and how far apart samples mostly are', () => {
    expect(shortWindow(parse('irate(a_total[30s]) > 1'), samples(60_000, 9))).toEqual({
      call: 'irate',
      metric: 'a_total',
      range: 30_000,
      apart: 60_000,
    });
    // Now and then two of them do lie within.
    expect(shortWindow(parse('rate(a_total[1m])'), samples(60_000, 10, 20))).toBeDefined();
  });

  test('may be asked for with room to spare', () => {
    const set = samples(60_000, 9);
    expect(shortWindow(parse('rate(a_total[119s])'), set, 2)).toBeDefined();
    expect(shortWindow(parse('rate(a_total[2m])'), set, 2)).toBeUndefined();
  });

  test('is not judged by one sample', () => {
    expect(shortWindow(parse('rate(a_total[1m])'), samples(60_000, 1))).toBeUndefined();
    expect(windowsUnknown(parse('rate(a_total[1m])'), samples(60_000, 1))).toHaveLength(1);
    expect(windowsUnknown(parse('rate(a_total[1m])'), samples(60_000, 2))).toEqual([]);
  });
});
