import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimal } from '../../src/core/decimal.js';

it.each([
  [0, '0'],
  [-0, '0'],
  [1e21, '1000000000000000000000'],
  [-1.5e22, '-15000000000000000000000'],
  [1.25e-7, '0.000000125'],
  [-5e-324, `-0.${'0'.repeat(323)}5`],
  [0.1, '0.1'],
  [Number.NaN, 'NaN'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
])('%s is %s', (value, text) => {
  expect(decimal(value)).toBe(text);
});

it('reads back as the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = decimal(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text)).toBe(value + 0);
    }),
  );
});
