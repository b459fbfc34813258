import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration, parseSize } from '../../src/core/duration.js';

test.each([
  ['5s', 5],
  ['10m', 600],
  ['2h', 7200],
  ['7d', 604_800],
  ['1w', 604_800],
  ['1y', 31_536_000],
  ['500ms', 0.5],
  ['9ms', 0.009],
  ['1h30m', 5400],
  ['1h30m15s250ms', 5415.25],
  ['2.3s', 2.3],
  ['1.5h', 5400],
  ['0s', 0],
])('the duration %s is %d s', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  ...['', ' ', '5', 's', '5 s', ' 5s', '5s ', '-5s', '+5s', '.5s', '5.s', '1e3s', '5S', '5sec', '5M', '1m30'],
  ...['0x5s', '٣s', 'NaN', 'Infinity', '5s\n', '1constructor', '5µs', '1,5s', `${'9'.repeat(400)}s`],
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test('a number without a unit counts only where one is agreed on', () => {
  expect(parseDuration('5', 's')).toBe(5);
  expect(parseDuration('0.25', 's')).toBe(0.25);
  expect(parseDuration('500ms', 's')).toBe(0.5);
  for (const text of ['', '-5', '5.', '.5', '1e3', 'Infinity', '9'.repeat(400)])
    expect(parseDuration(text, 's')).toBeUndefined();
});

test.each([
  [0, '0s'],
  [0.5, '500ms'],
  [0.0004, '0s'],
  [-0.0004, '0s'],
  [2.5, '2.5s'],
  [59.9996, '1m'],
  [60, '1m'],
  [60.5, '1m0.5s'],
  [5400, '1h30m'],
  [604_800, '7d'],
  [90_061, '1d1h1m1s'],
  [-90, '-1m30s'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('%d s is written %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('what is written is read back as the same, to the millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e13 }), (milliseconds) => {
      const seconds = parseDuration(formatDuration(milliseconds / 1000));
      expect(Math.round((seconds ?? Number.NaN) * 1000)).toBe(milliseconds);
    }),
  );
});

test('whole numbers of milliseconds are exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (milliseconds) => {
      expect(parseDuration(`${milliseconds}ms`)).toBe(milliseconds / 1000);
    }),
  );
});

test.each([
  ['0', 0],
  ['1000', 1000],
  ['7b', 7],
  ['10MB', 10e6],
  ['10mb', 10e6],
  ['1GiB', 2 ** 30],
  ['1gib', 2 ** 30],
  ['512K', 512 * 1024],
  ['2M', 2 * 2 ** 20],
  ['1.5G', 1.5 * 2 ** 30],
  ['1 TB', 1e12],
  ['1TiB', 2 ** 40],
  ['1KB', 1000],
  ['1kib', 1024],
  ['0.3B', 0],
])('the size %s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  ...['', 'MB', '-1', '+1', '1e3', '.5M', '1.M', ' 1', '1 ', '1MBB', '1ZB', '1M2K', '0x10', '1,5M', 'NaN'],
  ...['Infinity', '1constructor', '10%', '1\n', '1M\n', `${'9'.repeat(400)}`],
])('%j is no size', (text) => {
  expect(parseSize(text)).toBeUndefined();
});

test('a size is a whole number of bytes or nothing, whatever the text', () => {
  const part = fc.constantFrom(
    '1',
    '0',
    '.',
    ' ',
    'k',
    'K',
    'i',
    'B',
    'm',
    'constructor',
    'valueOf',
    '-',
    'e',
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
      (text) => {
        const size = parseSize(text);
        if (size !== undefined) expect(Number.isInteger(size) && size >= 0).toBe(true);
      },
    ),
  );
});
