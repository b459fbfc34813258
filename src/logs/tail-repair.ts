/** The end of a log that a crash may have torn, and the number its lines go on from. */

import { fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { parseObject } from './json.js';
import { readFully } from './lines.js';

const NEWLINE = 10;
const NUL = 0;
const STEP = 64 * 1024;
/** No line of ours is longer; what is, is not read into memory to be judged. */
const LONGEST = 16 * 1024 * 1024;

/** Bytes from `start` to `end`, fewer where the file ends before. */
const readRange = (fd: number, start: number, end: number): Buffer => {
  const buffer = Buffer.allocUnsafe(Math.max(0, end - start));
  return buffer.subarray(0, readFully(fd, buffer, 0, buffer.length, start));
};

/** Where the bytes after the last newline begin. */
const startOfTail = (fd: number, size: number): number => {
  for (let end = size; end > 0; end -= STEP) {
    const start = Math.max(0, end - STEP);
    const at = readRange(fd, start, end).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
  }
  return 0;
};

/** Power cuts leave NULs where a file had grown but its data was not on the disk yet. */
const withoutNuls = (bytes: Buffer): Buffer => {
  let start = 0;
  let end = bytes.length;
  while (start < end && bytes[start] === NUL) start++;
  while (end > start && bytes[end - 1] === NUL) end--;
  return bytes.subarray(start, end);
};

const seqOf = (line: Buffer): number | undefined => {
  const seq = parseObject(withoutNuls(line).toString('utf8'))?.['seq'];
  return typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : undefined;
};

/** Puts a tail at the end of a file opened for appending; takes it off again when it does not fit. */
const append = (fd: number, bytes: Buffer): void => {
  const { size } = fstatSync(fd);
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch (error) {
    ftruncateSync(fd, size);
    throw error;
  }
};

/**
 * Makes a file, opened for reading and appending, end with a whole line: an unfinished last line is cut off, a complete
 * one gets the newline it lacks. Says in words what was done, or undefined where nothing was. Throws what the system says.
 */
export const repairTail = (fd: number): string | undefined => {
  const { size } = fstatSync(fd);
  const start = startOfTail(fd, size);
  if (start === size) return undefined;
  const tail = size - start > LONGEST ? Buffer.alloc(0) : readRange(fd, start, size);
  const line = withoutNuls(tail);
  if (parseObject(line.toString('utf8')) === undefined) {
    ftruncateSync(fd, start);
    return `cut off ${size - start} bytes of an unfinished last line`;
  }
  if (line.length < tail.length) {
    ftruncateSync(fd, start);
    append(fd, Buffer.concat([line, Buffer.of(NEWLINE)]));
    return `took ${tail.length - line.length} NUL bytes out of the last line`;
  }
  append(fd, Buffer.of(NEWLINE));
  return 'finished the last line, which had no newline';
};

const OPENING = '{"level":';
const NUMBERED = /^\{"level":\d+,"time":-?\d+,.*?"seq":\d/s;

/**
 * Whether a file looks like a log of ours, so that it may be appended to, repaired and rotated: one of its first lines is,
 * or it holds nothing but the torn beginning of one.
 */
export const looksLikeOurs = (fd: number): boolean => {
  const head = readRange(fd, 0, Math.min(fstatSync(fd).size, STEP)).toString('latin1');
  const lines = head.split('\n').map((line) => line.replace(/^\0+|\0+$/g, ''));
  if (lines.some((line) => NUMBERED.test(line))) return true;
  const first = lines.length === 1 ? (lines[0] ?? '') : undefined;
  return first !== undefined && (OPENING.startsWith(first) || first.startsWith(OPENING));
};

/** Time of the first record, ms since 1970; undefined where it cannot be told. */
export const firstTime = (fd: number): number | undefined => {
  const head = readRange(fd, 0, Math.min(fstatSync(fd).size, STEP)).toString('latin1');
  const [, digits] = /^\0*\{"level":\d+,"time":(-?\d+)/m.exec(head) ?? [];
  return digits === undefined ? undefined : Number(digits);
};

/** The sequence number of the last line that has one, the unfinished one included when it is whole but for its newline. */
export const lastSeqIn = (bytes: Buffer): number | undefined => {
  for (let end = bytes.length; end > 0; ) {
    const at = bytes.lastIndexOf(NEWLINE, end - 1);
    const seq = seqOf(bytes.subarray(at + 1, end));
    if (seq !== undefined) return seq;
    end = at;
  }
  return undefined;
};

/** As `lastSeqIn`, of a file; looks at no more of it than it must. */
export const lastSeqOf = (fd: number): number | undefined => {
  const { size } = fstatSync(fd);
  for (let span = STEP; ; span *= 8) {
    const start = Math.max(0, size - span);
    const bytes = readRange(fd, start, size);
    // The first piece may be the end of a line; it is whole when the span is the file.
    const seq = lastSeqIn(start === 0 ? bytes : bytes.subarray(bytes.indexOf(NEWLINE) + 1));
    if (seq !== undefined || start === 0) return seq;
  }
};
