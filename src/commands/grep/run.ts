/** A call of grep from its files to its exit code, by GNU grep's rules. */

import { fstatSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { clean } from '../../core/clean.js';
import { GREP_EXIT, UserError } from '../../exit.js';
import { openCollector, openPieces, SMALL } from '../../lines/search/collect.js';
import { canSplit, searchInThreads } from '../../lines/search/crew.js';
import { type Engine, openEngine } from '../../lines/search/engine.js';
import type { Feed } from '../../lines/search/feed.js';
import { nameHead } from '../../lines/search/print.js';
import { STYLE, styled } from '../../lines/search/style.js';
import type { World } from '../../world.js';
import { findLog } from '../places.js';
import { hasInput } from '../tail/input.js';
import { openGlobs } from './globs.js';
import { reasonFor } from './reasons.js';
import type { Request } from './request.js';
import { rotatedFiles } from './rotated.js';
import { openChain, openFile, openStdin, ownLogPaths, type Text } from './texts.js';
import { walk } from './walk.js';

/** What is to be searched as one text, not yet opened. */
interface Source {
  readonly name: string;
  readonly open: () => Text;
}

const STDIN = '-';

/** Messages, and whether there was reason for one. */
interface Trouble {
  readonly say: (text: string) => void;
  readonly about: (path: string, error: unknown) => void;
  readonly isThere: () => boolean;
}

const openTrouble = ({ messages }: Request, { stderr }: World): Trouble => {
  let isThere = false;
  const say = (text: string): void => {
    isThere = true;
    if (messages) stderr.write(`sysmon grep: ${clean(text)}\n`);
  };
  return { say, about: (path, error) => say(`${path}: ${reasonFor(error)}`), isThere: () => isThere };
};

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function* sourcesOf(request: Request, world: World, trouble: Trouble): Generator<Source> {
  const { files, directories, archives, plan } = request;
  const wantsFile = openGlobs(request.globs);
  const wantsDirectory = openGlobs(request.excludedDirectories.map((glob) => ({ include: false, glob })));
  const { eol } = plan.scan;
  const chain = (name: string, paths: readonly string[]): Source => ({
    name,
    open: () => (paths.length === 1 ? openFile(paths[0] as string) : openChain(paths, eol, trouble.about)),
  });
  const below = function* (path: string, prefix: string): Generator<Source> {
    const found = walk(path, prefix, {
      follow: request.follow,
      wantsFile: (name) => wantsFile(name, false),
      wantsDirectory: (name) => wantsDirectory(name, false),
      onError: trouble.about,
      onLoop: (loop) =>
        world.stderr.write(`sysmon grep: ${clean(loop)}: warning: recursive directory loop\n`),
    });
    for (const name of found) yield { name, open: () => openFile(name) };
  };
  if (files.length === 0) {
    if (directories === 'recurse') yield* below('.', '');
    else if (hasInput(world)) yield { name: request.label, open: () => openStdin(world) };
    else {
      const path = findLog(world);
      const paths = ownLogPaths(path, trouble.say);
      if (paths === undefined)
        throw new UserError(`there is no log at ${path}`, {
          hint: 'Name a FILE, or begin a log: sysmon log',
        });
      yield chain(path, paths);
    }
    return;
  }
  for (const file of files) {
    if (file === STDIN) {
      if (wantsFile(file, true)) yield { name: request.label, open: () => openStdin(world) };
    } else if (directories !== 'read' && isDirectory(file)) {
      if (directories === 'recurse' && wantsDirectory(file, true))
        yield* below(file, file.endsWith('/') ? file : `${file}/`);
    } else if (wantsFile(file, true)) {
      yield archives
        ? chain(file, [...pastOf(file, trouble), file])
        : { name: file, open: () => openFile(file) };
    }
  }
}

const pastOf = (file: string, trouble: Trouble): readonly string[] => {
  try {
    return rotatedFiles(file);
  } catch (error) {
    trouble.about(file, error);
    return [];
  }
};

/** Whether lines go in front of which is said where they are from, where nobody has said. */
const needsNames = ({ files, directories }: Request): boolean =>
  files.length > 1 || (directories === 'recurse' && (files.length === 0 || isDirectory(files[0] as string)));

/** Whether what is written would be read again: the text is the very file that the output goes to. */
const isOutput = ({ stat }: Text, { plan }: Request, { stdout }: World): boolean => {
  if (stat?.isFile() !== true || stdout.descriptor === undefined) return false;
  if (plan.scan.quiet || plan.scan.most <= 1) return false;
  const out = fstatSync(stdout.descriptor);
  return out.isFile() && out.dev === stat.dev && out.ino === stat.ino;
};

export const runGrep = async (request: Request, world: World): Promise<number> => {
  const { give } = request;
  const { stdout } = world;
  const trouble = openTrouble(request, world);
  const names = request.names ?? needsNames(request);
  const print = { ...request.plan.print, names };
  const plan = { ...request.plan, print };
  const nameEnd = print.nullNames ? '\0' : '\n';

  const processors = availableParallelism();
  const isGone = (): boolean => stdout.gone.aborted;
  const pieces = openPieces(stdout.write);
  const out = openCollector(pieces);
  const passOn = async (piece: Buffer): Promise<void> => {
    stdout.write(piece.length < SMALL ? Buffer.from(piece) : piece);
    await stdout.drained();
  };
  const between = async (feed: Feed): Promise<boolean> => {
    if (feed.isLive) out.flush();
    if (pieces.isWaiting()) {
      await stdout.drained();
      pieces.reclaim();
    }
    return !isGone();
  };
  const engine: Engine = openEngine(plan, { out, between });
  if (request.isHopeless) return GREP_EXIT.notFound;

  const report = (name: string, count: number): void => {
    if (give === 'counts') out.latin1(`${names ? nameHead(name, ':', print) : ''}${count}\n`);
    if (give === (count > 0 ? 'matching' : 'others'))
      out.latin1(styled(STYLE.name, Buffer.from(name).toString('latin1'), print.colour) + nameEnd);
    if (print.lineBuffered) out.flush();
  };
  const searchOne = async ({ name, open }: Source): Promise<number> => {
    let text: Text;
    let count = 0;
    try {
      text = open();
    } catch (error) {
      trouble.about(name, error);
      return 0;
    }
    try {
      if (isOutput(text, request, world)) {
        trouble.say(`${name}: input file is also the output`);
        return 0;
      }
      const { fd, stat } = text;
      if (fd !== undefined && stat !== undefined && canSplit(plan, stat.size, processors)) {
        const file = { fd, start: 0, size: stat.size, eol: plan.scan.eol };
        count = await searchInThreads({
          plan,
          file,
          name,
          traits: undefined,
          processors,
          engine,
          out,
          give: passOn,
          isGone,
        });
      } else {
        await engine.search(text.feed, name);
        count = engine.count();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      trouble.about(name, error);
      // What was found before something went wrong is found.
      count = engine.count();
    } finally {
      text.feed.close();
    }
    report(name, count);
    return count;
  };

  let isFound = false;
  for (const source of sourcesOf(request, world, trouble)) {
    if ((await searchOne(source)) > 0) isFound = true;
    if (give === 'nothing' && isFound) return GREP_EXIT.found;
    if (stdout.gone.aborted) break;
  }
  out.flush();
  if (trouble.isThere()) return GREP_EXIT.error;
  return isFound ? GREP_EXIT.found : GREP_EXIT.notFound;
};
