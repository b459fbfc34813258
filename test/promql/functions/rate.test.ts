import { describe, expect, test } from 'vitest';
import { fill, type Windows } from './windowed.js';

const every5s = (values: readonly number[], rest: Partial<Windows> = {}): Windows => ({
  samples: values.map((value, index) => ({ time: index * 5000, value })),
  start: 0,
  step: 5000,
  count: values.length,
  range: 600_000,
  offset: 0,
  ...rest,
});

describe('what a counter lost at resets', () => {
  test('many of them add up to what few by few do', () => {
    const values = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 0.1 : 0));
    // The last window has 120 samples, from 0.1 to 0: 60 falls by 0.1 but one, in 595 s of 600.
    const increases = fill('increase', every5s(values));
    expect(increases.at(-1)).toBeCloseTo((5.9 * 600) / 595, 12);
  });

  test('those before a window do not matter, even if no number holds their sum', () => {
    const values = Array.from({ length: 400 }, (_, index) =>
      index % 2 === 0 ? (index < 200 ? 1e307 : 0.1) : 0,
    );
    const [increase] = fill('increase', every5s(values, { start: 1_995_000, count: 1 }));
    expect(increase).toBeCloseTo((5.9 * 600) / 595, 12);
  });
});

test('a window of two samples at one edge of it is stretched by half their distance', () => {
  // First at 0 s, last at 5 s; the window is from -95 s to 5 s.
  expect(fill('delta', every5s([10, 20], { start: 5000, count: 1, range: 100_000 }))).toEqual([15]);
});

test('a counter is not stretched below zero', () => {
  expect(fill('increase', every5s([1, 11], { start: 5000, count: 1, range: 100_000 }))).toEqual([11]);
  expect(fill('delta', every5s([1, 11], { start: 5000, count: 1, range: 100_000 }))).toEqual([15]);
});
