/** All processes, from one pass over /proc/PID/stat that all who need them share. */

import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import type { Ask } from '../core/vital.js';
import { kernelStatNumber, readKernelStat } from './kernel-stat.js';
import { oncePerSample } from './once.js';
import type { Tree } from './tree.js';

export interface Process {
  readonly pid: number;
  /** As the kernel has it: cut at 15 bytes, and with whatever a program chose to put in it. */
  readonly name: string;
  /** One letter: proc_pid_stat(5). */
  readonly state: string;
  readonly parent: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly threads: number;
  /** Clock ticks from boot to its start: with the pid it tells a process from all others of this boot. */
  readonly startTicks: number;
  readonly virtualBytes: number;
  readonly residentPages: number;
}

export interface ProcessTable {
  /** One whose file says what it said in the pass before is the same object again. */
  readonly processes: readonly Process[];
  /** Processes that are there but may not be looked at (procfs mounted with hidepid). */
  readonly hidden: number;
}

const CLOSE = 0x29;
const MINUS = 0x2d;
const ZERO = 0x30;

/** A line has 52 numbers of at most 20 digits, and a name. */
const buffer = Buffer.allocUnsafe(4096);
const columns = new Float64Array(22);

/**
 * The bytes of a /proc/PID/stat file → the process. The name may hold spaces, parentheses and newlines, so columns are
 * counted from the last `)`. Undefined where the line is cut short.
 */
export const parseProcess = (bytes: Buffer, length: number): Process | undefined => {
  const close = bytes.lastIndexOf(CLOSE, length - 1);
  const open = bytes.indexOf('(');
  if (open < 2 || close < open || close + 2 >= length) return undefined;
  // columns[0] is the parent, the fourth in proc_pid_stat(5)'s count.
  let count = 0;
  for (let at = close + 4; at < length && count < columns.length; count++) {
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    let value = 0;
    for (; at < length; at++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    columns[count] = negative ? -value : value;
    at++;
  }
  if (count < 21) return undefined;
  return {
    pid: Number(bytes.toString('latin1', 0, open - 1)),
    name: bytes.toString('utf8', open + 1, close),
    state: String.fromCharCode(bytes[close + 2] as number),
    parent: columns[0] as number,
    userTicks: columns[10] as number,
    systemTicks: columns[11] as number,
    threads: columns[16] as number,
    startTicks: columns[18] as number,
    virtualBytes: columns[19] as number,
    residentPages: columns[20] as number,
  };
};

const isNumber = (name: string): boolean => {
  const first = name.charCodeAt(0) - ZERO;
  return first > 0 && first <= 9;
};

/** A process's file, open from one pass to the next. */
interface OpenFile {
  readonly fd: number;
  /** What it said when it last changed, and what it says now. */
  readonly before: Buffer;
  readonly now: Buffer;
  process: Process | undefined;
}

/** A process in the listing; without a file when that is opened for each reading. */
interface Place {
  readonly name: string;
  file: OpenFile | undefined;
}

/**
 * What is kept from one pass to the next. Opening a file costs as much as reading it, and the kept descriptor goes on to
 * mean the same process: it says ESRCH when that has gone, whoever has its number now. Only procfs does so, whose files
 * have no size; a recorded tree is opened anew each time.
 */
interface Kept {
  readonly places: Map<string, Place>;
  /** Those of the last listing; undefined when it has to be made anew. */
  listed: readonly Place[] | undefined;
  /** Processes and threads begun since boot, as it was before they were listed. */
  forks: number | undefined;
  openFiles: number;
}

const keptByTree = new WeakMap<Tree, Kept>();

/** Few enough for the smallest limit of open files in use, 1024. */
const MOST_KEPT = 512;

/** Bytes of a line that are looked at: more than the columns of interest can take, with the longest name there is. */
const HEAD = 512;

const openKept = (tree: Tree): Kept | undefined => {
  const kept = keptByTree.get(tree);
  if (kept !== undefined) return kept;
  if (statSync(`${tree.roots.procfs}/stat`, { throwIfNoEntry: false })?.size !== 0) return undefined;
  const made: Kept = { places: new Map(), listed: undefined, forks: undefined, openFiles: 0 };
  keptByTree.set(tree, made);
  return made;
};

const closeFile = (kept: Kept, place: Place): void => {
  if (place.file === undefined) return;
  closeSync(place.file.fd);
  place.file = undefined;
  kept.openFiles--;
};

/** Closes what reading processes keeps open. The next reading opens it again. */
export const releaseProcesses = (tree: Tree): void => {
  const kept = keptByTree.get(tree);
  if (kept === undefined) return;
  for (const place of kept.places.values()) closeFile(kept, place);
  keptByTree.delete(tree);
};

/** A process may end between the listing and the reading. */
const isGone = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ESRCH';
};

