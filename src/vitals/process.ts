/** Processes watched by name or PID file. */

import type { Group } from '../core/group.js';
import { counter, gauge, group } from '../core/group.js';
import { increase, known } from '../core/rates.js';
import { row, rowLike, rowsOf } from '../core/sample.js';
import { reasonOf } from '../core/sampler.js';
import type { Ask, ProcessSelector } from '../core/vital.js';
import { sightOf } from './hidden-processes.js';
import type { Part } from './part.js';
import { readPidFile } from './pid-file.js';
import { NAME_BYTES, readFullName } from './process-facts.js';
import type { Process } from './process-table.js';
import { readProcesses, releaseProcesses } from './process-table.js';
import { readSteadyBootTime } from './system.js';
import type { Tree } from './tree.js';

const PREFIX = 'namedprocess_namegroup_';

export const process: Group = group({
  name: 'process',
  help: 'Processes watched by name or PID file, named in Prometheus as process-exporter names them',
  identity: ['groupname'],
  texts: { error: 'Why nothing is known of them' },
  fields: {
    count: gauge('count', 'Processes; zombies are not counted', { prometheus: `${PREFIX}num_procs` }),
    cpu_percent: gauge('percent', 'CPU time they used, 100 being one CPU', { digits: 1 }),
    user_seconds: counter('seconds', 'CPU time in programs, of those that ended meanwhile too', {
      digits: 2,
      prometheus: { name: `${PREFIX}cpu_seconds_total`, labels: { mode: 'user' } },
    }),
    system_seconds: counter('seconds', 'CPU time in the kernel, of those that ended meanwhile too', {
      digits: 2,
      prometheus: { name: `${PREFIX}cpu_seconds_total`, labels: { mode: 'system' } },
    }),
    resident_bytes: gauge('bytes', 'Memory in use', {
      prometheus: { name: `${PREFIX}memory_bytes`, labels: { memtype: 'resident' } },
    }),
    virtual_bytes: gauge('bytes', 'Address space', {
      prometheus: { name: `${PREFIX}memory_bytes`, labels: { memtype: 'virtual' } },
    }),
    threads: gauge('count', 'Threads', { prometheus: `${PREFIX}num_threads` }),
    open_files: gauge('count', 'Open files, where they may be counted', {
      due: 'detail',
      prometheus: `${PREFIX}open_filedesc`,
    }),
    oldest_start_time: gauge('unix_seconds', 'When the oldest of them began', {
      prometheus: `${PREFIX}oldest_start_time_seconds`,
    }),
    restarts: counter('count', 'Times the oldest of them was a new one, or was there again after none'),
  },
});

type Numbers = Readonly<Record<string, number>>;

const isAlive = ({ state }: Process): boolean => state !== 'Z' && state !== 'X' && state !== 'x';

/** The processes a selector means. Throws when its PID file may not be read. */
const select = (
  tree: Tree,
  processes: readonly Process[],
  { name, pidFile }: ProcessSelector,
): readonly Process[] => {
  if (pidFile !== undefined) {
    const pid = readPidFile(tree, pidFile);
    return processes.filter((process) => process.pid === pid && isAlive(process));
  }
  const bytes = Buffer.from(name);
  const cut = bytes.length <= NAME_BYTES ? name : bytes.subarray(0, NAME_BYTES).toString();
  return processes.filter(
    (process) =>
      isAlive(process) &&
      (process.name === name ||
        (cut !== name && process.name === cut && readFullName(tree, process) === name)),
  );
};

/** The same, or the reason why that cannot be known: one PID file that may not be read does not hide the other rows. */
const trySelect = (...args: Parameters<typeof select>): ReturnType<typeof select> | string => {
  try {
    return select(...args);
  } catch (error) {
    return `its PID file could not be read: ${reasonOf(error)}`;
  }
};

/** procfs is mounted with hidepid, and we are neither root nor in its group. */
const HIDDEN = 'processes of other users are hidden from this one';

/** Open files of all of them; undefined where one may not be looked at. One that has just ended has none. */
const countOpenFiles = (tree: Tree, members: readonly Process[]): number | undefined => {
  try {
    return members.reduce((sum, { pid }) => sum + tree.procList(`${pid}/fd`).length, 0);
  } catch {
    return undefined;
  }
};

/** A recorded start time is rounded, and made from a boot time that may differ by a few seconds. */
const START_TOLERANCE = 3;

/** Whether the oldest process now is another one than before, or there was none before and now is one. */
const isReplaced = (now: Numbers, before: Numbers): boolean => {
  if (now['count'] === undefined || now['count'] === 0 || before['count'] === undefined) return false;
  if (before['count'] === 0) return true;
  return now['oldest_ticks'] !== undefined && before['oldest_ticks'] !== undefined
    ? now['oldest_ticks'] > before['oldest_ticks']
    : (now['oldest_start_time'] ?? 0) - (before['oldest_start_time'] ?? 0) > START_TOLERANCE;
};

