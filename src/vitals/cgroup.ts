/** The limits that the kernel's control groups put on us, version 1 and 2, and what is used of them. */

import { counter, gauge, group } from '../core/group.js';
import { increase, known, percent } from '../core/rates.js';
import { type Reading, row, rowsOf } from '../core/sample.js';
import type { Ask } from '../core/vital.js';
import {
  cpuHierarchy,
  cpuQuotaAt,
  cpuUsedSeconds,
  findControllers,
  groupText,
  levels,
  memoryHierarchy,
  memoryLimitAt,
  memoryUsedAt,
  statValue,
  tightest,
} from './limits.js';
import type { Part } from './part.js';
import type { Tree } from './tree.js';

export const cgroup = group({
  name: 'cgroup',
  help: 'The control group sysmon runs in, where it is not the root: its own limits and use',
  texts: { path: 'the control group', version: 'of the control group interface' },
  fields: {
    memory_used_bytes: gauge('bytes', 'Memory in use, without file pages that can be dropped at once', {
      due: 'detail',
    }),
    memory_limit_bytes: gauge('bytes', 'Tightest memory limit from here up', { due: 'detail' }),
    memory_used_percent: gauge('percent', 'Share of the memory limit in use'),
    cpu_limit_cores: gauge('count', 'Tightest CPU limit from here up', { digits: 3, due: 'detail' }),
    cpu_used_seconds: counter('seconds', 'CPU time used', { due: 'detail' }),
    cpu_used_percent: gauge('percent', 'CPU time used, 100 being one CPU'),
    cpu_throttled_seconds: counter('seconds', 'Time that tasks were held back by the CPU limit', {
      due: 'detail',
    }),
    cpu_throttled_percent: gauge('percent', 'Share of the enforcement periods in which tasks were held back'),
    cpu_periods: counter('count', 'Enforcement periods of the CPU limit', { due: 'detail' }),
    cpu_throttled_periods: counter('count', 'Enforcement periods in which tasks were held back', {
      due: 'detail',
    }),
    pids: gauge('count', 'Tasks', { due: 'detail' }),
    pids_limit: gauge('count', 'Limit of tasks', { due: 'detail' }),
  },
});

export const part: Part = {
  groups: [cgroup],

  linux: (tree) => {
    // Without a limit nothing of it is due at every tick, and limits hardly ever come later.
    let limited = true;
    return (ask) => {
      if (!limited && !ask.detail) return [];
      const readings = readOwn(tree, ask);
      limited = rowsOf(readings, 'cgroup').some(
        ({ numbers }) => 'memory_limit_bytes' in numbers || 'cpu_limit_cores' in numbers,
      );
      return readings;
    };
  },

  derive: (now, before, seconds) => {
    const was = rowsOf(before, 'cgroup')[0]?.numbers;
    const rows = rowsOf(now, 'cgroup').map(({ id, texts, numbers }) => {
      const periods = increase(numbers['cpu_periods'], was?.['cpu_periods']);
      const throttled = increase(numbers['cpu_throttled_periods'], was?.['cpu_throttled_periods']);
      const used = increase(numbers['cpu_used_seconds'], was?.['cpu_used_seconds']);
      const derived = known({
        memory_used_percent: percent(numbers['memory_used_bytes'], numbers['memory_limit_bytes']),
        cpu_used_percent:
          used === undefined || !(seconds > 0) || numbers['cpu_limit_cores'] === undefined
            ? undefined
            : (used / seconds) * 100,
        cpu_throttled_percent: percent(throttled, periods),
      });
      return row(id, { ...numbers, ...derived }, texts);
    });
    return rows.length === 0 ? now : [{ group: cgroup, rows }];
  },
};

/** Limits and use of our own group; nothing where it is the root, and so the machine itself. */
const readOwn = (tree: Tree, ask: Ask): readonly Reading[] => {
  const controllers = findControllers(tree, ask);
  const memory = memoryHierarchy(controllers);
  const cpu = cpuHierarchy(controllers);
  const own = memory ?? cpu;
  if (own === undefined) return [];
  const memoryLevel = memory && levels(memory)[0];
  const cpuLevel = cpu && levels(cpu)[0];
  const memoryLimitBytes = tightest(memory, memoryLimitAt(tree, ask, memory?.version ?? 2))?.limit;
  const cpuLimitCores = tightest(cpu, cpuQuotaAt(tree, ask, cpu?.version ?? 2))?.limit;
  // The root group is the machine: what the other vitals say.
  if (own.path === '/' && memoryLimitBytes === undefined && cpuLimitCores === undefined) return [];
  const stat = cpuLevel && groupText(tree, ask, `${cpuLevel}/cpu.stat`);
  const throttledMicroseconds = statValue(stat, 'throttled_usec');
  const throttledNanoseconds = statValue(stat, 'throttled_time');
  const pids = controllers.get('pids') ?? controllers.get('');
  const pidsLevel = pids && levels(pids)[0];
  const numbers = known({
    memory_used_bytes:
      memory && memoryLevel ? memoryUsedAt(tree, ask, memory.version, memoryLevel) : undefined,
    memory_limit_bytes: memoryLimitBytes,
    cpu_limit_cores: cpuLimitCores,
    cpu_used_seconds: cpuLevel ? cpuUsedSeconds(tree, ask, controllers, cpuLevel) : undefined,
    cpu_throttled_seconds:
      throttledMicroseconds !== undefined
        ? throttledMicroseconds / 1e6
        : throttledNanoseconds !== undefined
          ? throttledNanoseconds / 1e9
          : undefined,
    cpu_periods: statValue(stat, 'nr_periods'),
    cpu_throttled_periods: statValue(stat, 'nr_throttled'),
    pids: pidsLevel === undefined ? undefined : tree.sysNumber(`${pidsLevel}/pids.current`),
    pids_limit: pidsLevel === undefined ? undefined : tree.sysNumber(`${pidsLevel}/pids.max`),
  });
  return [{ group: cgroup, rows: [row([], numbers, { path: own.path, version: String(own.version) })] }];
};
