/** Seeking gives the lines that reading all would give, or says that it could not. */

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LineFormat } from '../../src/lines/format.js';
import { mayHoldSince, rangeOf, SLACK } from '../../src/lines/seek.js';

const context = { notAfter: 0, zone: 0 };

/** `5000 text`: ms since 1970. */
const timeOf = (line: string): number | undefined => {
  const found = /^(\d+) [^\r]*$/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
};

const format: LineFormat = {
  name: 'test',
  title: 'times in ms',
  parse: (line) => {
    const time = timeOf(line);
    return time === undefined ? undefined : { time, fields: {} };
  },
};

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sysmon-seek-'));
  file = join(folder, 'a.log');
});
afterAll(() => rmSync(folder, { recursive: true }));

const seek = (text: string, since?: number, until?: number) => {
  writeFileSync(file, text);
  const fd = openSync(file, 'r');
  try {
    return rangeOf(fd, statSync(file).size, {
      format,
      context,
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    });
  } finally {
    closeSync(fd);
  }
};

const wanted = (text: string, since: number, until: number): readonly string[] =>
  text.split('\n').filter((line) => {
    const time = timeOf(line.replace(/\r$/, ''));
    return time !== undefined && time >= since && time <= until;
  });

const MINUTE = 60_000;

describe('rangeOf', () => {
  /** A step in ms, how much older the line says it is, how long it is, and how many lines without a time follow. */
  const step = fc.record({
    step: fc.oneof(fc.constantFrom(0, 1, 1000), fc.integer({ min: 0, max: 20 * MINUTE })),
    late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: SLACK })),
    length: fc.oneof(fc.nat(20), fc.constantFrom(0, 3000, 40_000)),
    untimed: fc.oneof(fc.constant(0), fc.nat(3)),
  });

  const build = (
    steps: readonly { step: number; late: number; length: number; untimed: number }[],
    end: string,
    last: boolean,
  ) => {
    let now = 1e9;
    const lines: string[] = ['header'];
    for (const { step, late, length, untimed } of steps) {
      now += step;
      lines.push(
        `${now - late} é${'x'.repeat(length)}`,
        ...Array.from({ length: untimed }, () => '  at somewhere'),
      );
    }
    return lines.join(end) + (last ? end : '');
  };

  it('holds every line of the range where the file is in order, give or take the slack', () => {
    let narrow = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.nat(300 * MINUTE),
        fc.nat(60 * MINUTE),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (steps, from, span, end, last) => {
          const text = build(steps, end, last);
          const [since, until] = [1e9 + from, 1e9 + from + span];
          const bytes = Buffer.from(text);
          const range = seek(text, since, until);
          if (range.end - range.start < bytes.length / 2) narrow++;
          expect(range.ordered).toBe(true);
          const part = bytes.toString('utf8', range.start, range.end);
          expect(wanted(part, since, until)).toEqual(wanted(text, since, until));
          // Edges are line starts.
          for (const at of [range.start, range.end])
            expect(at === 0 || at === bytes.length || bytes[at - 1] === 0x0a).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
    expect(narrow).toBeGreaterThan(12);
  });

  const lines = (count: number, time: (index: number) => number | string): string =>
    Array.from({ length: count }, (_, index) => `${time(index)} line ${index}\n`).join('');

  it('leaves out nearly all of a long file', () => {
    const text = lines(20_000, (index) => 1e9 + index * 1000);
    const range = seek(text, 1e9 + 5_000_000, 1e9 + 5_060_000);
    expect(range.ordered).toBe(true);
    expect(range.end - range.start).toBeLessThan(text.length / 50);
    expect(seek(text, 1e9 + 5_000_000).end).toBe(text.length);
    expect(seek(text, undefined, 1e9 + 5_000_000).start).toBe(0);
  });

  it('is empty after and before all lines, and within a gap', () => {
    const text = lines(100, (index) => 1e9 + index * 1000 + (index < 50 ? 0 : 1e8));
    for (const [since, until] of [
      [2e9, 3e9],
      [1, 2],
      [1e9 + 5e7, 1e9 + 6e7],
    ] as const) {
      const { start, end, ordered } = seek(text, since, until);
      expect({ bytes: end - start, ordered }).toEqual({ bytes: 0, ordered: true });
    }
  });

  it('takes the whole file where times go back', () => {
    const whole = (text: string) => ({ start: 0, end: text.length, ordered: false });
    const shuffled = lines(5000, (index) => 1e9 + ((index * 7919) % 5000) * 1000);
    expect(seek(shuffled, 1e9, 1e9 + 1000)).toEqual(whole(shuffled));
    const setBack = lines(5000, (index) => 1e9 + (index % 2500) * 1000);
    expect(seek(setBack, 1e9 + 100_000, 1e9 + 200_000)).toEqual(whole(setBack));
    const nearEdge = lines(50_000, (index) => 1e9 + index * 1000 - (index === 30_100 ? 600_000 : 0));
    expect(seek(nearEdge, 1e9 + 30_000_000)).toEqual(whole(nearEdge));
  });

  it('misses nothing where clocks were put back and times name no zone', () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'Europe/Berlin';
    try {
      // A line each minute for some days around 25 October 2026, when 02:59 was followed by 02:00.
      const local = (time: number): number => new Date(time).setSeconds(0, 0);
      const stamp = (time: number): number => {
        const date = new Date(time);
        // What a reader of a local time without zone takes it for: of the two, the first.
        return new Date(
          date.getFullYear(),
          date.getMonth(),
          date.getDate(),
          date.getHours(),
          date.getMinutes(),
        ).getTime();
      };
      const first = Date.UTC(2026, 9, 22);
      const text = lines(8640, (index) => stamp(local(first + index * MINUTE)));
      const change = Date.UTC(2026, 9, 25, 0, 0);
      for (const minutes of [-90, -30, 0, 20, 59, 60, 90]) {
        const [since, until] = [change + minutes * MINUTE, change + (minutes + 10) * MINUTE];
        writeFileSync(file, text);
        const fd = openSync(file, 'r');
        const { start, end } = rangeOf(fd, text.length, { format, context: { notAfter: 0 }, since, until });
        closeSync(fd);
        expect(wanted(text.slice(start, end), since, until)).toEqual(wanted(text, since, until));
      }
      expect(wanted(text, change + 20 * MINUTE, change + 30 * MINUTE)).toHaveLength(22);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('takes the whole file where no time can be found near', () => {
    const text = `1000000000 a\n${`${'x'.repeat(999)}\n`.repeat(5000)}1000001000 b\n`;
    expect(seek(text, 1e9)).toEqual({ start: 0, end: text.length, ordered: false });
    const long = `1000000000 a\n${'x'.repeat(5_000_000)}\n1000001000 b\n`;
    expect(seek(long, 1e9)).toEqual({ start: 0, end: long.length, ordered: false });
  });

  it('has nothing to find without a range, nor in an empty file', () => {
    expect(seek('1000000000 a\n')).toEqual({ start: 0, end: 13, ordered: false });
    expect(seek('', 5)).toMatchObject({ start: 0, end: 0 });
  });

  it('reads little of the file', () => {
    const text = lines(60_000, (index) => 1e9 + index * 1000);
    let looked = 0;
    const counting: LineFormat = {
      ...format,
      timeOf: (line) => {
        looked++;
        return timeOf(line);
      },
    };
    writeFileSync(file, text);
    const fd = openSync(file, 'r');
    const options = { format: counting, context, since: 1e9 + 3e7, until: 1e9 + 3.1e7 };
    expect(rangeOf(fd, text.length, options).ordered).toBe(true);
    closeSync(fd);
    expect(looked).toBeLessThan(15_000);
    expect(readFileSync(file).length).toBe(text.length);
  });
});

describe('mayHoldSince', () => {
  it('leaves out files that were last written before', () => {
    expect(mayHoldSince(1e9, 1e9 + SLACK + 1)).toBe(false);
    expect(mayHoldSince(1e9, 1e9 + SLACK)).toBe(true);
  });
});
