/** The files that came and went under a name between two looks at it: they still stand beside it under other names. */

import { codeOf, type Status } from './file-system.js';
import type { Fingerprint } from './fingerprint.js';
import { listSiblings, type Sibling } from './siblings.js';
import { openSource, type Reading, readerAt, type Source } from './source.js';

export interface Between {
  /** To be read, oldest first. */
  readonly found: readonly { readonly path: string; readonly source: Source }[];
  /** There, but cannot be read as they are: compressed, or no permission. */
  readonly missed: readonly string[];
}

const NOTHING: Between = { found: [], missed: [] };

const isSame = (a: Pick<Status, 'dev' | 'ino'>, b: Pick<Status, 'dev' | 'ino'>): boolean =>
  a.ino === b.ino && a.dev === b.dev;

/** Somebody renames what was listed: it has to be listed again. */
class Moved extends Error {}

/** Opens a sibling; undefined where it may not be read. */
const openSibling = (
  { fileSystem }: Reading,
  { path, status, isCompressed }: Sibling,
): number | undefined => {
  if (isCompressed) return undefined;
  let fd: number;
  try {
    fd = fileSystem.open(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new Moved();
    return undefined;
  }
  if (isSame(fileSystem.fstat(fd), status)) return fd;
  fileSystem.close(fd);
  throw new Moved();
};

/** What siblings are to be read, each from some place. */
type Choice = readonly { readonly sibling: Sibling; readonly start: number }[];

const openAll = (reading: Reading, choice: Choice, areCopies: boolean): Between => {
  const found: { path: string; source: Source }[] = [];
  const missed: string[] = [];
  try {
    for (const { sibling, start } of choice) {
      const fd = openSibling(reading, sibling);
      if (fd === undefined) missed.push(sibling.path);
      else
        found.push({
          path: sibling.path,
          source: openSource(reading, fd, sibling.status, start, { isCopy: areCopies }),
        });
    }
  } catch (error) {
    for (const { source } of found) source.close();
    throw error;
  }
  return { found, missed };
};

/** Who rotates is done with it long before that often. */
const ATTEMPTS = 100;

/** Chooses among the siblings of a path, and opens what was chosen; again while they are being renamed. */
const openChosen = (
  reading: Reading,
  path: string,
  areCopies: boolean,
  choose: (siblings: readonly Sibling[]) => Choice,
): Between => {
  for (let i = 0; i < ATTEMPTS; i++) {
    try {
      return openAll(reading, choose(listSiblings(reading.fileSystem, path)), areCopies);
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
    }
  }
  return NOTHING;
};

/** Compressing keeps the time of the last change, to the second at least. */
const isCompressedFormOf = ({ status, isCompressed }: Sibling, old: Status): boolean =>
  isCompressed && Math.floor(status.mtime / 1000) === Math.floor(old.mtime / 1000);

/** Siblings that nobody reads yet. */
const unknown = (siblings: readonly Sibling[], known: readonly Source[]): readonly Sibling[] =>
  siblings.filter(({ status }) => !known.some((source) => isSame(source, status)));

/** The siblings that are older than a file by its name; all where it has none among them. */
const olderThan = (siblings: readonly Sibling[], file: Source): readonly Sibling[] => {
  const at = siblings.findIndex(({ status }) => isSame(status, file));
  return at < 0 ? siblings : siblings.slice(0, at);
};

/**
 * What came after the file `old` and before `next`: the siblings that are younger than the one and older than the other by their names. Where `old` is
 * not among them (deleted, or moved elsewhere), nothing can be told of what came after it.
 */
export const findAfter = (
  reading: Reading,
  path: string,
  old: Source,
  next: Source,
  known: readonly Source[],
): Between =>
  openChosen(reading, path, false, (siblings) => {
    const status = reading.fileSystem.fstat(old.fd);
    let at = siblings.findIndex((sibling) => isSame(sibling.status, status));
    if (at < 0 && status.links === 0)
      at = siblings.findIndex((sibling) => isCompressedFormOf(sibling, status));
    if (at < 0) return [];
    // Who rotates may be at it again: what is younger than `next` comes after it, and is looked for then.
    const younger = olderThan(siblings, next).slice(at + 1);
    return unknown(younger, known).map((sibling) => ({ sibling, start: 0 }));
  });

/** Whether a file begins as one that was read up to some place. */
const beginsAs = (reading: Reading, sibling: Sibling, print: Fingerprint): boolean => {
  const { fileSystem, second } = reading;
  const fd = openSibling(reading, sibling);
  if (fd === undefined) return false;
  try {
    return print.matches(readerAt(fileSystem, fd, second));
  } finally {
    fileSystem.close(fd);
  }
};

/**
 * Of the file `truncated`, which had been read up to `offset`: the copy of it that was made before, from there on, and the copies of
 * what it held later, if it was truncated more than once. Nothing where there is no such copy.
 */
export const findCopies = (
  reading: Reading,
  path: string,
  truncated: Source,
  offset: number,
  print: Fingerprint,
  known: readonly Source[],
): Between =>
  offset === 0
    ? NOTHING
    : openChosen(reading, path, true, (all) => {
        const siblings = unknown(olderThan(all, truncated), known);
        const at = siblings.findLastIndex(
          (sibling) => sibling.status.size >= offset && beginsAs(reading, sibling, print),
        );
        const copy = siblings[at];
        if (copy === undefined) return [];
        // Whoever copies by hand may number the other way round: what was written before the copy is no later one.
        const later = siblings.slice(at + 1).filter(({ status }) => status.mtime >= copy.status.mtime);
        return [copy, ...later].map((sibling, i) => ({ sibling, start: i === 0 ? offset : 0 }));
      });
