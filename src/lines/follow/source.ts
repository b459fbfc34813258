/** One open file that is read on as it grows. */

import type { Clock } from '../../core/clock.js';
import { type FileSystem, realFileSystem, type Status } from './file-system.js';
import {
  BEFORE,
  type Fingerprint,
  openFingerprint,
  type ReadAt,
  type Seen,
  takeSeen,
} from './fingerprint.js';
import type { Place } from './types.js';
import { holdUnfinished, type Unfinished } from './unfinished.js';

export type Step =
  /** Bytes that came; valid until the next step of any source. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** What was read is there no more; see `Happening`. */
  | {
      readonly kind: 'truncated';
      readonly how: 'shorter' | 'rewritten' | 'cut';
      readonly offset: number;
      readonly print: Fingerprint;
    }
  /** Nothing to show yet, but there is more to read. */
  | { readonly kind: 'skipped' }
  | { readonly kind: 'end' };

export interface Source {
  readonly fd: number;
  readonly dev: Status['dev'];
  readonly ino: Status['ino'];
  readonly isStream: boolean;
  /** Of another file that was truncated: it does not grow. */
  readonly isCopy: boolean;
  /** The last line, as far as it came. */
  readonly unfinished: Unfinished;
  /** Whether the last byte that came ended a line. */
  readonly endsLine: () => boolean;
  readonly offset: () => number;
  /** What it held when it was last read. */
  readonly print: () => Fingerprint;
  /** Monotonic seconds when it last grew, or was opened. */
  readonly grownAt: () => number;
  /** Reads a block. Throws what the system says. */
  readonly step: () => Step;
  /** Whether it holds more than was read. */
  readonly hasMore: () => boolean;
  /** Whether its last name is gone. */
  readonly isDeleted: () => boolean;
  readonly close: () => void;
}

/** What the sources of one follower share. */
export interface Reading {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly separator: number;
  readonly block: Uint8Array;
  /** What a second look at a block finds. */
  readonly second: Uint8Array;
}

export const openReading = (fileSystem: FileSystem, clock: Clock, separator: number): Reading => ({
  fileSystem,
  clock,
  separator,
  block: Buffer.allocUnsafeSlow(256 * 1024),
  second: Buffer.allocUnsafeSlow(256 * 1024),
});

/** A file's times have a grain of some ms: what changed within it after a look shows no change. */
const GRAIN = 50;

/** Whether a status taken at `now` can be trusted to change when the file does. */
export const isSettled = (status: Status, now: number): boolean =>
  Math.max(status.ctime, status.mtime) < now - GRAIN;

