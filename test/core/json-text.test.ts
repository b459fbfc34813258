import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanLines } from '../../src/core/clean.js';
import { escapeJson, toJson } from '../../src/core/json-text.js';

it.each([
  ['données 数据 👩‍👧', '"données 数据 👩‍👧"'],
  ['\u001b]0;x\u0007', '"\\u001b]0;x\\u0007"'],
  ['\u009b31m\u007f', '"\\u009b31m\\u007f"'],
  ['\u202egpj.exe\u2028', '"\\u202egpj.exe\\u2028"'],
  ['a\u{e0041}\ud800', '"a\\udb40\\udc41\\ud800"'],
])('%j is %s', (value, text) => {
  expect(toJson(value)).toBe(text);
});

it('says the same as JSON does, in what a terminal shows as it is', () => {
  const name = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  });
  fc.assert(
    fc.property(fc.dictionary(name, name), (value) => {
      const text = toJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(cleanLines(text)).toBe(text);
      expect(escapeJson(text)).toBe(text);
    }),
  );
});

it('leaves lines lines', () => {
  expect(escapeJson('{}\n')).toBe('{}\n');
  expect(cleanLines('a\u001b\nb\n')).toBe('a\\x1b\nb\n');
});
