/** What tests of the log's writing side share: a folder of their own, a clock set by hand, records, and a reader of all there is. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/core/clock.js';
import { archivesAmong } from '../../src/logs/archive-name.js';
import { LOG_LIMITS, type LogLimits, type LogWriterOptions } from '../../src/logs/log-writer.js';
import type { LogRecord } from '../../src/logs/record.js';

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export interface HandClock extends Clock {
  /** Sets the wall clock; the monotonic one goes on by what it moved forward. */
  readonly set: (time: number) => void;
}

/** Sleeping takes no time on it, but lets others run. */
export const handClock = (start = Date.UTC(2026, 10, 21, 4, 55, 31, 123)): HandClock => {
  let time = start;
  let seconds = 1000;
  return {
    now: () => time,
    monotonic: () => seconds,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    set: (next) => {
      seconds += Math.max(0, next - time) / 1000;
      time = next;
    },
  };
};

/** A small record of ours; `padding` makes its line longer. */
export const recordAt = (time: number, padding = 0): LogRecord => ({
  kind: 'stop',
  time,
  host: 'web-1',
  reason: 'x'.repeat(padding),
});

export const openingAt = (clock: Clock): readonly LogRecord[] => [
  { kind: 'schema', time: clock.now(), host: 'web-1', v: 1, groups: [] },
];

export const writerOptions = (
  path: string,
  clock: Clock,
  limits: Partial<LogLimits> = {},
): LogWriterOptions & { said: string[] } => {
  const said: string[] = [];
  return {
    path,
    clock,
    said,
    limits: { ...LOG_LIMITS, ...limits },
    opening: () => openingAt(clock),
    uid: undefined,
    lock: { pid: process.pid, isRunning: () => true },
    say: (message) => said.push(message),
  };
};

export interface Line {
  readonly seq: number;
  readonly msg: string;
  readonly [name: string]: unknown;
}

export const parseLines = (text: string): Line[] => {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line is torn');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
};

/** Text of a file, decompressed where its name says so. */
export const textOf = (path: string): string => {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};

export const archivesOf = (path: string) => archivesAmong(basename(path), readdirSync(dirname(path)));

/** Every line of a log, from the oldest archive to the newest line. `torn` lets the last line of a killed run be unfinished. */
export const allLines = (path: string, torn?: 'torn'): Line[] => {
  const archived = archivesOf(path).flatMap(({ name }) =>
    name === undefined ? [] : parseLines(textOf(join(dirname(path), name))),
  );
  // There is none between a rotation and the next line.
  const live = existsSync(path) ? textOf(path) : '';
  return [...archived, ...parseLines(torn === undefined ? live : live.replace(/[^\n]+$/, ''))];
};

/** Sequence numbers that come twice, and those between first and last that do not come at all. */
export const faultsOf = (lines: readonly Line[]): { repeated: number[]; missing: number[] } => {
  const seen = new Set<number>();
  const repeated: number[] = [];
  for (const { seq } of lines) {
    if (seen.has(seq)) repeated.push(seq);
    seen.add(seq);
  }
  const missing: number[] = [];
  const last = lines.at(-1)?.seq ?? 0;
  for (let seq = lines[0]?.seq ?? 1; seq <= last; seq++) if (!seen.has(seq)) missing.push(seq);
  return { repeated, missing };
};

export const NO_FAULTS = { repeated: [], missing: [] };
