import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../src/core/width.js';
import {
  dayOf,
  formatFields,
  formatLogJson,
  formatLogLine,
  type LineLook,
  type ShownLine,
} from '../../src/formats/log-line.js';
import { openPalette, PLAIN } from '../../src/formats/palette.js';

const TIME = Date.parse('2026-11-21T14:00:05.123Z');
const LOOK: LineLook = { palette: PLAIN, width: Infinity, offset: () => 0, today: '2026-11-21' };

const shown = (line: Partial<ShownLine>, look: Partial<LineLook> = {}, before?: string): string =>
  formatLogLine({ fields: [], ...line }, { ...LOOK, ...look }, { before });

describe('a line for people', () => {
  test('has time, level, who, message and fields', () => {
    expect(
      shown({
        time: TIME,
        level: 'warn',
        who: 'sshd[12]',
        message: 'Failed password',
        fields: [
          ['port', 22],
          ['host', 'web 1'],
          ['ok', true],
          ['odd "name"', null],
          ['empty', ''],
          ['list', [1, 'a']],
        ],
      }),
    ).toBe(
      '14:00:05.123 warn  sshd[12]: Failed password port=22 host="web 1" ok=true "odd \\"name\\""=null empty="" list=[1,"a"]\n',
    );
  });

  test('has only what is known', () => {
    expect(shown({ message: 'hello' })).toBe('hello\n');
    expect(shown({ level: 'info', message: 'hello' })).toBe('info  hello\n');
    expect(shown({ time: TIME })).toBe('14:00:05.123\n');
    expect(shown({})).toBe('\n');
    expect(shown({ time: 1e20, message: 'far' })).toBe('100000000000000000000 far\n');
  });

  test('has a date where the day is not today, and where it changes', () => {
    const line = { time: TIME, message: 'm' };
    expect(shown(line, {}, '2026-11-21')).toBe('14:00:05.123 m\n');
    expect(shown(line, {}, '2026-11-20')).toBe('2026-11-21 14:00:05.123 m\n');
    expect(shown(line, { today: '2026-11-22' })).toBe('2026-11-21 14:00:05.123 m\n');
    expect(shown(line, { offset: () => 600, today: '2026-11-22' })).toBe('00:00:05.123 m\n');
    expect(dayOf(TIME, () => 600)).toBe('2026-11-22');
  });

  test('keeps the lines of a trace together, under it', () => {
    expect(shown({ level: 'error', message: 'broke\nError: x\n\tat a.js', more: ['', 'end'] })).toBe(
      'error broke\n  Error: x\n    at a.js\n\n  end\n',
    );
    expect(shown({ message: '\tat a.js\tb' })).toBe('  at a.js  b\n');
  });

  test('is broken below its message', () => {
    const line = { time: TIME, level: 'info', message: 'one two three four five six seven', fields: [] };
    expect(shown(line, { width: 60 })).toBe('14:00:05.123 info  one two three four five six seven\n');
    expect(shown({ ...line, message: `${'ab '.repeat(20)}cd` }, { width: 60 })).toBe(
      '14:00:05.123 info  ab ab ab ab ab ab ab ab ab ab ab ab ab ab\n' +
        '                   ab ab ab ab ab ab cd\n',
    );
    expect(shown({ message: 'x'.repeat(25) }, { width: 10 })).toBe(
      `${'x'.repeat(10)}\n  ${'x'.repeat(8)}\n  ${'x'.repeat(7)}\n`,
    );
  });

  test('has the name of its file in front of each of its lines', () => {
    const name = { text: 'a.log', width: 7, hue: 0 };
    expect(formatLogLine({ message: 'one\ntwo', fields: [] }, LOOK, { name })).toBe(
      'a.log   one\na.log     two\n',
    );
  });

  test('is coloured by its level, and says it in a word all the same', async () => {
    const palette = await openPalette(1);
    const line = shown({ time: TIME, level: 'error', message: 'm', fields: [['a', 1]] }, { palette });
    expect(line).toMatch(/\u001b\[31merror\u001b/);
    expect(line.replace(/\u001b\[\d+m/g, '')).toBe('14:00:05.123 error m a=1\n');
  });

  const text = fc.string({ unit: 'binary', maxLength: 60 });

  test('never carries an escape, and fits the terminal', () => {
    const line = fc.record({
      time: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
      level: fc.constantFrom(undefined, 'info', 'fatal'),
      who: fc.option(text, { nil: undefined }),
      message: fc.option(text, { nil: undefined }),
      fields: fc.array(fc.tuple(text, fc.oneof(text, fc.integer(), fc.constant(null))), { maxLength: 4 }),
      more: fc.array(text, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(line, fc.integer({ min: 30, max: 120 }), (one, width) => {
        const out = shown(one, { width });
        expect(out).toMatch(/\n$/);
        for (const row of out.slice(0, -1).split('\n')) {
          expect(row).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          expect(widthOf(row)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('loses nothing but blanks where it is broken', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.integer({ min: 8, max: 40 }),
        (message, width) => {
          const bare = (out: string): string => out.replace(/\s/g, '');
          expect(bare(shown({ message }, { width }))).toBe(bare(shown({ message })));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a line as JSON', () => {
  test('says what it knows', () => {
    const fields = [['level', 40] as const, ['nested', { a: 1 }] as const];
    expect(
      JSON.parse(formatLogJson({ time: TIME + 0.5, level: 'warn', message: 'm', fields }, 'a.log')),
    ).toEqual({
      file: 'a.log',
      time: '2026-11-21T14:00:05.123Z',
      level: 'warn',
      message: 'm',
      fields: { level: 40, nested: { a: 1 } },
    });
    expect(formatLogJson({ message: 'm', fields: [] })).toBe('{"message":"m","fields":{}}\n');
    expect(formatLogJson({ time: 1e20, message: '\u009b1m', fields: [] })).toBe(
      '{"message":"\\u009b1m","fields":{}}\n',
    );
  });

  test('fields alone are name=value', () => {
    expect(
      formatFields([
        ['a', 'x y'],
        ['b', 1],
        ['c', { d: '\u001b' }],
      ]),
    ).toBe('a="x y" b=1 c={"d":"\\u001b"}');
  });
});
