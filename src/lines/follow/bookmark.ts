/** Where reading a log had come to, so that another run goes on there: the file may have been rotated meanwhile. */

import { createHash } from 'node:crypto';
import { codeOf, type FileSystem, realFileSystem, type Status } from './file-system.js';
import { BEFORE, type Seen } from './fingerprint.js';
import { listSiblings, type Sibling } from './siblings.js';
import { readerAt, seenBefore } from './source.js';
import type { Place } from './types.js';

/** Plain data, to be kept as JSON. Nothing of what the log says stands in it. */
export interface Bookmark {
  /** Decimal: inode numbers may be larger than JSON's readers take. */
  readonly ino: string;
  readonly dev: string;
  /** Bytes that were read. */
  readonly offset: number;
  /** How many bytes at the file's beginning, and before the offset, have which SHA-256. */
  readonly head: { readonly length: number; readonly sha256: string };
  readonly before: { readonly length: number; readonly sha256: string };
  /** When the file was last changed, ms since 1970. */
  readonly changed: number;
}

/** A file to be read from `offset` on, which held `seen` when that was found out. Whoever asked for it closes it. */
export interface ResumePlace extends Place {
  readonly path: string;
}

export interface Resumption {
  /**
   * `same`: the name leads to the file of the bookmark. `rotated`: that file, or a copy of it, stands beside it under another name. `new`: it was not found;
   * what was written to it after the bookmark is not to be had.
   */
  readonly kind: 'same' | 'rotated' | 'new';
  /** What was not read yet, oldest first; the last is the file at the path, if there is one. */
  readonly places: readonly ResumePlace[];
  /** Files that may hold more of it, but cannot be read as they are: compressed, or no permission. */
  readonly missed: readonly string[];
}

