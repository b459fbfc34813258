/** Files of rules and of their tests, by names and patterns. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { systemReason, UserError } from '../../exit.js';
import { globSource } from '../texts/glob.js';

const META = /[*?[\\]/;

/** Throws a UserError where it cannot be read, or is no UTF-8. */
export const readTextFile = (file: string): string => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const isPattern = META.test(file) && (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isPattern ? 'no file matches' : systemReason(error);
    throw new UserError(`${file}: ${reason}`, { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file}: it is no UTF-8 text`);
  }
};

const names = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder === '' ? '.' : folder).sort();
  } catch {
    return [];
  }
};

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

/** Files that match a pattern as Go's filepath.Glob has it: `*` and `?` stay within a name. By name. */
export const globFiles = (pattern: string): readonly string[] => {
  if (!META.test(pattern)) return exists(pattern) ? [pattern] : [];
  const [first = '', ...rest] = pattern.split('/');
  let found: readonly string[] = [''];
  for (const [index, part] of [first, ...rest].entries()) {
    const matches = META.test(part) ? new RegExp(`^${globSource(part)}$`, 'u') : undefined;
    const under = (folder: string, name: string): string => (index === 0 ? name : `${folder}/${name}`);
    found = found.flatMap((folder) =>
      matches === undefined
        ? [under(folder, part)]
        : names(index === 0 ? '.' : folder || '/')
            .filter((name) => matches.test(name))
            .map((name) => under(folder, name)),
    );
  }
  return found.filter(exists);
};

/** The same for a pattern that stands in a file, and means what is beside that file. */
export const globBeside = (file: string, pattern: string): readonly string[] =>
  globFiles(isAbsolute(pattern) ? pattern : join(dirname(file), pattern));

/** Files named on the command line, where a shell did not fill the patterns in; what matches nothing stays, and is no file. */
export const namedFiles = (words: readonly string[]): readonly string[] => [
  ...new Set(
    words.flatMap((word) => {
      const found = exists(word) ? [word] : globFiles(word);
      return found.length === 0 ? [word] : found;
    }),
  ),
];
