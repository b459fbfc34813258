import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LineFormat } from '../../../src/lines/format.js';
import { FORMATS } from '../../../src/lines/formats/index.js';
import { compilePattern, plainPattern } from '../../../src/lines/pattern/index.js';
import { findSelected } from '../../../src/lines/search/find.js';
import { lineRecords } from '../../../src/lines/search/records.js';
import { openSelector } from '../../../src/lines/selection.js';
import { parseWhere } from '../../../src/lines/where/index.js';

const json = FORMATS.get('json') as LineFormat;

/** The lines that are found by pattern and expression, and how many had to be read. */
const find = (lines: readonly string[], pattern: string, where: string) => {
  const text = lines.map((line) => `${line}\n`).join('');
  const { next, accept } = openSelector({ where: parseWhere(where), format: json, context: { notAfter: 0 } });
  let looks = 0;
  const counted = {
    ...(next && { next }),
    accept: (unit: string): boolean => {
      looks++;
      return accept(unit);
    },
  };
  const view = { bytes: Buffer.from(text), origin: 0, base: 0 };
  const matcher = compilePattern(plainPattern({ patterns: [pattern] }));
  const step = findSelected(counted, matcher, false, view, lineRecords(10));
  const found: string[] = [];
  for (let at = step(text, 0); at >= 0; ) {
    const end = text.indexOf('\n', at);
    found.push(text.slice(text.lastIndexOf('\n', at - 1) + 1, end));
    at = end + 1 < text.length ? step(text, end + 1) : -1;
  }
  return { found, looks };
};

const line = fc
  .record({ a: fc.nat({ max: 3 }), msg: fc.constantFrom('x', 'yx', 'y') })
  .map((record) => JSON.stringify(record));

describe('by a pattern and by what lines say', () => {
  test('what both find is found', () => {
    let all = 0;
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom('x', 'y', '"a":1', '^$'),
        (lines, pattern) => {
          const expected = lines.filter(
            (text) => new RegExp(pattern).test(text) && (JSON.parse(text) as { a: number }).a > 1,
          );
          all += expected.length;
          expect(find(lines, pattern, 'a > 1').found).toEqual(expected);
        },
      ),
    );
    expect(all).toBeGreaterThan(20);
  });

  test('lines are read only where both stop', () => {
    const lines = Array.from({ length: 1000 }, (_, n) =>
      JSON.stringify({ a: n, msg: n % 2 ? 'odd' : 'even' }),
    );
    const { found, looks } = find(lines, 'odd', 'a > 980');
    expect(found).toHaveLength(10);
    expect(looks).toBeLessThan(20);
  });
});
