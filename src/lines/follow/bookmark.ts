/**
 * Where reading a file stood, to go on from there in another run: by then the file may have been rotated, cut or written anew.
 *
 * A file is the one that was read where it holds the same bytes at its beginning and before the place that reading had come to.
 * Its number and its name say where to look first, and nothing more: numbers are given again, and names move on.
 */

import { createHash } from 'node:crypto';
import type { FileSystem } from './file-system.js';
import { realFileSystem } from './file-system.js';
import { BEFORE, HEAD } from './fingerprint.js';
import { listSiblings, type Sibling } from './siblings.js';
import { readerAt } from './source.js';

/** Plain data. The bytes are remembered by their hash alone: a log may hold what nobody should find elsewhere. */
export interface Bookmark {
  readonly dev: string;
  readonly ino: string;
  readonly offset: number;
  /** SHA-256 of the first bytes, and of those before the offset. */
  readonly head: string;
  readonly before: string;
}

/** What is still to be read of a file, opened; whoever takes it closes it. */
export interface Rest {
  readonly path: string;
  readonly fd: number;
  readonly start: number;
}

export interface Resumed {
  /** Oldest first. The last one is the file at the path. */
  readonly rests: readonly Rest[];
  /**
   * What became of the file that was read: it goes on, it was put aside, or it was written anew or is not to be found, so that lines
   * may be missing that were written to it last.
   */
  readonly how: 'goes on' | 'rotated' | 'lost';
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

const fingerprintAt = (
  fileSystem: FileSystem,
  fd: number,
  offset: number,
): Pick<Bookmark, 'head' | 'before'> => {
  const read = readerAt(fileSystem, fd, Buffer.alloc(BEFORE));
  const head = hashOf(read(0, Math.min(HEAD, offset)));
  return { head, before: hashOf(read(Math.max(0, offset - BEFORE), Math.min(BEFORE, offset))) };
};

export const takeBookmark = (fd: number, offset: number, fileSystem = realFileSystem): Bookmark => {
  const { dev, ino } = fileSystem.fstat(fd);
  return { dev: String(dev), ino: String(ino), offset, ...fingerprintAt(fileSystem, fd, offset) };
};

/** Whether an open file holds what had been read. */
const holds = (fileSystem: FileSystem, fd: number, { offset, head, before }: Bookmark): boolean => {
  if (fileSystem.fstat(fd).size < offset) return false;
  const now = fingerprintAt(fileSystem, fd, offset);
  return now.head === head && now.before === before;
};

/** An empty beginning is that of every file: then only the number tells. */
const isSame = (fileSystem: FileSystem, fd: number, bookmark: Bookmark): boolean => {
  if (bookmark.offset > 0) return holds(fileSystem, fd, bookmark);
  const { dev, ino } = fileSystem.fstat(fd);
  return String(dev) === bookmark.dev && String(ino) === bookmark.ino;
};

/** Where among the siblings, oldest first, the file is that was read; of several equal ones the newest. */
const findAside = (fileSystem: FileSystem, siblings: readonly Sibling[], bookmark: Bookmark): number => {
  for (let index = siblings.length - 1; index >= 0; index--) {
    const { path, isCompressed } = siblings[index] as Sibling;
    if (isCompressed) continue;
    const fd = fileSystem.open(path);
    try {
      if (isSame(fileSystem, fd, bookmark)) return index;
    } finally {
      fileSystem.close(fd);
    }
  }
  return -1;
};

/**
 * Opens what has come since: the rest of the file that was read, whole files that came and went in between, and the file at the
 * path. Throws what the system says where that cannot be opened.
 */
export const resume = (path: string, bookmark: Bookmark, fileSystem = realFileSystem): Resumed => {
  const fd = fileSystem.open(path);
  if (isSame(fileSystem, fd, bookmark))
    return { rests: [{ path, fd, start: bookmark.offset }], how: 'goes on' };
  const rests: Rest[] = [];
  let how: Resumed['how'] = 'lost';
  try {
    const siblings = listSiblings(fileSystem, path);
    const found = findAside(fileSystem, siblings, bookmark);
    if (found >= 0) {
      const since = siblings.slice(found);
      // What was compressed meanwhile cannot be read on here.
      how = since.some(({ isCompressed }) => isCompressed) ? 'lost' : 'rotated';
      for (const [index, { path: aside, isCompressed }] of since.entries())
        if (!isCompressed)
          rests.push({ path: aside, fd: fileSystem.open(aside), start: index === 0 ? bookmark.offset : 0 });
    }
  } catch (error) {
    for (const rest of rests) fileSystem.close(rest.fd);
    fileSystem.close(fd);
    throw error;
  }
  return { rests: [...rests, { path, fd, start: 0 }], how };
};
