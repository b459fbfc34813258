/** Leaping gives what walking gives, whatever happened to the clock meanwhile, and reads less. */

import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { leapBackward, type Wish } from '../../src/logs/leap.js';
import { readHitsBackward } from '../../src/logs/lines.js';
import { timeOf } from '../../src/logs/time-index.js';
import { setOnce } from '../commands/random-log.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-leap-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DETAIL = Buffer.from('"detail":true');
const MINUTE = 60_000;

interface Machine {
  time: number;
  uptime: number;
  boot: number;
}

const lineOf = ({ time, uptime, boot }: Machine, isDetail: boolean, padding: number): string => {
  const detail = isDetail ? '"detail":true,' : '';
  const pad = 'x'.repeat(padding);
  return `{"level":30,"time":${time},"host":"h","msg":"sample","v":1,"boot":"b${boot}",${detail}"pad":"${pad}","system":{"uptime_seconds":${uptime}}}\n`;
};

type Event = {
  readonly at: number;
  readonly what: 'set back' | 'set on' | 'boot' | 'hole';
  readonly minutes: number;
};

/** Hours of a log, a sample every ten seconds and one with detail a minute, with what happened to it. */
const logOf = (minutes: number, events: readonly Event[], padding: (step: number) => number): string => {
  const machine: Machine = { time: 1e12, uptime: 1000, boot: 1 };
  const lines: string[] = [];
  for (let step = 0; step < minutes * 6; step++) {
    for (const { at, what, minutes: by } of events) {
      if (at !== step) continue;
      if (what === 'set back') machine.time -= by * MINUTE;
      if (what === 'set on' || what === 'hole') machine.time += by * MINUTE;
      if (what === 'hole') machine.uptime += by * 60;
      if (what === 'boot') {
        machine.boot++;
        machine.uptime = 5;
      }
    }
    lines.push(lineOf(machine, step % 6 === 0, padding(step) * (step % 6 === 0 ? 4 : 1)));
    machine.time += 10_000;
    machine.uptime += 10;
  }
  return lines.join('');
};

/** Times of the newest line in each so many minutes, as far as time falls; and how many lines were looked at. */
const pick = (lines: Iterable<Buffer>, step: number, wish: Wish): { times: number[]; looked: number } => {
  const times: number[] = [];
  let looked = 0;
  let before = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    looked++;
    const time = timeOf(line) as number;
    if (time > (times.at(-1) ?? time)) break;
    if (time >= before) continue;
    times.push(time);
    before = Math.floor(time / step) * step;
    wish.before = before;
  }
  return { times, looked };
};

const compare = (text: string, step: number) => {
  const path = join(folder, 'log');
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  const size = Buffer.byteLength(text);
  try {
    const wish = { before: Number.POSITIVE_INFINITY };
    const leapt = pick(leapBackward(fd, size, DETAIL, wish), step, wish);
    const walked = pick(readHitsBackward(fd, size, DETAIL), step, { before: 0 });
    return { leapt, walked };
  } finally {
    closeSync(fd);
  }
};

it('looks at a part of the lines only', () => {
  const { leapt, walked } = compare(
    logOf(600, [], () => 3000),
    10 * MINUTE,
  );
  expect(leapt.times).toEqual(walked.times);
  expect(leapt.times.length).toBeGreaterThanOrEqual(60);
  expect(leapt.looked).toBeLessThan(walked.looked / 3);
});

it('finds what walking finds', () => {
  const event = fc.record({
    at: fc.nat(1200),
    what: fc.constantFrom('set back', 'set on', 'boot', 'hole'),
    minutes: fc.integer({ min: 2, max: 90 }),
  }) as fc.Arbitrary<Event>;
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 3 }).map(setOnce),
      fc.integer({ min: 100, max: 6000 }),
      fc.nat(3),
      fc.constantFrom(2, 5, 10, 30),
      (events, size, wobble, step) => {
        const { leapt, walked } = compare(
          logOf(200, events, (at) => size * (1 + ((at % 7) * wobble) / 7)),
          step * MINUTE,
        );
        expect(leapt.times).toEqual(walked.times);
      },
    ),
    { numRuns: 60 },
  );
});
