/** Load averages: how many tasks run or wait for CPU or disk. */

import { gauge, group } from '../core/group.js';
import type { Row } from '../core/sample.js';
import { looseRow, rowsOf } from '../core/sample.js';
import { countCpuList } from './limits.js';
import { oncePerDetail, oncePerSample } from './once.js';
import type { Part } from './part.js';
import { portableLoad } from './portable/load.js';
import { numberIn } from './tree.js';

const WINDOWS = [1, 5, 15] as const;

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

const perCore = (value: number | undefined, cores: number | undefined): number | undefined =>
  value === undefined || cores === undefined ? undefined : value / cores;

const deriveRow = ({ id, numbers }: Row): Row => {
  const { load1, load5, load15, cores } = numbers;
  return looseRow(id, {
    load1,
    load5,
    load15,
    load1_per_core: perCore(load1, cores),
    load5_per_core: perCore(load5, cores),
    load15_per_core: perCore(load15, cores),
  });
};

export const part: Part = {
  groups: [load],

  linux: (tree) => (ask) => {
    const words = (readLoadAverages(tree, ask) ?? tree.proc('loadavg')).split(' ');
    const cores = countCores(tree, ask);
    const numbers = {
      load1: numberIn(words[0]),
      load5: numberIn(words[1]),
      load15: numberIn(words[2]),
      cores: cores > 0 ? cores : undefined,
    };
    return [{ group: load, rows: [looseRow([], numbers)] }];
  },

  portable: portableLoad(load),

  derive: (now) =>
    now.map((reading) => ({
      group: load,
      rows: rowsOf([reading], 'load').map(deriveRow),
    })),
};
