/** Where the last lines of a file begin, and the last of what comes through a pipe. */

import { fstatSync, readSync } from 'node:fs';
import type { Amount } from './amounts.js';

const BLOCK_BYTES = 64 * 1024;

/** Files of sysfs are said to have as many bytes, whatever they hold. */
const NOTIONAL_BYTES = 4096;

/**
 * Offset at which the last `count` lines before `end` begin, not before `start`. Bytes behind the last separator are a line as well.
 * Reads backwards, so the cost is that of those lines.
 */
export const findLastLines = (
  fd: number,
  { start, end, count, separator }: { start: number; end: number; count: number; separator: number },
): number => {
  if (count === 0) return end;
  let left = count;
  let last = end;
  const block = Buffer.allocUnsafe(Math.max(1, Math.min(BLOCK_BYTES, end - start)));
  for (let at = end; at > start; ) {
    const length = Math.min(block.length, at - start);
    at -= length;
    const got = readSync(fd, block, 0, length, at);
    if (got < length) {
      // It ends before its size: files of sysfs say a page, and some are cut short meanwhile.
      last = at + got;
      left = count;
    }
    for (let cut = block.lastIndexOf(separator, got - 1); cut >= 0; ) {
      // The end of the last line begins none.
      if (at + cut + 1 < last && --left === 0) return at + cut + 1;
      cut = cut === 0 ? -1 : block.lastIndexOf(separator, cut - 1);
    }
  }
  return start;
};

/** What comes through a pipe, of which only the last is kept, or the first left out. */
export interface Keeper {
  /** Takes the bytes over; gives what can be shown at once. */
  readonly push: (bytes: Buffer) => Buffer | undefined;
  /** What is to be shown once there is no more. */
  readonly rest: () => readonly Buffer[];
}

const countIn = (bytes: Buffer, separator: number): number => {
  let count = 0;
  for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, at + 1)) count++;
  return count;
};

/** Leaves out what stands before the beginning. */
const openSkipper = ({ unit, count }: Amount, separator: number): Keeper => {
  let left = Math.max(0, count - 1);
  return {
    push: (bytes) => {
      if (left === 0) return bytes;
      if (unit === 'bytes') {
        const skipped = Math.min(left, bytes.length);
        left -= skipped;
        return skipped === bytes.length ? undefined : bytes.subarray(skipped);
      }
      for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, at + 1))
        if (--left === 0) return at + 1 === bytes.length ? undefined : bytes.subarray(at + 1);
      return undefined;
    },
    rest: () => [],
  };
};

const openLastBytes = (count: number): Keeper => {
  const kept: Buffer[] = [];
  let held = 0;
  return {
    push: (bytes) => {
      kept.push(bytes);
      held += bytes.length;
      for (let [first] = kept; first !== undefined && held - first.length >= count; [first] = kept) {
        held -= first.length;
        kept.shift();
      }
      return undefined;
    },
    rest: () => {
      let over = Math.max(0, held - count);
      return kept.flatMap((bytes) => {
        const cut = Math.min(over, bytes.length);
        over -= cut;
        return cut === bytes.length ? [] : [bytes.subarray(cut)];
      });
    },
  };
};

const openLastLines = (count: number, separator: number): Keeper => {
  const kept: { readonly bytes: Buffer; readonly lines: number }[] = [];
  let lines = 0;
  return {
    push: (bytes) => {
      if (bytes.length === 0) return undefined;
      const one = { bytes, lines: countIn(bytes, separator) };
      kept.push(one);
      lines += one.lines;
      // What stands behind the last separator may be one line more.
      for (let [first] = kept; first !== undefined && lines - first.lines > count; [first] = kept) {
        lines -= first.lines;
        kept.shift();
      }
      return undefined;
    },
    rest: () => {
      const last = kept.at(-1)?.bytes;
      const isEnded = last?.[last.length - 1] === separator;
      /** Separators to be passed over; the one before the first line that is shown is the last of these. */
      let over = lines - (isEnded ? count : count - 1);
      if (count === 0) return [];
      const shown: Buffer[] = [];
      for (const { bytes, lines: here } of kept) {
        if (over <= 0) shown.push(bytes);
        else if (here < over) over -= here;
        else {
          let at = -1;
          for (; over > 0; over--) at = bytes.indexOf(separator, at + 1);
          if (at + 1 < bytes.length) shown.push(bytes.subarray(at + 1));
        }
      }
      return shown;
    },
  };
};

/** Keeps what an amount asks for. */
export const openKeeper = (amount: Amount, separator: number): Keeper => {
  if (amount.fromStart) return openSkipper(amount, separator);
  return amount.unit === 'bytes' ? openLastBytes(amount.count) : openLastLines(amount.count, separator);
};

/**
 * Offset in a file at which what an amount asks for begins, from `start` on. Undefined for what has no size, as most of /proc: it
 * must be read to its end to know.
 */
export const findBeginning = (
  fd: number,
  { unit, fromStart, count }: Amount,
  separator: number,
  start = 0,
): number | undefined => {
  const { size: end } = fstatSync(fd);
  if (end <= start) return fromStart && unit === 'bytes' ? start + Math.max(0, count - 1) : undefined;
  if (unit === 'bytes') {
    if (fromStart) return start + Math.max(0, count - 1);
    return end <= NOTIONAL_BYTES ? undefined : Math.max(start, end - Math.min(end, count));
  }
  if (!fromStart) return findLastLines(fd, { start, end, count, separator });
  return undefined;
};
