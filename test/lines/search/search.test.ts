import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../../src/lines/search/engine.js';
import { chunkFeed, grepLines, keep, planFor } from './reference.js';

const searchIn = async (
  text: string,
  plan: ReturnType<typeof planFor>,
  sizes?: readonly number[],
): Promise<{ readonly count: number; readonly printed: string }> => {
  const { out, text: printed } = keep();
  const engine = openEngine(plan, { out, between: () => true });
  await engine.search(chunkFeed(Buffer.from(text, 'latin1'), sizes), 'x');
  return { count: engine.count(), printed: printed() };
};

const LINE = fc
  .array(fc.constantFrom('a', 'b', 'ab', '', ' ', '\r', '\0', '\xff'), { maxLength: 4 })
  .map((parts) => parts.join(''));
const TEXT = fc
  .array(LINE, { maxLength: 30 })
  .chain((lines) => fc.boolean().map((ends) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : '')));

describe('a search', () => {
  test('prints the lines that grep would, wherever the text is cut', async () => {
    const rules = fc.record({
      invert: fc.boolean(),
      before: fc.nat(3),
      after: fc.nat(3),
      most: fc.constantFrom(1, 2, 5, Number.POSITIVE_INFINITY),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(TEXT, rules, sizes, async (text, { invert, before, after, most }, cuts) => {
        const plan = planFor('a', { invert, scan: { before, after, most }, print: { numbers: true } });
        const { printed } = await searchIn(text, plan, cuts);
        expect(printed).toBe(grepLines(text, 'a', { invert, before, after, most }));
      }),
      { numRuns: 150 },
    );
  });

  test('counts and prints the same number of lines', async () => {
    await fc.assert(
      fc.asyncProperty(TEXT, fc.boolean(), async (text, invert) => {
        const { printed } = await searchIn(text, planFor('b', { invert }));
        const { count } = await searchIn(text, planFor('b', { invert, scan: { quiet: true } }));
        expect(count).toBe(printed.split('\n').length - 1);
      }),
      { numRuns: 80 },
    );
  });

  test('finds what stands before, in and after lines longer than a block and a piece', async () => {
    const long = 'x'.repeat(3_000_000);
    const text = `one a\n${long}a${long}\n${'short\n'.repeat(50_000)}${'y'.repeat(200_000)}a\nlast a`;
    const { count, printed } = await searchIn(text, planFor('a', { print: { numbers: true } }), [65_536]);
    expect(count).toBe(4);
    expect(printed.split('\n').map((line) => line.slice(0, 8))).toEqual([
      '1:one a',
      '2:xxxxxx',
      '50003:yy',
      '50004:la',
      '',
    ]);
    expect(printed.length).toBe(
      6_000_001 + 200_001 + 'one a'.length + 'last a'.length + '1:2:50003:50004:'.length + 4,
    );
  });

  test('separates groups of different texts, but only where context was asked for', async () => {
    for (const [before, expected] of [
      [undefined, 'a\na\n'],
      [0, 'a\n--\na\n'],
    ] as const) {
      const { out, text } = keep();
      const engine = openEngine(planFor('a', { scan: { before } }), { out, between: () => true });
      for (let turn = 0; turn < 2; turn++) await engine.search(chunkFeed(Buffer.from('a\n')), 'x');
      expect(text()).toBe(expected);
    }
  });

  test('stops when nobody wants more', async () => {
    const { out } = keep();
    const engine = openEngine(planFor('a'), { out, between: () => false });
    await engine.search(chunkFeed(Buffer.from('a\n'.repeat(1000)), [2]), 'x');
    expect(engine.count()).toBeLessThan(1000);
  });
});

describe('units of several lines', () => {
  const TEXT = [
    '2026-11-21 10:00:00 INFO start',
    '2026-11-21 10:00:01 ERROR boom',
    'Traceback (most recent call last):',
    '  File "x.py", line 3',
    'ValueError: nope',
    '2026-11-21 10:00:02 INFO end',
    '',
  ].join('\n');
  const traits = { format: 'plain', stamped: true, context: { notAfter: Date.parse('2026-11-22') } };
  const units = async (pattern: string, changes: Parameters<typeof planFor>[1], sizes: readonly number[]) => {
    const { out, text } = keep();
    const plan = planFor(pattern, { multiline: true, print: { numbers: true }, ...changes });
    const engine = openEngine(plan, { out, between: () => true });
    await engine.search(chunkFeed(Buffer.from(TEXT), sizes), 'x', traits);
    return {
      count: engine.count(),
      lines: text()
        .split('\n')
        .map((line) => line.slice(0, 12)),
    };
  };

  test.each([[[1]], [[7, 50]], [[1000]]])(
    'are selected, counted and taken as context as one, cut into %j',
    async (sizes) => {
      expect(await units('ValueError', {}, sizes)).toEqual({
        count: 1,
        lines: ['2:2026-11-21', '3:Traceback ', '4:  File "x.', '5:ValueError', ''],
      });
      expect((await units('ValueError', { invert: true, scan: { quiet: true } }, sizes)).count).toBe(2);
      expect((await units('start', { scan: { after: 1 } }, sizes)).lines).toEqual([
        '1:2026-11-21',
        '2-2026-11-21',
        '3-Traceback ',
        '4-  File "x.',
        '5-ValueError',
        '',
      ]);
      expect((await units('end', { scan: { before: 1 } }, sizes)).lines[0]).toBe('2-2026-11-21');
    },
  );
});
