/** Hours of a log of a machine to which much has happened: what is random in it is fast-check's, and the same for the same plan. */

import * as fc from 'fast-check';
import type { Group } from '../../src/core/group.js';
import type { Reading, Row, Sample } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import type { LogRecord } from '../../src/logs/record.js';
import { GROUPS } from '../../src/vitals/index.js';
import { lineOf } from '../logs/log-folder.js';

const MINUTE = 60_000;

const WHAT = [
  'reboot',
  'set back',
  'set on',
  'hole',
  'restart',
  'torn',
  'foreign',
  'schema',
  'rotate',
  'one gzip',
  'gzip',
  'rows',
] as const;

export interface Event {
  /** Where in the log, as a share of it. */
  readonly at: number;
  readonly what: (typeof WHAT)[number];
  readonly minutes: number;
}

export interface LogPlan {
  /** s. */
  readonly interval: number;
  readonly detail: number;
  readonly minutes: number;
  /** How long a line with detail is at least, and how much longer some are. */
  readonly padding: number;
  readonly wobble: number;
  readonly seed: number;
  /** How often a group fails or is missing. */
  readonly failing: number;
  readonly events: readonly Event[];
}

/** Set on and back again within minutes, a clock shows nothing of it to whoever leaps over them. */
export const setOnce = <T extends { readonly what: string }>(events: readonly T[]): readonly T[] => {
  const first = events.findIndex(({ what }) => what.startsWith('set'));
  return events.filter(({ what }, index) => index === first || !what.startsWith('set'));
};

export const logPlan = (longest: number, what: readonly Event['what'][] = WHAT): fc.Arbitrary<LogPlan> =>
  fc.record({
    interval: fc.constantFrom(1, 2, 5, 10, 30, 60, 120),
    detail: fc.constantFrom(10, 30, 60, 60, 60, 120, 300),
    minutes: fc.integer({ min: 20, max: longest }),
    padding: fc.constantFrom(0, 3000, 20_000, 50_000),
    wobble: fc.constantFrom(0, 0, 1, 3),
    seed: fc.nat(),
    failing: fc.constantFrom(0, 0, 0.02, 0.3),
    events: fc
      .array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          what: fc.constantFrom(...what),
          minutes: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 15, max: 120 })),
        }),
        { maxLength: 5 },
      )
      .map(setOnce),
  });

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  cpu: [
    'used_percent',
    'iowait_percent',
    'steal_percent',
    'busy_seconds',
    'capacity_seconds',
    ...['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'].map(
      (mode) => `${mode}_seconds`,
    ),
  ],
  memory: ['used_percent', 'total_bytes'],
  swap: ['used_percent', 'total_bytes'],
  load: ['load1', 'load15_per_core'],
  pressure: ['memory_stalled_percent', 'memory_waiting_percent', 'memory_stalled_seconds'],
  filesystem: ['used_percent', 'available_bytes', 'inodes_used_percent', 'files', 'readonly'],
  disk: ['busy_percent', 'io_time_seconds', 'reads_completed', 'writes_completed'],
  network: ['errors_percent', 'receive_errs', 'transmit_errs', 'receive_packets', 'transmit_packets'],
  interface: ['up', 'carrier'],
  filefd: ['used_percent'],
  vmstat: ['oom_kill', 'pgmajfault'],
};

const ROWS: Readonly<Record<string, readonly string[]>> = {
  filesystem: ['/', '/var', '/mnt/a }}b'],
  disk: ['sda', 'sdb'],
  network: ['eth0', 'cpu', 'load'],
  interface: ['eth0', 'memory', 'vmstat'],
};

/** Steps of an odd kind, so that it matters which point is taken. */
const nextValue = (
  name: string,
  isCounter: boolean,
  before: number | undefined,
  random: () => number,
): number => {
  if (name === 'oom_kill') return (before ?? 0) + (random() < 0.0005 ? 1 : 0);
  if (isCounter) return (before ?? Math.floor(random() * 1000)) + Math.floor(random() ** 3 * 50);
  if (name === 'up' || name === 'readonly') return random() < 0.001 ? 1 - (before ?? 0) : (before ?? 0);
  if (name.endsWith('_bytes')) return (before ?? 1e10) - Math.floor(random() * 2e6);
  return Math.max(0, Math.min(100, (before ?? 50) + Math.round((random() - 0.5) * 200) / 10));
};

export interface Written {
  /** Files from the oldest on, the last of which is the one being written. */
  readonly files: readonly {
    readonly lines: readonly string[];
    readonly form: 'plain' | 'gzip' | 'one gzip';
  }[];
  /** When the last sample was taken. */
  readonly end: number;
}

