/** The processes that use most of the CPU and of the memory. */

import { counter, gauge, group } from '../core/group.js';
import { increase, known, percent } from '../core/rates.js';
import type { Row } from '../core/sample.js';
import { row, rowsOf } from '../core/sample.js';
import type { Ask } from '../core/vital.js';
import { memoryLimit } from './limits.js';
import { parseMeminfo } from './memory.js';
import type { Part } from './part.js';
import { portableTop } from './portable/processes.js';
import { openDescriptions } from './process-facts.js';
import { readProcesses, releaseProcesses } from './process-table.js';
import { readSteadyBootTime, readUptime } from './system.js';
import type { Tree } from './tree.js';

export const top = group({
  name: 'top',
  help: 'The processes that use most CPU, and those that use most memory',
  identity: ['pid'],
  list: true,
  texts: {
    name: 'of the program',
    user: 'it runs as',
    args: 'its arguments; only where they are asked for, since they can hold secrets',
  },
  labels: ['name'],
  fields: {
    start_time: gauge('unix_seconds', 'When it began'),
    cpu_percent: gauge('percent', 'CPU time it used, 100 being one CPU', { digits: 1 }),
    cpu_seconds: counter('seconds', 'CPU time it has used', { digits: 2 }),
    memory_bytes: gauge('bytes', 'Resident memory'),
    memory_percent: gauge('percent', 'Resident memory, of all there is', { due: 'detail', digits: 1 }),
    threads: gauge('count', 'Threads', { due: 'detail' }),
  },
});

/** What memory there is, of the machine or of the container that limits it; undefined where it is not told. */
const readMemory = (tree: Tree, ask: Ask): number | undefined => {
  const total = parseMeminfo(tree.procIfThere('meminfo') ?? '')['MemTotal_bytes'];
  return total === undefined ? undefined : (memoryLimit(tree, ask, total)?.limitBytes ?? total);
};

/**
 * A recorded start time is rounded to a second, and was made by another run from a boot time that may differ by a few.
 * No pid comes round again in that time.
 */
const START_TOLERANCE = 3;

/** Whether two readings of a pid are of one process. Ticks tell for sure, but are not recorded. */
const isSame = (now: Row['numbers'], before: Row['numbers']): boolean =>
  now['start_ticks'] !== undefined && before['start_ticks'] !== undefined
    ? now['start_ticks'] === before['start_ticks']
    : Math.abs((now['start_time'] ?? Number.NaN) - (before['start_time'] ?? Number.NaN)) <= START_TOLERANCE;

/** CPU time used since the reading before, %; for a process that began since then all it has used. */
const cpuPercent = ({ numbers }: Row, before: Row | undefined, seconds: number): number | undefined => {
  const isNew = (numbers['age_seconds'] ?? Number.POSITIVE_INFINITY) <= seconds;
  const used =
    before !== undefined && isSame(numbers, before.numbers)
      ? increase(numbers['cpu_seconds'], before.numbers['cpu_seconds'])
      : isNew
        ? numbers['cpu_seconds']
        : undefined;
  return used === undefined || !(seconds > 0) ? undefined : (used / seconds) * 100;
};

/**
 * Finds rows of a reading by pid. Most stand where they stood, so the place after the one found last is tried first, and
 * an index is made only where that fails.
 */
const finderIn = (rows: readonly Row[]): ((pid: string | undefined) => Row | undefined) => {
  let places: Map<string | undefined, number> | undefined;
  let next = 0;
  return (pid) => {
    if (rows[next]?.id[0] !== pid) {
      places ??= new Map(rows.map(({ id }, place) => [id[0], place]));
      const place = places.get(pid);
      if (place === undefined) return undefined;
      next = place;
    }
    return rows[next++];
  };
};

interface Candidate {
  readonly process: Row;
  readonly cpu: number | undefined;
  readonly memory: number;
}

const byMemory = (a: Candidate, b: Candidate): number =>
  b.memory - a.memory || Number(a.process.id[0]) - Number(b.process.id[0]);

const byCpu = (a: Candidate, b: Candidate): number => (b.cpu ?? 0) - (a.cpu ?? 0) || byMemory(a, b);

