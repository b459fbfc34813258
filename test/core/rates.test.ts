import fc from 'fast-check';
import { expect, test } from 'vitest';
import { increase, known, percent, rate } from '../../src/core/rates.js';

const number = fc.double({ min: 0, max: 1e15, noNaN: true });
const maybe = fc.option(number, { nil: undefined });

test('a counter’s growth is known where both sides are and it did not go back', () => {
  expect(increase(7, 3)).toBe(4);
  expect(increase(3, 3)).toBe(0);
  expect(increase(3, 7)).toBeUndefined();
  expect(increase(Number.NaN, 1)).toBeUndefined();
  expect(increase(1, Number.NaN)).toBeUndefined();
  fc.assert(
    fc.property(maybe, maybe, (now, before) => {
      const grown = increase(now, before);
      if (now === undefined || before === undefined || now < before) expect(grown).toBeUndefined();
      else expect(grown).toBe(now - before);
    }),
  );
});

test('a rate is growth by time, where it can be known', () => {
  expect(rate(30, 10, 4)).toBe(5);
  expect(rate(5, 5, 4)).toBe(0);
  expect(rate(1, 100, 4)).toBeUndefined();
  expect(rate(undefined, 3, 4)).toBeUndefined();
  expect(rate(9, undefined, 4)).toBeUndefined();
});

test('without time between there is no rate', () => {
  for (const seconds of [0, -1, Number.NaN]) expect(rate(2, 1, seconds)).toBeUndefined();
});

test('a share is from 0 to 100 %, or unknown', () => {
  expect(percent(1, 4)).toBe(25);
  expect(percent(5, 4)).toBe(100);
  expect(percent(-1, 4)).toBe(0);
  expect(percent(0, 0)).toBeUndefined();
  expect(percent(1, -1)).toBeUndefined();
  expect(percent(undefined, 4)).toBeUndefined();
  expect(percent(1, undefined)).toBeUndefined();
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), number, (part, whole) => {
      const share = percent(part, whole);
      if (whole === 0) expect(share).toBeUndefined();
      else expect(share).toSatisfy((value: number) => value >= 0 && value <= 100);
    }),
  );
});

test('undefined is left out; zero and NaN are values', () => {
  expect(known({ a: 0, b: undefined, c: Number.NaN })).toEqual({ a: 0, c: Number.NaN });
  expect(Object.keys(known({ b: undefined }))).toEqual([]);
});
