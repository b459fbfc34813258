import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  LONGEST_LINE,
  linesIn,
  linesInBackward,
  readHitsBackward,
  readLines,
  readLinesBackward,
} from '../../src/logs/lines.js';
import { indexTimes, overlaps, timeOf } from '../../src/logs/time-index.js';

const folder = mkdtempSync(join(tmpdir(), 'lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const withFile = <T>(bytes: Buffer, read: (fd: number) => T): T => {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  try {
    return read(fd);
  } finally {
    closeSync(fd);
  }
};

const texts = (lines: Iterable<Buffer>): string[] => Array.from(lines, (line) => line.toString('latin1'));

/** What stands before each newline. */
const expected = (bytes: Buffer): string[] => bytes.toString('latin1').split('\n').slice(0, -1);

const BLOCK = 65536;

/** Short lines, and lines about as long as one block or a few. */
const bytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc
        .tuple(fc.integer({ min: -2, max: 2 }), fc.constantFrom(1, 2, 3))
        .map(([off, times]) => 'x'.repeat(BLOCK * times + off)),
      fc.constantFrom('', '\r', '\n', '\n\n\n'),
    ),
    { maxLength: 12 },
  )
  .chain((lines) => fc.boolean().map((torn) => Buffer.from(lines.join('\n') + (torn ? '' : '\n'))));

describe('lines', () => {
  it('are none where they are too long, from either end', () => {
    const long = Buffer.alloc(2 * LONGEST_LINE + 3 * BLOCK, 'x');
    long.write('hit');
    const all = Buffer.concat([Buffer.from('a hit\n'), long, Buffer.from('\nb hit\n')]);
    withFile(all, (fd) => {
      let passed = 0;
      const onTooLong = (): number => ++passed;
      expect(texts(readLines(fd, 0, all.length, undefined, onTooLong))).toEqual(['a hit', 'b hit']);
      expect(passed).toBe(1);
      expect(texts(readLinesBackward(fd, all.length, onTooLong))).toEqual(['b hit', 'a hit']);
      expect(passed).toBe(2);
      expect(texts(readHitsBackward(fd, all.length, Buffer.from('hit'), onTooLong))).toEqual([
        'b hit',
        'a hit',
      ]);
      expect(passed).toBe(3);
    });
  });

  it('are found by what they contain, from the newest on', () => {
    const some = fc.constantFrom('x', 'xx', 'a', '"', 'x'.repeat(9));
    fc.assert(
      fc.property(bytes, some, (all, part) => {
        const wanted = expected(all).filter((line) => Buffer.from(line).includes(part));
        const found = withFile(all, (fd) => texts(readHitsBackward(fd, all.length, Buffer.from(part))));
        expect(found.join('\n')).toBe(wanted.reverse().join('\n'));
      }),
      { numRuns: 60 },
    );
  });

  it('are whole, each once, forwards and backwards, from disk and from memory', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        const wanted = expected(all);
        const backwards = [...wanted].reverse();
        expect(withFile(all, (fd) => texts(readLines(fd, 0, all.length))).join('\n')).toBe(wanted.join('\n'));
        expect(withFile(all, (fd) => texts(readLinesBackward(fd, all.length))).join('\n')).toBe(
          backwards.join('\n'),
        );
        expect(texts(linesIn(all)).length).toBe(wanted.length);
        expect(texts(linesInBackward(all)).join('\n')).toBe(backwards.join('\n'));
      }),
      { numRuns: 60 },
    );
  });

  it('of many megabytes are lines too', () => {
    const long = 'é'.repeat(4_000_000);
    const all = Buffer.from(`first\n${long}\nlast\n`);
    const wanted = ['first', long, 'last'].map((line) => Buffer.from(line).length);
    expect(withFile(all, (fd) => Array.from(readLines(fd, 0, all.length), (line) => line.length))).toEqual(
      wanted,
    );
    expect(
      withFile(all, (fd) => Array.from(readLinesBackward(fd, all.length), (line) => line.length)),
    ).toEqual([...wanted].reverse());
  });

  it('are passed over where a crash left an endless one', () => {
    const hole = Buffer.alloc(150 * 1024 * 1024);
    const all = Buffer.concat([Buffer.from('first\n'), hole, Buffer.from('\nlast\nnewest\n')]);
    withFile(all, (fd) => {
      const cursor = { end: 0 };
      expect(texts(readLines(fd, 0, all.length, cursor))).toEqual(['first', 'last', 'newest']);
      expect(cursor.end).toBe(all.length);
      expect(texts(readLinesBackward(fd, all.length))).toEqual(['newest', 'last', 'first']);
    });
  });

  it('end where the file was cut meanwhile', () => {
    const all = Buffer.from('one\ntwo\n');
    expect(withFile(all, (fd) => texts(readLines(fd, 0, 100)))).toEqual(['one', 'two']);
    expect(withFile(all, (fd) => texts(readLinesBackward(fd, 100)))).toEqual([]);
  });
});

describe('the time of a line', () => {
  it('is what a parser finds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e14, max: 1e14 }), fc.nat(60), fc.boolean(), (time, level, alone) => {
        const line = `{"level":${level},"time":${time}${alone ? '' : ',"host":"h"'}}`;
        expect(timeOf(Buffer.from(line))).toBe(time + 0);
      }),
    );
  });

  it('is not guessed', () => {
    const others = [
      '',
      '{}',
      'text',
      '{"level":30}',
      '{"time":1,"level":30}',
      '{"level":30,"time":"1"}',
    ].concat([
      '{"level":30,"time":1.5}',
      '{"level":30,"time":1e3}',
      '{"level":30,"time":12',
      ' {"level":30,"time":1}',
    ]);
    for (const line of others) expect(timeOf(Buffer.from(line)), line).toBeUndefined();
  });
});

describe('the time index', () => {
  it('leads to every line of any time, whatever the order', () => {
    const line = fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .integer({ min: 0, max: 1000 })
          .map((time) => `{"level":30,"time":${time},"x":"${'.'.repeat(30_000)}"}`),
      },
      { weight: 1, arbitrary: fc.constantFrom('text of others', '{"time":500}', '', '{"level":30,"time":7') },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.nat(1000), fc.nat(1000), (lines, a, b) => {
        const range = { since: Math.min(a, b), until: Math.max(a, b) };
        const all = Buffer.from(lines.map((one) => `${one}\n`).join(''));
        withFile(all, (fd) => {
          const index = indexTimes(fd, all.length);
          expect(index.map(({ start }) => start)).toEqual(
            [0, ...index.map(({ end }) => end)].slice(0, index.length),
          );
          expect(index.at(-1)?.end ?? 0).toBe(all.length);
          const found = index
            .filter((stretch) => overlaps(stretch, range))
            .flatMap(({ start, end }) => texts(readLines(fd, start, end)));
          const must = (one: string): boolean => {
            const time = timeOf(Buffer.from(one));
            return time === undefined ? one.startsWith('{') : time >= range.since && time <= range.until;
          };
          expect(found.filter(must).length).toBe(lines.filter(must).length);
        });
      }),
      { numRuns: 40 },
    );
  });
});