const isRefused = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM';
};

/** Most processes sleep, and what their files say stays the same: only what changed is parsed. */
const readAgain = (file: OpenFile): Process | undefined => {
  const length = readSync(file.fd, file.now, 0, HEAD, 0);
  // Beyond the length both hold the same leftovers, since one is always copied whole to the other.
  if (file.process === undefined || !file.now.equals(file.before)) {
    file.process = parseProcess(file.now, length);
    file.before.set(file.now);
  }
  return file.process;
};

/** The process at a place; undefined when it has gone. Throws when it may not be looked at. */
const readProcess = (tree: Tree, place: Place, kept: Kept | undefined): Process | undefined => {
  if (kept !== undefined && place.file !== undefined) {
    try {
      return readAgain(place.file);
    } catch (error) {
      closeFile(kept, place);
      if (!isGone(error)) throw error;
    }
  }
  let fd: number | undefined;
  try {
    fd = openSync(`${tree.roots.procfs}/${place.name}/stat`, 'r');
    if (kept === undefined || kept.openFiles >= MOST_KEPT)
      return parseProcess(buffer, readSync(fd, buffer, 0, buffer.length, 0));
    const file: OpenFile = {
      fd,
      before: Buffer.allocUnsafe(HEAD),
      now: Buffer.allocUnsafe(HEAD),
      process: undefined,
    };
    const found = readAgain(file);
    place.file = file;
    kept.openFiles++;
    fd = undefined;
    return found;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
};

const list = (tree: Tree): readonly string[] => readdirSync(tree.roots.procfs).filter(isNumber);

const placeOf = (kept: Kept, name: string): Place => {
  let place = kept.places.get(name);
  if (place === undefined) {
    place = { name, file: undefined };
    kept.places.set(name, place);
  }
  return place;
};

/** Lets go of processes that are not in the listing any more. */
const closeOthers = (kept: Kept, listed: readonly Place[]): void => {
  if (kept.places.size === listed.length) return;
  const there = new Set(listed);
  for (const place of kept.places.values()) {
    if (there.has(place)) continue;
    closeFile(kept, place);
    kept.places.delete(place.name);
  }
};

/**
 * Listing costs a quarter of what reading does, and tells nothing new where nothing forked. Kernels that do not count
 * forks say 0. The detail lists all the same: where procfs hides those of others, some appear without a fork.
 */
const listIfForked = (tree: Tree, ask: Ask, kept: Kept): readonly Place[] => {
  const forks = kernelStatNumber(readKernelStat(tree, ask), 'processes');
  if (kept.listed !== undefined && forks === kept.forks && forks && !ask.detail) return kept.listed;
  const listed = list(tree).map((name) => placeOf(kept, name));
  closeOthers(kept, listed);
  kept.listed = listed;
  kept.forks = forks;
  return listed;
};

/** All processes. Throws when procfs cannot be listed. */
export const readProcesses = oncePerSample((tree, ask): ProcessTable => {
  const kept = openKept(tree);
  const places: readonly Place[] =
    kept === undefined
      ? list(tree).map((name) => ({ name, file: undefined }))
      : listIfForked(tree, ask, kept);
  const processes: Process[] = [];
  let hidden = 0;
  for (let at = 0; at < places.length; at++) {
    try {
      const found = readProcess(tree, places[at] as Place, kept);
      if (found !== undefined) processes.push(found);
      // Listed no more, the next time.
      else if (kept !== undefined) kept.listed = undefined;
    } catch (error) {
      if (!isRefused(error)) throw error;
      hidden++;
    }
  }
  return { processes, hidden };
});
