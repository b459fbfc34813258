/** Since when the machine runs, and which run it is. */

import { gauge, group } from '../core/group.js';
import { looseRow } from '../core/sample.js';
import type { Ask } from '../core/vital.js';
import { kernelStatNumber, readKernelStat } from './kernel-stat.js';
import type { Part } from './part.js';
import { portableSystem } from './portable/system.js';
import type { Tree } from './tree.js';

export const system = group({
  name: 'system',
  help: 'Since when the machine runs',
  fields: {
    uptime_seconds: gauge('seconds', 'Time since boot', { digits: 2 }),
    boot_time_seconds: gauge('unix_seconds', 'When the machine booted', {
      due: 'detail',
      prometheus: 'node_boot_time_seconds',
    }),
  },
});

/** Seconds since boot; undefined where it is not told. */
export const readUptime = (tree: Tree): number | undefined => {
  const seconds = Number.parseFloat(tree.procIfThere('uptime') ?? '');
  return Number.isNaN(seconds) ? undefined : seconds;
};

/**
 * What identifies this boot: the kernel's random boot_id, or the boot time where there is none; `unknown` in a tree
 * that tells neither.
 */
export const readBoot = (tree: Tree): string =>
  tree.procIfThere('sys/kernel/random/boot_id')?.trim() ||
  /^btime (\d+)$/m.exec(tree.procIfThere('stat') ?? '')?.[1] ||
  'unknown';

/** The kernel makes the boot time from the wall clock each time it is asked, so it wobbles by a second. */
const WOBBLE = 2;

const bootTimes = new WeakMap<Tree, number>();

/**
 * When the machine booted, s since 1970: the first value seen, kept until the clock has been set. So times made from
 * it, such as a process's start, stay the same from sample to sample. Undefined where it is not told.
 */
export const readSteadyBootTime = (tree: Tree, ask: Ask): number | undefined => {
  const now = kernelStatNumber(readKernelStat(tree, ask), 'btime');
  const kept = bootTimes.get(tree);
  if (now === undefined || (kept !== undefined && Math.abs(now - kept) <= WOBBLE)) return kept;
  bootTimes.set(tree, now);
  return now;
};

export const part: Part = {
  groups: [system],

  linux: (tree) => (ask) => {
    const boot_time_seconds = ask.detail ? kernelStatNumber(readKernelStat(tree, ask), 'btime') : undefined;
    // Asked itself once a minute, so that whatever the clocks may not see is put right.
    const uptime_seconds = (ask.detail ? undefined : ask.uptime) ?? readUptime(tree);
    return uptime_seconds === undefined && boot_time_seconds === undefined
      ? []
      : [{ group: system, rows: [looseRow([], { uptime_seconds, boot_time_seconds })] }];
  },
  portable: portableSystem(system),
};
