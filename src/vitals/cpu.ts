/** CPU time by mode, in total and per core, and how fast the cores run. */

import { counter, gauge, group } from '../core/group.js';
import { increase, known, percent } from '../core/rates.js';
import type { Reading, Row } from '../core/sample.js';
import { looseRow, row, rowLike, rowsOf } from '../core/sample.js';
import type { Ask } from '../core/vital.js';
import { growth, parseStat } from './cpu-time.js';
import { readKernelStat } from './kernel-stat.js';
import { type CpuLimit, cpuLimit } from './limits.js';
import type { Part } from './part.js';
import { portableCpu } from './portable/cpu.js';
import { readUptime } from './system.js';
import type { Tree } from './tree.js';

/** The columns of /proc/stat that make up all time: guest time is already inside user and nice (proc_stat(5)). */
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

const MODE_HELP: Record<(typeof MODES)[number], string> = {
  user: 'running programs',
  nice: 'running programs of low priority',
  system: 'in the kernel',
  idle: 'doing nothing',
  iowait: 'idle while a disk was busy for it',
  irq: 'serving interrupts',
  softirq: 'serving soft interrupts',
  steal: 'wanted but given to another virtual machine',
};

/** CPU time of some modes per second, all CPUs. */
const rateOf = (mode: string): string =>
  `sum without (cpu, mode) (rate(node_cpu_seconds_total${mode}[$range]))`;

const shares = Object.fromEntries(
  MODES.filter((mode) => mode !== 'idle').map((mode) => [
    `${mode}_percent`,
    gauge('percent', `Share of time ${MODE_HELP[mode]}`, {
      promql: `100 * ${rateOf(`{mode="${mode}"}`)} / ${rateOf('')}`,
    }),
  ]),
);

/** Use and capacity are other counters where another cgroup, or another limit of it, counts. */
const ofLimit = (name: string) => ({
  digits: 2,
  due: 'detail' as const,
  prometheus: { name: `sysmon_cpu_${name}_total`, texts: ['limited_by', 'limit'] },
});

export const cpu = group({
  name: 'cpu',
  help: 'All CPUs together',
  texts: {
    limited_by: 'the cgroup whose limit counts as all there is',
    limit: 'how many CPUs that is: counters of one limit are not those of another',
  },
  fields: {
    used_percent: gauge('percent', 'Share of time neither idle nor waiting for a disk', {
      promql: `100 * (1 - ${rateOf('{mode=~"idle|iowait"}')} / ${rateOf('')})`,
    }),
    ...shares,
    cores: gauge('count', 'CPUs that are online'),
    limit_cores: gauge('count', 'CPUs that the cgroup may use', { digits: 3 }),
    busy_seconds: counter(
      'seconds',
      'CPU time used: what the percentage in use is about',
      ofLimit('busy_seconds'),
    ),
    capacity_seconds: counter('seconds', 'CPU time that could have been used', ofLimit('capacity_seconds')),
    ...Object.fromEntries(
      MODES.map((mode) => [
        `${mode}_seconds`,
        counter('seconds', `Time ${MODE_HELP[mode]}, all CPUs`, { digits: 2, due: 'detail' }),
      ]),
    ),
  },
});

export const core = group({
  name: 'core',
  help: 'Each CPU',
  identity: ['cpu'],
  fields: {
    used_percent: gauge('percent', 'Share of time neither idle nor waiting for a disk', { digits: 1 }),
    ...Object.fromEntries(
      MODES.map((mode) => [
        `${mode}_seconds`,
        counter('seconds', `Time ${MODE_HELP[mode]}`, {
          digits: 2,
          due: 'detail',
          prometheus: { name: 'node_cpu_seconds_total', labels: { mode } },
        }),
      ]),
    ),
    guest_user_seconds: counter('seconds', 'Time running guests', {
      digits: 2,
      due: 'detail',
      prometheus: { name: 'node_cpu_guest_seconds_total', labels: { mode: 'user' } },
    }),
    guest_nice_seconds: counter('seconds', 'Time running guests of low priority', {
      digits: 2,
      due: 'detail',
      prometheus: { name: 'node_cpu_guest_seconds_total', labels: { mode: 'nice' } },
    }),
    frequency_hertz: gauge('hertz', 'Current speed', {
      due: 'detail',
      prometheus: 'node_cpu_scaling_frequency_hertz',
    }),
    frequency_min_hertz: gauge('hertz', 'Lowest speed', {
      due: 'detail',
      prometheus: 'node_cpu_scaling_frequency_min_hertz',
    }),
    frequency_max_hertz: gauge('hertz', 'Highest speed', {
      due: 'detail',
      prometheus: 'node_cpu_scaling_frequency_max_hertz',
    }),
    core_throttles: counter('count', 'Times the core was slowed down for heat', {
      due: 'detail',
      prometheus: { name: 'node_cpu_core_throttles_total' },
    }),
  },
});

