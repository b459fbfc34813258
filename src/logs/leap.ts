/**
 * Lines from the newest on, leaping over stretches that nobody wants: a check asks for a line in ten minutes of hours, and what
 * it takes to read and search all that lies in between is a tenth of its time.
 */

import { BLOCK_BYTES, type Cursor, type OnTooLong, readFully, readHitsBackward } from './lines.js';
import { timeOf } from './time-index.js';

/** What is wanted next; whoever takes the lines sets it anew before each, and is told what became of it. */
export interface Wish {
  /** ms since 1970: samples of this time or later may be left out. */
  before: number;
  /** Whether some were, between the line given last and the one before it. */
  leapt?: boolean;
}

/** What a leap has to save: less is as quickly read, bytes. */
const WORTH = 96 * 1024;

/** A leap comes down so much nearer than it reckons, as lines are not all alike. */
const SHORT = 0.98;
const CARE = 8 * 1024;

/** Within so much there is mostly a whole line; where there is none, nobody leaps. */
const EDGE_BYTES = 16 * 1024;

/** A pace is told from lines so far apart, ms. */
const APART = 50_000;

/** A clock that was set back by less than this is no matter: records are further apart, s. */
const SLACK = 30;

const BOOT = Buffer.from('"boot":"');
const UPTIME = Buffer.from('"system":{"uptime_seconds":');

const NEWLINE = 10;
const QUOTE = 0x22;
const LONGEST_NUMBER = 24;

/** Where a line stands in time. */
interface Place {
  readonly time: number;
  readonly boot: string;
  readonly uptime: number;
}

/** Undefined for a line that does not say all of it. */
const placeOf = (line: Buffer): Place | undefined => {
  const time = timeOf(line);
  const boot = line.indexOf(BOOT);
  const uptime = line.indexOf(UPTIME);
  if (time === undefined || boot === -1 || uptime === -1) return undefined;
  const [from, number] = [boot + BOOT.length, uptime + UPTIME.length];
  return {
    time,
    boot: line.toString('latin1', from, line.indexOf(QUOTE, from)),
    uptime: Number.parseFloat(line.toString('latin1', number, number + LONGEST_NUMBER)),
  };
};

/** Whether time went on between them as it should: the clock was not set back where nobody looked. */
const isSound = (earlier: Place, later: Place): boolean =>
  earlier.boot === later.boot &&
  earlier.time <= later.time &&
  later.uptime - earlier.uptime <= (later.time - earlier.time) / 1000 + SLACK;

/** The last whole line before an offset; undefined where there is none so near. */
const lastLine = (fd: number, end: number, room: Buffer): Buffer | undefined => {
  const length = Math.min(EDGE_BYTES, end);
  const block = room.subarray(0, readFully(fd, room, 0, length, end - length));
  const stop = block.lastIndexOf(NEWLINE);
  const start = stop > 0 ? block.lastIndexOf(NEWLINE, stop - 1) : -1;
  return start === -1 ? undefined : block.subarray(start + 1, stop);
};

/**
 * The lines before an offset that contain some bytes, newest first, as `readHitsBackward` gives them, but for samples at
 * `wish.before` or later, which may be left out. How far to leap is reckoned from the lines before. A leap that came down beyond
 * what is wanted, or within which the machine booted or its clock was set back, counts for nothing: what is there is read.
 */
export function* leapBackward(
  fd: number,
  size: number,
  bytes: Buffer,
  wish: Wish,
  onTooLong?: OnTooLong,
): Generator<Buffer, void> {
  const cursor: Cursor = { end: 0 };
  // What is read, and what a leap reads: where it counts for nothing, the first is gone on with.
  const rooms = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)];
  let first: { readonly time: number; readonly end: number } | undefined;

  /** What there is beyond a leap from this line; undefined where it is better to walk. */
  const leap = (
    line: Buffer,
  ): { readonly lines: Generator<Buffer, void>; readonly next: Buffer } | undefined => {
    const [time, { end }] = [timeOf(line), cursor];
    if (time === undefined) return undefined;
    first ??= { time, end };
    if (first.time - time < APART) return undefined;
    const pace = (first.end - end) / (first.time - time);
    const aim = Math.floor(end - pace * (time - wish.before) * SHORT + CARE);
    const from = end - aim < WORTH || aim <= 0 ? undefined : placeOf(line);
    if (from === undefined) return undefined;
    // Times fall: where this line is not wanted yet, none was passed over that is.
    const edge = lastLine(fd, aim, rooms[1] as Buffer);
    if (edge === undefined || !((timeOf(edge) ?? Number.NaN) >= wish.before)) return undefined;
    const lines = readHitsBackward(fd, aim, bytes, onTooLong, cursor, rooms[1]);
    const next = lines.next().value;
    const down = next && placeOf(next);
    if (down === undefined || !isSound(down, from)) return undefined;
    rooms.reverse();
    return { lines, next: next as Buffer };
  };

  let lines = readHitsBackward(fd, size, bytes, onTooLong, cursor, rooms[0]);
  for (let line = lines.next().value; line; ) {
    yield line;
    const { end } = cursor;
    const leapt = leap(line);
    wish.leapt = leapt !== undefined;
    if (leapt !== undefined) ({ lines, next: line } = leapt);
    else {
      cursor.end = end;
      line = lines.next().value;
    }
  }
}
