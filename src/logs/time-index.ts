/**
 * Which times stand where in a plain file. One pass over the newlines, about 5 GB/s: no assumption about order, so that a
 * clock that was set, lines of other programs and torn lines cost a little more reading, never a record. (A binary
 * search would save milliseconds and lose records wherever time went back.)
 */

import { readLines } from './lines.js';

/** Times in ms since 1970, ends included. */
export interface TimeRange {
  readonly since: number;
  readonly until: number;
}

/** A run of whole lines. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly earliest: number;
  readonly latest: number;
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

/** The stretches of a file up to `size`, in its order. What cannot be a record counts for no time; what might be one, for all. */
export const indexTimes = (fd: number, size: number): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  const cursor = { end: 0 };
  let [start, earliest, latest] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const close = (): void => {
    if (cursor.end > start) stretches.push({ start, end: cursor.end, earliest, latest });
    [start, earliest, latest] = [cursor.end, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  };
  for (const line of readLines(fd, 0, size, cursor)) {
    const time = timeOf(line);
    if (time !== undefined) {
      if (time < earliest) earliest = time;
      if (time > latest) latest = time;
    } else if (line[0] === BRACE) {
      earliest = Number.NEGATIVE_INFINITY;
      latest = Number.POSITIVE_INFINITY;
    }
    if (cursor.end - start >= STRETCH_BYTES) close();
  }
  close();
  return stretches;
};

export const overlaps = (
  { earliest, latest }: { readonly earliest: number; readonly latest: number },
  { since, until }: TimeRange,
): boolean => latest >= since && earliest <= until;
