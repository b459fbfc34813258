/** Where bytes come from: files, compressed ones, streams. */

import { closeSync, createReadStream, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export interface Feed {
  /** Puts what comes next into the buffer at `at`, as much as fits or is there; gives how much that was, 0 at the end. */
  readonly fill: (buffer: Buffer, at: number) => number | Promise<number>;
  readonly close: () => void;
  /** Bytes come when they come, and what is found is shown at once. */
  readonly isLive: boolean;
}

/** A part of a file, from `start` to before `end` where they are given; else on from where its descriptor stands. */
export const fileFeed = (
  fd: number,
  { start, end = Number.POSITIVE_INFINITY }: { readonly start?: number; readonly end?: number } = {},
): Feed => {
  let position = start ?? null;
  return {
    fill: (buffer, at) => {
      const room = Math.min(buffer.length - at, end - (position ?? 0));
      const count = room <= 0 ? 0 : readSync(fd, buffer, at, room, position);
      if (position !== null) position += count;
      return count;
    },
    close: () => closeSync(fd),
    isLive: false,
  };
};

/** What a stream gives, chunk by chunk. */
export const streamFeed = (stream: Readable, isLive: boolean): Feed => {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  let chunk: Buffer = Buffer.alloc(0);
  return {
    fill: async (buffer, at) => {
      while (chunk.length === 0) {
        const { done, value } = await chunks.next();
        if (done === true) return 0;
        chunk = typeof value === 'string' ? Buffer.from(value) : value;
      }
      const count = chunk.copy(buffer, at);
      chunk = chunk.subarray(count);
      return count;
    },
    close: () => {
      stream.destroy();
    },
    isLive,
  };
};

/** How much is read and decompressed at a time. */
const CHUNK = 256 * 1024;

/** What a gzip file holds, all of its members (RFC 1952). Fails where it is cut short or damaged, after what is whole. */
export const gzipFeed = (fd: number, part?: { readonly start: number; readonly end: number }): Feed => {
  // The last byte of a stream's range is in it.
  const range = part === undefined ? { start: 0 } : { start: part.start, end: part.end - 1 };
  const file = createReadStream('', { ...range, fd, autoClose: part === undefined, highWaterMark: CHUNK });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  file.on('error', (error) => gunzip.destroy(error));
  const feed = streamFeed(file.pipe(gunzip), false);
  return {
    ...feed,
    close: () => {
      feed.close();
      file.destroy();
    },
  };
};

const GZIP = [0x1f, 0x8b, 8];

/** Whether a file begins as gzip files do. */
export const isGzip = (fd: number): boolean => {
  const head = Buffer.alloc(GZIP.length);
  return readSync(fd, head, 0, head.length, 0) === head.length && GZIP.every((byte, at) => head[at] === byte);
};

/** One after the other, as one text; the line that one ends in is its own, whether it is finished or not. */
export const chainFeeds = (open: readonly (() => Feed)[], eol: number): Feed => {
  let next = 0;
  let current: Feed | undefined;
  let last = eol;
  const advance = (): boolean => {
    current?.close();
    current = open[next++]?.();
    return current !== undefined;
  };
  const take = (buffer: Buffer, at: number, count: number): number | Promise<number> => {
    if (count > 0) {
      last = buffer[at + count - 1] as number;
      return count;
    }
    if (next < open.length && last !== eol) {
      buffer[at] = eol;
      last = eol;
      return 1;
    }
    return advance() ? fill(buffer, at) : 0;
  };
  const fill = (buffer: Buffer, at: number): number | Promise<number> => {
    if (current === undefined && !advance()) return 0;
    const filled = (current as Feed).fill(buffer, at);
    return typeof filled === 'number'
      ? take(buffer, at, filled)
      : filled.then((count) => take(buffer, at, count));
  };
  return { fill, close: () => current?.close(), isLive: false };
};
