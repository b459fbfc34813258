/**
 * CPU times where there is no procfs, from Node itself: systeminformation's currentLoad is made of the same ticks, and
 * keeps one baseline for all who ask.
 */

import { type CpuInfo, cpus } from 'node:os';
import type { Group } from '../../core/group.js';
import { row } from '../../core/sample.js';
import type { Portable } from '../portable.js';

type Times = CpuInfo['times'];

/**
 * Which times a system really tells; libuv fills the others with 0. Windows counts interrupts inside the kernel's time
 * (NtQuerySystemInformation), so `irq` must not be added to it. On Linux the times lack iowait, softirq and steal: their
 * share is missing from the whole.
 */
const KNOWN: Readonly<Record<string, readonly (keyof Times)[]>> = {
  darwin: ['user', 'nice', 'sys', 'idle'],
  win32: ['user', 'sys', 'idle'],
};
const OTHERS: readonly (keyof Times)[] = ['user', 'nice', 'sys', 'idle', 'irq'];

const FIELDS: Readonly<Record<keyof Times, string>> = {
  user: 'user_seconds',
  nice: 'nice_seconds',
  sys: 'system_seconds',
  idle: 'idle_seconds',
  irq: 'irq_seconds',
};

/** Node's CPU times (ms) → seconds by mode, of all CPUs together and of each. */
export const cpuSeconds = (
  all: readonly { readonly times: Times }[],
  platform: string,
): { total: Record<string, number>; cores: Record<string, number>[] } => {
  const total: Record<string, number> = {};
  const cores = all.map(({ times }) => {
    const numbers: Record<string, number> = {};
    for (const mode of KNOWN[platform] ?? OTHERS) {
      const field = FIELDS[mode];
      numbers[field] = times[mode] / 1000;
      total[field] = (total[field] ?? 0) + times[mode] / 1000;
    }
    return numbers;
  });
  return { total: { ...total, cores: cores.length }, cores };
};

export const portableCpu =
  (cpu: Group, core: Group) =>
  ({ platform }: Portable) =>
  () => {
    const { total, cores } = cpuSeconds(cpus(), platform);
    if (cores.length === 0) throw new Error('the system tells no CPU times');
    return [
      { group: cpu, rows: [row([], total)] },
      { group: core, rows: cores.map((numbers, index) => row([String(index)], numbers)) },
    ];
  };
