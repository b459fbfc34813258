/**
 * Which times stand where in a plain file. One pass over the newlines, about 5 GB/s: no assumption about order, so that a
 * clock that was set, lines of other programs and torn lines cost a little more reading, never a record. (A binary
 * search would save milliseconds and lose records wherever time went back.)
 */

import { readLines } from './lines.js';
import { type MemberTimes, NO_TIMES } from './member.js';

/** Times in ms since 1970, ends included. */
export interface TimeRange {
  readonly since: number;
  readonly until: number;
}

/** A run of whole lines. */
export interface Stretch extends MemberTimes {
  readonly start: number;
  readonly end: number;
}

const STRETCH_BYTES = 256 * 1024;

/** Long enough for any level and time. */
const HEAD_BYTES = 48;

const HEAD = /^\{"level":\d+,"time":(-?\d+)[,}]/;

/**
 * The time of a record, without parsing it: pino writes level and time first. Undefined where they stand elsewhere, or
 * nowhere; a fraction or an exponent is nothing we write, and better parsed than guessed.
 */
export const timeOf = (line: Buffer): number | undefined => {
  // A native slice and a regular expression: in a command that lives for 30 ms a loop over bytes never gets warm.
  const time = HEAD.exec(line.toString('latin1', 0, HEAD_BYTES))?.[1];
  return time === undefined ? undefined : Number(time);
};

const BRACE = 0x7b;

const ALL_TIMES: MemberTimes = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY };

/** With what a line adds. What cannot be a record counts for no time; what might be one, for all. */
const widen = (times: MemberTimes, line: Buffer): MemberTimes => {
  const time = timeOf(line);
  if (time === undefined) return line[0] === BRACE ? ALL_TIMES : times;
  if (time >= times.earliest && time <= times.latest) return times;
  return { earliest: Math.min(time, times.earliest), latest: Math.max(time, times.latest) };
};

/** Which times stand in some lines; the earliest is later than the latest where there are none. */
export const timesOf = (lines: Iterable<Buffer>): MemberTimes => {
  let times = NO_TIMES;
  for (const line of lines) times = widen(times, line);
  return times;
};

/** The stretches of a file up to `size`, in its order. */
export const indexTimes = (fd: number, size: number): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  const cursor = { end: 0 };
  let start = 0;
  let times = NO_TIMES;
  const close = (): void => {
    if (cursor.end > start) stretches.push({ start, end: cursor.end, ...times });
    start = cursor.end;
    times = NO_TIMES;
  };
  for (const line of readLines(fd, 0, size, cursor)) {
    times = widen(times, line);
    if (cursor.end - start >= STRETCH_BYTES) close();
  }
  close();
  return stretches;
};

export const overlaps = ({ earliest, latest }: MemberTimes, { since, until }: TimeRange): boolean =>
  latest >= since && earliest <= until;
