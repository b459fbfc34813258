/** Pressure stall information: how long tasks waited for CPU, disk or memory (Documentation/accounting/psi.rst). */

import { counter, gauge, group } from '../core/group.js';
import { increase, percent } from '../core/rates.js';
import { looseRow, rowsOf } from '../core/sample.js';
import { firstCounter } from './counters.js';
import { limitedLevel } from './limits.js';
import type { Part } from './part.js';

/** `some`: at least one task waited. `full`: all of them did, and nothing got done. */
const STALLS = [
  { name: 'cpu_waiting', help: 'tasks waited for a CPU' },
  { name: 'io_waiting', help: 'tasks waited for disks' },
  { name: 'io_stalled', help: 'nothing got done for waiting for disks' },
  { name: 'memory_waiting', help: 'tasks waited for memory' },
  { name: 'memory_stalled', help: 'nothing got done for want of memory' },
] as const;

/** Counters of the cgroup that limits us; in a record only where there is one, so that rates outlive a run. */
const OWN = 'limited_';

export const pressure = group({
  name: 'pressure',
  help: 'How long tasks waited for CPU, disk or memory, on the machine or in the container that limits it',
  texts: { limited_by: 'the cgroup whose pressure the percentages tell' },
  fields: {
    ...Object.fromEntries(
      STALLS.map(({ name, help }) => [
        `${name}_percent`,
        gauge('percent', `Share of time that ${help}`, {
          promql: `100 * rate(node_pressure_${name}_seconds_total[$range])`,
        }),
      ]),
    ),
    ...Object.fromEntries(
      STALLS.map(({ name, help }) => [
        `${name}_seconds`,
        counter('seconds', `Time that ${help}, all of the machine`, {
          digits: 6,
          due: 'detail',
          prometheus: `node_pressure_${name}_seconds_total`,
        }),
      ]),
    ),
    ...Object.fromEntries(
      STALLS.map(({ name, help }) => [
        `${OWN}${name}_seconds`,
        counter('seconds', `Time that ${help}, in the cgroup that limits us`, { digits: 6, due: 'detail' }),
      ]),
    ),
  },
});

const TOTAL = ' total=';

/** Text of a pressure file → total of a line in seconds (the file has microseconds). */
export const parsePressure = (text: string | undefined, line: 'some' | 'full'): number | undefined => {
  const start = text === undefined ? -1 : text.indexOf(line);
  if (text === undefined || start < 0) return undefined;
  const at = text.indexOf(TOTAL, start);
  const total = at < 0 ? undefined : firstCounter(text, at + TOTAL.length);
  return total === undefined ? undefined : total / 1e6;
};

/** Texts of the three files; undefined is one that is not there. */
interface Texts {
  readonly cpu: string | undefined;
  readonly io: string | undefined;
  readonly memory: string | undefined;
}

/** Totals of all stalls of the machine. */
const machineStalls = ({ cpu, io, memory }: Texts) => ({
  cpu_waiting_seconds: parsePressure(cpu, 'some'),
  io_waiting_seconds: parsePressure(io, 'some'),
  io_stalled_seconds: parsePressure(io, 'full'),
  memory_waiting_seconds: parsePressure(memory, 'some'),
  memory_stalled_seconds: parsePressure(memory, 'full'),
});

/** The same of a cgroup. */
const ownStalls = ({ cpu, io, memory }: Texts) => ({
  limited_cpu_waiting_seconds: parsePressure(cpu, 'some'),
  limited_io_waiting_seconds: parsePressure(io, 'some'),
  limited_io_stalled_seconds: parsePressure(io, 'full'),
  limited_memory_waiting_seconds: parsePressure(memory, 'some'),
  limited_memory_stalled_seconds: parsePressure(memory, 'full'),
});

const isKnown = (totals: Readonly<Record<string, number | undefined>>): boolean => {
  for (const name in totals) if (totals[name] !== undefined) return true;
  return false;
};

const totalNames = (prefix: string) => ({
  cpu_waiting: `${prefix}cpu_waiting_seconds`,
  io_waiting: `${prefix}io_waiting_seconds`,
  io_stalled: `${prefix}io_stalled_seconds`,
  memory_waiting: `${prefix}memory_waiting_seconds`,
  memory_stalled: `${prefix}memory_stalled_seconds`,
});

const TOTALS = totalNames('');
const OWN_TOTALS = totalNames(OWN);

export const part: Part = {
  groups: [pressure],

  linux: (tree) => {
    // Limits hardly ever change: they are looked for again when there is detail to be read.
    let limited: ReturnType<typeof limitedLevel> | null = null;
    // Some kernels have the files and say each time that they do not keep it.
    let isKept = true;
    return (ask) => {
      if (!isKept && !ask.detail) return [];
      if (ask.detail || limited === null) limited = limitedLevel(tree, ask);
      const folder = limited?.folder;
      const all = machineStalls({
        cpu: tree.procIfThere('pressure/cpu'),
        io: tree.procIfThere('pressure/io'),
        memory: tree.procIfThere('pressure/memory'),
      });
      const own =
        folder === undefined
          ? undefined
          : ownStalls({
              cpu: tree.sysIfThere(`${folder}/cpu.pressure`),
              io: tree.sysIfThere(`${folder}/io.pressure`),
              memory: tree.sysIfThere(`${folder}/memory.pressure`),
            });
      const isOwn = own !== undefined && isKnown(own);
      isKept = isOwn || isKnown(all);
      if (!isKept) return [];
      const one =
        limited !== undefined && isOwn
          ? looseRow([], { ...all, ...own }, { limited_by: limited.cgroup })
          : looseRow([], all);
      return [{ group: pressure, rows: [one] }];
    };
  },

  derive: (now, before, seconds, { detail }) => {
    const was = rowsOf(before, 'pressure')[0];
    return now.map((reading) => ({
      group: pressure,
      rows: rowsOf([reading], 'pressure').map(({ id, texts, numbers }) => {
        const limited = texts['limited_by'];
        const comparable = limited === undefined || was?.texts['limited_by'] === limited;
        const before = comparable ? was?.numbers : undefined;
        const names = limited === undefined ? TOTALS : OWN_TOTALS;
        const share = (name: string): number | undefined =>
          percent(increase(numbers[name], before?.[name]), seconds);
        const shares = {
          cpu_waiting_percent: share(names.cpu_waiting),
          io_waiting_percent: share(names.io_waiting),
          io_stalled_percent: share(names.io_stalled),
          memory_waiting_percent: share(names.memory_waiting),
          memory_stalled_percent: share(names.memory_stalled),
        };
        return looseRow(id, detail ? { ...shares, ...numbers } : shares, texts);
      }),
    }));
  },
};
