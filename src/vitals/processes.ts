/** How many processes there are and in what state, and how busy the scheduler is. */

import { counter, gauge, group } from '../core/group.js';
import { rate } from '../core/rates.js';
import type { Row } from '../core/sample.js';
import { looseRow, rowsOf } from '../core/sample.js';
import type { Ask } from '../core/vital.js';
import { firstCounter } from './counters.js';
import { sightOf } from './hidden-processes.js';
import { kernelStatNumber, readKernelStat } from './kernel-stat.js';
import { readLoadAverages } from './load.js';
import type { Part } from './part.js';
import { portableProcesses } from './portable/processes.js';
import type { Process } from './process-table.js';
import { readProcesses, releaseProcesses } from './process-table.js';
import type { Tree } from './tree.js';

/** Letters of proc_pid_stat(5); x and K, W, P are of kernels long gone. */
const STATES = [
  { name: 'runnable', letter: 'R', due: 'tick', help: 'that run or could' },
  { name: 'sleeping', letter: 'S', due: 'tick', help: 'that wait for something to happen' },
  {
    name: 'disk_sleep',
    letter: 'D',
    due: 'tick',
    help: 'that wait and cannot be interrupted, mostly for a disk',
  },
  { name: 'zombie', letter: 'Z', due: 'tick', help: 'that ended and that their parent has not asked about' },
  { name: 'stopped', letter: 'T', due: 'tick', help: 'that were stopped by a signal' },
  { name: 'idle', letter: 'I', due: 'detail', help: 'that are idle kernel threads' },
  { name: 'tracing', letter: 't', due: 'detail', help: 'that a debugger has stopped' },
  { name: 'dead', letter: 'X', due: 'detail', help: 'that are about to vanish' },
] as const;

export const processes = group({
  name: 'processes',
  help: 'Processes by state, and what the scheduler does',
  fields: {
    total: gauge('count', 'Processes', { prometheus: 'node_processes_pids' }),
    threads: gauge('count', 'Threads of all processes', { prometheus: 'node_processes_threads' }),
    ...Object.fromEntries(
      STATES.map(({ name, letter, due, help }) => [
        name,
        gauge('count', `Processes ${help}`, {
          due,
          prometheus: { name: 'node_processes_state', labels: { state: letter } },
        }),
      ]),
    ),
    running: gauge('count', 'Threads that run or could', { prometheus: 'node_procs_running' }),
    blocked: gauge('count', 'Threads that wait for a disk', { prometheus: 'node_procs_blocked' }),
    forks_per_second: gauge('per_second', 'Processes and threads begun'),
    context_switches_per_second: gauge('per_second', 'Changes from one thread to another', { digits: 0 }),
    interrupts_per_second: gauge('per_second', 'Interrupts served', { digits: 0 }),
    forks: counter('count', 'Processes and threads begun since boot', {
      due: 'detail',
      prometheus: 'node_forks_total',
    }),
    context_switches: counter('count', 'Changes from one thread to another since boot', {
      due: 'detail',
      prometheus: 'node_context_switches_total',
    }),
    interrupts: counter('count', 'Interrupts served since boot', {
      due: 'detail',
      prometheus: 'node_intr_total',
    }),
  },
});

/** What only a look at every process tells. Nothing where some are hidden from us: a part is not the whole. */
const countStates = (tree: Tree, ask: Ask): Record<string, number> => {
  const table = readProcesses(tree, ask);
  const { processes, hidden } = table;
  const sight = sightOf(tree, table);
  if (sight === 'some') return {};
  const numbers: Record<string, number> = { total: processes.length + hidden };
  if (sight === 'listed') return numbers;
  const byLetter = new Uint32Array(128);
  for (let at = 0; at < processes.length; at++) {
    const letter = (processes[at] as Process).state.charCodeAt(0);
    byLetter[letter] = (byLetter[letter] ?? 0) + 1;
  }
  for (const { name, letter } of STATES) numbers[name] = byLetter[letter.charCodeAt(0)] ?? 0;
  return numbers;
};

/** Of /proc/loadavg's words one has a slash: "runnable/all threads" (proc_loadavg(5)). */
const countThreads = (tree: Tree, ask: Ask): number | undefined => {
  const text = readLoadAverages(tree, ask) ?? '';
  const slash = text.indexOf('/');
  return slash < 0 ? undefined : firstCounter(text, slash + 1);
};

const deriveRow = ({ id, numbers }: Row, was: Row['numbers'] | undefined, seconds: number): Row => {
  const { threads, running, blocked, forks, context_switches, interrupts } = numbers;
  const derived = {
    forks_per_second: rate(forks, was?.['forks'], seconds),
    context_switches_per_second: rate(context_switches, was?.['context_switches'], seconds),
    interrupts_per_second: rate(interrupts, was?.['interrupts'], seconds),
    threads,
    running,
    blocked,
    forks,
    context_switches,
    interrupts,
  };
  return looseRow(id, numbers['total'] === undefined ? derived : { ...derived, ...numbers });
};

export const part: Part = {
  groups: [processes],

  linux: (tree) => ({
    close: () => releaseProcesses(tree),
    read: (ask) => {
      const stat = readKernelStat(tree, ask);
      // The scan costs more than all else together, so it is made only where its result is used.
      const scans = ask.detail || ask.top > 0 || ask.processes.length > 0;
      const counted = {
        threads: countThreads(tree, ask),
        running: kernelStatNumber(stat, 'procs_running'),
        blocked: kernelStatNumber(stat, 'procs_blocked'),
        forks: kernelStatNumber(stat, 'processes'),
        context_switches: kernelStatNumber(stat, 'ctxt'),
        interrupts: kernelStatNumber(stat, 'intr'),
      };
      const numbers = scans ? { ...countStates(tree, ask), ...counted } : counted;
      return [{ group: processes, rows: [looseRow([], numbers)] }];
    },
  }),

  portable: portableProcesses(processes),

  derive: (now, before, seconds) => {
    const was = rowsOf(before, 'processes')[0]?.numbers;
    return now.map((reading) => ({
      group: processes,
      rows: rowsOf([reading], 'processes').map((one) => deriveRow(one, was, seconds)),
    }));
  },
};
