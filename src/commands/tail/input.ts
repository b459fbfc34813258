/** What is tailed, opened: a file that can be sought, or a stream that is read as it comes. */

import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { World } from '../../world.js';

/** A name that stands for standard input. */
export const STDIN = '-';

/** As GNU tail names it. */
export const nameOf = (path: string): string => (path === STDIN ? 'standard input' : path);

export type InputKind = 'file' | 'pipe' | 'stream' | 'directory' | 'other';

export interface Input {
  readonly path: string;
  readonly kind: InputKind;
  /** Undefined for a standard input without one. */
  readonly fd: number | undefined;
  /** Where reading begins: standard input may have been read already. */
  readonly start: number;
}

/** Where a descriptor stands; only Linux tells (proc(5)). */
const offsetOf = (fd: number): number => {
  try {
    return Number(/^pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

const kindOf = (fd: number): InputKind => {
  const stat = fstatSync(fd);
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isFIFO() || stat.isSocket()) return 'pipe';
  return stat.isCharacterDevice() ? 'stream' : 'other';
};

/** Without O_NONBLOCK a named pipe would be waited for with everything else standing still. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens what a path names. Throws what the system says. */
export const openInput = (path: string, world: World): Input => {
  if (path === STDIN) {
    const fd = world.stdinDescriptor;
    const kind = fd === undefined ? 'pipe' : kindOf(fd);
    return { path, kind, fd, start: fd !== undefined && kind === 'file' ? offsetOf(fd) : 0 };
  }
  const fd = openSync(path, READ);
  return { path, kind: kindOf(fd), fd, start: 0 };
};

export const closeInput = ({ path, fd }: Input): void => {
  if (path !== STDIN && fd !== undefined) closeSync(fd);
};

const BLOCK_BYTES = 128 * 1024;

/** The bytes of a file from an offset to its end. Each block is its own: whoever writes may keep it. */
export function* readOn(fd: number, from: number): Generator<Buffer, number> {
  let at = from;
  for (;;) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const got = readSync(fd, block, 0, block.length, at);
    if (got === 0) return at;
    at += got;
    yield block.subarray(0, got);
  }
}

/** What is read as it comes, as a stream that closes the descriptor at its end. */
export const streamOf = ({ path, kind, fd }: Input, world: World): Readable => {
  if (path === STDIN || fd === undefined) return world.stdin;
  // A pipe's end comes only once somebody has written, or at least opened it for that.
  return kind === 'pipe' ? new Socket({ fd, readable: true, writable: false }) : createReadStream('', { fd });
};

/** Opens a pipe once more, so that it stays open behind its first end. */
export const openAgain = (path: string): number => openSync(path, READ);
