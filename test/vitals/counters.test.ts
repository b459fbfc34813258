import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstCounter, readCounters } from '../../src/vitals/counters.js';

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const blanks = fc.string({ unit: fc.constantFrom(' ', '\t'), minLength: 1, maxLength: 3 });

test('whole numbers are read up to the end of the line, however they are parted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(blanks, count), { maxLength: 20 }), blanks, (words, end) => {
      const columns = [7, 7, 7];
      const text = `eth0:${words.map(([blank, value]) => `${blank}${value}`).join('')}${end}\n1 2 3`;
      const found = readCounters(text, 'eth0:'.length, columns);
      expect(columns.slice(0, found)).toEqual(words.map(([, value]) => value));
      expect(firstCounter(text, 'eth0:'.length)).toBe(words[0]?.[1]);
    }),
  );
});

test('what is no whole number ends them', () => {
  const columns: number[] = [];
  for (const text of ['', '\n', '-1 2', 'x 1']) {
    expect(readCounters(text, 0, columns)).toBe(0);
    expect(firstCounter(text, 0)).toBeUndefined();
  }
  expect(readCounters('1 2 -3 4', 0, columns)).toBe(2);
  expect(firstCounter('5 kB\n', 0)).toBe(5);
});
