import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMATS, openFormat } from '../../../src/lines/formats/index.js';
import { LEVELS } from '../../../src/lines/line.js';
import { readCases } from './cases.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const LINES = [...readCases().values()].flat().map(({ line }) => line);

/** A line of a real log with something cut out or put in. */
const broken = fc
  .tuple(fc.constantFrom(...LINES), fc.nat(), fc.nat(60), fc.string({ unit: 'binary', maxLength: 8 }))
  .map(([line, at, cut, put]) => {
    const from = at % (line.length + 1);
    return line.slice(0, from) + put + line.slice(from + cut);
  });

const OWN = 'journal docker cri sysmon pino bunyan winston zap logrus structlog json logfmt'.split(' ');

test('no line makes a format throw, and what it says is what it may say', () => {
  fc.assert(
    fc.property(fc.oneof(broken, fc.string({ unit: 'binary' }), fc.json()), (line) => {
      for (const format of FORMATS.values()) {
        const read = format.parse(line, context);
        if (read === undefined) continue;
        if (read.time !== undefined) expect(Number.isFinite(read.time)).toBe(true);
        if (read.level !== undefined) expect(LEVELS).toContain(read.level);
        if (read.message !== undefined) expect(typeof read.message).toBe('string');
        expect(typeof read.fields).toBe('object');
      }
    }),
    { numRuns: 400 },
  );
});

test('the time alone is the time that all of the line gives', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...LINES), broken), (line) => {
      for (const name of OWN) {
        const { parse, timeOf } = openFormat(name);
        const read = parse(line, context);
        // A line that is torn and yet ends as one does has the time of its head.
        if (timeOf !== undefined && (read !== undefined || !line.endsWith('}')))
          expect(timeOf(line, context)).toBe(read?.time);
      }
    }),
    { numRuns: 400 },
  );
});

const DEEP = 20_000;

test.each([
  ['an object', `{"a":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}`],
  ['an array for a message', `{"__REALTIME_TIMESTAMP":"1","MESSAGE":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`],
  ['an object for a level', `{"level":${'{"level":'.repeat(DEEP)}1${'}'.repeat(DEEP)},"msg":"x"}`],
  ['an object for a time', `{"time":${'{"$date":'.repeat(DEEP)}1${'}'.repeat(DEEP)},"msg":"x"}`],
])('%s may be deep', (_what, line) => {
  for (const format of FORMATS.values()) expect(() => format.parse(line, context)).not.toThrow();
});

/** Each made quadratic work for some way to read it. */
test.each([
  ['spaces', `[info     ] ${' '.repeat(2e5)}x`],
  ['brackets', `[info     ] x ${' ['.repeat(1e5)}]`],
  ['equals signs', `a=${'='.repeat(2e5)}`],
  ['escaped quotes', `a="${'\\"'.repeat(1e5)}`],
  ['tabs', `2026-11-21T11:46:37.857Z\tINFO${'\t'.repeat(2e5)}`],
  ['dots', `2026-11-21T11:46:37.857Z\tINFO\t${'.a'.repeat(1e5)}`],
  ['quoted names', `event='a' ${"a=' ".repeat(5e4)}`],
  ['braces', `${'{'.repeat(2e5)}}`],
  ['digits', `{"time":"${'1'.repeat(2e5)}"}`],
])('many %s are read in one go', (_what, line) => {
  for (const name of OWN) expect(() => openFormat(name).parse(line, context)).not.toThrow();
});

test('names of JavaScript are fields like any other', () => {
  const proto = '{"__proto__":{"level":"fatal","msg":"no"},"constructor":1}';
  const json = openFormat('json').parse(proto, context);
  expect(json?.level).toBeUndefined();
  expect(json?.message).toBeUndefined();
  expect(Object.keys(json?.fields ?? {})).toEqual(['__proto__', 'constructor']);
  const logfmt = openFormat('logfmt').parse('__proto__=x constructor=y level=info', context);
  expect(Object.keys(logfmt?.fields ?? {})).toEqual(['__proto__', 'constructor', 'level']);
  const docker = JSON.stringify({ log: `${proto}\n`, stream: 'stdout', time: '2019-01-01T11:11:11Z' });
  const inner = openFormat('docker').parse(docker, context);
  expect(inner?.level).toBeUndefined();
  expect(Object.keys(inner?.fields ?? {})).toContain('__proto__');
  expect(({} as Record<string, unknown>)['level']).toBeUndefined();
});

test('numbers beyond all numbers are no time and no level; the last of two names counts', () => {
  const json = openFormat('json');
  expect(json.parse('{"time":1e999,"level":1e999,"msg":"x","n":-1e999}', context)).toEqual({
    message: 'x',
    fields: {
      time: Number.POSITIVE_INFINITY,
      level: Number.POSITIVE_INFINITY,
      msg: 'x',
      n: Number.NEGATIVE_INFINITY,
    },
  });
  expect(json.parse('{"msg":"a","msg":"b"}', context)?.message).toBe('b');
  expect(json.parse('{"msg":"\\ud800"}', context)?.message).toBe('\ud800');
});

test("a field of a pino line is not taken for the line's own time and level", () => {
  const line =
    '{"level":40,"time":1795261593472,"pid":1,"hostname":"vm","time":1695261593472,"level":10,"msg":"x"}';
  const pino = openFormat('pino');
  expect(pino.parse(line, context)).toMatchObject({ time: 1795261593472, level: 'warn' });
  expect(pino.timeOf?.(line, context)).toBe(1795261593472);
});

test('a format that is none is refused with what may have been meant', () => {
  expect(() => openFormat('pinno')).toThrow('"pinno" is not a format of lines');
  expect(() => openFormat('pino+')).toThrow('"" is not a format of lines');
  expect(() => openFormat('auto')).toThrow();
  try {
    openFormat('winsten');
  } catch (error) {
    expect(error).toMatchObject({ kind: 'usage', hint: 'did you mean winston?' });
  }
});
