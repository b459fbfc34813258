/** What following needs of a file system, so that tests can have one of their own. */

import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
  watch,
} from 'node:fs';

export type FileKind = 'file' | 'directory' | 'link' | 'stream' | 'other';

export interface Status {
  readonly dev: number | bigint;
  readonly ino: number | bigint;
  /** `stream`: a FIFO, a socket pair's end or a character device: read as it comes. */
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
  readonly stat: (path: string) => Status;
  readonly fstat: (fd: number) => Status;
  /** Bytes read into the buffer; 0 at the end. `position` undefined: where the descriptor stands. */
  readonly read: (fd: number, into: Uint8Array, length: number, position: number | undefined) => number;
  readonly list: (directory: string) => readonly string[];
  /** Where a symbolic link leads; undefined for what is none, or is not there. */
  readonly readLink: (path: string) => string | undefined;
  /** Whether changes in this directory are told: not on network file systems, nor in /proc and /sys. */
  readonly tells: (directory: string) => boolean;
  /**
   * Calls back with the name of whatever changes in a directory, or of a file itself that changes; without a name where that is not known. Gives what
   * ends it. `failed`: no more is told.
   */
  readonly watch: (
    path: string,
    changed: (name: string | undefined) => void,
    failed: (code: string) => void,
  ) => () => void;
}

const kindOf = (stats: Stats): FileKind => {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isFIFO() || stats.isCharacterDevice() ? 'stream' : 'other';
};
