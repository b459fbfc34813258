/** All processes, from one pass over /proc/PID/stat that all who need them share. */

import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
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

/**
 * Descriptors kept from one pass to the next: opening costs as much as reading. One that is kept goes on to mean the
 * same process, and says ESRCH when that has gone, whoever has its number now. Only procfs does so, whose files have no
 * size; a recorded tree is opened anew each time.
 */
const keptByTree = new WeakMap<Tree, Map<string, number>>();

/** Few enough for the smallest limit of open files in use, 1024. */
const MOST_KEPT = 512;

const openKept = (tree: Tree): Map<string, number> | undefined => {
  const kept = keptByTree.get(tree);
  if (kept !== undefined) return kept;
  if (statSync(`${tree.roots.procfs}/stat`, { throwIfNoEntry: false })?.size !== 0) return undefined;
  const made = new Map<string, number>();
  keptByTree.set(tree, made);
  return made;
};

/** Closes what reading processes keeps open. The next reading opens it again. */
export const releaseProcesses = (tree: Tree): void => {
  for (const fd of keptByTree.get(tree)?.values() ?? []) closeSync(fd);
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

const readFrom = (fd: number): Process | undefined =>
  parseProcess(buffer, readSync(fd, buffer, 0, buffer.length, 0));

/** A process by its number; undefined when it has gone. Throws when it may not be looked at. */
const readProcess = (
  tree: Tree,
  name: string,
  kept: Map<string, number> | undefined,
): Process | undefined => {
  const known = kept?.get(name);
  if (kept !== undefined && known !== undefined) {
    try {
      return readFrom(known);
    } catch (error) {
      kept.delete(name);
      closeSync(known);
      if (!isGone(error)) throw error;
    }
  }
  let fd: number | undefined;
  try {
    fd = openSync(`${tree.roots.procfs}/${name}/stat`, 'r');
    const found = readFrom(fd);
    if (kept !== undefined && kept.size < MOST_KEPT) {
      kept.set(name, fd);
      fd = undefined;
    }
    return found;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
};

/** All processes. Throws when procfs cannot be listed. */
export const readProcesses = oncePerSample((tree, ask): ProcessTable => {
  // One who looks once a minute has no use for open descriptors in between.
  const kept = ask.top > 0 || ask.processes.length > 0 ? openKept(tree) : undefined;
  const names = readdirSync(tree.roots.procfs).filter(isNumber);
  const processes: Process[] = [];
  let hidden = 0;
  let held = 0;
  for (const name of names) {
    try {
      const found = readProcess(tree, name, kept);
      if (kept?.has(name)) held++;
      if (found !== undefined) processes.push(found);
    } catch (error) {
      if (!isRefused(error)) throw error;
      hidden++;
    }
  }
  if (kept !== undefined && kept.size > held) closeOthers(kept, names);
  return { processes, hidden };
});

/** Lets go of processes that are not in the listing any more. */
const closeOthers = (kept: Map<string, number>, names: readonly string[]): void => {
  const there = new Set(names);
  for (const [name, fd] of kept) {
    if (there.has(name)) continue;
    closeSync(fd);
    kept.delete(name);
  }
};
