/** What is to be known of a process besides its numbers: whose it is, its whole name, its arguments. */

import { statSync } from 'node:fs';
import type { Process } from './process-table.js';
import { forgetGone } from './process-table.js';
import type { Tree } from './tree.js';

export interface ProcessFacts {
  readonly name: string;
  /** Undefined when the process has gone meanwhile. */
  readonly user: string | undefined;
  /** Undefined where they were not asked for, or the process is a kernel thread. */
  readonly args: string | undefined;
}

/** The kernel's TASK_COMM_LEN without its NUL. */
export const NAME_BYTES = 15;

/** Longer arguments are cut: some programs have megabytes of them. */
const ARGS_LENGTH = 200;

/** A process is looked at again when it is this many times older: most change their user soon after they start. */
const AGAIN = 4;

const orUndefined = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    // Gone, or not ours to look at: not known either way.
    return undefined;
  }
};

const readArguments = (tree: Tree, pid: number): readonly string[] =>
  (orUndefined(() => tree.proc(`${pid}/cmdline`)) ?? '').replace(/\0+$/, '').split('\0');

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * The name, whole: where the kernel may have cut it, the first of the arguments that begins with it tells the rest (the
 * second one where an interpreter runs a script).
 */
export const readFullName = (tree: Tree, { pid, name }: Pick<Process, 'pid' | 'name'>): string => {
  if (Buffer.byteLength(name) < NAME_BYTES) return name;
  const candidates = readArguments(tree, pid).slice(0, 3).map(baseName);
  return candidates.find((candidate) => candidate.startsWith(name)) ?? name;
};

/** Looks up users' names in the machine's own passwd file, which is read again when a user is not in it. */
const openUsers = (tree: Tree): ((uid: number) => string) => {
  const names = new Map<number, string>();
  return (uid) => {
    const known = names.get(uid);
    if (known !== undefined) return known;
    const passwd = orUndefined(() => tree.rootIfThere('etc/passwd')) ?? '';
    for (const [, name, number] of passwd.matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm))
      if (!names.has(Number(number))) names.set(Number(number), name as string);
    const found = names.get(uid) ?? String(uid);
    names.set(uid, found);
    return found;
  };
};

interface Remembered {
  process: Process;
  /** When it is to be looked at again, in ticks since boot. */
  readonly againAt: number;
  readonly facts: ProcessFacts;
}

/**
 * Looks up facts of all processes at once, and remembers them from one call to the next. A process is looked at again
 * when it has used CPU time since, and ever more seldom when it has not; until then its facts are the same object.
 */
export const openFacts = (
  tree: Tree,
): ((
  processes: readonly Process[],
  uptimeTicks: number,
  withArguments: boolean,
) => readonly ProcessFacts[]) => {
  const nameOfUser = openUsers(tree);
  const remembered = new Map<number, Remembered>();

  const look = (process: Process, withArguments: boolean): ProcessFacts => {
    const uid = orUndefined(() => statSync(`${tree.roots.procfs}/${process.pid}`).uid);
    const args = withArguments ? readArguments(tree, process.pid).join(' ').slice(0, ARGS_LENGTH) : '';
    return {
      name: readFullName(tree, process),
      user: uid === undefined ? undefined : nameOfUser(uid),
      args: args === '' ? undefined : args,
    };
  };

  const isUnchanged = (now: Process, before: Process): boolean =>
    now === before ||
    (before.startTicks === now.startTicks &&
      before.name === now.name &&
      before.userTicks === now.userTicks &&
      before.systemTicks === now.systemTicks);

  return (processes, uptimeTicks, withArguments) => {
    const second = tree.constants().ticksPerSecond;
    const facts: ProcessFacts[] = [];
    for (let at = 0; at < processes.length; at++) {
      const process = processes[at] as Process;
      let entry = remembered.get(process.pid);
      if (entry !== undefined && uptimeTicks < entry.againAt && isUnchanged(process, entry.process)) {
        entry.process = process;
      } else {
        entry = {
          process,
          againAt: process.startTicks + AGAIN * Math.max(second, uptimeTicks - process.startTicks),
          facts: look(process, withArguments),
        };
        remembered.set(process.pid, entry);
      }
      facts.push(entry.facts);
    }
    forgetGone(remembered, processes);
    return facts;
  };
};
