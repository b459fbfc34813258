import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Unit } from '../../src/core/group.js';
import { formatBytes, formatValue } from '../../src/core/units.js';

const GOLDEN: readonly (readonly [number, Unit, string])[] = [
  [0, 'percent', '0 %'],
  [41.24, 'percent', '41.2 %'],
  [100, 'percent', '100 %'],
  [-0.04, 'percent', '0 %'],
  [0, 'bytes', '0 B'],
  [1023, 'bytes', '1023 B'],
  [1023.7, 'bytes', '1.00 KiB'],
  [1024, 'bytes', '1 KiB'],
  [1536, 'bytes', '1.50 KiB'],
  [10_250, 'bytes', '10.0 KiB'],
  [102_350, 'bytes', '100 KiB'],
  [1023.4 * 1024, 'bytes', '1023 KiB'],
  [1023.6 * 1024, 'bytes', '1.00 MiB'],
  [-1536, 'bytes', '-1.50 KiB'],
  [1.5 * 2 ** 30, 'bytes', '1.50 GiB'],
  [8 * 2 ** 40, 'bytes', '8 TiB'],
  [2 ** 60, 'bytes', '1 EiB'],
  [2 ** 73, 'bytes', '8192 EiB'],
  [1.5 * 2 ** 30, 'bytes_per_second', '1.50 GiB/s'],
  [0, 'per_second', '0/s'],
  [0.25, 'per_second', '0.25/s'],
  [9.996, 'per_second', '10.0/s'],
  [99.96, 'per_second', '100/s'],
  [12_345.6, 'per_second', '12346/s'],
  [0.25, 'seconds', '250ms'],
  [9.25, 'seconds', '9.25s'],
  [10.4, 'seconds', '10s'],
  [7200, 'seconds', '2h'],
  [-7200, 'seconds', '-2h'],
  [1_795_232_000, 'unix_seconds', '2026-11-21T03:33:20Z'],
  [1_795_232_000.25, 'unix_seconds', '2026-11-21T03:33:20.250Z'],
  [1e15, 'unix_seconds', '1000000000000000'],
  [48, 'celsius', '48 °C'],
  [-3.25, 'celsius', '-3.3 °C'],
  [2.4e9, 'hertz', '2.40 GHz'],
  [3e9, 'hertz', '3 GHz'],
  [800e6, 'hertz', '800 MHz'],
  [0, 'boolean', 'no'],
  [1, 'boolean', 'yes'],
  [0.123456, 'ratio', '0.1235'],
  [3, 'ratio', '3'],
  [1_234_567, 'count', '1234567'],
  [1234.5678, 'count', '1235'],
];

test.each(GOLDEN)('%d %s is shown as %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

const UNITS = [...new Set(GOLDEN.map(([, unit]) => unit))];

test('what is no number is said as it is, in every unit', () => {
  expect(UNITS).toHaveLength(11);
  for (const unit of UNITS) {
    expect(formatValue(Number.NaN, unit)).toBe('NaN');
    expect(formatValue(Number.NEGATIVE_INFINITY, unit)).toBe('-Infinity');
  }
});

test('any number can be shown in any unit', () => {
  fc.assert(
    fc.property(fc.double(), fc.constantFrom(...UNITS), (value, unit) => {
      expect(formatValue(value, unit)).toMatch(/\S/);
    }),
  );
});

test('bytes are shown to within half a percent and never with more than four digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      const [number = '', unit = ''] = formatBytes(bytes).split(' ');
      const power = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].indexOf(unit);
      expect(Math.abs((Number(number) * 1024 ** power) / bytes - 1)).toBeLessThan(0.006);
      expect(number.replace('.', '').length).toBeLessThanOrEqual(4);
    }),
  );
});
