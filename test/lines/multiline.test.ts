import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFormat } from '../../src/lines/formats/index.js';
import {
  joinUnits,
  MOST_CHARACTERS,
  MOST_LINES,
  parseUnit,
  type UnitOptions,
} from '../../src/lines/multiline.js';
import { recognise } from '../../src/lines/recognise.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };

const optionsFor = (lines: readonly string[]): UnitOptions => ({ context, ...recognise(lines, context) });
const sizes = (lines: readonly string[], options = optionsFor(lines)): number[] =>
  [...joinUnits(lines, options)].map(({ length }) => length);

const STAMPED = { format: openFormat('plain'), context, stamped: true };
const UNSTAMPED = { ...STAMPED, stamped: false };

const read = (name: string): string[] =>
  readFileSync(new URL(`traces/${name}.txt`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

/** How many lines each unit has. */
const TRACES: readonly (readonly [name: string, made: string, sizes: readonly number[]])[] = [
  // The second, which nobody caught, follows a line with a time in a file of lines with times.
  ['java', 'OpenJDK 17: causes, suppressed ones; caught and logged, and not', [16, 17]],
  ['python', 'Python 3.11: logging.exception while another was handled; an exception group', [1, 17, 1, 9]],
  ['node', 'Node 20: console.error with a cause; an error nobody caught', [1, 15, 1, 14]],
  ['go', 'Go 1.19: a panic with GOTRACEBACK=all', [1, 14]],
  // Whether the third is the cause of the second or comes from another run cannot be told.
  ['ruby', 'Ruby 3.1: full_message with a cause, and an error nobody caught', [3, 3, 1, 3, 3, 1]],
  ['php', 'PHP 8.2: an exception with a previous one that nobody caught', [1, 11]],
  ['dotnet', "Exception.ToString in .NET's documentation", [1, 8, 1]],
  ['rust', 'The Rust book, chapter 9.1', [1, 7, 1]],
  ['journal', 'systemd 252: a process that writes its trace line by line', [1, 1, 3]],
  ['cri', 'CRI: a trace, a line in three parts, another stream', [5, 3, 1, 1]],
  ['docker', 'Docker json-file: a trace, a line in three parts', [3, 3, 1]],
];

test.each(TRACES)('%s (%s)', (name, _made, expected) => {
  expect(sizes(read(name))).toEqual(expected);
});

test.each(TRACES)('%s from Windows', (name, _made, expected) => {
  const lines = read(name);
  expect(
    sizes(
      lines.map((line) => `${line}\r`),
      optionsFor(lines),
    ),
  ).toEqual(expected);
});

test('a unit says what its first line says, with a message that goes on', () => {
  const [unit = []] = joinUnits(read('java'), optionsFor(read('java')));
  const line = parseUnit(unit.join('\n'), optionsFor(read('java')));
  expect(line).toMatchObject({ time: Date.parse('2026-11-21T11:00:00.123Z'), level: 'error' });
  expect(line?.message?.split('\n').slice(0, 3)).toEqual([
    expect.stringContaining('save failed'),
    'java.lang.RuntimeException: cannot save',
    '\tat T.low(T.java:4)',
  ]);
});

test('a line that came in parts is read as it was written', () => {
  const docker = optionsFor(read('docker'));
  const [, parts = []] = joinUnits(read('docker'), docker);
  expect(parseUnit(parts.join('\n'), docker)).toMatchObject({
    time: 1795261593470,
    level: 'error',
    message: 'a long one',
    fields: { data: 'x'.repeat(40), stream: 'stderr' },
  });
  const cri = optionsFor(read('cri'));
  const [trace = [], long = []] = joinUnits(read('cri'), cri);
  expect(parseUnit(long.join('\n'), cri)?.message).toContain('a long line in three parts');
  expect(parseUnit(trace.join('\n'), cri)?.message).toMatch(
    /save failed\njava\.lang\.RuntimeException: cannot save\n\tat/,
  );
});

test('no carriage return of a file from Windows is part of what a unit says', () => {
  const unit = '2026-11-21 11:00:00 failed\r\n  at x\r';
  expect(parseUnit(unit, STAMPED)?.message).toMatch(/failed\n {2}at x$/);
  expect(parseUnit('{"msg":"a"}\r', { ...STAMPED, format: openFormat('json') })?.message).toBe('a');
});

test('journalctl -o json-pretty is read as units', () => {
  const options = { format: openFormat('journal'), context };
  const pretty = ['{', '\t"__REALTIME_TIMESTAMP" : "1795262478176934",', '\t"MESSAGE" : "hi"', '}'];
  const units = [...joinUnits([...pretty, ...pretty], options)];
  expect(units).toEqual([pretty, pretty]);
  expect(parseUnit(pretty.join('\n'), options)).toMatchObject({ message: 'hi', time: 1795262478176.934 });
});

test('where records have times, lines without one continue them', () => {
  const lines = [
    '2026-11-21 11:00:00 select',
    'from users',
    '',
    'where x',
    '2026-11-21 11:00:01 done',
    '  in 3 ms',
  ];
  expect(sizes(lines, STAMPED)).toEqual([4, 2]);
  expect(sizes(lines, UNSTAMPED)).toEqual([1, 1, 1, 1, 2]);
  expect(sizes(['no time yet', 'nor here', ...lines], STAMPED)).toEqual([1, 1, 4, 2]);
});

test('an indented line with a time is a record where records have times', () => {
  expect(sizes(['2026-11-21 11:00:00 a', '  2026-11-21 11:00:01 b', '  c'], STAMPED)).toEqual([1, 2]);
});

test('records of JSON are never continued by other records', () => {
  const json = { format: openFormat('json+plain'), context, stamped: true };
  const lines = ['2026-11-21 11:00:00 text', '{"msg":"a"}', '{"msg":"b"}', '    at x (y.js:1:1)', 'plain'];
  expect(sizes(lines, json)).toEqual([1, 1, 2, 1]);
});

test('a unit is cut where it gets too long', () => {
  const long = ['head', ...Array(2 * MOST_LINES).fill('  more')];
  expect(sizes(long, UNSTAMPED)).toEqual([MOST_LINES, MOST_LINES, 1]);
  const wide = `  ${'x'.repeat(MOST_CHARACTERS / 2)}`;
  expect(sizes(['head', wide, wide, wide], UNSTAMPED)).toEqual([2, 1, 1]);
});

const LINES = TRACES.flatMap(([name]) => read(name));
const someLines = fc.array(
  fc.oneof(fc.constantFrom(...LINES, '', '{', '}', '\t', '^'), fc.string({ unit: 'binary', maxLength: 12 })),
  { maxLength: 30 },
);
const anyFormat = fc.constantFrom(
  'plain',
  'json',
  'cri',
  'docker',
  'journal',
  'json+plain',
  'docker+plain',
  'syslog',
);

test('units hold every line once and in order, and none depends on what comes after it', () => {
  fc.assert(
    fc.property(someLines, anyFormat, fc.boolean(), (lines, name, stamped) => {
      const options = { format: openFormat(name), context, stamped };
      const units = [...joinUnits(lines, options)];
      expect(units.flat()).toEqual(lines);
      const half = [...joinUnits(lines.slice(0, lines.length / 2), options)];
      expect(units.slice(0, half.length - 1)).toEqual(half.slice(0, -1));
      for (const unit of units) expect(() => parseUnit(unit.join('\n'), options)).not.toThrow();
    }),
    { numRuns: 150 },
  );
});
