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

/** Opens a sibling from `offset`, if it is still the file that was listed. */
const openSibling = (reading: Reading, { path, status }: Sibling, offset: number): Source | undefined => {
  const { fileSystem } = reading;
  try {
    const fd = fileSystem.open(path);
    const now = fileSystem.fstat(fd);
    if (isSame(now, status)) return openSource(reading, fd, now, offset);
    fileSystem.close(fd);
  } catch (error) {
    codeOf(error);
  }
  return undefined;
};

/** Opens all that are to be read. */
const openAll = (reading: Reading, siblings: readonly Sibling[]): Between => {
  const found: { path: string; source: Source }[] = [];
  const missed: string[] = [];
  for (const sibling of siblings) {
    const source = sibling.isCompressed ? undefined : openSibling(reading, sibling, 0);
    if (source === undefined) missed.push(sibling.path);
    else found.push({ path: sibling.path, source });
  }
  return { found, missed };
};

/** Compressing keeps the time of the last change, to the second at least. */
const isCompressedFormOf = ({ status, isCompressed }: Sibling, old: Status): boolean =>
  isCompressed && Math.floor(status.mtime / 1000) === Math.floor(old.mtime / 1000);

/** Siblings that nobody reads yet. */
const unknown = (siblings: readonly Sibling[], known: readonly Source[]): readonly Sibling[] =>
  siblings.filter(({ status }) => !known.some((source) => isSame(source, status)));

/** Where a file stands among siblings; beyond the last where it is none. */
const placeOf = (siblings: readonly Sibling[], file: Source): number => {
  const at = siblings.findIndex(({ status }) => isSame(status, file));
  return at < 0 ? siblings.length : at;
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
): Between => {
  const siblings = listSiblings(reading.fileSystem, path);
  const status = reading.fileSystem.fstat(old.fd);
  let at = siblings.findIndex((sibling) => isSame(sibling.status, status));
  if (at < 0 && status.links === 0) at = siblings.findIndex((sibling) => isCompressedFormOf(sibling, status));
  if (at < 0) return NOTHING;
  // Who rotates may be at it again: what is younger than `next` comes after it, and is looked for then.
  const between = siblings.slice(at + 1, placeOf(siblings, next));
  return openAll(reading, unknown(between, known));
};

/** Whether a file begins as one that was read up to some place, and is as long at least. */
const beginsAs = (reading: Reading, path: string, print: Fingerprint): boolean => {
  const { fileSystem, second } = reading;
  try {
    const fd = fileSystem.open(path);
    try {
      return print.matches(readerAt(fileSystem, fd, second));
    } finally {
      fileSystem.close(fd);
    }
  } catch (error) {
    codeOf(error);
    return false;
  }
};

/**
 * Of the file `truncated`, which had been read up to `offset`: the copy of it that was made before, from there on, and the copies of
 * what it held later, if it was truncated more than once. `hasRest`: the first is that copy.
 */
export const findCopies = (
  reading: Reading,
  path: string,
  truncated: Source,
  offset: number,
  print: Fingerprint,
  known: readonly Source[],
): Between & { readonly hasRest: boolean } => {
  const none = { ...NOTHING, hasRest: false };
  if (offset === 0) return none;
  const all = listSiblings(reading.fileSystem, path);
  const siblings = unknown(all.slice(0, placeOf(all, truncated)), known);
  const at = siblings.findIndex(
    ({ path, status, isCompressed }) =>
      !isCompressed && status.size >= offset && beginsAs(reading, path, print),
  );
  const copy = siblings[at];
  if (copy === undefined) return none;
  const source = openSibling(reading, copy, offset);
  const { found, missed } = openAll(reading, siblings.slice(at + 1));
  return source === undefined
    ? { found, missed: [copy.path, ...missed], hasRest: false }
    : { found: [{ path: copy.path, source }, ...found], missed, hasRest: true };
};
