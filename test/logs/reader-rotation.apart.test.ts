/** Reading while somebody rotates, compresses and gives up archives: at every point where another process may step in. */

import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { archiveName } from '../../src/logs/archive-name.js';
import { openLog } from '../../src/logs/reader.js';
import { GROUPS, type LogFolder, makeFolder, pack, sampleLine } from './log-folder.js';

/** Called before each time the reader asks the system for a name. */
const between = vi.hoisted(() => ({ step: (): void => {} }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    readdirSync: (path: string) => {
      between.step();
      return fs.readdirSync(path);
    },
    openSync: (path: string, flags: number) => {
      between.step();
      return fs.openSync(path, flags);
    },
  };
});

let folder: LogFolder;

beforeEach(() => {
  folder = makeFolder();
});

afterEach(() => {
  between.step = () => {};
  folder.remove();
});

const name = (serial: number, form: 'plain' | 'gzip'): string =>
  folder.at(archiveName('sysmon.log', { time: serial * 100, serial, form }));

const lines = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => sampleLine(first + i, first + i));

const text = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

const rotate = (serial: number, next: string): void => folder.rotate(serial * 100, serial, next);

const compress = (serial: number, content: readonly string[]): void => {
  writeFileSync(name(serial, 'gzip'), pack(content));
  unlinkSync(name(serial, 'plain'));
};

/** Does it at the nth step, once. */
const doAt = (when: number, what: () => void): (() => boolean) => {
  let step = 0;
  let done = false;
  between.step = () => {
    if (++step !== when) return;
    // What it does asks the system for names too.
    between.step = () => {};
    what();
    done = true;
  };
  return () => done;
};

const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

const readAll = (): (number | undefined)[] => {
  const log = openLog(folder.path, GROUPS);
  const found = Array.from(log.samples(), ({ seq }) => seq);
  log.close();
  return found;
};

const readAllBackward = (): (number | undefined)[] => {
  const log = openLog(folder.path, GROUPS);
  const found = Array.from(log.newestFirst(), ({ seq }) => seq);
  log.close();
  return found.reverse();
};

/** Samples 1–10 compressed, 11–20 plain, 21–30 live. */
const begin = (): void => {
  folder.archive(100, 1, lines(1, 10), 'gzip');
  folder.archive(200, 2, lines(11, 10), 'plain');
  folder.live(text(lines(21, 10)));
};

const STEPS = numbers(1, 8);

describe('reading', () => {
  for (const [way, read] of [
    ['forwards', readAll],
    ['backwards', readAllBackward],
  ] as const) {
    it(`loses and doubles nothing when the log is rotated meanwhile (${way})`, () => {
      let happened = 0;
      for (const step of STEPS) {
        begin();
        const done = doAt(step, () => rotate(3, text(lines(31, 5))));
        const found = read();
        // What was written after the log was opened may be there or not.
        expect([numbers(1, 30), numbers(1, 35)], `step ${step}`).toContainEqual(found);
        if (done()) happened++;
        folder.remove();
        folder = makeFolder();
      }
      expect(happened).toBeGreaterThanOrEqual(5);
    });

    it(`finds the new name when archives are compressed meanwhile (${way})`, () => {
      for (const step of STEPS) {
        begin();
        const done = doAt(step, () => {
          compress(2, lines(11, 10));
          rotate(3, text(lines(31, 5)));
          compress(3, lines(21, 10));
        });
        const found = read();
        expect([numbers(1, 30), numbers(1, 35)], `step ${step}`).toContainEqual(found);
        expect(done() || step > 5).toBe(true);
        folder.remove();
        folder = makeFolder();
      }
    });

    it(`goes on without an archive that was given up meanwhile (${way})`, () => {
      for (const step of STEPS) {
        begin();
        doAt(step, () => {
          unlinkSync(name(1, 'gzip'));
          unlinkSync(name(2, 'plain'));
        });
        const found = read();
        expect(found.slice(-10), `step ${step}`).toEqual(numbers(21, 30));
        expect([10, 20, 30]).toContain(found.length);
        folder.remove();
        folder = makeFolder();
      }
    });
  }

  it('goes on in the open file when it is rotated between two lines', () => {
    begin();
    const log = openLog(folder.path, GROUPS);
    const found: (number | undefined)[] = [];
    for (const { seq } of log.samples()) {
      found.push(seq);
      if (seq === 5) {
        rotate(3, text(lines(31, 5)));
        compress(2, lines(11, 10));
        compress(3, lines(21, 10));
      }
    }
    log.close();
    expect(found).toEqual(numbers(1, 30));
  });

  it('ends where the live file was copied and cut meanwhile', () => {
    begin();
    const log = openLog(folder.path, GROUPS);
    writeFileSync(folder.path, '');
    expect(Array.from(log.samples(), ({ seq }) => seq)).toEqual(numbers(1, 20));
    log.close();
    renameSync(folder.path, folder.at('gone'));
  });
});
