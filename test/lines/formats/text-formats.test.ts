/** What holds for every format of text. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMATS } from '../../../src/lines/formats/index.js';
import { readCases } from './cases.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };
const lines = [...readCases().values()].flat().map(({ line }) => line);
const formats = [...FORMATS.values()];
const TEXTS =
  'access nginx-error apache-error dmesg syslog klog postgres mysql redis python log4j plain'.split(' ');

/** A line of the collection with some of it cut out, doubled or replaced. */
const spoiled = fc
  .tuple(
    fc.constantFrom(...lines),
    fc.array(
      fc.record({
        at: fc.nat(200),
        cut: fc.nat(5),
        put: fc.constantFrom('', '"', '\\', ']', '[', ' ', '-', '9', ':', 'é', '\ufeff', '\u0000'),
      }),
      { maxLength: 3 },
    ),
  )
  .map(([line, edits]) =>
    edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), line),
  );

test('the time alone is the time that the whole line tells', () => {
  const timed = formats.filter(({ name, timeOf }) => TEXTS.includes(name) && timeOf !== undefined);
  expect(timed.length).toBeGreaterThan(8);
  for (const line of lines)
    for (const { name, parse, timeOf } of timed)
      expect(timeOf?.(line, context), `${name}: ${line}`).toBe(parse(line, context)?.time);
  fc.assert(
    fc.property(spoiled, (line) => {
      for (const { name, parse, timeOf } of timed)
        expect(timeOf?.(line, context), name).toBe(parse(line, context)?.time);
    }),
    { numRuns: 100 },
  );
});

test('no line makes a format throw, and no time is without end', () => {
  const any = fc.oneof(
    spoiled,
    fc.uint16Array().map((units) => String.fromCharCode(...units)),
    fc.string(),
  );
  fc.assert(
    fc.property(any, (line) => {
      for (const { name, parse } of formats) {
        const read = parse(line, context);
        const { time = 0, fields = {} } = read ?? {};
        if (!Number.isFinite(time) || Object.values(fields).includes(undefined as never))
          expect(read, name).toBeUndefined();
      }
    }),
    { numRuns: 100 },
  );
});

test('plain text takes anything', () => {
  for (const line of ['', ' ', '\u0000', '\ud800', 'x'.repeat(10_000)])
    expect(FORMATS.get('plain')?.parse(line, context)?.message).toBe(line);
});

test('a line made to be hard ends', () => {
  const many = 20_000;
  const hard = [
    `2026/01/02 15:04:05 [error] 1#1: x${', client: "'.repeat(many)}`,
    `I0102 15:04:05.678901 1 a.go:1] "x"${' a="b"'.repeat(many)} "`,
    `2026-01-02 15:04:05 [${' '.repeat(many)}`,
    `<13>1 2026-01-02T15:04:05Z h a p m [a${' b="c"'.repeat(many)}`,
    `Jan  2 15:04:05 h ${'a::'.repeat(many)}`,
    `[Fri Jan 02 15:04:05 2026] [error] [client ${'['.repeat(many)}`,
    `2026-01-02 15:04:05 UTC ${'[1] '.repeat(many)}ERROR:`,
    `2026-01-02 15:04:05,678${' - a'.repeat(many)}`,
    `${'['.repeat(many)}${' level='.repeat(many)}`,
    `2026-01-02T15:04:05 ${'[x] '.repeat(many)}`,
    `02-Jan-2026 15:04:05 ${'Aa/'.repeat(many)}`,
  ];
  for (const line of hard) for (const name of TEXTS) FORMATS.get(name)?.parse(line, context);
});
