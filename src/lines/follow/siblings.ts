/** The files that a rotation leaves beside a file: `app.log.1`, `app.log-20261121`, `app-20261121.log`, and their compressed forms. */

import { basename, dirname, join, resolve } from 'node:path';
import { compareMarks, type RotatedName, rotatedAs } from '../rotated.js';
import { codeOf, type FileSystem, type Status } from './file-system.js';

export interface Sibling {
  readonly path: string;
  readonly status: Status;
  readonly isCompressed: boolean;
  readonly rotated: RotatedName;
}

/** Orders siblings, the oldest first: by what their names say, or, where that is nothing, by when they were last written. */
const byAge = (a: Sibling, b: Sibling): number =>
  compareMarks(a.rotated, b.rotated) ?? a.status.mtime - b.status.mtime;

/** Where a path leads that is a symbolic link; the path itself otherwise. */
const behindLink = (fileSystem: FileSystem, path: string): string => {
  const target = fileSystem.readLink(path);
  return target === undefined ? path : resolve(dirname(path), target);
};

/** What stands beside `base` in a directory at this moment, oldest first; hard links of one file count once. */
const listOnce = (fileSystem: FileSystem, directory: string, base: string): readonly Sibling[] => {
  const found = new Map<string, Sibling>();
  for (const name of fileSystem.list(directory)) {
    const rotated = rotatedAs(base, name);
    if (rotated === undefined) continue;
    const path = join(directory, name);
    const status = fileSystem.stat(path);
    const isCompressed = rotated.packing !== '';
    if (status?.kind === 'file')
      found.set(`${status.dev}:${status.ino}`, { path, status, isCompressed, rotated });
  }
  return [...found.values()].sort(byAge);
};

const asText = (siblings: readonly Sibling[]): string =>
  siblings.map(({ path, status }) => `${path}:${status.dev}:${status.ino}`).join('\n');

/**
 * A rotation renames one file after the other: a list taken meanwhile has some twice and others not at all. Two lists that agree are
 * right; only a rotator that never stops would let it come to so many.
 */
const ATTEMPTS = 1000;

/** The siblings of the file at `path`, oldest first; none where its directory cannot be read. */
export const listSiblings = (fileSystem: FileSystem, path: string): readonly Sibling[] => {
  const place = behindLink(fileSystem, path);
  const list = () => listOnce(fileSystem, dirname(place), basename(place));
  try {
    let found = list();
    for (let i = 0; i < ATTEMPTS; i++) {
      const again = list();
      if (asText(again) === asText(found)) break;
      found = again;
    }
    return found;
  } catch (error) {
    codeOf(error);
    return [];
  }
};
