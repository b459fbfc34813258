/** Pressure stall information: how long tasks waited for CPU, disk or memory (Documentation/accounting/psi.rst). */

import { counter, gauge, group } from '../core/group.js';
import { increase, percent } from '../core/rates.js';
import { row, rowsOf } from '../core/sample.js';
import { limitedLevel } from './limits.js';
import type { Part } from './part.js';

/** `some`: at least one task waited. `full`: all of them did, and nothing got done. */
const KINDS = [
  { name: 'cpu_waiting', resource: 'cpu', line: 'some', help: 'tasks waited for a CPU' },
  { name: 'io_waiting', resource: 'io', line: 'some', help: 'tasks waited for disks' },
  { name: 'io_stalled', resource: 'io', line: 'full', help: 'nothing got done for waiting for disks' },
  { name: 'memory_waiting', resource: 'memory', line: 'some', help: 'tasks waited for memory' },
  { name: 'memory_stalled', resource: 'memory', line: 'full', help: 'nothing got done for want of memory' },
] as const;

/** With the names of its fields, not put together anew for every sample. */
const STALLS = KINDS.map((kind) => ({
  ...kind,
  seconds: `${kind.name}_seconds`,
  percent: `${kind.name}_percent`,
}));

/** Counters of the cgroup that limits us; in a record only where there is one, so that rates outlive a run. */
const OWN = 'limited_';

export const pressure = group({
  name: 'pressure',
  help: 'How long tasks waited for CPU, disk or memory, on the machine or in the container that limits it',
  texts: { limited_by: 'the cgroup whose pressure the percentages tell' },
  fields: {
    ...Object.fromEntries(
      STALLS.map(({ name, percent, help }) => [
        percent,
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

/** Where a line begins; -1 where there is none. */
const lineAt = (text: string, line: 'some' | 'full'): number => {
  if (text.startsWith(line)) return 0;
  const newline = text.indexOf(`\n${line} `);
  return newline < 0 ? -1 : newline + 1;
};

/** Text of a pressure file → total of a line in seconds (the file has microseconds). */
export const parsePressure = (text: string, line: 'some' | 'full'): number | undefined => {
  const start = lineAt(text, line);
  const at = start < 0 ? -1 : text.indexOf(TOTAL, start);
  const total = at < 0 ? Number.NaN : Number.parseInt(text.slice(at + TOTAL.length, at + 64), 10);
  return Number.isNaN(total) ? undefined : total / 1e6;
};

/** Totals of all stalls from the files that `textOf` gives, each read once; `prefix` goes before their names. */
const readStalls = (
  textOf: (resource: string) => string | undefined,
  prefix = '',
): Record<string, number> => {
  const texts = { cpu: textOf('cpu'), io: textOf('io'), memory: textOf('memory') };
  const totals: Record<string, number> = {};
  for (const { seconds, resource, line } of STALLS) {
    const text = texts[resource];
    const total = text === undefined ? undefined : parsePressure(text, line);
    if (total !== undefined) totals[prefix === '' ? seconds : prefix + seconds] = total;
  }
  return totals;
};

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
      const all = readStalls((resource) => tree.procIfThere(`pressure/${resource}`));
      const own =
        folder === undefined
          ? undefined
          : readStalls((resource) => tree.sysIfThere(`${folder}/${resource}.pressure`), OWN);
      const isOwn = own !== undefined && Object.keys(own).length > 0;
      const numbers = isOwn ? { ...all, ...own } : all;
      isKept = Object.keys(numbers).length > 0;
      if (!isKept) return [];
      const texts: Record<string, string> =
        limited !== undefined && isOwn ? { limited_by: limited.cgroup } : {};
      return [{ group: pressure, rows: [row([], numbers, texts)] }];
    };
  },

  derive: (now, before, seconds, { detail }) => {
    const was = rowsOf(before, 'pressure')[0];
    return now.map((reading) => ({
      group: pressure,
      rows: rowsOf([reading], 'pressure').map(({ id, texts, numbers }) => {
        const limited = texts['limited_by'];
        const prefix = limited === undefined ? '' : OWN;
        const comparable = limited === undefined || was?.texts['limited_by'] === limited;
        const derived: Record<string, number> = detail ? { ...numbers } : {};
        for (const stall of STALLS) {
          const total = prefix === '' ? stall.seconds : prefix + stall.seconds;
          const grown = comparable ? increase(numbers[total], was?.numbers[total]) : undefined;
          const share = percent(grown, seconds);
          if (share !== undefined) derived[stall.percent] = share;
        }
        return row(id, derived, texts);
      }),
    }));
  },
};
