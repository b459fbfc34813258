/**
 * A file of a log in pieces of whole lines, each of which can be read by itself: the members of a compressed archive, or
 * stretches of a plain file. No descriptor is kept between two readings: what is looked at for hours must not
 * hold back the space of files that were given up meanwhile.
 */

import { closeSync, fstatSync, readSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { systemReason } from '../exit.js';
import { readFully, readLines } from './lines.js';
import { findParts, inflate, inflateAside, type OnProblem, openIfThere } from './log-file.js';
import type { MemberTimes } from './member.js';
import { timesOf } from './time-index.js';

export interface Piece {
  readonly start: number;
  /** Length in the file. */
  readonly bytes: number;
}

export interface PiecedFile {
  readonly path: string;
  /** In the file's order, up to where it ended when it was last looked at. */
  readonly pieces: () => readonly Piece[];
  /** Which times a piece holds. A plain one is read for it, once. */
  readonly timesOf: (piece: Piece) => MemberTimes;
  /** The lines of a piece; none where it is damaged. */
  readonly read: (piece: Piece) => Buffer;
  /** The same without stopping anybody: decompressed in another thread. */
  readonly readAside: (piece: Piece) => Promise<Buffer>;
  /** Takes in what was appended. False where another file is at the path, or it was written anew. */
  readonly follow: (now: Stats) => boolean;
}

/** The file at a path is no more the one that was looked at: rotated, compressed or given up. All of it is to be listed anew. */
export class FileMoved extends Error {}

const STRETCH_BYTES = 256 * 1024;
const BLOCK_BYTES = 16 * 1024;
const NEWLINE = 10;
/** Enough to tell a file from what was written in its place: level and time of its first line. */
const HEAD_BYTES = 48;

/** Offset just behind the first newline from `at` on; `size` where there is none before it. */
const nextLine = (fd: number, at: number, size: number): number => {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let from = at; from < size; from += BLOCK_BYTES) {
    const got = readSync(fd, block, 0, Math.min(BLOCK_BYTES, size - from), from);
    if (got === 0) return size;
    const cut = block.subarray(0, got).indexOf(NEWLINE);
    if (cut !== -1) return from + cut + 1;
  }
  return size;
};

/** The rest of a plain file in stretches. The last one may end with part of a line, which is no line yet. */
const cutStretches = (fd: number, start: number, size: number): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (let at = start; at < size; ) {
    const end = at + STRETCH_BYTES >= size ? size : nextLine(fd, at + STRETCH_BYTES - 1, size);
    pieces.push({ start: at, bytes: end - at });
    at = end;
  }
  return pieces;
};

const headOf = (fd: number): string => {
  const head = Buffer.alloc(HEAD_BYTES);
  return head.toString('latin1', 0, readFully(fd, head, 0, HEAD_BYTES, 0));
};

/** Opens nothing yet. What cannot be read is told to `onProblem` and counts for empty; a file that is not there throws FileMoved. */
export const pieceFile = (path: string, onProblem: OnProblem): PiecedFile => {
  const name = basename(path);
  const isPacked = name.endsWith('.gz');
  let known: Pick<Stats, 'dev' | 'ino'> | undefined;
  let head = '';
  let all: readonly Piece[] | undefined;
  const times = new Map<Piece, MemberTimes>();

  const open = (): number => {
    const fd = openIfThere(path);
    if (fd === undefined) throw new FileMoved(path);
    const { dev, ino } = fstatSync(fd);
    known ??= { dev, ino };
    if (dev === known.dev && ino === known.ino) return fd;
    closeSync(fd);
    throw new FileMoved(path);
  };

  /** Gives the descriptor to `use` for as long as that runs; `otherwise` where the system does not let it be read. */
  const withFile = <T>(use: (fd: number) => T, otherwise: T): T => {
    let fd: number | undefined;
    try {
      fd = open();
      return use(fd);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      onProblem(`${name}: ${systemReason(error)}`);
      return otherwise;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  };

  const cut = (fd: number): readonly Piece[] => {
    const { size } = fstatSync(fd);
    head = headOf(fd);
    if (!isPacked) return cutStretches(fd, 0, size);
    const parts = findParts(fd, size);
    for (const part of parts) times.set(part, part);
    return parts;
  };

  const readPlain = (fd: number, { start, bytes }: Piece): Buffer => {
    const text = Buffer.allocUnsafe(bytes);
    return text.subarray(0, readFully(fd, text, 0, bytes, start));
  };

  const damaged = ({ start, bytes }: Piece, error: unknown): Buffer => {
    onProblem(`${name}: ${bytes} bytes from offset ${start} are damaged: ${(error as Error).message}`);
    return Buffer.alloc(0);
  };

  const readPacked = (fd: number, piece: Piece): Buffer => {
    try {
      return inflate(fd, piece);
    } catch (error) {
      return damaged(piece, error);
    }
  };

  return {
    path,
    pieces: () => {
      all ??= withFile(cut, []);
      return all;
    },
    timesOf: (piece) => {
      const { start, bytes } = piece;
      const found =
        times.get(piece) ?? withFile((fd) => timesOf(readLines(fd, start, start + bytes)), timesOf([]));
      times.set(piece, found);
      return found;
    },
    read: (piece) =>
      withFile((fd) => (isPacked ? readPacked(fd, piece) : readPlain(fd, piece)), Buffer.alloc(0)),
    readAside: async (piece) => {
      if (isPacked) {
        const nothing = Promise.resolve<Buffer>(Buffer.alloc(0));
        return withFile((fd) => inflateAside(fd, piece), nothing).catch((error) => damaged(piece, error));
      }
      await setImmediate();
      return withFile((fd) => readPlain(fd, piece), Buffer.alloc(0));
    },
    follow: (now) => {
      if (known === undefined || all === undefined) return true;
      if (now.ino !== known.ino || now.dev !== known.dev) return false;
      const before = all;
      const last = before.at(-1) ?? { start: 0, bytes: 0 };
      const reached = last.start + last.bytes;
      return withFile((fd) => {
        const { size } = fstatSync(fd);
        const first = headOf(fd);
        if (size < reached || !first.startsWith(head)) return false;
        if (size === reached) return true;
        head = first;
        all = [...before.slice(0, -1), ...cutStretches(fd, last.start, size)];
        times.delete(last);
        return true;
      }, true);
    },
  };
};
