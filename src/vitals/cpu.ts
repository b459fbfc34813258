/** CPU time by mode, in total and per core, and how fast the cores run. */

import { counter, gauge, group } from '../core/group.js';
import { increase, known, percent } from '../core/rates.js';
import type { Reading, Row } from '../core/sample.js';
import { derivedRow, row, rowLike, rowsOf } from '../core/sample.js';
import { readKernelStat } from './kernel-stat.js';
import { cpuLimit } from './limits.js';
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

type Numbers = Readonly<Record<string, number>>;

/** The fields of each mode, not put together anew for every core of every sample. */
const COLUMNS = MODES.map((mode) => ({
  mode,
  seconds: `${mode}_seconds`,
  percent: mode === 'idle' ? undefined : `${mode}_percent`,
  busy: mode !== 'idle' && mode !== 'iowait',
}));

type Column = (typeof COLUMNS)[number];

/** One `cpu…` line of /proc/stat as seconds by mode. */
const secondsByMode = (columns: readonly string[], ticks: number): Record<string, number> => {
  const out: Record<string, number> = {};
  for (let index = 0; index < COLUMNS.length; index++) {
    // Kernels before 2.6.11 have fewer columns: absent is not zero.
    const value = columns[index + 1];
    if (value !== undefined) out[(COLUMNS[index] as Column).seconds] = Number(value) / ticks;
  }
  return out;
};

/** Text of /proc/stat → the cpu row and the core rows, with counters only. */
export const parseStat = (text: string, ticks: number): { total: Record<string, number>; cores: Row[] } => {
  let total: Record<string, number> = {};
  const cores: Row[] = [];
  // Not what comes below: the interrupts' line has thousands of numbers.
  for (let start = 0; text.startsWith('cpu', start); ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    // Two spaces stand after the name of the total.
    const columns = text.slice(start, end).replace('  ', ' ').split(' ');
    start = end + 1;
    const name = (columns[0] as string).slice(3);
    const numbers = secondsByMode(columns, ticks);
    if (name === '') {
      total = numbers;
      continue;
    }
    if (columns[9] !== undefined) numbers['guest_user_seconds'] = Number(columns[9]) / ticks;
    if (columns[10] !== undefined) numbers['guest_nice_seconds'] = Number(columns[10]) / ticks;
    cores.push(row([name], numbers));
  }
  if (cores.length > 0) total['cores'] = cores.length;
  return { total, cores };
};

/** Idle time wobbles back by less than this, s. A larger fall is a reset: a CPU came back online and counts from zero. */
const WOBBLE = 1;

interface Growth {
  /** In the order of COLUMNS. */
  readonly byMode: readonly (number | undefined)[];
  readonly all: number;
  readonly busy: number;
}

/**
 * Growth by mode; undefined where idle time was reset, since the busy time alone would look like a busy machine. iowait
 * may go back at any time (proc_stat(5)): that counts as no growth rather than as a negative one, as htop and sysstat do.
 */
const growth = (now: Numbers, before: Numbers | undefined): Growth | undefined => {
  const idleBefore = before?.['idle_seconds'];
  if (before === undefined || idleBefore === undefined) return undefined;
  if (idleBefore - (now['idle_seconds'] ?? 0) > WOBBLE) return undefined;
  const byMode: (number | undefined)[] = [];
  let all = 0;
  let busy = 0;
  for (let index = 0; index < COLUMNS.length; index++) {
    const column = COLUMNS[index] as Column;
    const a = now[column.seconds];
    const b = before[column.seconds];
    const grown = a === undefined || b === undefined ? undefined : (increase(a, b) ?? 0);
    byMode.push(grown);
    all += grown ?? 0;
    if (column.busy) busy += grown ?? 0;
  }
  return all > 0 ? { byMode, all, busy } : undefined;
};

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

const deriveTotal = (now: Row, before: Row | undefined, seconds: number, detail: boolean): Row => {
  const grown = growth(now.numbers, before?.numbers);
  const { cores, limit_cores: limit } = now.numbers;
  const derived: Record<string, number | undefined> = { used_percent: percent(grown?.busy, grown?.all) };
  for (let index = 0; index < COLUMNS.length; index++) {
    const column = COLUMNS[index] as Column;
    if (column.percent !== undefined) derived[column.percent] = percent(grown?.byMode[index], grown?.all);
  }
  derived['cores'] = cores;
  derived['limit_cores'] = limit;
  if (limit !== undefined) {
    // Busy time of another cgroup, or of the whole machine, is another counter; what another limit allowed is not known.
    const comparable =
      before?.texts['limited_by'] === now.texts['limited_by'] &&
      before?.texts['limit'] === now.texts['limit'];
    const used = comparable
      ? increase(now.numbers['busy_seconds'], before?.numbers['busy_seconds'])
      : undefined;
    derived['used_percent'] = percent(used, limit * seconds);
  } else if (detail && now.numbers['user_seconds'] !== undefined) {
    let [busy, all] = [0, 0];
    for (const column of COLUMNS) {
      const value = now.numbers[column.seconds] ?? 0;
      all += value;
      if (column.busy) busy += value;
    }
    derived['busy_seconds'] = busy;
    derived['capacity_seconds'] = all;
  }
  return derivedRow(now.id, detail ? { ...known(derived), ...now.numbers } : derived, now.texts);
};

export const part: Part = {
  groups: [cpu, core],

  linux: (tree) => (ask) => {
    const { total, cores } = parseStat(readKernelStat(tree, ask), tree.constants().ticksPerSecond);
    const limit = cpuLimit(tree, ask, cores.length);
    const texts = limit === undefined ? {} : { limited_by: limit.cgroup, limit: String(limit.cores) };
    if (limit !== undefined) {
      total['limit_cores'] = limit.cores;
      if (limit.usedSeconds !== undefined) total['busy_seconds'] = limit.usedSeconds;
      const uptime = ask.detail ? readUptime(tree) : undefined;
      if (uptime !== undefined) total['capacity_seconds'] = limit.cores * uptime;
    }
    const rows = ask.detail
      ? cores.map(({ id, numbers }) => row(id, { ...numbers, ...readFrequencies(tree, id[0] as string) }))
      : cores;
    return [
      { group: cpu, rows: [row([], total, texts)] },
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
        rows: rowsOf(now, 'core').map((one) => {
          const grown = growth(one.numbers, rowLike(coresBefore, one.id)?.numbers);
          const used_percent = percent(grown?.busy, grown?.all);
          if (used_percent === undefined) return one;
          return row(one.id, detail ? { used_percent, ...one.numbers } : { used_percent });
        }),
      },
    ];
  },
};
