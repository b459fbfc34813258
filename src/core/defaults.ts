/**
 * What is judged when nobody says what: one table, from which the Prometheus rule file is made as well. The figures are
 * those of netdata's health configuration (enter / leave); each rule is about something that a person would get up for.
 */

import { above, below, exactly } from './range.js';
import type { Limits, Measure, Rule } from './rule.js';

const MINUTE = 60;
const HOUR = 3600;

/** "Less than 5 GB free" of a large disk that is 98 % full. */
const LITTLE_SPACE = 5e9;

/** A limit of each severity that the value must not be above. */
const upTo = (warning: number, critical?: number): Limits => ({
  warning: above(warning),
  ...(critical === undefined ? {} : { critical: above(critical) }),
});

const value: Measure = { kind: 'value' };
/** Counters are exact over any time, and a check has to read only two records of ten minutes. */
const share = (of: readonly string[], per: readonly string[]): Measure => ({
  kind: 'share',
  seconds: 10 * MINUTE,
  of,
  per,
});

const CPU_TIME = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'].map(
  (mode) => `${mode}_seconds`,
);

/** What a machine lacks, and what its log is too short for, changes nothing. */
const lenient = { missing: 'not judged', tooShort: 'not judged' } as const;

/** A boot makes machines busy for a while, which is no news. How full a disk is does not come from that. */
const afterBoot = 10 * MINUTE;

const disks = {
  rows: { counted: true },
  fine: [{ field: 'readonly', range: exactly(1), reason: 'it is read-only and cannot fill' }],
} as const;

export const DEFAULT_RULES: readonly Rule[] = [
  {
    name: 'cpu',
    title: 'CPU in use',
    path: { group: 'cpu', field: 'used_percent' },
    measure: share(['busy_seconds'], ['capacity_seconds']),
    limits: upTo(85, 95),
    leave: upTo(75, 85),
    who: 'cpu_percent',
    afterBoot,
    ...lenient,
  },
  {
    name: 'iowait',
    title: 'CPU waiting for disks',
    path: { group: 'cpu', field: 'iowait_percent' },
    measure: share(['iowait_seconds'], CPU_TIME),
    limits: upTo(40),
    leave: upTo(20),
    afterBoot,
    ...lenient,
  },
  {
    name: 'steal',
    title: 'CPU given to other machines',
    path: { group: 'cpu', field: 'steal_percent' },
    measure: share(['steal_seconds'], CPU_TIME),
    limits: upTo(10),
    leave: upTo(5),
    afterBoot,
    ...lenient,
  },
  {
    name: 'load',
    title: 'load of 15 min for each CPU',
    path: { group: 'load', field: 'load15_per_core' },
    measure: value,
    limits: upTo(2),
    leave: upTo(1.75),
    afterBoot,
    ...lenient,
  },
  {
    name: 'memory',
    title: 'memory in use',
    path: { group: 'memory', field: 'used_percent' },
    measure: value,
    limits: upTo(90, 98),
    leave: upTo(80, 90),
    who: 'memory_bytes',
    ...lenient,
  },
  {
    name: 'swap',
    title: 'swap in use',
    path: { group: 'swap', field: 'used_percent' },
    measure: value,
    limits: upTo(90, 98),
    leave: upTo(80, 90),
    fine: [{ field: 'total_bytes', range: exactly(0), reason: 'there is no swap' }],
    ...lenient,
  },
  {
    name: 'oom-kills',
    title: 'OOM kills',
    path: { group: 'vmstat', field: 'oom_kill' },
    measure: { kind: 'increase', seconds: 30 * MINUTE },
    limits: upTo(0),
    ...lenient,
  },
  {
    name: 'disk',
    title: 'disk in use',
    path: { group: 'filesystem', field: 'used_percent' },
    measure: value,
    limits: upTo(90, 98),
    leave: upTo(80, 90),
    also: { critical: { field: 'available_bytes', range: below(LITTLE_SPACE) } },
    ...disks,
    ...lenient,
  },
  {
    name: 'disk-full-in',
    title: 'time until full',
    path: { group: 'filesystem', field: 'available_bytes' },
    measure: { kind: 'empty in', seconds: HOUR },
    limits: { warning: below(8 * HOUR), critical: below(2 * HOUR) },
    leave: { warning: below(48 * HOUR), critical: below(24 * HOUR) },
    unit: 'seconds',
    afterBoot,
    ...disks,
    ...lenient,
  },
  {
    name: 'inodes',
    title: 'inodes in use',
    path: { group: 'filesystem', field: 'inodes_used_percent' },
    measure: value,
    limits: upTo(90, 98),
    leave: upTo(80, 90),
    rows: disks.rows,
    fine: [...disks.fine, { field: 'files', range: exactly(0), reason: 'it has no fixed number of inodes' }],
    ...lenient,
  },
  {
    name: 'read-only',
    title: 'disk became read-only',
    path: { group: 'filesystem', field: 'readonly' },
    measure: { kind: 'changed', seconds: HOUR },
    limits: { critical: exactly(1) },
    also: { critical: { field: 'readonly', range: exactly(1) } },
    rows: disks.rows,
    ...lenient,
  },
  {
    name: 'files',
    title: 'file descriptors in use',
    path: { group: 'filefd', field: 'used_percent' },
    measure: value,
    limits: upTo(70, 90),
    ...lenient,
  },
  {
    name: 'conntrack',
    title: 'connections tracked',
    path: { group: 'conntrack', field: 'used_percent' },
    measure: value,
    limits: upTo(75, 90),
    ...lenient,
  },
  {
    name: 'network-errors',
    title: 'network errors',
    path: { group: 'network', field: 'errors_percent' },
    measure: share(['receive_errs', 'transmit_errs'], ['receive_packets', 'transmit_packets']),
    limits: upTo(1),
    rows: { counted: true },
    afterBoot,
    ...lenient,
  },
];
