/** What is to be known of a process besides its numbers: whose it is, its whole name, its arguments. */

import { statSync } from 'node:fs';
import type { Process } from './process-table.js';
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

/**
 * A process is looked at again when it is so many times older, since most change their user soon after they start; one
 * that has slept all the while can have changed nothing by itself.
 */
const AGAIN = { busy: 1.1, asleep: 4 };

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

interface Remembered<T> {
  /** The process as it was when it was looked at, and its age then, in ticks. */
  readonly looked: Process;
  readonly age: number;
  readonly facts: ProcessFacts;
  /** The process as it is described. */
  process: Process;
  description: T;
}

/** Forgets processes that have gone; all that are there are remembered. */
const forgetGone = (remembered: Map<number, unknown>, processes: readonly Process[]): void => {
  if (remembered.size === processes.length) return;
  const there = new Set(processes.map(({ pid }) => pid));
  for (const pid of remembered.keys()) if (!there.has(pid)) remembered.delete(pid);
};

/**
 * Describes all processes at once, each with its facts, and remembers both from one call to the next: what is the same
 * process with the same facts as before has the very description it had, unless all are wanted `anew`.
 */
export const openDescriptions = <T>(
  tree: Tree,
  describe: (process: Process, facts: ProcessFacts) => T,
): ((
  processes: readonly Process[],
  uptimeTicks: number,
  withArguments: boolean,
  anew: boolean,
) => readonly T[]) => {
  const nameOfUser = openUsers(tree);
  const remembered = new Map<number, Remembered<T>>();
  let hadArguments = false;

  const look = (process: Process, withArguments: boolean): ProcessFacts => {
    const uid = orUndefined(() => statSync(`${tree.roots.procfs}/${process.pid}`).uid);
    const args = withArguments ? readArguments(tree, process.pid).join(' ').slice(0, ARGS_LENGTH) : '';
    return {
      name: readFullName(tree, process),
      user: uid === undefined ? undefined : nameOfUser(uid),
      args: args === '' ? undefined : args,
    };
  };

  const isDue = (process: Process, age: number, kept: Remembered<T>, withArguments: boolean): boolean => {
    const { looked } = kept;
    if (process.startTicks !== looked.startTicks || process.name !== looked.name) return true;
    const isBusy = process.userTicks !== looked.userTicks || process.systemTicks !== looked.systemTicks;
    // A program may write what it does into its arguments at any time.
    if (isBusy && withArguments) return true;
    return age >= kept.age * (isBusy ? AGAIN.busy : AGAIN.asleep);
  };

  return (processes, uptimeTicks, withArguments, anew) => {
    const second = tree.constants().ticksPerSecond;
    if (withArguments !== hadArguments) remembered.clear();
    hadArguments = withArguments;
    const descriptions: T[] = [];
    for (let at = 0; at < processes.length; at++) {
      const process = processes[at] as Process;
      const age = uptimeTicks - process.startTicks;
      let entry = remembered.get(process.pid);
      if (entry === undefined || isDue(process, age, entry, withArguments)) {
        const facts = look(process, withArguments);
        const description = describe(process, facts);
        entry = { looked: process, age: Math.max(second, age), facts, process, description };
        remembered.set(process.pid, entry);
      } else if (anew || process !== entry.process) {
        entry.process = process;
        entry.description = describe(process, entry.facts);
      }
      descriptions.push(entry.description);
    }
    forgetGone(remembered, processes);
    return descriptions;
  };
};
