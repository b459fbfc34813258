/**
 * One writer a log, by a lock that dies with its process.
 *
 * Node has no flock, so a lock is an empty file beside the log whose name says who holds it. Every writer first makes its
 * own file, under a name no other process can have, and then looks for others. Of two that come at once each makes its file
 * before it looks, so at least one sees the other: they may both step back, but never both go on. Nobody ever takes
 * a name over, so removing a dead one's file cannot hit a living one.
 *
 * Who is dead: the kernel knows, by process number and start time, as long as it was the same boot and we see the same
 * processes. Others (two containers sharing a volume, two machines sharing a mount) cannot be asked: they count as alive while
 * their file's time is young, and so holders keep theirs young. Times are compared among files only, so that it is one clock's.
 */

import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { UserError } from '../exit.js';
import { deleteFile } from './archives.js';

export interface LockOptions {
  readonly pid: number;
  readonly clock: Pick<Clock, 'sleep' | 'now'>;
  /** Whether there is a process with this number, dead ones that nobody waited for included. */
  readonly isRunning: (pid: number) => boolean;
  /** Turned into how long to step back, 0 to 1. */
  readonly random?: () => number;
  /** Where the kernel's files are. */
  readonly procfs?: string;
}

export interface Lock {
  /** Sees to it that the lock is still ours; cheap enough for every write. Throws a UserError when another has taken it. */
  readonly check: () => void;
  readonly release: () => void;
}

/** Who holds a lock, as the file's name says it. `-` stands for what the system does not tell. */
interface Holder {
  readonly pid: number;
  /** Ticks from boot to the start of the process; where that is not known, `-` and something that no other process has. */
  readonly start: string;
  readonly namespace: string;
  readonly boot: string;
}

/** How long after a look at the lock nothing can have happened to it that a next one must know: far less than DEAD_MS. */
const LOOK_MS = 5000;

/** How often a holder makes its file young, and how old it must be for a stranger to count as dead. */
const KEEP_MS = 30_000;
const DEAD_MS = 120_000;
const ATTEMPTS = 8;

const prefixOf = (path: string): string => `.${basename(path)}.lock.`;

const nameOf = (path: string, { pid, start, namespace, boot }: Holder): string =>
  `${prefixOf(path)}${pid}.${start}.${namespace}.${boot}`;

const parseName = (path: string, name: string): Holder | undefined => {
  const prefix = prefixOf(path);
  if (!name.startsWith(prefix)) return undefined;
  const [, pid, start, namespace, boot] =
    /^(\d+)\.(\d+|-[0-9a-z]*)\.(\d+|-)\.([0-9a-f]+|-)$/.exec(name.slice(prefix.length)) ?? [];
  return pid === undefined
    ? undefined
    : { pid: Number(pid), start: start!, namespace: namespace!, boot: boot! };
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
};

/** State and start time from /proc/PID/stat; the name before them may hold anything, parentheses too (proc(5)). */
const processAt = (path: string): { pid: number; state: string; start: string } | undefined => {
  const stat = read(path);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid: Number.parseInt(stat, 10), state: fields[0] ?? '', start: fields[19] ?? '-' };
};

/** The number alone may have been that of a killed process, whose file is still there. */
const unlikeOthers = (random: () => number): string => `-${Math.floor(random() * 36 ** 8).toString(36)}`;

const ownName = (pid: number, procfs: string, random: () => number): Holder => {
  const self = processAt(join(procfs, 'self/stat'));
  // A /proc of another namespace (a host's, seen in a container) numbers processes otherwise: then it is no help.
  if (self === undefined || self.pid !== pid)
    return { pid, start: unlikeOthers(random), namespace: '-', boot: '-' };
  let namespace = '-';
  try {
    namespace = /\d+/.exec(readlinkSync(join(procfs, 'self/ns/pid')))?.[0] ?? '-';
  } catch {
    // An old kernel: there is one.
  }
  const boot = read(join(procfs, 'sys/kernel/random/boot_id'))?.replace(/[^0-9a-f]/g, '') || '-';
  return { pid, start: self.start, namespace, boot };
};

/** When this machine started, ms since 1970; undefined where it cannot be told. */
const bootTime = (now: number, procfs: string): number | undefined => {
  const uptime = Number.parseFloat(read(join(procfs, 'uptime')) ?? '');
  return Number.isNaN(uptime) ? undefined : now - uptime * 1000;
};

