/** A log's archives as they are on disk. Asked anew each time: people and other programs move files too. */

import { closeSync, fsyncSync, openSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Archive, archivesAmong } from './archive-name.js';

export interface StoredArchive extends Archive {
  /** Of all its forms together. */
  readonly bytes: number;
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The archives of the log at `path`, oldest first. Throws what the system says when the directory cannot be read. */
export const listArchives = (path: string): readonly Archive[] =>
  archivesAmong(basename(path), readdirSync(dirname(path)));

/** The files that an archive consists of. */
export const filesOf = (path: string, { name, leftovers }: Archive): readonly string[] =>
  [...(name === undefined ? [] : [name]), ...leftovers].map((file) => join(dirname(path), file));

/** As `listArchives`, with the space they take. */
export const measureArchives = (path: string): readonly StoredArchive[] =>
  listArchives(path).map((archive) => ({
    ...archive,
    bytes: filesOf(path, archive).reduce((sum, file) => sum + sizeOf(file), 0),
  }));

/** Deletes a file; one that is gone already is fine. */
export const deleteFile = (path: string): void => {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};

/** Removes what killed runs left beside complete archives. */
export const sweepLeftovers = (path: string): void => {
  for (const archive of listArchives(path))
    for (const name of archive.leftovers) deleteFile(join(dirname(path), name));
};

/** Makes the names in a directory last through a power cut. */
export const syncDirectory = (directory: string): void => {
  try {
    const fd = openSync(directory, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    // Not every system lets a directory be opened or flushed; there it is the file system's own business.
    if (!['EPERM', 'EISDIR', 'EINVAL', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
};
