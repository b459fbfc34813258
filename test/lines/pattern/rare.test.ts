import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from '../../../src/lines/pattern/index.js';
import { findByRarest } from '../../../src/lines/pattern/rare.js';

const some = (least: number, most: number) =>
  fc.string({
    minLength: least,
    maxLength: most,
    unit: fc.constantFrom('a', 'e', 'z', 'k', '"', '\n', '\xe9'),
  });

test('finds what indexOf finds, from any place, and goes on elsewhere where the character is frequent', () => {
  fc.assert(
    fc.property(some(1, 4), some(0, 600), fc.nat(600), (sought, text, from) => {
      let isElsewhere = false;
      const find = findByRarest(sought, (all, at) => {
        isElsewhere = true;
        return all.indexOf(sought, at);
      });
      for (let at = from, turn = 0; turn < 8; turn++) {
        const found = find(text, at);
        expect(found).toBe(text.indexOf(sought, at));
        if (found < 0) break;
        at = found + 1;
      }
      if (text.length < 128) expect(isElsewhere).toBe(false);
    }),
  );
  const crowded = `${'zb'.repeat(5000)}za`;
  let asked = 0;
  const find = findByRarest('za', (text, at) => {
    asked++;
    return text.indexOf('za', at);
  });
  expect([find(crowded, 0), find(crowded, 0), asked]).toEqual([10_000, 10_000, 2]);
});

test.each([
  ['[a-z]+@[a-z]+', '@'],
  ['^.*zzz', 'z'],
  ['checksum mismatch', 'k'],
  ['"level":[0-9]+', undefined],
  ['a|b', undefined],
  ['(foo)?', undefined],
  ['x*', undefined],
])('each line that matches %s has a %j', (pattern, char) => {
  const options = {
    syntax: 'extended',
    ignoreCase: false,
    wholeWord: false,
    wholeLine: false,
    zero: false,
  } as const;
  const { needed } = compilePattern({ ...options, patterns: [pattern] });
  expect(needed).toBe(char?.charCodeAt(0));
});
