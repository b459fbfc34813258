import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cpuTime,
  shortBytes,
  shortCount,
  shortPercent,
  shortRate,
  shortTime,
} from '../../src/screen/numbers.js';
import { isPrintedAs } from './printed.js';

const magnitude = (most: number) =>
  fc
    .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -1, max: most }))
    .map(([x, power]) => x * 10 ** power);

describe('numbers in few cells', () => {
  test.each([
    ['bytes', shortBytes, 5, 17],
    ['bytes a second', shortRate, 7, 17],
    ['shares', shortPercent, 5, 3],
    ['times', shortTime, 5, 2],
    ['CPU time', cpuTime, 8, 9],
  ] as const)('%s read back are what was printed', (_, format, cells, most) => {
    fc.assert(
      fc.property(magnitude(most), (value) => {
        const text = format(value);
        expect(text.length).toBeLessThanOrEqual(cells);
        expect(isPrintedAs(value, text)).toBe(true);
      }),
    );
  });

  test('counts read back are what was printed', () => {
    fc.assert(
      fc.property(magnitude(5), (value) => {
        const text = shortCount(value);
        expect(text.length).toBeLessThanOrEqual(5);
        // 3 stands for 3.0: a tenth is known.
        expect(isPrintedAs(value, text)).toBe(true);
      }),
    );
  });

  test('what is not known is a dash', () => {
    for (const format of [shortBytes, shortRate, shortPercent, shortTime, shortCount, cpuTime])
      for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(format(value)).toBe('-');
  });

  test('a CPU time is rounded once', () => {
    expect(cpuTime(7_853_669.5)).toBe('2181h34m');
  });
});
