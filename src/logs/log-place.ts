/** Where a log lies: its real path, its directory, its group, and what to tell a person when it cannot be there. */

import { chownSync, lstatSync, mkdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { systemReason, UserError } from '../exit.js';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A pipe or a device can have no archives. */
export const notRegular = (path: string): UserError =>
  new UserError(`${path} is not a regular file`, { hint: 'For standard output write --file -' });

/** A word as a shell takes it for one. */
const quoteWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A system error about a log, as a person can use it. Anything else comes back as it is. */
export const explainPlace = (path: string, error: unknown): unknown => {
  const code = codeOf(error);
  if (error instanceof UserError || code === undefined) return error;
  const options = (hint: string) => ({ hint, cause: error });
  switch (code) {
    case 'EISDIR':
      return new UserError(
        `${path} is a directory`,
        options(`Name a file in it: --file ${join(path, 'sysmon.log')}`),
      );
    case 'ENOENT':
      // A name of an open pipe, such as /dev/stdout, leads somewhere, but to no path.
      if (statSync(path, { throwIfNoEntry: false }) !== undefined) return notRegular(path);
      // In some directories, such as /proc, no file can be made; and a link may lead to where there is none.
      if (statSync(dirname(path), { throwIfNoEntry: false }) !== undefined) break;
      return new UserError(
        `the directory ${dirname(path)} does not exist`,
        options(`Make it first: mkdir -p ${quoteWord(dirname(path))}`),
      );
    case 'EACCES':
    case 'EPERM':
      return new UserError(
        `cannot write ${path}: permission denied`,
        options(
          `The file and its directory ${dirname(path)} must be writable; choose another place with --file.`,
        ),
      );
    default:
      break;
  }
  return new UserError(
    `cannot write ${path}: ${systemReason(error)}`,
    options('Choose another place with --file.'),
  );
};

/** The file behind a path whose links, the last one included, are followed; the file itself need not be there. */
export const realLogPath = (path: string): string => {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const here = join(realpathSync(dirname(full)), basename(full));
  const dangling = lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink();
  return dangling ? realLogPath(resolve(dirname(here), readlinkSync(here))) : here;
};

/** Debian's group of those who may read the logs. Undefined where there is none, or we cannot give files to it. */
export const logGroup = (uid: number | undefined, groupFile = '/etc/group'): number | undefined => {
  if (uid !== 0) return undefined;
  try {
    const [, gid] = /^adm:[^:]*:(\d+):/m.exec(readFileSync(groupFile, 'utf8')) ?? [];
    return gid === undefined ? undefined : Number(gid);
  } catch {
    return undefined;
  }
};

/** Makes the directory of a log, and those above it, closed to others. One that is there is left as it is. */
export const makeLogDirectory = (path: string, gid: number | undefined): void => {
  const directory = dirname(resolve(path));
  if (statSync(directory, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  if (gid !== undefined) chownSync(directory, 0, gid);
};

/** The path of a log to read, links resolved where they lead to something: archives lie beside the file itself. */
export const followLinks = (path: string): string => {
  try {
    return realLogPath(path);
  } catch {
    return path;
  }
};