const readFrequencies = (tree: Tree, name: string): Record<string, number> => {
  const base = `devices/system/cpu/cpu${name}`;
  const kilohertz = (file: string): number | undefined => {
    const value = tree.sysNumber(`${base}/cpufreq/${file}`);
    return value === undefined ? undefined : value * 1000;
  };
  return known({
    frequency_hertz: kilohertz('scaling_cur_freq'),
    frequency_min_hertz: kilohertz('scaling_min_freq'),
    frequency_max_hertz: kilohertz('scaling_max_freq'),
    core_throttles: tree.sysNumber(`${base}/thermal_throttle/core_throttle_count`),
  });
};

/** Use of a limit: busy time of another cgroup, or of the whole machine, is another counter; what another limit allowed is not known. */
const usedOfLimit = (
  now: Row,
  before: Row | undefined,
  limit: number,
  seconds: number,
): number | undefined => {
  const comparable =
    before?.texts['limited_by'] === now.texts['limited_by'] && before?.texts['limit'] === now.texts['limit'];
  const used = comparable
    ? increase(now.numbers['busy_seconds'], before?.numbers['busy_seconds'])
    : undefined;
  return percent(used, limit * seconds);
};

/** Time in some modes since boot. */
const sumOf = (numbers: Row['numbers'], modes: readonly string[]): number => {
  let sum = 0;
  for (const mode of modes) sum += numbers[`${mode}_seconds`] ?? 0;
  return sum;
};

const BUSY_MODES = MODES.filter((mode) => mode !== 'idle' && mode !== 'iowait');

const deriveTotal = (now: Row, before: Row | undefined, seconds: number, detail: boolean): Row => {
  const { id, numbers, texts } = now;
  const { user, nice, system, iowait, irq, softirq, steal, busy, all } = growth(numbers, before?.numbers);
  const { cores, limit_cores: limit } = numbers;
  const derived = {
    used_percent: limit === undefined ? percent(busy, all) : usedOfLimit(now, before, limit, seconds),
    user_percent: percent(user, all),
    nice_percent: percent(nice, all),
    system_percent: percent(system, all),
    iowait_percent: percent(iowait, all),
    irq_percent: percent(irq, all),
    softirq_percent: percent(softirq, all),
    steal_percent: percent(steal, all),
    cores,
    limit_cores: limit,
  };
  if (!detail) return looseRow(id, derived, texts);
  const ofMachine =
    limit === undefined && numbers['user_seconds'] !== undefined
      ? { busy_seconds: sumOf(numbers, BUSY_MODES), capacity_seconds: sumOf(numbers, MODES) }
      : {};
  return looseRow(id, { ...derived, ...ofMachine, ...numbers }, texts);
};

const deriveCore = (now: Row, before: Row | undefined, detail: boolean): Row => {
  const { busy, all } = growth(now.numbers, before?.numbers);
  const used_percent = percent(busy, all);
  if (used_percent === undefined) return now;
  return row(now.id, detail ? { used_percent, ...now.numbers } : { used_percent });
};

const countersOfLimit = (tree: Tree, { detail }: Ask, { cores, usedSeconds }: CpuLimit) => {
  const uptime = detail ? readUptime(tree) : undefined;
  return {
    limit_cores: cores,
    busy_seconds: usedSeconds,
    capacity_seconds: uptime === undefined ? undefined : cores * uptime,
  };
};

export const part: Part = {
  groups: [cpu, core],

  linux: (tree) => (ask) => {
    const { total, cores } = parseStat(readKernelStat(tree, ask), tree.constants().ticksPerSecond);
    const limit = cpuLimit(tree, ask, cores.length);
    const texts = limit === undefined ? {} : { limited_by: limit.cgroup, limit: String(limit.cores) };
    const rows = ask.detail
      ? cores.map(({ id, numbers }) => row(id, { ...numbers, ...readFrequencies(tree, id[0] as string) }))
      : cores;
    return [
      {
        group: cpu,
        rows: [
          looseRow(
            [],
            limit === undefined ? total : { ...total, ...countersOfLimit(tree, ask, limit) },
            texts,
          ),
        ],
      },
      { group: core, rows },
    ];
  },

  portable: portableCpu(cpu, core),

  derive: (now, before, seconds, { detail }): readonly Reading[] => {
    const coresBefore = rowsOf(before, 'core');
    const totalBefore = rowsOf(before, 'cpu')[0];
    return [
      {
        group: cpu,
        rows: rowsOf(now, 'cpu').map((one) => deriveTotal(one, totalBefore, seconds, detail)),
      },
      {
        group: core,
        rows: rowsOf(now, 'core').map((one) => deriveCore(one, rowLike(coresBefore, one.id), detail)),
      },
    ];
  },
};
