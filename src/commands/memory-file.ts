/** What a command remembers from one run to the next: small files of JSON, of which there is always a whole one. */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemReason, UserError } from '../exit.js';

/** Makes a folder and those above it. Node's own way never comes to an end where a folder takes none, as /proc. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o750 });
  } catch (error) {
    // Another run may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
};

/** What an error about such a file says besides. */
export interface MemoryHints {
  /** What is in it: `positions`. */
  readonly of: string;
  readonly unreadable: string;
  readonly foreign: string;
  readonly unwritable: string;
}

/** Undefined where nothing is remembered yet. Throws a UserError for a file that cannot be read, or is something else. */
export const readMemory = <T>(
  file: string,
  isMemory: (value: unknown) => value is T,
  hints: MemoryHints,
): T | undefined => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(`${file}: ${systemReason(error)}`, { hint: hints.unreadable });
  }
  try {
    const memory: unknown = JSON.parse(text);
    if (isMemory(memory)) return memory;
  } catch {
    // Said below.
  }
  throw new UserError(`${file} is not what this version of sysmon remembers ${hints.of} in`, {
    hint: hints.foreign,
  });
};

/** Throws a UserError where it cannot be kept. `pid` keeps two runs at once apart. */
export const writeMemory = (file: string, memory: unknown, pid: number, hints: MemoryHints): void => {
  const fresh = `${file}.${pid}`;
  try {
    makeFolder(dirname(file));
    writeFileSync(fresh, `${JSON.stringify(memory)}\n`, { mode: 0o640 });
    renameSync(fresh, file);
  } catch (error) {
    throw new UserError(`${file}: ${systemReason(error)}`, { hint: hints.unwritable });
  }
};
