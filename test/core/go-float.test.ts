import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFloat, goFloat } from '../../src/core/go-float.js';

// As printed by node_exporter and by Go's strconv.FormatFloat(value, 'g', -1, 64).
test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [-125000, '-125000'],
  [873006, '873006'],
  [999999, '999999'],
  [1_000_000, '1e+06'],
  [1417854, '1.417854e+06'],
  [-1417854.5, '-1.4178545e+06'],
  [270553174016, '2.70553174016e+11'],
  [999999.5, '999999.5'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [0.0000319, '3.19e-05'],
  [8.559000000000001, '8.559000000000001'],
  [1e21, '1e+21'],
  [1e100, '1e+100'],
  [5e-324, '5e-324'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('%d is written %s', (value, text) => {
  expect(formatFloat(value)).toBe(text);
});

test('loses nothing', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatFloat(value))).toBe(value + 0);
    }),
  );
});

// As Go's fmt.Sprintf prints them: ties go to the even digit, of the exact double.
test.each([
  [2.5, 'f', 0, '2'],
  [0.125, 'f', 2, '0.12'],
  [0.375, 'f', 2, '0.38'],
  [1.005, 'f', 2, '1.00'],
  [-0, 'f', 1, '-0.0'],
  [1e21, 'f', 0, '1000000000000000000000'],
  [9.996, 'e', 2, '1.00e+01'],
  [0, 'e', 3, '0.000e+00'],
  [1234.5, 'g', 4, '1234'],
  [12345, 'g', 4, '1.234e+04'],
  [0.00001, 'g', 4, '1e-05'],
  [100, 'g', 4, '100'],
  [1234567, 'g', -1, '1.234567e+06'],
  [5e-324, 'e', 3, '4.941e-324'],
  [0.1, 'f', 20, '0.10000000000000000555'],
] as const)('%d as %%%s with %d digits is %s', (value, verb, precision, text) => {
  expect(goFloat(value, verb, precision)).toBe(text);
});
