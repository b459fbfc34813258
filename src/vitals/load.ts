/** Load averages: how many tasks run or wait for CPU or disk. */

import { gauge, group } from '../core/group.js';
import { row, rowsOf } from '../core/sample.js';
import { countCpuList } from './limits.js';
import { oncePerDetail, oncePerSample } from './once.js';
import type { Part } from './part.js';
import { portableLoad } from './portable/load.js';

const WINDOWS = [1, 5, 15] as const;

/** Not put together anew for every sample. */
const NAMES = WINDOWS.map((minutes) => ({ name: `load${minutes}`, perCore: `load${minutes}_per_core` }));

export const load = group({
  name: 'load',
  help: 'Tasks that ran or waited for CPU or disk, averaged',
  fields: {
    ...Object.fromEntries(
      WINDOWS.map((minutes) => [
        `load${minutes}`,
        gauge('count', `Load over ${minutes} min`, { digits: 2, prometheus: `node_load${minutes}` }),
      ]),
    ),
    ...Object.fromEntries(
      WINDOWS.map((minutes) => [
        `load${minutes}_per_core`,
        gauge('ratio', `Load over ${minutes} min for each CPU online`, {
          digits: 3,
          // The longest is the one that is judged.
          due: minutes === 15 ? 'tick' : 'detail',
          promql: `node_load${minutes} / count without (cpu, mode) (node_cpu_seconds_total{mode="idle"})`,
        }),
      ]),
    ),
  },
});

/** Text of /proc/loadavg, read once for a sample; undefined where there is none. */
export const readLoadAverages = oncePerSample((tree) => tree.procIfThere('loadavg'));

/** CPUs online. Kernels without sysfs's list still have a line for each in /proc/stat. */
const countCores = oncePerDetail((tree): number => {
  const online = countCpuList(tree.sysIfThere('devices/system/cpu/online') ?? '');
  return online > 0 ? online : (tree.procIfThere('stat')?.match(/^cpu\d/gm)?.length ?? 0);
});

export const part: Part = {
  groups: [load],

  linux: (tree) => (ask) => {
    const averages = (readLoadAverages(tree, ask) ?? tree.proc('loadavg')).split(' ').map(Number);
    const cores = countCores(tree, ask);
    const numbers: Record<string, number> = {};
    for (let index = 0; index < NAMES.length; index++) {
      const value = averages[index];
      const { name } = NAMES[index] as (typeof NAMES)[number];
      if (value !== undefined && !Number.isNaN(value)) numbers[name] = value;
    }
    if (cores > 0) numbers['cores'] = cores;
    return [{ group: load, rows: [row([], numbers)] }];
  },

  portable: portableLoad(load),

  derive: (now) =>
    now.map((reading) => ({
      group: load,
      rows: rowsOf([reading], 'load').map(({ id, numbers }) => {
        const { cores } = numbers;
        const derived: Record<string, number> = {};
        for (const { name, perCore } of NAMES) {
          const value = numbers[name];
          if (value === undefined) continue;
          derived[name] = value;
          if (cores !== undefined) derived[perCore] = value / cores;
        }
        return row(id, derived);
      }),
    })),
};
