import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutMiddle, widthOf } from '../../src/core/width.js';

it.each([
  ['abc', 3],
  ['数据', 4],
  ['e\u0301', 1],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['…é', 2],
  ['🎉', 2],
  ['', 0],
  ['☷䷀', 4],
  ['🌡', 1],
  ['⏳', 2],
  ['\u1112\u1161\u11ab', 2],
  ['👍🏽', 2],
  ['\u0600', 1],
])('%s takes %d cells', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

it.each([
  ['/var/lib/docker', 15, '/var/lib/docker'],
  ['/var/lib/docker', 9, '/var…cker'],
  ['/var/lib/docker', 2, '/…'],
  ['/var/lib/docker', 1, '…'],
  ['/var/lib/docker', 0, ''],
  ['数据数据', 6, '数…据'],
])('%s in %d cells is %s', (text, width, cut) => {
  expect(cutMiddle(text, width)).toBe(cut);
});

it('always fits, and wastes at most what a wide character needs', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '/', '数', 'é', '🎉', 'e\u0301') });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), (any, width) => {
      const cut = cutMiddle(any, width);
      expect(widthOf(cut)).toBeLessThanOrEqual(width);
      if (cut !== any) expect(widthOf(cut)).toBeGreaterThanOrEqual(width - 2);
    }),
  );
});
