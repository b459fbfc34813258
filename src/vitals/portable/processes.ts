/** Processes through systeminformation, which asks ps, or CIM on Windows. What it gives has been through slim.ts. */

import { cpus, totalmem } from 'node:os';
import type { Group } from '../../core/group.js';
import { known, percent } from '../../core/rates.js';
import type { Row } from '../../core/sample.js';
import { row } from '../../core/sample.js';
import type { Ask } from '../../core/vital.js';
import type { Portable } from '../portable.js';
import { type Fields, numberAt, objectsOf, textAt } from './fields.js';

/** The processes. Throws where there are none: then ps failed. */
const listOf = (answer: unknown): readonly Fields[] => {
  const list = objectsOf(answer);
  if (list.length === 0) throw new Error('the system lists no process');
  return list;
};

/** Our states by systeminformation's words; its `unknown` is several of ps's letters. */
const STATES = {
  runnable: 'running',
  sleeping: 'sleeping',
  disk_sleep: 'blocked',
  zombie: 'zombie',
  stopped: 'stopped',
};

/** Answer of `processes` → how many there are, and in what state. Windows tells no states. */
export const processNumbers = (answer: unknown, platform: string): Record<string, number> => {
  const list = listOf(answer);
  const numbers: Record<string, number> = { total: list.length };
  if (platform === 'win32') return numbers;
  for (const [name, state] of Object.entries(STATES))
    numbers[name] = list.filter((one) => one['state'] === state).length;
  return numbers;
};

/** `2026-01-31 14:00:00`, local time → s since 1970. */
const startOf = (started: string | undefined): number | undefined => {
  const ms = Date.parse((started ?? '').replace(' ', 'T'));
  return Number.isNaN(ms) ? undefined : ms / 1000;
};

export interface Machine {
  readonly platform: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/**
 * Answer of `processes` → a raw row of each. CPU use on macOS is what ps says, of one CPU and decaying over a minute;
 * elsewhere it is systeminformation's share of all CPUs since the question before.
 */
export const processRows = (answer: unknown, { platform, cores, memoryBytes }: Machine): readonly Row[] =>
  listOf(answer).flatMap((one) => {
    const pid = numberAt(one, 'pid');
    const cpu = numberAt(one, 'cpu');
    const kib = numberAt(one, 'memRss');
    if (pid === undefined) return [];
    const memory_bytes = kib === undefined ? undefined : kib * 1024;
    const numbers = known({
      start_time: startOf(textAt(one, 'started')),
      cpu_percent: cpu === undefined || platform === 'darwin' ? cpu : cpu * cores,
      memory_bytes,
      memory_percent: percent(memory_bytes, memoryBytes),
    });
    const user = textAt(one, 'user');
    return row([String(pid)], numbers, {
      name: textAt(one, 'name') ?? '',
      ...(user === undefined ? {} : { user }),
    });
  });

export const portableProcesses =
  (processes: Group) =>
  ({ ask, platform }: Portable) =>
  async ({ top, detail }: Ask) => {
    // Listing them costs more than all else together, so it is done only where its result is used.
    if (top <= 0 && !detail) return [];
    return [{ group: processes, rows: [row([], processNumbers(await ask('processes'), platform))] }];
  };

export const portableTop =
  (top: Group) =>
  ({ ask, platform }: Portable) =>
  async (asked: Ask) => {
    if (asked.top <= 0) return [];
    const machine = { platform, cores: cpus().length, memoryBytes: totalmem() };
    return [{ group: top, rows: processRows(await ask('processes'), machine) }];
  };
