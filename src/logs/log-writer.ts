/** Writes records: numbered, whole, in files that are rotated, compressed and given up in time. The disk never stops it. */

import type { Clock } from '../core/clock.js';
import { systemReason } from '../exit.js';
import { sweepLeftovers } from './archives.js';
import type { Offset, Rotate } from './calendar.js';
import { type Encoded, encodeRecord } from './codec.js';
import { createCompressor } from './compress.js';
import { lastSeq } from './last-seq.js';
import { acquireLock, type LockOptions } from './lock.js';
import { explainPlace, logGroup, makeLogDirectory, realLogPath } from './log-place.js';
import { countLosses, openLosses } from './losses.js';
import { numberLines, type Place } from './numbered-lines.js';
import type { LogRecord, RecordHead } from './record.js';
import { giveUpOldest, prune } from './retention.js';
import { openRotatingFile } from './rotating-file.js';
import { hasOtherSchema } from './same-schema.js';

export interface LogLimits {
  readonly maxSize: number;
  readonly rotate: Rotate;
  /** Archives to keep. */
  readonly keep: number;
  /** Space for the file and its archives, bytes. */
  readonly maxTotal: number;
  readonly compress: boolean;
}

/** Defaults that never fill a disk. */
export const LOG_LIMITS: LogLimits = {
  maxSize: 100e6,
  rotate: 'daily',
  keep: 14,
  maxTotal: 1e9,
  compress: true,
};

/** Lines of other kinds than the log's own come with an `encode` for them. */
export interface LogWriterOptions<R extends RecordHead = LogRecord> {
  readonly path: string;
  readonly limits: LogLimits;
  /** Records that every file starts with. */
  readonly opening: () => readonly (NoInfer<R> | LogRecord)[];
  readonly clock: Clock;
  readonly uid: number | undefined;
  /** How a lock is taken; its clock is this one's. */
  readonly lock: Omit<LockOptions, 'clock'>;
  /** Whether the directory may be made: for the default place, and not for one that may be a slip of the pen. */
  readonly makeDirectory?: boolean;
  /** Told in words what was mended, and what did not work but stops nothing. */
  readonly say: (message: string) => void;
  readonly offset?: Offset;
  readonly encode?: (record: NoInfer<R> | LogRecord, seq?: number) => Encoded;
}

export interface LogWriter<R extends RecordHead = LogRecord> {
  /** The real path; `-` for a stream. */
  readonly path: string;
  /** Asked before a sample is taken: whether it will be the first of its file, and so has to have the detail. */
  readonly beginsFile: () => boolean;
  /**
   * Writes a record, or counts it as lost: a full or broken disk throws nothing. Throws a UserError only when another
   * process has taken the log over.
   */
  readonly write: (record: R) => void;
  /** Opens the path again: what SIGHUP asks for. */
  readonly reopen: () => void;
  /** Lines given up so far in this run. */
  readonly lost: () => number;
  /** Gives the log back. With `finish` its archives are compressed first, else that is left to the next run. */
  readonly close: (options?: { readonly finish?: boolean }) => Promise<void>;
}

const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** How much the file may grow before the total is looked at again. */
const growthStep = (maxTotal: number): number => Math.max(64 * 1024, maxTotal / 32);

/** Opens a log for writing, alone. Throws a UserError that says what is in the way. */
export const openLogWriter = async <R extends RecordHead = LogRecord>(
  options: LogWriterOptions<R>,
): Promise<LogWriter<R>> => {
  try {
    return await openPlace(options);
  } catch (error) {
    throw explainPlace(options.path, error);
  }
};

const openPlace = async <R extends RecordHead>(options: LogWriterOptions<R>): Promise<LogWriter<R>> => {
  const { clock, limits, say } = options;
  const gid = logGroup(options.uid);
  if (options.makeDirectory) makeLogDirectory(options.path, gid);
  const path = realLogPath(options.path);
  const lock = await acquireLock(path, { ...options.lock, clock });
  try {
    sweepLeftovers(path);
    const compressor = createCompressor({ path, clock, say });
    const step = growthStep(limits.maxTotal);
    let pruneAt = 0;

    const pruneFor = (bytes: number): void => {
      pruneAt = bytes + step;
      try {
        prune(path, pruneAt, limits);
      } catch (error) {
        say(`old archives of ${path} could not be removed: ${systemReason(error)}`);
      }
    };

    const file = openRotatingFile({
      path,
      rotate: limits.rotate,
      // Half, so that there is a past to look at just after a rotation.
      maxSize: Math.min(limits.maxSize, limits.maxTotal / 2),
      clock,
      gid,
      say,
      ...(options.offset === undefined ? {} : { offset: options.offset }),
      isOutdated: (fd) => hasOtherSchema(fd, options.opening()),
      onRotated: () => {
        pruneFor(0);
        if (limits.compress) compressor.start();
      },
    });

    const makeRoom = (error: unknown): boolean => {
      if (!isFull(error)) return false;
      compressor.abandon();
      try {
        return giveUpOldest(path);
      } catch {
        return false;
      }
    };

    const place: Place = { ready: file.ready, append: file.append, makeRoom };
    const { opening } = options;
    // Without one, there are no others.
    const encode = options.encode ?? (encodeRecord as (record: R | LogRecord, seq?: number) => Encoded);
    const seq = lastSeq(path);
    const losses = openLosses({ path, lastSeq: seq, clock, say });
    const lines = await numberLines({ place, firstSeq: seq + 1, opening, encode, losses });
    pruneFor(file.bytes());
    if (limits.compress) compressor.start();
    lines.begin();

    return {
      path,
      beginsFile: lines.beginsFile,
      write: (record) => {
        lock.check();
        lines.write(record);
        if (file.bytes() >= pruneAt) pruneFor(file.bytes());
      },
      reopen: () => {
        file.release();
        lines.begin();
      },
      lost: lines.lost,
      close: async ({ finish = false } = {}) => {
        try {
          lines.settle();
          await compressor.close(finish);
          file.close();
        } catch (error) {
          say(`${path}: ${systemReason(error)}`);
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};

export interface StreamWriterOptions {
  readonly write: (text: string) => void;
  readonly opening: () => readonly LogRecord[];
  readonly encode?: (record: LogRecord) => Encoded;
}

/** The same lines into a stream: numbered from 1, with opening lines once, never rotated. */
export const openStreamWriter = async (options: StreamWriterOptions): Promise<LogWriter> => {
  const { write, opening, encode = encodeRecord } = options;
  let begun = false;
  const place: Place = {
    ready: () => !begun,
    append: (line) => {
      begun = true;
      write(line.toString());
    },
    makeRoom: () => false,
  };
  const lines = await numberLines({ place, firstSeq: 1, opening, encode, losses: countLosses() });
  return {
    path: '-',
    beginsFile: lines.beginsFile,
    write: lines.write,
    reopen: () => {},
    lost: lines.lost,
    close: async () => {},
  };
};
