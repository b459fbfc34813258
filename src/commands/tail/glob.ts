/** Files by a pattern: `*`, `?`, `[a-z]`, and `**` for directories of any depth; of a directory all its files. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { globSource } from '../texts/glob.js';
import { statOf } from '../texts/stat.js';

const MAGIC = /[*?[]/;

/** One part of a path as a regular expression. A name that begins with a dot must be asked for with one. */
const compile = (part: string): RegExp =>
  new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${globSource(part)}$`, 'u');

const namesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory === '' ? '.' : directory).sort();
  } catch {
    return [];
  }
};

const isDirectory = (path: string): boolean => statOf(path === '' ? '.' : path)?.isDirectory() === true;

const isThere = (path: string): boolean => statOf(path) !== undefined;

const walk = (base: string, parts: readonly string[], found: Set<string>): void => {
  const [part, ...rest] = parts;
  if (part === undefined) {
    if (base !== '') found.add(base);
    return;
  }
  if (part === '**') {
    walk(base, rest, found);
    for (const name of namesIn(base)) {
      const path = join(base, name);
      if (!name.startsWith('.') && isDirectory(path)) walk(path, parts, found);
    }
    return;
  }
  if (!MAGIC.test(part)) {
    const path = join(base, part);
    if (rest.length > 0 || isThere(path)) walk(path, rest, found);
    return;
  }
  const pattern = compile(part);
  for (const name of namesIn(base)) {
    if (!pattern.test(name)) continue;
    const path = join(base, name);
    if (rest.length === 0 || isDirectory(path)) walk(path, rest, found);
  }
};

/** The files that a pattern means now, in the order of their names. What is no file, as a pipe or a socket, is left out. */
export const filesOf = (pattern: string): readonly string[] => {
  const isAbsolute = pattern.startsWith('/');
  const found = new Set<string>();
  walk(
    isAbsolute ? '/' : '',
    pattern.split('/').filter((part) => part !== '' && part !== '.'),
    found,
  );
  if (pattern === '.' || pattern === './') found.add('.');
  return [...found].flatMap((path) =>
    isDirectory(path)
      ? namesIn(path)
          .filter((name) => !name.startsWith('.'))
          .map((name) => join(path, name))
          .filter(isFile)
      : isFile(path)
        ? [path]
        : [],
  );
};

const isFile = (path: string): boolean => statOf(path)?.isFile() === true;
