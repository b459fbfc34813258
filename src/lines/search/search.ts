/** Leads a text through a scan, block by block. */

import { UserError } from '../../exit.js';
import type { Feed } from './feed.js';
import type { Records } from './records.js';
import type { Scan } from './scan.js';
import type { View } from './view.js';

/** What is read at a time, bytes. Longer records make it grow. */
const BLOCK = 1024 * 1024;

/**
 * What is made a string at a time: V8 keeps strings up to 128 KiB with its young objects, where a dead one costs nothing; a
 * longer one is allocated apart, and that is more work than to search it.
 */
const PIECE = 96 * 1024;

/** Read in one go without a look at anything else, blocks. */
const TURN = 4;

export interface SearchOptions {
  readonly eol: number;
  /** Offset in the text at which the feed begins. */
  readonly origin?: number;
  /** A byte without which nothing is found, where nothing is done with what is not found. */
  readonly needed?: number;
  /** Called before the bytes up to `end` are written over. */
  readonly settle: (end: number) => void;
  /** Called now and then. Gives whether to go on. */
  readonly between: () => Promise<boolean> | boolean;
}

export const newView = (): View => ({ bytes: Buffer.allocUnsafeSlow(BLOCK), origin: 0, base: 0 });

/** The text from `start` to `end`, piece by piece. Gives whether it is enough. */
const scanBlock = (
  view: View,
  scan: Scan,
  records: Records,
  eol: number,
  start: number,
  end: number,
  needed: number | undefined,
): boolean => {
  const { bytes } = view;
  for (let at = start; at < end; ) {
    if (needed !== undefined) {
      // No string is made of what lies before it.
      const next = bytes.indexOf(needed, at);
      if (next === -1 || next >= end) return false;
      at = Math.max(at, bytes.lastIndexOf(eol, next) + 1);
    }
    let stop = end;
    if (end - at > PIECE) {
      stop = bytes.lastIndexOf(eol, at + PIECE - 1) + 1;
      if (stop <= at) stop = bytes.indexOf(eol, at + PIECE) + 1;
      if (!records.areLines) {
        const floor = records.start(view, stop, at);
        stop = floor > at ? floor : records.end(view, at);
      }
    }
    view.base = at;
    if (scan.piece(bytes.toString('latin1', at, stop))) return true;
    at = stop;
  }
  return false;
};

/** V8's strings end at 2^29 - 24 characters. */
const LONGEST = 2 ** 29 - 24;

/** Twice the room, for a line that does not fit. */
const grow = (view: View, used: number): void => {
  if (used >= LONGEST) throw new UserError('a line is longer than 512 MB');
  const bytes = Buffer.allocUnsafeSlow(Math.min(view.bytes.length * 2, LONGEST + 1));
  view.bytes.copy(bytes, 0, 0, used);
  view.bytes = bytes;
};

/** Searches all that the feed gives, with a scan that has begun. */
export const search = async (
  feed: Feed,
  view: View,
  scan: Scan,
  records: Records,
  { eol, origin = 0, needed, settle, between }: SearchOptions,
): Promise<void> => {
  if (view.bytes.length > BLOCK) view.bytes = Buffer.allocUnsafeSlow(BLOCK);
  view.origin = origin;
  /** Where records begin that were not looked at; up to where lines are whole; up to where there are bytes. */
  let fresh = 0;
  let whole = 0;
  let used = 0;
  for (let turn = 1; ; turn++) {
    const filled = feed.fill(view.bytes, used);
    const count = typeof filled === 'number' ? filled : await filled;
    const isLast = count === 0;
    if (isLast && whole < used) view.bytes[used++] = eol;
    // Only what is new is looked through for a line end, else a long line would be gone over again and again.
    const cut = isLast ? used : view.bytes.subarray(used, used + count).lastIndexOf(eol) + 1;
    const noted = whole;
    if (isLast) whole = used;
    else if (cut > 0) whole = used + cut;
    used += count;
    if (whole > noted || isLast) {
      const end = records.note(view, noted, whole, isLast);
      if (end > fresh) {
        const isEnough = scanBlock(view, scan, records, eol, fresh, end, needed);
        const keep = isEnough ? end : scan.keepFrom(end);
        settle(keep);
        if (isEnough) return;
        view.bytes.copyWithin(0, keep, used);
        view.origin += keep;
        records.forget(view, 0);
        fresh = end - keep;
        whole -= keep;
        used -= keep;
      }
    }
    if (isLast) return;
    if ((feed.isLive || turn % TURN === 0) && !(await between())) return;
    if (used === view.bytes.length) grow(view, used);
  }
};
