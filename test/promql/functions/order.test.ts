import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderOf } from '../../../src/promql/functions/order.js';

/** Of few values, and of so many that they are not compared. */
test.each([[0], [1], [100], [5000]])('the order of %i numbers', (length) => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 })), {
        minLength: length,
        maxLength: length,
        size: 'max',
      }),
      (given) => {
        const values = Float64Array.from(given);
        const sorted = values.filter((value) => !Number.isNaN(value)).sort();
        const order = orderOf(values);
        expect(new Set(order).size).toBe(sorted.length);
        const reached = Float64Array.from(order, (index) => values[index] as number);
        // Zeros of both signs are equal.
        expect(reached.map((value) => value + 0)).toEqual(sorted.map((value) => value + 0));
      },
    ),
    { numRuns: 2 },
  );
});

test('a part of an array is ordered by itself', () => {
  const values = Float64Array.from({ length: 6000 }, (_, index) => (index * 7919) % 6007);
  const part = values.subarray(500, 5500);
  const order = orderOf(part);
  expect(Array.from(order, (index) => part[index])).toEqual([...part].sort((a, b) => a - b));
});