/** As many as there are, up to `length`; a read may give fewer than there are. */
export const readerAt =
  (fileSystem: FileSystem, fd: number, into: Uint8Array): ReadAt =>
  (position, length) => {
    let done = 0;
    while (done < length) {
      const read = fileSystem.read(fd, into.subarray(done), length - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return into.subarray(0, done);
  };

/** What an open file holds before `offset`, for who reads on from there later. */
export const seenBefore = (fd: number, offset: number, fileSystem: FileSystem = realFileSystem): Seen =>
  takeSeen(offset, readerAt(fileSystem, fd, Buffer.allocUnsafe(BEFORE)));

/** Whatever a stream gave is gone from it: there is nothing to compare. */
const NOTHING: ReadAt = () => new Uint8Array();

/** Reads an open file on from `start`. `seen`: what was read before it, by whoever did. */
export const openSource = (
  reading: Reading,
  fd: number,
  status: Status,
  start: number,
  { isCopy = false, seen }: { readonly isCopy?: boolean; readonly seen?: Seen | undefined } = {},
): Source => {
  const { fileSystem, clock, separator, block, second } = reading;
  const { dev, ino } = status;
  const isStream = status.kind !== 'file';
  const peek: ReadAt = isStream ? NOTHING : readerAt(fileSystem, fd, second);
  let offset = isStream ? 0 : start;
  let print = openFingerprint(offset, seen ?? takeSeen(offset, peek));
  let endsLine = offset === 0 || print.seen().before.at(-1) === separator;
  let grownAt = clock.monotonic();
  let isDeleted = status.links === 0;
  /** The status with which all was found as remembered, where that says anything. */
  let checked: Status | undefined;
  /** Who writes on at an old place after a truncation leaves a hole before it, which reads as NULs. */
  let mayHaveHole = false;
  const unfinished = holdUnfinished(separator);

  const truncated = (): Step => {
    const { size } = fileSystem.fstat(fd);
    const was = { offset, print };
    checked = undefined;
    if (size < offset && print.matchesUpTo(size, peek)) {
      unfinished.cut(offset - size);
      print.cut(size);
      endsLine = print.seen().before.at(-1) === separator;
      offset = size;
      return { kind: 'truncated', how: 'cut', ...was };
    }
    offset = 0;
    print = openFingerprint(0, takeSeen(0, peek));
    endsLine = true;
    mayHaveHole = separator !== 0;
    return { kind: 'truncated', how: size < was.offset ? 'shorter' : 'rewritten', ...was };
  };

  /** Whether the file holds at this moment what the block was read to hold. */
  const isStillThere = (bytes: Uint8Array): boolean =>
    Buffer.compare(peek(offset, bytes.length), bytes) === 0;

  const moveOn = (bytes: Uint8Array): void => {
    offset += bytes.length;
    if (!isStream) print.note(bytes);
    endsLine = bytes.at(-1) === separator;
    grownAt = clock.monotonic();
  };

  const skipHole = (bytes: Uint8Array): Step => {
    let start = 0;
    while (start < bytes.length && bytes[start] === 0) start++;
    if (start === bytes.length) return { kind: 'skipped' };
    mayHaveHole = false;
    return { kind: 'bytes', bytes: bytes.subarray(start) };
  };

  const stepStream = (): Step => {
    const read = fileSystem.read(fd, block, block.length, undefined);
    if (read === 0) return { kind: 'end' };
    const bytes = block.subarray(0, read);
    moveOn(bytes);
    return { kind: 'bytes', bytes };
  };

  const stepFile = (): Step => {
    const now = fileSystem.fstat(fd);
    isDeleted = now.links === 0;
    if (now.size < offset) return truncated();
    const read = fileSystem.read(fd, block, block.length, offset);
    if (read === 0) {
      const isSame = checked?.size === now.size && checked.mtime === now.mtime && checked.ctime === now.ctime;
      if (isSame) return { kind: 'end' };
      if (!print.matches(peek)) return truncated();
      checked = isSettled(now, clock.now()) ? now : undefined;
      return { kind: 'end' };
    }
    const bytes = block.subarray(0, read);
    // Only now, since the file may have been rewritten between a look before and the read. If what was read is still there, it belongs to what
    // replaced the old content, and comes in its turn; if not, it was the old content's last.
    if (!print.matches(peek) && isStillThere(bytes)) return truncated();
    moveOn(bytes);
    return mayHaveHole ? skipHole(bytes) : { kind: 'bytes', bytes };
  };

  return {
    fd,
    dev,
    ino,
    isStream,
    isCopy,
    unfinished,
    endsLine: () => endsLine,
    offset: () => offset,
    print: () => print,
    grownAt: () => grownAt,
    step: isStream ? stepStream : stepFile,
    hasMore: () => isStream || fileSystem.fstat(fd).size > offset,
    isDeleted: () => isDeleted,
    close: () => fileSystem.close(fd),
  };
};

/** Up to where a source was given: what it holds back of its last line is not. */
export const placeOf = (source: Source): Place => {
  const held = source.unfinished.length();
  const offset = source.offset() - held;
  const { head, before } = source.print().seen();
  return {
    fd: source.fd,
    offset,
    seen: {
      head: head.subarray(0, Math.min(head.length, offset)),
      before: before.subarray(0, Math.max(0, before.length - held)),
    },
  };
};
