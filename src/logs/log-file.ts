/** One file of a log, plain or compressed, opened for reading. */

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { leapBackward, type Wish } from './leap.js';
import {
  LONGEST_LINE,
  linesIn,
  linesInBackward,
  readFully,
  readHitsBackward,
  readLines,
  readLinesBackward,
} from './lines.js';
import { MEMBER_HEADER_BYTES, type MemberTimes, readMember } from './member.js';
import { indexTimes, overlaps, type Stretch, type TimeRange } from './time-index.js';

/** Lines are views that hold until the next one is asked for. */
export interface LogFile {
  /** All lines that may be of these times, and some that are not, in the file's order. */
  readonly lines: (range: TimeRange) => Generator<Buffer, void>;
  /** All lines, newest first; only those that contain these bytes, where they are given, and those of them that are wished for. */
  readonly linesBackward: (containing?: Buffer, wish?: Wish) => Generator<Buffer, void>;
  readonly close: () => void;
}

/** Told in words what could not be read. */
export type OnProblem = (text: string) => void;

export const ALWAYS: TimeRange = { since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

const isAlways = ({ since, until }: TimeRange): boolean => since === ALWAYS.since && until === ALWAYS.until;

/** The file as it is now: what is appended later is not read. */
export const openPlain = (fd: number, name: string, onProblem: OnProblem): LogFile => {
  const { size } = fstatSync(fd);
  let index: readonly Stretch[] | undefined;
  let said = false;
  const sayTooLong = (): void => {
    if (!said) onProblem(`${name}: a line of more than ${LONGEST_LINE / 1024 ** 2} MiB is left out`);
    said = true;
  };
  return {
    *lines(range) {
      if (isAlways(range)) return yield* readLines(fd, 0, size, undefined, sayTooLong);
      index ??= indexTimes(fd, size);
      for (const stretch of index)
        if (overlaps(stretch, range)) yield* readLines(fd, stretch.start, stretch.end, undefined, sayTooLong);
    },
    linesBackward: (containing, wish) => {
      if (containing === undefined) return readLinesBackward(fd, size, sayTooLong);
      return wish === undefined
        ? readHitsBackward(fd, size, containing, sayTooLong)
        : leapBackward(fd, size, containing, wish, sayTooLong);
    },
    close: () => closeSync(fd),
  };
};

/** A run of whole lines in an archive: one member. */
export interface Part extends MemberTimes {
  readonly start: number;
  readonly bytes: number;
  /** What it says that it decompresses to. */
  readonly plainBytes?: number;
}

/** The members of an archive. From where there is none of ours, as after another gzip, the rest is one part of any time. */
export const findParts = (fd: number, size: number): readonly Part[] => {
  const parts: Part[] = [];
  const header = Buffer.allocUnsafe(MEMBER_HEADER_BYTES);
  for (let start = 0; start < size; ) {
    const got = readSync(fd, header, 0, header.length, start);
    const member = readMember(header.subarray(0, got));
    if (member === undefined || member.bytes <= MEMBER_HEADER_BYTES || start + member.bytes > size) {
      parts.push({ start, bytes: size - start, earliest: ALWAYS.since, latest: ALWAYS.until });
      break;
    }
    parts.push({ start, ...member });
    start += member.bytes;
  }
  return parts;
};

type Zlib = typeof import('node:zlib');

let zlib: Zlib | undefined;

/** zlib costs 2 ms to load, and most readers never open an archive. */
const loadZlib = (): Zlib => {
  zlib ??= createRequire(import.meta.url)('node:zlib') as Zlib;
  return zlib;
};

const readPacked = (fd: number, { start, bytes }: Pick<Part, 'start' | 'bytes'>): Buffer => {
  const packed = Buffer.allocUnsafe(bytes);
  return packed.subarray(0, readFully(fd, packed, 0, bytes, start));
};

type Packed = Pick<Part, 'start' | 'bytes' | 'plainBytes'>;

/** Each of zlib's own 16 KiB costs a way to another thread and back, a third of all the time, and all are copied into one. */
const CHUNK_BYTES = 256 * 1024;
/** A member that says to be larger is believed so far. */
const LARGEST_CHUNK = 4 * 1024 * 1024;

/** What zlib gives back at once: all of it, where that is known. With room to spare it need not ask for more. */
const chunkFor = ({ plainBytes }: Packed): number =>
  plainBytes === undefined ? CHUNK_BYTES : Math.min(LARGEST_CHUNK, plainBytes + 64);

/** Throws where the data is damaged; what is cut off at its end gives what there is. */
export const inflate = (fd: number, part: Packed): Buffer => {
  const { gunzipSync, constants } = loadZlib();
  return gunzipSync(readPacked(fd, part), {
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: chunkFor(part),
  });
};

/** As `inflate`, in another thread. The descriptor is not needed any more when this returns. */
export const inflateAside = (fd: number, part: Packed): Promise<Buffer> => {
  const { gunzip, constants } = loadZlib();
  const packed = readPacked(fd, part);
  return new Promise((resolve, reject) => {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: chunkFor(part) };
    gunzip(packed, options, (error, text) => {
      if (error) reject(error);
      else resolve(text);
    });
  });
};

/** An archive of members, read one member at a time; one made by another gzip is read as a whole. */
export const openGzip = (fd: number, name: string, onProblem: OnProblem): LogFile => {
  let parts: readonly Part[] | undefined;
  let latest: { part: Part; text: Buffer } | undefined;
  const all = (): readonly Part[] => {
    parts ??= findParts(fd, fstatSync(fd).size);
    return parts;
  };
  const textOf = (part: Part): Buffer => {
    if (latest?.part === part) return latest.text;
    let text: Buffer = Buffer.alloc(0);
    try {
      text = inflate(fd, part);
    } catch (error) {
      onProblem(
        `${name}: ${part.bytes} bytes from offset ${part.start} are damaged: ${(error as Error).message}`,
      );
    }
    latest = { part, text };
    return text;
  };
  return {
    *lines(range) {
      for (const part of all()) if (overlaps(part, range)) yield* linesIn(textOf(part));
    },
    *linesBackward(containing) {
      for (const part of [...all()].reverse())
        for (const line of linesInBackward(textOf(part)))
          if (containing === undefined || line.includes(containing)) yield line;
    },
    close: () => closeSync(fd),
  };
};

/** Without O_NONBLOCK a named pipe would be waited for; Windows knows neither. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens a file that may not be there; undefined then. Throws what the system says about anything else. */
export const openIfThere = (path: string): number | undefined => {
  try {
    return openSync(path, READ);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};
