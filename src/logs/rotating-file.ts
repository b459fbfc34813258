/**
 * A file that lines are appended to, each whole or not at all, and that is put aside by size and by calendar. It is
 * written synchronously: what was given is in the kernel when the call returns, and survives kill -9.
 */

import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { systemReason, UserError } from '../exit.js';
import { archiveName } from './archive-name.js';
import { listArchives, syncDirectory } from './archives.js';
import { localOffset, type Offset, periodOf, type Rotate, turn } from './calendar.js';
import { notRegular } from './log-place.js';
import { firstTime, looksLikeOurs, repairTail } from './tail-repair.js';

export interface RotatingFileOptions {
  /** Symbolic links resolved, directory there. */
  readonly path: string;
  /** Size no line may make the file exceed, bytes. */
  readonly maxSize: number;
  readonly rotate: Rotate;
  readonly clock: Clock;
  /** The time zone; the process's own where not given. */
  readonly offset?: Offset;
  /** Group number for new files; what the system gives where not given. */
  readonly gid?: number | undefined;
  /** Told in words what had to be mended, and what did not work but stops nothing. */
  readonly say: (message: string) => void;
  /** Whether a file that is there already does not describe what will be written: then a new one is begun. */
  readonly isOutdated?: (fd: number) => boolean;
  /** Called after a file was put aside. */
  readonly onRotated?: () => void;
}

export interface RotatingFile {
  /**
   * Makes the file ready for a line of so many bytes (`seen`: it was looked at a moment ago, before the sample was taken): opens it again where somebody moved it, mends it where somebody cut
   * it, puts it aside where it is full or its time is over. True where its opening lines must be written first.
   */
  readonly ready: (bytes: number, seen?: boolean) => boolean;
  /** Appends a whole line, or throws what the system says and leaves the file as it was. */
  readonly append: (line: Buffer, opening?: 'opening') => void;
  /** Lets the file go, so that the next line opens the path again: after somebody's rotation. */
  readonly release: () => void;
  readonly bytes: () => number;
  readonly close: () => void;
}

const FILE_MODE = 0o640;
/** How long a rotation that failed is not tried again, s. */
const RETRY_SECONDS = 60;
const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Opens for appending; a file that is not there is made, with the mode whatever the umask is. */
const openForAppend = (path: string, gid: number | undefined): number => {
  // Twice is enough unless somebody removes and makes it all the time.
  for (let attempt = 0; ; attempt++) {
    try {
      return openSync(path, O_RDWR | O_APPEND);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt > 3) throw error;
    }
    try {
      const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, FILE_MODE);
      fchmodSync(fd, FILE_MODE);
      if (gid !== undefined) fchownSync(fd, fstatSync(fd).uid, gid);
      return fd;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
};

