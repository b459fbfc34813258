/**
 * Whole lines of a file, forwards and backwards, read synchronously in blocks. Each line is a view of a buffer that is
 * used again: it holds until the next line is asked for. Bytes after the last newline are no line yet.
 */

import { readSync } from 'node:fs';

/** One read of this size finds the newest record of a log. */
export const BLOCK_BYTES = 64 * 1024;

/** Nothing that writes records makes longer lines: such are zeros left by a crash, or no text at all. They are passed over. */
export const LONGEST_LINE = 64 * 1024 * 1024;

const NEWLINE = 10;

/** Reads as much as there is; fewer bytes than asked for only where the file ends. */
export const readFully = (fd: number, buffer: Buffer, from: number, length: number, at: number): number => {
  let done = 0;
  while (done < length) {
    const got = readSync(fd, buffer, from + done, length - done, at + done);
    if (got === 0) break;
    done += got;
  }
  return done;
};

/** Where a reader is: the offset just behind the newline of the line it gave last. */
export interface Cursor {
  end: number;
}

/** Told of each line that is passed over. */
export type OnTooLong = () => void;

/** The lines between two offsets, oldest first, without their newline. `start` is where a line begins. */
export function* readLines(
  fd: number,
  start: number,
  end: number,
  cursor?: Cursor,
  onTooLong?: OnTooLong,
): Generator<Buffer, void> {
  let buffer = Buffer.allocUnsafe(Math.max(1, Math.min(BLOCK_BYTES, end - start)));
  let held = 0;
  let tooLong = false;
  for (let at = start; at < end; ) {
    if (held === buffer.length && held >= LONGEST_LINE) {
      if (!tooLong) onTooLong?.();
      held = 0;
      tooLong = true;
    } else if (held === buffer.length) {
      const larger = Buffer.allocUnsafe(buffer.length * 2);
      buffer.copy(larger, 0, 0, held);
      buffer = larger;
    }
    const got = readFully(fd, buffer, held, Math.min(buffer.length - held, end - at), at);
    if (got === 0) return;
    at += got;
    const filled = buffer.subarray(0, held + got);
    let from = 0;
    for (let cut = filled.indexOf(NEWLINE, held); cut !== -1; cut = filled.indexOf(NEWLINE, from)) {
      if (cursor !== undefined) cursor.end = at - filled.length + cut + 1;
      if (!tooLong) yield filled.subarray(from, cut);
      tooLong = false;
      from = cut + 1;
    }
    buffer.copyWithin(0, from, filled.length);
    held = filled.length - from;
  }
}

/** The lines before an offset, newest first, without their newline. */
export function* readLinesBackward(fd: number, end: number, onTooLong?: OnTooLong): Generator<Buffer, void> {
  let buffer = Buffer.allocUnsafe(Math.max(1, Math.min(BLOCK_BYTES, end)));
  // What is read and not given yet lies between these; it has no newline where it was looked through.
  let head = buffer.length;
  let tail = buffer.length;
  // Only what is between two newlines, or the start of the file and a newline, is a line.
  let whole = false;
  for (let at = end; at > 0; ) {
    if (head === 0) {
      if (tail >= LONGEST_LINE) {
        if (whole) onTooLong?.();
        tail = 0;
        whole = false;
      }
      const next = tail > buffer.length / 2 ? Buffer.allocUnsafe(buffer.length * 2) : buffer;
      head = next.length - tail;
      buffer.copy(next, head, 0, tail);
      tail = next.length;
      buffer = next;
    }
    const length = Math.min(head, at);
    // A file that was cut short meanwhile ends here.
    if (readFully(fd, buffer, head - length, length, at - length) < length) return;
    at -= length;
    const base = head - length;
    const fresh = buffer.subarray(base, head);
    head = base;
    for (let cut = fresh.lastIndexOf(NEWLINE); cut !== -1; ) {
      if (whole) yield buffer.subarray(base + cut + 1, tail);
      whole = true;
      tail = base + cut;
      cut = cut === 0 ? -1 : fresh.lastIndexOf(NEWLINE, cut - 1);
    }
  }
  if (whole) yield buffer.subarray(head, tail);
}

/**
 * Those of the lines before an offset that contain some bytes, newest first. The others are never looked at one by one,
 * which is what makes it fast: a native search jumps from hit to hit. `room` is used before new memory is.
 */
export function* readHitsBackward(
  fd: number,
  end: number,
  bytes: Buffer,
  onTooLong?: OnTooLong,
  cursor?: Cursor,
  room?: Buffer,
): Generator<Buffer, void> {
  let size = BLOCK_BYTES;
  let buffer = room ?? Buffer.allocUnsafe(Math.max(1, Math.min(size, end)));
  // Bytes after the last newline are no line yet.
  let whole = false;
  for (let tail = end; tail > 0; ) {
    const length = Math.min(size, tail);
    if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
    const block = buffer.subarray(0, length);
    if (readFully(fd, block, 0, length, tail - length) < length) return;
    const from = length === tail ? 0 : block.indexOf(NEWLINE) + 1;
    const to = whole ? length : block.lastIndexOf(NEWLINE) + 1;
    if (to <= from) {
      // Not a whole line in it: more at once, as far as a line may be long.
      if (length === tail) return;
      if (size < LONGEST_LINE) size *= 2;
      else {
        if (whole) onTooLong?.();
        // What is before belongs to the same line.
        whole = false;
        tail -= length;
      }
      continue;
    }
    for (let lines = block.subarray(from, to), at = lines.lastIndexOf(bytes); at >= 0; ) {
      const start = lines.lastIndexOf(NEWLINE, at) + 1;
      const stop = lines.indexOf(NEWLINE, at);
      if (cursor !== undefined) cursor.end = tail - length + from + stop + 1;
      yield lines.subarray(start, stop);
      lines = lines.subarray(0, start);
      at = lines.lastIndexOf(bytes);
    }
    tail -= length - from;
    whole = true;
    size = BLOCK_BYTES;
  }
}

/** The lines of a text held in memory, oldest first. */
export function* linesIn(text: Buffer): Generator<Buffer, void> {
  let from = 0;
  for (let cut = text.indexOf(NEWLINE); cut !== -1; cut = text.indexOf(NEWLINE, from)) {
    yield text.subarray(from, cut);
    from = cut + 1;
  }
}

/** The lines of a text held in memory, newest first. */
export function* linesInBackward(text: Buffer): Generator<Buffer, void> {
  for (let tail = text.lastIndexOf(NEWLINE); tail >= 0; ) {
    const cut = tail === 0 ? -1 : text.lastIndexOf(NEWLINE, tail - 1);
    yield text.subarray(cut + 1, tail);
    tail = cut;
  }
}
