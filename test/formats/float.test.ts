import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatFloat } from '../../src/formats/float.js';

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