/** Puts one at its place among the first `count`, unless it comes after them. */
const enter = (
  first: Candidate[],
  one: Candidate,
  order: (a: Candidate, b: Candidate) => number,
  count: number,
): void => {
  let place = first.length;
  while (place > 0 && order(one, first[place - 1] as Candidate) < 0) place--;
  if (place >= count) return;
  first.splice(place, 0, one);
  if (first.length > count) first.pop();
};

/**
 * Union of the first `count` by CPU and by memory, ordered by CPU, then memory. What uses none is not among them, unless
 * all are asked for, who come as they are. This
 * looks at every process at every tick, so it makes nothing for those that sleep.
 */
const pick = (
  rows: readonly Row[],
  before: readonly Row[] | undefined,
  seconds: number,
  count: number,
): readonly Candidate[] => {
  const earlier = finderIn(before ?? []);
  // Where there is no procfs, the source tells it by itself.
  const cpuOf = (process: Row, was: Row | undefined): number | undefined =>
    process.numbers['cpu_percent'] ?? (before && cpuPercent(process, was, seconds));
  if (count === Number.POSITIVE_INFINITY)
    return rows.map((process) => ({
      process,
      cpu: cpuOf(process, earlier(process.id[0])),
      memory: process.numbers['memory_bytes'] ?? 0,
    }));
  const users: Candidate[] = [];
  const holders: Candidate[] = [];
  for (let at = 0; at < rows.length; at++) {
    const process = rows[at] as Row;
    const was = earlier(process.id[0]);
    const memory = process.numbers['memory_bytes'] ?? 0;
    const isHolder =
      memory > 0 && (holders.length < count || memory >= (holders[count - 1] as Candidate).memory);
    // The very same row again is of a process that has used no CPU time.
    if (!isHolder && process === was) continue;
    const cpu = cpuOf(process, was);
    const one = { process, cpu, memory };
    if (cpu !== undefined && cpu >= 0.05) enter(users, one, byCpu, count);
    if (isHolder) enter(holders, one, byMemory, count);
  }
  return [...new Set([...users, ...holders])].sort(byCpu);
};

export const part: Part = {
  groups: [top],

  linux: (tree) => {
    let memoryBytes: number | undefined;
    let booted: number | undefined;
    let uptime: number | undefined;

    const describeAll = openDescriptions(tree, (process, { name, user, args }): Row => {
      const { ticksPerSecond, pageSize } = tree.constants();
      const began = process.startTicks / ticksPerSecond;
      const memory = process.residentPages * pageSize;
      const numbers = known({
        start_time: booted === undefined ? undefined : booted + began,
        cpu_seconds: (process.userTicks + process.systemTicks) / ticksPerSecond,
        memory_bytes: memory,
        memory_percent: percent(memory, memoryBytes),
        threads: process.threads,
        // Not recorded; they tell processes apart from one reading to the next.
        start_ticks: process.startTicks,
        // When the row was made, which counts where a process is seen for the first time.
        age_seconds: uptime === undefined ? undefined : uptime - began,
      });
      const texts: Record<string, string> = { name };
      if (user !== undefined) texts['user'] = user;
      if (args !== undefined) texts['args'] = args;
      return row([String(process.pid)], numbers, texts);
    });

    const read = (ask: Ask) => {
      if (ask.top <= 0) return [];
      const [memory, boot] = [memoryBytes, booted];
      if (ask.detail || memoryBytes === undefined) memoryBytes = readMemory(tree, ask);
      const { processes } = readProcesses(tree, ask);
      booted = readSteadyBootTime(tree, ask);
      uptime = readUptime(tree);
      const anew = memory !== memoryBytes || boot !== booted;
      const rows = describeAll(
        processes,
        (uptime ?? 0) * tree.constants().ticksPerSecond,
        ask.processArguments,
        anew,
      );
      return [{ group: top, rows }];
    };
    return { read, close: () => releaseProcesses(tree) };
  },

  portable: portableTop(top),

  derive: (now, before, seconds, ask) =>
    now.map((reading) => {
      const picked = pick(rowsOf([reading], 'top'), before && rowsOf(before, 'top'), seconds, ask.top);
      const rows = picked.map(({ process: { id, texts, numbers }, cpu }) => {
        const { start_time, ...others } = numbers;
        return row(id, known({ start_time, cpu_percent: cpu, ...others }), texts);
      });
      return { group: top, rows };
    }),
};