const digest = (bytes: Uint8Array) => ({
  length: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** The bookmark of a file that was read up to `offset`. */
const makeBookmark = (
  status: Pick<Status, 'dev' | 'ino' | 'mtime'>,
  offset: number,
  { head, before }: Seen,
): Bookmark => ({
  ino: String(status.ino),
  dev: String(status.dev),
  offset,
  head: digest(head),
  before: digest(before),
  changed: status.mtime,
});

/** The bookmark of where a follower stands: of what it has read, whatever the file holds by now. */
export const markPlace = ({ fd, offset, seen }: Place, fileSystem: FileSystem = realFileSystem): Bookmark =>
  makeBookmark(fileSystem.fstat(fd), offset, seen);

/** A bookmark at `offset` in an open file: all before it was read. */
export const takeBookmark = (fd: number, offset: number, fileSystem: FileSystem = realFileSystem): Bookmark =>
  makeBookmark(fileSystem.fstat(fd), offset, seenBefore(fd, offset, fileSystem));

const isFileOf = (bookmark: Bookmark, { ino, dev }: Status): boolean =>
  String(ino) === bookmark.ino && String(dev) === bookmark.dev;

/** What was read before the bookmark, if a file holds that, as far as can be told. */
const seenIn = (fileSystem: FileSystem, fd: number, { offset, head, before }: Bookmark): Seen | undefined => {
  if (fileSystem.fstat(fd).size < offset) return undefined;
  const read = readerAt(fileSystem, fd, Buffer.allocUnsafe(BEFORE));
  const seen = {
    head: Uint8Array.from(read(0, head.length)),
    before: Uint8Array.from(read(offset - before.length, before.length)),
  };
  const isSeen = digest(seen.head).sha256 === head.sha256 && digest(seen.before).sha256 === before.sha256;
  return isSeen ? seen : undefined;
};

interface Candidate {
  readonly path: string;
  readonly fd: number;
  readonly status: Status;
}

/** Opens a file; undefined where it is not there, is none, or may not be read. */
const open = (fileSystem: FileSystem, path: string): Candidate | undefined => {
  try {
    const fd = fileSystem.open(path);
    const status = fileSystem.fstat(fd);
    if (status.kind === 'file') return { path, fd, status };
    fileSystem.close(fd);
  } catch (error) {
    codeOf(error);
  }
  return undefined;
};

const isSame = (a: Status, b: Status): boolean => a.ino === b.ino && a.dev === b.dev;

/** Which of the candidates is the bookmark's file, the last one first: one of the same number before one that only reads the same. */
const findFile = (
  fileSystem: FileSystem,
  candidates: readonly Candidate[],
  bookmark: Bookmark,
): { readonly file: Candidate; readonly seen: Seen } | undefined => {
  const latest = candidates.toReversed();
  const numbered = latest.filter(({ status }) => isFileOf(bookmark, status));
  // Where nothing was read there is nothing to know a copy by.
  for (const file of bookmark.offset === 0 ? numbered : [...numbered, ...latest]) {
    const seen = seenIn(fileSystem, file.fd, bookmark);
    if (seen !== undefined) return { file, seen };
  }
  return undefined;
};

/** Opens what was listed; undefined where a rotation came in between. */
const openListed = (
  fileSystem: FileSystem,
  siblings: readonly Sibling[],
): readonly (Candidate | undefined)[] | undefined => {
  const opened = siblings.map(({ path, isCompressed }) =>
    isCompressed ? undefined : open(fileSystem, path),
  );
  const isMoved = siblings.some(({ status, isCompressed }, i) => {
    const candidate = opened[i];
    if (isCompressed) return false;
    return candidate === undefined
      ? fileSystem.stat(siblings[i]?.path ?? '') === undefined
      : !isSame(candidate.status, status);
  });
  if (!isMoved) return opened;
  for (const candidate of opened) if (candidate !== undefined) fileSystem.close(candidate.fd);
  return undefined;
};

const placeIn = ({ path, fd }: Candidate, { offset, seen }: Pick<Place, 'offset' | 'seen'>): ResumePlace => ({
  path,
  fd,
  offset,
  seen,
});

const BEGINNING = { offset: 0, seen: { head: new Uint8Array(), before: new Uint8Array() } };

/** Of all that was opened keeps what is to be read, and closes the rest. */
const choose = (
  fileSystem: FileSystem,
  bookmark: Bookmark,
  current: Candidate | undefined,
  siblings: readonly Sibling[],
  opened: readonly (Candidate | undefined)[],
): Resumption => {
  const all = [...opened, ...(current === undefined ? [] : [current])];
  const there = all.filter((candidate) => candidate !== undefined);
  const found = findFile(fileSystem, there, bookmark);
  const file = found?.file;
  // A file of the same number that holds something else was written after the bookmark: truncated, or another one that got the number.
  const first = file ?? there.find(({ status }) => isFileOf(bookmark, status)) ?? current;
  const at = first === undefined ? siblings.length : all.indexOf(first);
  const kept = first === undefined ? [] : there.slice(there.indexOf(first));
  for (const candidate of there) if (!kept.includes(candidate)) fileSystem.close(candidate.fd);
  const missed = siblings.filter(({ status }, i) => {
    if (all[i] !== undefined) return false;
    return i > at || (file === undefined && status.mtime >= bookmark.changed);
  });
  return {
    kind: file === undefined ? 'new' : file === current ? 'same' : 'rotated',
    places: kept.map((candidate) =>
      placeIn(
        candidate,
        candidate === found?.file ? { offset: bookmark.offset, seen: found.seen } : BEGINNING,
      ),
    ),
    missed: missed.map(({ path }) => path),
  };
};

/** As `resume`, of one look at the directory; undefined where a rotation came in between. */
const resumeOnce = (fileSystem: FileSystem, path: string, bookmark: Bookmark): Resumption | undefined => {
  const current = open(fileSystem, path);
  // Before the others are listed: if it has been truncated, its copy is there by now; one that is truncated later is the follower's to find.
  const seen =
    current !== undefined && isFileOf(bookmark, current.status)
      ? seenIn(fileSystem, current.fd, bookmark)
      : undefined;
  if (current !== undefined && seen !== undefined)
    return { kind: 'same', places: [placeIn(current, { offset: bookmark.offset, seen })], missed: [] };
  const siblings = listSiblings(fileSystem, path).filter(
    ({ status }) => current === undefined || !isSame(status, current.status),
  );
  const opened = openListed(fileSystem, siblings);
  const now = fileSystem.stat(path);
  // What the path led to must still be there: else a file could have slipped through between the two looks.
  const isStill =
    current === undefined ? now === undefined : now !== undefined && isSame(now, current.status);
  if (opened !== undefined && isStill) return choose(fileSystem, bookmark, current, siblings, opened);
  for (const candidate of [current, ...(opened ?? [])])
    if (candidate !== undefined) fileSystem.close(candidate.fd);
  return undefined;
};

/** Nobody rotates as often as that while a directory is read. */
const ATTEMPTS = 100;

/**
 * What is to be read of the log at `path` after a bookmark, each line once: the rest of the bookmark's file, which may have another name by now, the files
 * that came after it, and the one that the path leads to. Opens them.
 */
export const resume = (
  path: string,
  bookmark: Bookmark,
  fileSystem: FileSystem = realFileSystem,
): Resumption => {
  for (let i = 0; i < ATTEMPTS; i++) {
    const resumed = resumeOnce(fileSystem, path, bookmark);
    if (resumed !== undefined) return resumed;
  }
  return { kind: 'new', places: [], missed: [] };
};