/** Opens the file at once. Throws what the system says, or a UserError where the file is not one to write a log into. */
export const openRotatingFile = (options: RotatingFileOptions): RotatingFile => {
  const { path, maxSize, rotate, clock, say, offset = localOffset } = options;
  const directory = dirname(path);
  let fd: number | undefined;
  let identity: Pick<Stats, 'dev' | 'ino'> | undefined;
  /** Bytes in the file that we know of: all whole lines. */
  let size = 0;
  let period = 0;
  /** Whether the end has to be looked at before the next line. */
  let doubtful = false;
  /** Whether it ends with part of a line that could neither be written nor be taken off again. */
  let torn = false;
  let needsOpening = false;
  /** Whether it holds more than its opening lines: only then is it worth an archive. */
  let worthKeeping = false;
  /** Whether its opening lines are those of another version. */
  let outdated = false;
  let serial = 0;
  /** Minute since 1970 in which the calendar was last looked at, and nothing was due. */
  let looked = Number.NaN;
  let retryAt = Number.NEGATIVE_INFINITY;

  const begin = (): void => {
    needsOpening = true;
    worthKeeping = size > 0;
    period = periodOf(clock.now(), rotate, offset);
  };

  const detach = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    identity = undefined;
    torn = false;
  };

  const attach = (): number => {
    const opened = openForAppend(path, options.gid);
    const stats = fstatSync(opened);
    if (!stats.isFile() || (stats.size > 0 && !looksLikeOurs(opened))) {
      closeSync(opened);
      if (!stats.isFile()) throw notRegular(path);
      throw new UserError(`${path} is something other than a log of sysmon`, {
        hint: 'Choose another file for the log with --file.',
      });
    }
    fd = opened;
    identity = stats;
    size = stats.size;
    doubtful = size > 0;
    needsOpening = false;
    outdated = size > 0 && options.isOutdated?.(opened) === true;
    if (size === 0) begin();
    else {
      worthKeeping = true;
      period = periodOf(firstTime(opened) ?? stats.mtimeMs, rotate, offset);
    }
    return opened;
  };

  /** Takes off what a write that failed left of its line. */
  const takeOff = (file: number): void => {
    torn = true;
    ftruncateSync(file, size);
    torn = false;
  };

  const mend = (file: number): void => {
    const repaired = repairTail(file);
    if (repaired !== undefined) say(`${path}: ${repaired}`);
    size = fstatSync(file).size;
    doubtful = false;
    if (size === 0) begin();
  };

  /** The descriptor of the file that is at the path now, with nothing torn in it. */
  const current = (): number => {
    const there = statSync(path, { throwIfNoEntry: false });
    if (
      fd !== undefined &&
      (there === undefined || there.ino !== identity?.ino || there.dev !== identity.dev)
    )
      detach();
    if (fd === undefined || there === undefined) {
      const opened = attach();
      if (doubtful) mend(opened);
      return opened;
    }
    if (torn) takeOff(fd);
    else if (there.size < size) {
      // Cut by somebody, as logrotate does with copytruncate: what follows is a new file in the old one's place.
      mend(fd);
      begin();
    } else if (doubtful || there.size > size) mend(fd);
    return fd;
  };

  /** As s6-log does it: flush, rename to a name that cannot clash, flush the directory; the new file is opened after. */
  const putAside = (file: number): void => {
    fsyncSync(file);
    serial = Math.max(serial, listArchives(path).at(-1)?.serial ?? 0) + 1;
    const name = archiveName(basename(path), { time: clock.now(), serial, form: 'plain' });
    renameSync(path, join(directory, name));
    detach();
    syncDirectory(directory);
    options.onRotated?.();
  };

  const isDue = (bytes: number): boolean => {
    if (outdated || size + bytes > maxSize) return true;
    // In every zone a day begins with a minute, and a calendar is dear to look at.
    const minute = Math.floor(clock.now() / 60_000);
    if (minute === looked) return false;
    looked = minute;
    const present = periodOf(clock.now(), rotate, offset);
    const action = turn(period, present);
    if (action === 'adopt') period = present;
    if (action === 'rotate') looked = Number.NaN;
    return action === 'rotate';
  };

  const ready = (bytes: number, seen = false): boolean => {
    const file = seen && fd !== undefined && !torn && !doubtful ? fd : current();
    if (worthKeeping && isDue(bytes) && clock.monotonic() >= retryAt) {
      try {
        putAside(file);
      } catch (error) {
        // Better one file too long than a line lost.
        retryAt = clock.monotonic() + RETRY_SECONDS;
        say(`${path} could not be rotated: ${systemReason(error)}`);
      }
      if (fd === undefined) attach();
    }
    return needsOpening;
  };

  const append = (line: Buffer, opening?: 'opening'): void => {
    const file = fd ?? current();
    let done = 0;
    try {
      while (done < line.length) done += writeSync(file, line, done);
    } catch (error) {
      if (done > 0) takeOff(file);
      throw error;
    }
    size += done;
    needsOpening = false;
    if (opening === undefined) worthKeeping = true;
  };

  attach();
  return {
    ready,
    append,
    release: detach,
    bytes: () => size,
    close: () => {
      if (fd === undefined) return;
      fsyncSync(fd);
      detach();
    },
  };
};
