/**
 * Where in a file the lines of a range of times stand, found by looking at a few of its lines.
 *
 * A file counts as being in order where no line is more than SLACK older than one before it. Then all lines after the first wanted one
 * are at most that much older than it, and those after a line that is later than the range by more than that are no more
 * wanted: so the two edges are found by halving, and every wanted line lies between them.
 */

import { readSync } from 'node:fs';
import type { LineContext, LineFormat } from './format.js';

export interface SeekOptions {
  /** ms since 1970, both ends included. */
  readonly since?: number;
  readonly until?: number;
  readonly format: LineFormat;
  readonly context: LineContext;
}

/** Offsets of line starts, or the file's end; the whole file where it is not in order, or where that cannot be told. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  readonly ordered: boolean;
}

/** Ms by which a line may be older than one before it: several writers, a buffer each. */
export const SLACK = 60_000;

/** Ms that local clocks are put back by in autumn; 30 minutes on Lord Howe Island, an hour elsewhere. */
const CLOCK_CHANGE = 3_600_000;
const DAY = 86_400_000;

const BLOCK = 16 * 1024;

/** Bytes without a line that has a time, after which no more are read: then the file is read whole anyhow. */
const PATIENCE = 4 * 1024 * 1024;

/** Places all over the file at which its order is checked. */
const CHECKS = 48;

/** Bytes on both sides of an edge in which every line's order is checked. */
const AROUND = 64 * 1024;

const LF = 0x0a;

interface Timed {
  /** Where the line begins. */
  readonly at: number;
  readonly time: number;
}

/** What could not be found out with patience. */
class TooFar extends Error {}

/** Gives lines from a place on, without their ends; a line that the size cuts is given as far as it goes. Throws TooFar. */
function* linesFrom(fd: number, start: number, size: number): Generator<{ at: number; line: string }> {
  let pending = Buffer.alloc(0);
  let at = start;
  for (let position = start; position < size; ) {
    const block = Buffer.allocUnsafe(Math.min(Math.max(BLOCK, pending.length), size - position));
    const count = readSync(fd, block, 0, block.length, position);
    if (count === 0) break;
    position += count;
    pending =
      pending.length === 0 ? block.subarray(0, count) : Buffer.concat([pending, block.subarray(0, count)]);
    let from = 0;
    for (let end = pending.indexOf(LF); end >= 0; end = pending.indexOf(LF, from)) {
      yield { at: at + from, line: pending.toString('utf8', from, end) };
      from = end + 1;
    }
    at += from;
    pending = pending.subarray(from);
    if (pending.length > PATIENCE) throw new TooFar();
  }
  if (pending.length > 0) yield { at, line: pending.toString('utf8') };
}

const openTimes = (fd: number, size: number, { format, context }: SeekOptions) => {
  const timeOf = (line: string): number | undefined => {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    return format.timeOf === undefined ? format.parse(bare, context)?.time : format.timeOf(bare, context);
  };

  /** Lines with a time that begin in [start, end), in their order. */
  function* between(start: number, end: number): Generator<Timed> {
    // From the byte before, so that a line which begins just here is not taken for the rest of another.
    let isFirst = start > 0;
    let last = start;
    for (const { at, line } of linesFrom(fd, Math.max(0, start - 1), size)) {
      if (at >= end && !isFirst) return;
      if (at + line.length - last > PATIENCE) throw new TooFar();
      const time = isFirst ? undefined : timeOf(line);
      isFirst = false;
      if (time === undefined) continue;
      last = at;
      yield { at, time };
    }
  }

  const first = (start: number, end: number): Timed | undefined => {
    for (const timed of between(start, end)) return timed;
    return undefined;
  };
  return { between, first };
};

type Times = ReturnType<typeof openTimes>;

/** Remembers what was seen where, and whether any of it is out of order. */
const openOrder = () => {
  const seen = new Map<number, number>();
  return {
    note: ({ at, time }: Timed): void => {
      seen.set(at, time);
    },
    holds: (): boolean => {
      let latest = Number.NEGATIVE_INFINITY;
      for (const [, time] of [...seen].sort(([a], [b]) => a - b)) {
        if (time < latest - SLACK) return false;
        latest = Math.max(latest, time);
      }
      return true;
    },
  };
};

/** Where a line begins that has passed, with no timed line between it and one that has not; `size` where none has. */
const edge = (
  times: Times,
  size: number,
  note: (timed: Timed) => void,
  isPast: (time: number) => boolean,
): number => {
  let found = size;
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const timed = times.first(middle, high);
    if (timed !== undefined) note(timed);
    if (timed !== undefined && !isPast(timed.time)) {
      low = timed.at + 1;
      continue;
    }
    // From the middle up to here, no line has a time but the one that was found.
    if (timed !== undefined) found = timed.at;
    high = middle;
  }
  return found;
};

/** How much more slack local times need, where clocks were changed near the edge and the times name no zone. */
const clockSlack = (edgeTime: number, { zone }: LineContext): number => {
  if (zone !== undefined || !Number.isFinite(edgeTime)) return 0;
  const offset = (time: number): number => new Date(time).getTimezoneOffset();
  return offset(edgeTime - DAY) === offset(edgeTime + DAY) ? 0 : CLOCK_CHANGE;
};

/**
 * The part of a plain file in which all lines of a range of times stand; with them may be a few others. Lines without a time go
 * with the one before. Reads about two megabytes of a file in order, however long it is, and notices most of those that are not: the order is
 * checked at places all over the file and at every line around the edges.
 */
export const rangeOf = (fd: number, size: number, options: SeekOptions): ByteRange => {
  const whole: ByteRange = { start: 0, end: size, ordered: false };
  const since = options.since ?? Number.NEGATIVE_INFINITY;
  const until = options.until ?? Number.POSITIVE_INFINITY;
  if (since === Number.NEGATIVE_INFINITY && until === Number.POSITIVE_INFINITY) return whole;
  const times = openTimes(fd, size, options);
  const order = openOrder();
  const checkAround = (at: number): void => {
    for (const timed of times.between(Math.max(0, at - AROUND), Math.min(size, at + AROUND)))
      order.note(timed);
  };
  try {
    for (let check = 0; check < CHECKS; check++) {
      const timed = times.first(Math.floor((size / CHECKS) * check), size);
      if (timed !== undefined) order.note(timed);
    }
    if (!order.holds()) return whole;
    const earliest = since - SLACK - clockSlack(since, options.context);
    const latest = until + SLACK + clockSlack(until, options.context);
    const start = edge(times, size, order.note, (time) => time >= earliest);
    const end = edge(times, size, order.note, (time) => time > latest);
    checkAround(start);
    if (end !== start) checkAround(end);
    return order.holds() ? { start: Math.min(start, end), end, ordered: true } : whole;
  } catch (error) {
    if (error instanceof TooFar) return whole;
    throw error;
  }
};

/** Whether a file that was last written at `mtime` (ms) may hold lines since then: what is in it is no younger than that, give or take a clock. */
export const mayHoldSince = (mtime: number, since: number): boolean => mtime + SLACK >= since;
