/** The files of a log at one moment, though somebody rotates it meanwhile: none missing, none twice. */

import { closeSync, fstatSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemReason, UserError } from '../exit.js';
import type { Archive } from './archive-name.js';
import { listArchives } from './archives.js';
import { type LogFile, type OnProblem, openGzip, openIfThere, openPlain } from './log-file.js';
import type { TimeRange } from './time-index.js';

export interface LogSet {
  /** Oldest first. */
  readonly archives: readonly Archive[];
  /** The file being written; undefined where there is none. */
  readonly live: LogFile | undefined;
}

const list = (path: string, onProblem: OnProblem): readonly Archive[] => {
  try {
    return listArchives(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      onProblem(`${dirname(path)}: archives are not read: ${systemReason(error)}`);
    return [];
  }
};

const openLive = (path: string): number | undefined => {
  let fd: number | undefined;
  try {
    fd = openIfThere(path);
    if (fd === undefined) return undefined;
    const stat = fstatSync(fd);
    if (stat.isFile()) return fd;
    closeSync(fd);
    throw new UserError(
      `cannot read the log ${path}: ${stat.isDirectory() ? 'is a directory' : 'not a file'}`,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot read the log ${path}: ${systemReason(error)}`, { cause: error });
  }
};

const serials = (archives: readonly Archive[]): string => archives.map(({ serial }) => serial).join();

/** A log that rotates faster than it can be listed is taken as it is after so many looks. */
const LOOKS = 20;

/** Archives and the live file's descriptor, undefined where there is none, of one moment. */
export const openTogether = (
  path: string,
  onProblem: OnProblem,
): { readonly archives: readonly Archive[]; readonly fd: number | undefined } => {
  let archives = list(path, onProblem);
  for (let look = 1; ; look++) {
    const fd = openLive(path);
    const after = list(path, onProblem);
    if (serials(after) === serials(archives) || look === LOOKS) return { archives: after, fd };
    if (fd !== undefined) closeSync(fd);
    archives = after;
  }
};

/**
 * Opens the log at `path`. A rotation while looking shows in the list of archives, which is then looked at again. Throws a
 * UserError where the file is there but cannot be read.
 */
export const openSet = (path: string, onProblem: OnProblem): LogSet => {
  const { archives, fd } = openTogether(path, onProblem);
  return { archives, live: fd === undefined ? undefined : openPlain(fd, basename(path), onProblem) };
};

/** As `openSet`, without keeping the file open: what tells it from another one that takes its place later. */
export const listSet = (
  path: string,
  onProblem: OnProblem,
): { readonly archives: readonly Archive[]; readonly live: Stats | undefined } => {
  const { archives, fd } = openTogether(path, onProblem);
  if (fd === undefined) return { archives, live: undefined };
  try {
    return { archives, live: fstatSync(fd) };
  } finally {
    closeSync(fd);
  }
};

/** Opens an archive, under its compressed name where it was compressed meanwhile; undefined where it was given up. */
export const openArchive = (path: string, { name }: Archive, onProblem: OnProblem): LogFile | undefined => {
  if (name === undefined) return undefined;
  for (const candidate of name.endsWith('.gz') ? [name] : [name, `${name}.gz`]) {
    try {
      const fd = openIfThere(join(dirname(path), candidate));
      if (fd === undefined) continue;
      return candidate.endsWith('.gz')
        ? openGzip(fd, candidate, onProblem)
        : openPlain(fd, candidate, onProblem);
    } catch (error) {
      onProblem(`${candidate}: ${systemReason(error)}`);
      return undefined;
    }
  }
  return undefined;
};

/**
 * Which of the archives, and the live file after them, may hold records of these times, told by the archives' names: each was
 * written between the rotation before it and its own. Of those beside them one more is taken, and every one in which the
 * clock went back, because what a clock labelled wrongly lies outside of its name's times. Only what was labelled wrongly
 * by more than a whole file is not found in this way.
 */
export const mayHold = (archives: readonly Archive[], { since, until }: TimeRange): readonly boolean[] => {
  const ends = [...archives.map(({ time }) => time), Number.POSITIVE_INFINITY];
  const may = ends.map((end, index) => {
    const begin = ends[index - 1] ?? Number.NEGATIVE_INFINITY;
    return begin > end || (end >= since && begin <= until);
  });
  return may.map((one, index) => one || may[index - 1] === true || may[index + 1] === true);
};

/** Those of the archives that may hold records of these times. */
export const pickArchives = (archives: readonly Archive[], range: TimeRange): readonly Archive[] => {
  const may = mayHold(archives, range);
  return archives.filter((_, index) => may[index]);
};
