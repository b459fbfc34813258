import fc from 'fast-check';
import { expect, test } from 'vitest';
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
