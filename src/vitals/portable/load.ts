/** Load averages as Node tells them. */

import { cpus, loadavg } from 'node:os';
import type { Group } from '../../core/group.js';
import { row } from '../../core/sample.js';
import type { Portable } from '../portable.js';

/** Three averages and the number of CPUs → the raw row of load. */
export const loadNumbers = (averages: readonly number[], cores: number): Record<string, number> => {
  const [load1, load5, load15] = averages as [number, number, number];
  return { load1, load5, load15, ...(cores > 0 ? { cores } : {}) };
};

/** Windows has no load average; Node gives zeros for it. */
export const portableLoad =
  (load: Group) =>
  ({ platform }: Portable) =>
  () =>
    platform === 'win32' ? [] : [{ group: load, rows: [row([], loadNumbers(loadavg(), cpus().length))] }];
