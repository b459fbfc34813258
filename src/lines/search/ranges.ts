/** A file in ranges of whole lines, for several threads. */

import { readSync } from 'node:fs';
import { type Feed, fileFeed } from './feed.js';

/** What one thread searches in one go, bytes. */
export const RANGE = 4 * 1024 * 1024;

/** Most lines are shorter. */
const PROBE = 4 * 1024;

/** Where the first line begins at `offset` or after it. */
const lineStart = (fd: number, offset: number, eol: number, size: number): number => {
  if (offset <= 0) return 0;
  const probe = Buffer.allocUnsafe(PROBE);
  for (let at = offset - 1; at < size; ) {
    const count = readSync(fd, probe, 0, PROBE, at);
    if (count === 0) break;
    const found = probe.subarray(0, count).indexOf(eol);
    if (found !== -1) return at + found + 1;
    at += count;
  }
  return size;
};

export interface RangedFile {
  readonly fd: number;
  /** Offset at which a line begins. */
  readonly start: number;
  /** What was written later is not looked at. */
  readonly size: number;
  readonly eol: number;
}

export const rangeCount = ({ start, size }: RangedFile): number => Math.ceil((size - start) / RANGE);

/** The lines that begin in the range with this number, and where the first of them does. */
export const openRange = (
  { fd, start, size, eol }: RangedFile,
  index: number,
): { readonly feed: Feed; readonly origin: number } => {
  const begin = start + index * RANGE;
  const end = begin + RANGE;
  const origin = index === 0 ? start : lineStart(fd, begin, eol, size);
  const stop = end >= size ? size : lineStart(fd, end, eol, size);
  return { feed: { ...fileFeed(fd, { start: origin, end: stop }), close: () => {} }, origin };
};