/** The log that a plan makes. */
export const makeLog = (plan: LogPlan): Written => {
  const random = randomFrom(plan.seed);
  const files: { lines: string[]; form: 'plain' | 'gzip' | 'one gzip' }[] = [{ lines: [], form: 'plain' }];
  const write = (line: string): void => {
    files.at(-1)?.lines.push(line);
  };
  const put = (record: LogRecord): void => write(lineOf(record));
  let time = Date.UTC(2026, 10, 21, 4, 0, 0);
  let uptime = 5000;
  let boot = 1;
  let detailSlot = Number.NaN;
  let kept = new Map<string, number>();
  const gone = new Set<string>();

  const schema = (): void => put({ kind: 'schema', time, host: 'h', v: 1, groups: [...GROUPS.values()] });
  const start = (): void =>
    put({ kind: 'start', time, host: 'h', boot: `b${boot}`, interval: plan.interval, version: '1', pid: 1 });
  const rotate = (form: 'plain' | 'gzip' | 'one gzip'): void => {
    const last = files.at(-1);
    if (last !== undefined) last.form = form;
    files.push({ lines: [], form: 'plain' });
    schema();
  };
  const happen = ({ what, minutes }: Event): void => {
    if (what === 'set back') time -= minutes * MINUTE;
    if (what === 'set on' || what === 'hole' || what === 'reboot') time += minutes * MINUTE;
    if (what === 'hole') uptime += minutes * 60;
    if (what === 'reboot') {
      boot++;
      uptime = 20;
      kept = new Map([...kept].filter(([key]) => !/_seconds|_completed|oom|fault|errs|packets/.test(key)));
    }
    if (what === 'restart') {
      put({ kind: 'stop', time, host: 'h', reason: 'SIGTERM' });
      detailSlot = Number.NaN;
    }
    if (what === 'restart' || what === 'reboot') start();
    if (what === 'torn') write('{"level":30,"time":17637');
    if (what === 'foreign')
      write(`Jan  1 00:00:00 host kernel: "detail":true "msg":"sample" ${'x'.repeat(minutes * 999)}`);
    if (what === 'schema') schema();
    if (what === 'rotate') rotate('plain');
    if (what === 'gzip' || what === 'one gzip') rotate(what);
    if (what === 'rows') {
      const [group, ids] = Object.entries(ROWS)[minutes % 4] as [string, readonly string[]];
      const key = `${group} ${ids[minutes % ids.length]}`;
      if (!gone.delete(key)) gone.add(key);
    }
  };

  const rowOf = (group: Group, id: readonly string[], isDetail: boolean): Row => {
    const numbers: Record<string, number> = {};
    for (const name of FIELDS[group.name] ?? []) {
      const field = group.fields[name];
      if (field === undefined) throw new Error(`no field ${group.name}.${name}`);
      const key = `${group.name} ${id.join()} ${name}`;
      const value = nextValue(name, field.kind === 'counter', kept.get(key), random);
      kept.set(key, value);
      if (isDetail || field.due === 'tick') numbers[name] = value;
    }
    return row(id, numbers);
  };
  const sampleOf = (isDetail: boolean): Sample => {
    const readings = new Map<string, Reading>();
    for (const group of GROUPS.values()) {
      if (group.name === 'system') {
        readings.set('system', { group, rows: [row([], { uptime_seconds: uptime })] });
        continue;
      }
      if (FIELDS[group.name] === undefined) continue;
      const ids = ROWS[group.name]?.filter((id) => !gone.has(`${group.name} ${id}`)).map((id) => [id]) ?? [
        [],
      ];
      const rows = ids
        .map((id) => rowOf(group, id, isDetail))
        .filter(({ numbers }) => isDetail || Object.keys(numbers).length > 0);
      if (random() < plan.failing) {
        if (random() < 0.5) readings.set(group.name, { group, failed: 'it hangs' });
      } else if (rows.length > 0 || isDetail) readings.set(group.name, { group, rows });
    }
    const long = (isDetail ? plan.padding : plan.padding / 20) * (1 + random() * plan.wobble);
    const [first] = GROUPS.values();
    if (first !== undefined && long > 0)
      readings.set('padding', { group: { ...first, name: 'padding' }, failed: 'x'.repeat(long) });
    const { interval } = plan;
    return { time, host: 'h', boot: `b${boot}`, interval, ...(isDetail && { detail: true }), readings };
  };

  schema();
  start();
  const count = Math.floor((plan.minutes * 60) / plan.interval);
  const at = plan.events.map((event) => ({ ...event, step: Math.floor(event.at * count) }));
  let end = time;
  for (let step = 0; step < count; step++) {
    for (const event of at) if (event.step === step) happen(event);
    time = Math.ceil((time + 1) / (plan.interval * 1000)) * plan.interval * 1000 + Math.floor(random() * 20);
    uptime = Math.round((uptime + plan.interval) * 100) / 100;
    const slot = Math.floor(time / (plan.detail * 1000));
    const isDetail = slot !== detailSlot;
    detailSlot = slot;
    const sample = sampleOf(isDetail);
    put({ kind: 'sample', time, host: 'h', seq: step, sample });
    end = time;
  }
  return { files, end };
};