const isAlive = (
  holder: Holder,
  own: Holder,
  age: { readonly modified: number; readonly now: number },
  { clock, isRunning, procfs = '/proc' }: LockOptions,
): boolean => {
  const young = Math.abs(age.now - age.modified) < DEAD_MS;
  if (holder.boot !== own.boot) {
    // Another machine's, or ours before it was started again: then nobody has touched it since.
    const booted = bootTime(clock.now(), procfs);
    return young && (booted === undefined || age.modified >= booted);
  }
  if (holder.namespace !== own.namespace) return young;
  if (holder.start.startsWith('-')) return young && isRunning(holder.pid);
  const there = processAt(join(procfs, String(holder.pid), 'stat'));
  // With hidepid others' processes are not shown, but still answer a signal.
  if (there === undefined) return isRunning(holder.pid);
  return there.start === holder.start && there.state !== 'Z' && there.state !== 'X';
};

/** A living holder other than ourselves; the files of dead ones are removed on the way. */
const findOther = (path: string, own: Holder, now: number, options: LockOptions): Holder | undefined => {
  const directory = dirname(path);
  const mine = nameOf(path, own);
  let found: Holder | undefined;
  for (const name of readdirSync(directory)) {
    const holder = name === mine ? undefined : parseName(path, name);
    if (holder === undefined) continue;
    const file = join(directory, name);
    const modified = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (modified === undefined) continue;
    if (isAlive(holder, own, { modified, now }, options)) found = holder;
    else deleteFile(file);
  }
  return found;
};

const heldBy = (path: string, own: Holder, other: Holder): UserError => {
  const who = `process ${other.pid}`;
  const before = other.pid === own.pid;
  if (other.boot === own.boot && other.namespace === own.namespace && !before)
    return new UserError(`${path} is already written by ${who}`, {
      hint: `Stop it first (kill ${other.pid}), or write to another file with --file.`,
    });
  const seconds = DEAD_MS / 1000;
  const whose = before ? 'that has, or had, our number' : 'of another container or machine';
  return new UserError(`${path} is already written by ${who} ${whose}`, {
    hint: `If that one is gone for good, wait ${seconds} s or remove ${join(dirname(path), nameOf(path, other))}.`,
  });
};

/** Makes the own file and looks for others. Gives the descriptor, or the other one that lives. */
const attempt = (path: string, own: Holder, options: LockOptions): number | Holder => {
  const file = join(dirname(path), nameOf(path, own));
  const fd = openSync(file, 'wx', 0o640);
  let other: Holder | undefined;
  try {
    other = findOther(path, own, fstatSync(fd).mtimeMs, options);
    if (other === undefined) return fd;
  } catch (error) {
    deleteFile(file);
    closeSync(fd);
    throw error;
  }
  deleteFile(file);
  closeSync(fd);
  return other;
};

/**
 * Takes the lock of the log at `path`. Throws a UserError that names the holder, or says that this process has it already;
 * else what the system says.
 */
export const acquireLock = async (path: string, options: LockOptions): Promise<Lock> => {
  const { clock, random = Math.random } = options;
  const own = ownName(options.pid, options.procfs ?? '/proc', random);
  const file = join(dirname(path), nameOf(path, own));

  const take = (): number | Holder => {
    try {
      return attempt(path, own, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new UserError(`${path} is already written by this process`);
    }
  };

  let taken = take();
  for (let count = 1; typeof taken !== 'number' && count < ATTEMPTS; count++) {
    // The other may only be trying, as we are: the longer it goes on, the further apart the next attempts are.
    await clock.sleep(5 + random() * 10 * 2 ** count);
    taken = take();
  }
  if (typeof taken !== 'number') throw heldBy(path, own, taken);
  let fd = taken;

  let looked = Number.NaN;
  const check = (): void => {
    const now = clock.now();
    // Whoever was stopped for so long that others took it for dead sees it by the clock, whichever way that has jumped.
    if (Math.abs(now - looked) < LOOK_MS) return;
    if (fstatSync(fd).nlink > 0) {
      looked = now;
      return;
    }
    // Removed: by a person, or by another who took us for dead while we were stopped.
    let again: number | Holder;
    try {
      again = attempt(path, own, options);
    } catch {
      // Not even the directory is there, or it is full: no line can be written now, and no one else does.
      return;
    }
    if (typeof again !== 'number') throw heldBy(path, own, again);
    closeSync(fd);
    fd = again;
  };

  const timer = setInterval(() => {
    try {
      check();
      // Makes the file young without needing room on the disk, and by the file system's clock.
      ftruncateSync(fd, 0);
    } catch {
      // Said at the next write.
    }
  }, KEEP_MS);
  timer.unref();

  return {
    check,
    release: () => {
      clearInterval(timer);
      if (fstatSync(fd).nlink > 0) deleteFile(file);
      closeSync(fd);
    },
  };
};