/** What is kept of a selector from one reading to the next, so that its counters do not fall when a process ends. */
interface Memory {
  readonly members: ReadonlyMap<string, Process>;
  /** Added to the members' sum: what ended processes used, less what members used before they were members. */
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly newestTicks: number;
  readonly restarts: number;
  readonly numbers: Numbers;
}

const keyOf = ({ pid, startTicks }: Process): string => `${pid} ${startTicks}`;

/** Ticks to carry over from the members before to those now. */
const carry = (
  before: Memory,
  members: ReadonlyMap<string, Process>,
  ticksOf: (process: Process) => number,
): number => {
  let ticks = 0;
  for (const [key, process] of before.members) if (!members.has(key)) ticks += ticksOf(process);
  for (const [key, process] of members)
    if (!before.members.has(key) && process.startTicks <= before.newestTicks) ticks -= ticksOf(process);
  return ticks;
};

const sum = (members: Iterable<Process>, amountOf: (process: Process) => number): number => {
  let total = 0;
  for (const member of members) total += amountOf(member);
  return total;
};

const cpuSeconds = (numbers: Numbers): number | undefined =>
  numbers['user_seconds'] === undefined || numbers['system_seconds'] === undefined
    ? undefined
    : numbers['user_seconds'] + numbers['system_seconds'];

export const part: Part = {
  groups: [process],

  linux: (tree) => {
    const memories = new Map<string, Memory>();
    const read = (ask: Ask) => {
      if (ask.processes.length === 0) return [];
      const { ticksPerSecond, pageSize } = tree.constants();
      const table = readProcesses(tree, ask);
      const { processes } = table;
      const sight = sightOf(tree, table);
      const booted = readSteadyBootTime(tree, ask);
      const newestTicks = processes.reduce((newest, { startTicks }) => Math.max(newest, startTicks), 0);

      const rows = ask.processes.map((selector) => {
        const list = trySelect(tree, processes, selector);
        if (typeof list === 'string') return row([selector.name], {}, { error: list });
        // What is not seen may be there all the same.
        if (list.length === 0 && sight !== 'all') return row([selector.name], {}, { error: HIDDEN });
        const members = new Map(list.map((one) => [keyOf(one), one]));
        const before = memories.get(selector.name);
        const userTicks = before ? before.userTicks + carry(before, members, (one) => one.userTicks) : 0;
        const systemTicks = before
          ? before.systemTicks + carry(before, members, (one) => one.systemTicks)
          : 0;
        const oldest = list.reduce((ticks, one) => Math.min(ticks, one.startTicks), Number.POSITIVE_INFINITY);
        const isThere = list.length > 0;
        const found = known({
          count: list.length,
          user_seconds: (sum(list, (one) => one.userTicks) + userTicks) / ticksPerSecond,
          system_seconds: (sum(list, (one) => one.systemTicks) + systemTicks) / ticksPerSecond,
          resident_bytes: sum(list, (one) => one.residentPages) * pageSize,
          virtual_bytes: sum(list, (one) => one.virtualBytes),
          threads: sum(list, (one) => one.threads),
          open_files: ask.detail ? countOpenFiles(tree, list) : undefined,
          oldest_start_time: isThere && booted !== undefined ? booted + oldest / ticksPerSecond : undefined,
          // Not recorded: tells the oldest process for sure, within this run.
          oldest_ticks: isThere ? oldest : undefined,
        });
        const restarts = before ? before.restarts + (isReplaced(found, before.numbers) ? 1 : 0) : 0;
        memories.set(selector.name, {
          members,
          userTicks,
          systemTicks,
          newestTicks,
          restarts,
          numbers: found,
        });
        return row([selector.name], before ? { ...found, restarts } : found);
      });
      return [{ group: process, rows }];
    };
    return { read, close: () => releaseProcesses(tree) };
  },

  derive: (now, before, seconds) =>
    now.map((reading) => ({
      group: process,
      rows: rowsOf([reading], 'process').map(({ id, numbers, texts }) => {
        if (numbers['count'] === undefined) return row(id, numbers, texts);
        const was = rowLike(rowsOf(before, 'process'), id)?.numbers;
        const used = increase(cpuSeconds(numbers), was && cpuSeconds(was));
        // The first reading of a run does not know of restarts, but goes on from a record.
        const restarts =
          numbers['restarts'] ?? (was?.['restarts'] ?? 0) + (was && isReplaced(numbers, was) ? 1 : 0);
        const cpu_percent = used === undefined || !(seconds > 0) ? undefined : (used / seconds) * 100;
        return row(id, { ...numbers, ...known({ cpu_percent, restarts }) });
      }),
    })),
};
