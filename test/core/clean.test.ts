import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clean } from '../../src/core/clean.js';

it.each([
  ['/srv/données 数据 👩‍👧 e\u0301', '/srv/données 数据 👩‍👧 e\u0301'],
  ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\u009b31m', '\\x9b31m'],
  ['a\nb\tc\rd\u0000', 'a\\nb\\tc\\rd\\x00'],
  ['\u007f', '\\x7f'],
  ['\u202egpj.exe\u2066', '\\u202egpj.exe\\u2066'],
  ['\ud800a\udc00', '\\ud800a\\udc00'],
  ['a\u200bb\ufeff\u2028', 'a\\u200bb\\ufeff\\u2028'],
  ['\u{e0041}', '\\u{e0041}'],
])('%j is shown as %j', (text, shown) => {
  expect(clean(text)).toBe(shown);
});

it('leaves nothing that a terminal acts on, and changes nothing twice', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      (text) => {
        const shown = clean(text);
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(Buffer.from(shown).toString()).toBe(shown);
        expect(clean(shown)).toBe(shown);
      },
    ),
  );
});
