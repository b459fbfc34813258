import { expect, test } from 'vitest';
import { fill, type Windows } from './windowed.js';

/** Windows of so many samples, one for each of them, so that all of them are made of two parts. */
const windowsOf = (values: readonly number[], size: number): Windows => ({
  samples: values.map((value, index) => ({ time: index * 5000, value })),
  start: (size - 1) * 5000,
  step: 5000,
  count: values.length - size + 1,
  range: size * 5000,
  offset: 0,
});

const cycle = Array.from({ length: 400 }, (_, index) => [1, 1e100, 1, -1e100][index % 4] as number);

test('what huge values hide comes back when they cancel, wherever a window is cut', () => {
  const windows = windowsOf(cycle, 80);
  expect(new Set(fill('sum_over_time', windows))).toEqual(new Set([40]));
  expect(new Set(fill('avg_over_time', windows))).toEqual(new Set([0.5]));
});

test('no digit is lost where the two parts of a window meet', () => {
  const values = Array.from({ length: 400 }, (_, index) => [2 ** 53, 0][index % 80] ?? 1);
  expect(new Set(fill('sum_over_time', windowsOf(values, 80)))).toEqual(new Set([2 ** 53 + 78]));
});

test('a mean that is a number is found though the sum is none', () => {
  const windows = windowsOf(new Array(200).fill(1.7e308), 80);
  for (const mean of fill('avg_over_time', windows)) expect(mean).toBeCloseTo(1.7e308, -294);
  expect(new Set(fill('sum_over_time', windows))).toEqual(new Set([Number.POSITIVE_INFINITY]));
});

test('small steps of large values have a slope, long after the series began', () => {
  const values = Array.from({ length: 3000 }, (_, index) => 1e15 + index);
  for (const slope of fill('deriv', windowsOf(values, 100))) expect(slope).toBeCloseTo(0.2, 2);
});

test('large values that stay as they are do not vary', () => {
  const windows = windowsOf(new Array(300).fill(1.5990505637e12), 100);
  expect(new Set(fill('stddev_over_time', windows))).toEqual(new Set([0]));
  expect(new Set(fill('deriv', windows))).toEqual(new Set([0]));
  expect(new Set(fill('avg_over_time', windows))).toEqual(new Set([1.5990505637e12]));
});

test('large values vary by what they differ', () => {
  const values = Array.from({ length: 400 }, (_, index) => 1e12 + (index % 2));
  for (const variance of fill('stdvar_over_time', windowsOf(values, 100)))
    expect(variance).toBeCloseTo(0.25, 6);
});
