/** Files in blocks of whole lines, forwards and from the end back. */

import { readSync } from 'node:fs';

/** The first block backwards is what a short look needs; all others are read at full speed. */
const FIRST_BLOCK = 64 * 1024;
const BLOCK = 256 * 1024;

/** Blocks of whole lines between two offsets, the last first. A line that is longer is a block of its own. */
export function* blocksBackward(
  fd: number,
  start: number,
  end: number,
  separator: number,
): Generator<Buffer, void> {
  let size = FIRST_BLOCK;
  for (let to = end; to > start; size = BLOCK) {
    let from = Math.max(start, to - size);
    let block = read(fd, from, to);
    let cut = block.indexOf(separator) + 1;
    // The line that reaches over the beginning belongs to the block before; if it is all there is, more is read.
    while (from > start && (cut === 0 || cut >= block.length)) {
      if (block.length === 0) return;
      from = Math.max(start, to - (to - from) * 2);
      block = read(fd, from, to);
      cut = block.indexOf(separator) + 1;
    }
    if (block.length === 0) return;
    if (from === start) cut = 0;
    yield block.subarray(cut);
    to = from + cut;
  }
}

const read = (fd: number, from: number, to: number): Buffer => {
  const block = Buffer.allocUnsafe(to - from);
  let done = 0;
  while (done < block.length) {
    const got = readSync(fd, block, done, block.length - done, from + done);
    if (got === 0) break;
    done += got;
  }
  return block.subarray(0, done);
};

/** Blocks of whole lines from an offset up to another, the last perhaps without its end; to the file's end where that comes before. */
export function* splitForward(
  fd: number,
  start: number,
  end: number,
  separator: number,
): Generator<Buffer, void> {
  let rest: Buffer[] = [];
  for (let at = start; at < end; ) {
    const block = read(fd, at, Math.min(end, at + BLOCK));
    if (block.length === 0) break;
    at += block.length;
    const cut = block.lastIndexOf(separator) + 1;
    if (cut > 0) {
      yield rest.length === 0 ? block.subarray(0, cut) : Buffer.concat([...rest, block.subarray(0, cut)]);
      rest = [];
    }
    if (cut < block.length) rest.push(block.subarray(cut));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** A text in blocks of whole lines, the last first. */
export function* splitBackward(text: Buffer, separator: number): Generator<Buffer, void> {
  for (let to = text.length; to > 0; ) {
    const from = to <= BLOCK ? 0 : text.lastIndexOf(separator, to - BLOCK) + 1;
    yield text.subarray(from, to);
    to = from;
  }
}

/** Offset up to which there are whole lines. */
export const wholeUntil = (fd: number, end: number, separator: number): number => {
  for (let to = end; to > 0; to -= Math.min(FIRST_BLOCK, to)) {
    const from = Math.max(0, to - FIRST_BLOCK);
    const at = read(fd, from, to).lastIndexOf(separator);
    if (at >= 0) return from + at + 1;
  }
  return 0;
};
