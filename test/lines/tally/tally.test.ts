import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/lines/line.js';
import { addToCounts, mergeCounts, openCounts, rankCounts } from '../../../src/lines/tally/counts.js';
import {
  addNumber,
  ERROR,
  mergeDistribution,
  openDistribution,
  quantiles,
} from '../../../src/lines/tally/quantiles.js';
import { addToTally, mergeTally, openTally, summarizeTally } from '../../../src/lines/tally/summary.js';

const countsOf = (lines: readonly (readonly Value[])[]) => {
  const counts = openCounts();
  for (const values of lines) addToCounts(counts, values);
  return counts;
};

const value = fc.constantFrom<Value>('a', 'b', '', 5, '5', true, null, { x: 1 });
const lines = fc.array(fc.array(value, { maxLength: 2 }), { maxLength: 30 });

describe('counts', () => {
  it('rank the most frequent first, equals by value, absent ones last among equals', () => {
    const counts = countsOf([
      ['b'],
      ['a'],
      ['b'],
      [],
      ['a'],
      [null],
      [500],
      ['500'],
      [{ x: 1 }],
      [true, 'c'],
    ]);
    expect(rankCounts(counts)).toEqual([
      { value: '500', count: 2 },
      { value: 'a', count: 2 },
      { value: 'b', count: 2 },
      { value: undefined, count: 2 },
      { value: 'c', count: 1 },
      { value: 'true', count: 1 },
      { value: '{"x":1}', count: 1 },
    ]);
  });

  it('are the same however the lines were shared out', () => {
    fc.assert(
      fc.property(lines, fc.nat(30), (all, at) => {
        const parts = countsOf(all.slice(0, at));
        mergeCounts(parts, structuredClone(countsOf(all.slice(at))));
        expect(rankCounts(parts)).toEqual(rankCounts(countsOf(all)));
      }),
      { numRuns: 100 },
    );
  });

  it('keep only so many different values, and say how many they did not', () => {
    const counts = openCounts({ values: 100, characters: 1000 });
    for (let index = 0; index < 110; index++) addToCounts(counts, [`v${index}`]);
    addToCounts(counts, ['v3']);
    expect(counts.values.size).toBe(100);
    expect(counts.others).toBe(10);
    expect(rankCounts(counts)[0]).toEqual({ value: 'v3', count: 2 });
    const long = openCounts({ values: 100, characters: 1000 });
    for (let index = 0; index < 20; index++) addToCounts(long, [`${index}`.padEnd(100, 'x')]);
    expect({ kept: long.values.size, others: long.others }).toEqual({ kept: 10, others: 10 });
  });
});

const distributionOf = (numbers: readonly number[]) => {
  const distribution = openDistribution();
  for (const number of numbers) addNumber(distribution, number);
  return distribution;
};

describe('quantiles', () => {
  it("lie between neighbours in a straight line, as NumPy's and Prometheus's", () => {
    // numpy.quantile([15, 20, 35, 40, 50], [0, .05, .3, .4, .5, 1]); quantile(0.5) of 1 2 3 4 is 2.5 in Prometheus.
    const numbers = [50, 15, 40, 20, 35];
    const wanted = [0, 0.05, 0.3, 0.4, 0.5, 1];
    [15, 16, 23, 29, 35, 50].forEach((expected, index) => {
      expect(quantiles(distributionOf(numbers), wanted)[index]).toBeCloseTo(expected, 9);
    });
    expect(quantiles(distributionOf([4, 1, 3, 2]), [0.5])).toEqual([2.5]);
    expect(quantiles(distributionOf([7]), [0.99])).toEqual([7]);
    expect(quantiles(distributionOf([]), [0.5])).toEqual([Number.NaN]);
  });

  it('of too many numbers are near', () => {
    const exact = distributionOf(Array.from({ length: 4000 }, (_, index) => (index - 1000) ** 3 / 1e6));
    const more = structuredClone(exact);
    // As if it had had too many.
    const buckets = distributionOf([]);
    buckets.exact = undefined;
    mergeDistribution(buckets, more);
    const wanted = [0, 0.01, 0.2, 0.5, 0.95, 0.99, 1];
    const truth = quantiles(exact, wanted);
    const near = quantiles(buckets, wanted);
    truth.forEach((value, index) => {
      expect(Math.abs((near[index] as number) - value)).toBeLessThanOrEqual(
        Math.abs(value) * ERROR * 1.01 + 1e-9,
      );
    });
    expect(buckets.exact).toBeUndefined();
    expect(buckets.negative.size + buckets.positive.size).toBeLessThan(4000);
  });

  it('are exact only up to so many', () => {
    const distribution = openDistribution(1000);
    for (let index = 0; index < 1000; index++) addNumber(distribution, index);
    expect(distribution.exact).toBeDefined();
    addNumber(distribution, 5);
    expect(distribution.exact).toBeUndefined();
    expect(quantiles(distribution, [0, 1])).toEqual([0, 999]);
  });
});

describe('summaries', () => {
  const tallyOf = (all: readonly (readonly Value[])[]) => {
    const tally = openTally();
    for (const values of all) addToTally(tally, values);
    return tally;
  };

  it('take numbers, durations and sizes each for themselves, and count the rest', () => {
    const tally = tallyOf([
      [1],
      ['2'],
      [3, 4],
      ['150ms'],
      ['2.5s'],
      ['5kB'],
      ['x'],
      [true],
      ['NaN'],
      [null],
      [],
    ]);
    expect(summarizeTally(tally)).toEqual([
      {
        kind: 'number',
        count: 4,
        min: 1,
        average: 2.5,
        p50: 2.5,
        p95: expect.closeTo(3.85, 9),
        p99: expect.closeTo(3.97, 9),
        max: 4,
        approximate: false,
      },
      {
        kind: 'duration',
        count: 2,
        min: 0.15,
        average: 1.325,
        p50: 1.325,
        p95: expect.closeTo(2.3825, 9),
        p99: expect.closeTo(2.4765, 9),
        max: 2.5,
        approximate: false,
      },
      {
        kind: 'bytes',
        count: 1,
        min: 5000,
        average: 5000,
        p50: 5000,
        p95: 5000,
        p99: 5000,
        max: 5000,
        approximate: false,
      },
    ]);
    expect({ others: tally.others, absent: tally.absent }).toEqual({ others: 3, absent: 2 });
    expect(summarizeTally(openTally())).toEqual([]);
  });

  it('are the same however the lines were shared out', () => {
    const number = fc.oneof(
      fc.integer({ min: -1000, max: 1000 }),
      fc.constantFrom<Value>('5ms', '1kB', 'x', null),
    );
    fc.assert(
      fc.property(fc.array(fc.array(number, { maxLength: 2 }), { maxLength: 30 }), fc.nat(30), (all, at) => {
        const parts = tallyOf(all.slice(0, at));
        mergeTally(parts, structuredClone(tallyOf(all.slice(at))));
        expect(summarizeTally(parts)).toEqual(summarizeTally(tallyOf(all)));
        expect(parts).toMatchObject({ others: tallyOf(all).others, absent: tallyOf(all).absent });
      }),
      { numRuns: 100 },
    );
  });
});
