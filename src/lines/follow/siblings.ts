/** The files that a rotation leaves beside a file: `app.log.1`, `app.log-20261121`, `app-20261121.log`, and their compressed forms. */

import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, type FileSystem, type Status } from './file-system.js';

export interface Sibling {
  readonly path: string;
  readonly status: Status;
  readonly isCompressed: boolean;
  /** What a rotation has put into its name. */
  readonly mark: string;
}

/** Numbers, dates, times; and what is left beside a file once only. */
const MARK = /^[.\-_]((?:\d[\dTZ:._+-]*)|old|bak)(\.(?:gz|bz2|xz|zst|lz4|Z))?$/;

/** What a rotation has put into `name`, where it is a sibling of `base`. */
const markOf = (base: string, name: string): { mark: string; isCompressed: boolean } | undefined => {
  const dot = base.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ''];
  if (!name.startsWith(stem) || name === base) return undefined;
  const direct = name.startsWith(base) ? MARK.exec(name.slice(base.length)) : null;
  // logrotate's `extension` keeps the end of the name where it was.
  const at = extension === '' ? -1 : name.lastIndexOf(extension);
  const within =
    at > stem.length ? MARK.exec(name.slice(stem.length, at) + name.slice(at + extension.length)) : null;
  const found = direct ?? within;
  return found === null ? undefined : { mark: found[1] as string, isCompressed: found[2] !== undefined };
};

/** logrotate's numbers count how often a file was rotated; dates and serial numbers count up. */
const COUNT = /^\d{1,5}$/;

/** Orders siblings, the oldest first: by what their names say, or, where these are of two kinds, by when they were last written. */
export const byAge = (a: Sibling, b: Sibling): number => {
  const [aCounts, bCounts] = [COUNT.test(a.mark), COUNT.test(b.mark)];
  if (aCounts && bCounts) return Number(b.mark) - Number(a.mark);
  if (aCounts === bCounts && /^\d/.test(a.mark) && /^\d/.test(b.mark))
    return a.mark < b.mark ? -1 : a.mark > b.mark ? 1 : 0;
  return a.status.mtime - b.status.mtime;
};

/** Where a path leads that is a symbolic link; the path itself otherwise. */
export const behindLink = (fileSystem: FileSystem, path: string): string => {
  const target = fileSystem.readLink(path);
  return target === undefined ? path : resolve(dirname(path), target);
};

/** What stands beside `base` in a directory at this moment, oldest first; hard links of one file count once. */
const listOnce = (fileSystem: FileSystem, directory: string, base: string): readonly Sibling[] => {
  const found = new Map<string, Sibling>();
  for (const name of fileSystem.list(directory)) {
    const marked = markOf(base, name);
    if (marked === undefined) continue;
    const path = join(directory, name);
    const status = fileSystem.stat(path);
    if (status?.kind === 'file') found.set(`${status.dev}:${status.ino}`, { path, status, ...marked });
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
