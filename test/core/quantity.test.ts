import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Unit } from '../../src/core/group.js';
import { parseQuantity, unitOfName } from '../../src/core/quantity.js';
import { formatLimit } from '../../src/core/units.js';

const READ: readonly (readonly [string, Unit | undefined, number | undefined])[] = [
  ['80', undefined, 80],
  ['80%', undefined, undefined],
  ['5GB', undefined, undefined],
  ['80%', 'percent', 80],
  ['80 %', 'percent', 80],
  ['80%%', 'percent', undefined],
  ['5GB', 'percent', undefined],
  ['5e9', 'bytes', 5e9],
  ['5GB', 'bytes', 5e9],
  ['5 GiB', 'bytes', 5 * 2 ** 30],
  ['10m', 'bytes', 10 * 2 ** 20],
  ['-5GB', 'bytes', undefined],
  ['1MB', 'bytes_per_second', 1e6],
  ['1MB/s', 'bytes_per_second', 1e6],
  ['10m', 'seconds', 600],
  ['1h30m', 'seconds', 5400],
  ['-3', 'celsius', -3],
  ['80°C', 'celsius', 80],
  ['80C', 'celsius', 80],
  ['', 'bytes', undefined],
  ['0x10', 'count', undefined],
  ['1e999', 'bytes', Number.POSITIVE_INFINITY],
];

test.each(READ)('%j of %s is %d', (text, unit, value) => {
  expect(parseQuantity(text, unit)).toBe(value);
});

const SAID: readonly (readonly [number, Unit, string])[] = [
  [5e9, 'bytes', '5 GB'],
  [5 * 2 ** 30, 'bytes', '5 GiB'],
  [524_288_000, 'bytes', '500 MiB'],
  [Math.round(4.66 * 2 ** 30), 'bytes', '4.66 GiB'],
  [1.5e6, 'bytes_per_second', '1.5 MB/s'],
  [100, 'bytes', '100 B'],
  [1024, 'bytes', '1 KiB'],
  [0, 'bytes', '0 B'],
  [0.5, 'bytes', '0.5 B'],
  [85.25, 'percent', '85.25 %'],
  [10.5, 'seconds', '10.5s'],
  [86_400, 'seconds', '1d'],
  [1234.5678, 'count', '1234.5678'],
  [-3.25, 'celsius', '-3.25 °C'],
  [0.25, 'per_second', '0.25/s'],
  [Number.NEGATIVE_INFINITY, 'bytes', '-Infinity'],
];

test.each(SAID)('a limit of %d %s is said as %s', (limit, unit, text) => {
  expect(formatLimit(limit, unit)).toBe(text);
});

test('what is said of a limit is what was typed', () => {
  const unit = fc.constantFrom<Unit>('bytes', 'bytes_per_second', 'percent', 'celsius');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), unit, (limit, of) => {
      expect(parseQuantity(formatLimit(limit, of), of)).toBe(limit);
    }),
  );
});

test.each([
  ['used_percent', 'percent'],
  ['receive_bytes_per_second', 'bytes_per_second'],
  ['available_bytes', 'bytes'],
  ['celsius', 'celsius'],
  ['count', undefined],
])('the unit in %s is %s', (name, unit) => {
  expect(unitOfName(name)).toBe(unit);
});
