/** What following needs of a file system, so that tests can have one of their own. */

import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
  watch,
} from 'node:fs';

export type FileKind = 'file' | 'directory' | 'stream' | 'other';

export interface Status {
  readonly dev: number | bigint;
  readonly ino: number | bigint;
  /** `stream`: a FIFO, a socket or a character device: read as it comes. */
  readonly kind: FileKind;
  readonly size: number;
  /** ms since 1970, finer than that where the file system is. */
  readonly mtime: number;
  readonly ctime: number;
  /** Names it has; 0 once it is deleted. */
  readonly links: number;
  readonly mode: number;
}

/** All of them throw what the system says, with its `code`. */
export interface FileSystem {
  /** For reading; does not wait for a FIFO's writer. */
  readonly open: (path: string) => number;
  readonly close: (fd: number) => void;
  /** Undefined where there is nothing of that name. */
  readonly stat: (path: string) => Status | undefined;
  readonly fstat: (fd: number) => Status;
  /** Bytes read into the buffer; 0 where there is nothing now. `position` undefined: where the descriptor stands. */
  readonly read: (fd: number, into: Uint8Array, length: number, position: number | undefined) => number;
  readonly list: (directory: string) => readonly string[];
  /** Where a symbolic link leads; undefined for what is none, or is not there. */
  readonly readLink: (path: string) => string | undefined;
  /** Whether changes in this directory are told: not on network file systems, nor in /proc and /sys. */
  readonly tells: (directory: string) => boolean;
  /**
   * Calls back with the name of whatever changes in a directory, or without one where that is not known. Gives what ends it. `failed`: no
   * more is told.
   */
  readonly watch: (
    directory: string,
    changed: (name: string | undefined) => void,
    failed: (code: string) => void,
  ) => () => void;
  /** Calls back when an open file changes, whatever it is called by now. Throws where that cannot be had. */
  readonly watchOpen: (fd: number, changed: () => void) => () => void;
}

const KINDS: Readonly<Record<number, FileKind>> = {
  [constants.S_IFREG]: 'file',
  [constants.S_IFDIR]: 'directory',
  [constants.S_IFIFO]: 'stream',
  [constants.S_IFCHR]: 'stream',
  [constants.S_IFSOCK]: 'stream',
};

const statusOf = (stats: Stats): Status => ({
  dev: stats.dev,
  ino: stats.ino,
  kind: KINDS[stats.mode & constants.S_IFMT] ?? 'other',
  size: stats.size,
  mtime: stats.mtimeMs,
  ctime: stats.ctimeMs,
  links: stats.nlink,
  mode: stats.mode,
});

/** Inode numbers beyond 2^53, as overlays have them, would be one and the same as plain numbers. */
const exactly = (stats: Stats, again: () => BigIntStats): Status => {
  if (Number.isSafeInteger(stats.ino)) return statusOf(stats);
  const { ino } = again();
  return { ...statusOf(stats), ino };
};

/**
 * File systems that never tell, or tell only what this machine does to them: NFS, SMB, CIFS, FUSE, 9P, AFS, Ceph, Lustre, GPFS, proc, sysfs
 * (linux/magic.h).
 */
const SILENT = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x5346414f, 0x00c36400, 0x0bd00bd0,
  0x47504653, 0x9fa0, 0x62656572,
]);

const NOTHING_THERE = new Set(['ENOENT', 'ENOTDIR']);

/** What a system error is called. */
export const codeOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code;
};

export const realFileSystem: FileSystem = {
  open: (path) => openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)),
  close: closeSync,
  stat: (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats && exactly(stats, () => statSync(path, { bigint: true }));
  },
  fstat: (fd) => exactly(fstatSync(fd), () => fstatSync(fd, { bigint: true })),
  read: (fd, into, length, position) => {
    try {
      return readSync(fd, into, 0, length, position ?? null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  },
  list: (directory) => readdirSync(directory),
  readLink: (path) => {
    try {
      // Asked first, since most are none, and errors are dear.
      return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
        ? readlinkSync(path)
        : undefined;
    } catch {
      return undefined;
    }
  },
  tells: (directory) => {
    try {
      return !SILENT.has(statfsSync(directory).type);
    } catch (error) {
      return !NOTHING_THERE.has(codeOf(error));
    }
  },
  watch: (path, changed, failed) => {
    const watcher = watch(path, (_, name) => changed(name ?? undefined));
    watcher.on('error', (error) => failed(codeOf(error)));
    return () => watcher.close();
  },
  // Linux leads from here to the file itself, whatever its names are, or none.
  watchOpen: (fd, changed) => {
    const watcher = watch(`/proc/self/fd/${fd}`, changed);
    watcher.on('error', () => {});
    return () => watcher.close();
  },
};
