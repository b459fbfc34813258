/** Which texts a call of grep means, in their order. */

import { basename, dirname, join } from 'node:path';
import { clean } from '../../core/clean.js';
import { UserError } from '../../exit.js';
import { rotatedFiles } from '../../lines/rotated.js';
import type { Selection } from '../../lines/search/plan.js';
import { listSet, pickArchives } from '../../logs/log-set.js';
import type { World } from '../../world.js';
import { findLog } from '../places.js';
import { hasInput } from '../texts/has-input.js';
import { statOf } from '../texts/stat.js';
import { openGlobs } from './globs.js';
import type { Request } from './request.js';
import type { Trouble } from './trouble.js';
import { walk } from './walk.js';

/** One text: standard input, or files of which each is the past of the next. */
export interface Source {
  /** As it is shown. */
  readonly name: string;
  /** Undefined for standard input. */
  readonly paths: readonly string[] | undefined;
}

const STDIN = '-';

export const isDirectory = (path: string): boolean => statOf(path)?.isDirectory() === true;

/** Sysmon's own log with those of its archives that may hold what is asked for, oldest first. Throws a UserError where there is none. */
const ownLog = (world: World, { since, until }: Selection, onProblem: (text: string) => void): Source => {
  const path = findLog(world);
  const { archives, live } = listSet(path, onProblem);
  const range = { since: since ?? Number.NEGATIVE_INFINITY, until: until ?? Number.POSITIVE_INFINITY };
  const names = pickArchives(archives, range).flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (archives.length === 0 && live === undefined)
    throw new UserError(`there is no log at ${path}`, { hint: 'Name a FILE, or begin a log: sysmon log' });
  const past = names.map((name) => join(dirname(path), basename(name)));
  return { name: path, paths: live === undefined ? past : [...past, path] };
};

const pastOf = (file: string, trouble: Trouble): readonly string[] => {
  try {
    return rotatedFiles(file);
  } catch (error) {
    trouble.about(file, error);
    return [];
  }
};

export function* sourcesOf(request: Request, world: World, trouble: Trouble): Generator<Source> {
  const { files, directories, archives, plan } = request;
  const wantsFile = openGlobs(request.globs);
  const wantsDirectory = openGlobs(request.excludedDirectories.map((glob) => ({ include: false, glob })));
  const stdin: Source = { name: request.label, paths: undefined };
  const below = function* (path: string, prefix: string): Generator<Source> {
    const found = walk(path, prefix, {
      follow: request.follow,
      wantsFile: (name) => wantsFile(name, false),
      wantsDirectory: (name) => wantsDirectory(name, false),
      onError: trouble.about,
      onLoop: (loop) =>
        world.stderr.write(`sysmon grep: ${clean(loop)}: warning: recursive directory loop\n`),
    });
    for (const name of found) yield { name, paths: [name] };
  };
  if (files.length === 0) {
    if (directories === 'recurse') yield* below('.', '');
    else yield hasInput(world) ? stdin : ownLog(world, plan.selection ?? {}, trouble.say);
    return;
  }
  for (const file of files) {
    if (file === STDIN) {
      if (wantsFile(file, true)) yield stdin;
    } else if (directories !== 'read' && isDirectory(file)) {
      if (directories === 'recurse' && wantsDirectory(file, true))
        yield* below(file, file.endsWith('/') ? file : `${file}/`);
    } else if (wantsFile(file, true)) {
      yield { name: file, paths: archives ? [...pastOf(file, trouble), file] : [file] };
    }
  }
}

/** Whether it is said where lines are from, where nobody has said. */
export const needsNames = ({ files, directories }: Request): boolean =>
  files.length > 1 || (directories === 'recurse' && (files.length === 0 || isDirectory(files[0] as string)));
