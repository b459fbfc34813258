/**
 * What is judged when nobody says what: one table, from which the Prometheus rule file is made as well. The figures are
 * those of netdata's health configuration (enter / leave) and of node-mixin where it says so; each rule is about something
 * that a person would get up for. A week with builds, backups, upgrades and a reboot is held against them (test/backtest).
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
const share = (of: readonly string[], per: readonly string[] | 'time', seconds = 10 * MINUTE): Measure => ({
  kind: 'share',
  seconds,
  of,
  per,
});

/**
 * A build keeps every CPU busy for half an hour, a backup every disk: netdata looks at ten minutes of both, and sends no
 * message by default. What lasts longer than one of them after the other is no such thing.
 */
const LASTING = 90 * MINUTE;

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
    measure: share(['busy_seconds'], ['capacity_seconds'], LASTING),
    limits: upTo(85, 95),
    leave: upTo(75, 85),
    who: 'cpu_percent',
    afterBoot,
    about:
      'Programs want more CPU time than there is. Longer than a build takes: a process may have run away.',
    ...lenient,
  },
  {
    name: 'iowait',
    title: 'CPU waiting for disks',
    path: { group: 'cpu', field: 'iowait_percent' },
    measure: share(['iowait_seconds'], CPU_TIME, LASTING),
    limits: upTo(40),
    leave: upTo(20),
    afterBoot,
    about:
      'CPUs have nothing to do but wait for disks: they are too slow for what is asked of them, or about to fail.',
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
    about: 'The host gives CPU time that this machine wants to other virtual machines.',
    ...lenient,
  },
  {
    name: 'load',
    title: 'load of 15 min for each CPU',
    path: { group: 'load', field: 'load15_per_core' },
    measure: { kind: 'lowest', seconds: LASTING },
    limits: upTo(2),
    leave: upTo(1.75),
    afterBoot,
    about:
      'More tasks run or wait than the CPUs can serve; where the CPUs are idle, they wait for a disk or a network mount.',
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
    about: 'Little memory is left that could be had without swapping. At its end processes are killed.',
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
    about: 'Swap is nearly used up. When memory runs short next time, processes are killed.',
    ...lenient,
  },
  {
    name: 'oom-kills',
    title: 'OOM kills',
    path: { group: 'vmstat', field: 'oom_kill' },
    measure: { kind: 'increase', seconds: 30 * MINUTE },
    limits: upTo(0),
    about: "The kernel has killed a process because memory, or a container's share of it, ran out.",
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
    about: 'What cannot be written any more breaks first: databases, logs, upgrades.',
    ...lenient,
  },
  {
    name: 'disk-full-in',
    title: 'time until full',
    path: { group: 'filesystem', field: 'available_bytes' },
    // A dump of a database, or a build's output, grows for an hour and is gone then.
    measure: { kind: 'empty in', seconds: 2 * HOUR },
    limits: { warning: below(8 * HOUR), critical: below(2 * HOUR) },
    leave: { warning: below(48 * HOUR), critical: below(24 * HOUR) },
    unit: 'seconds',
    afterBoot,
    ...disks,
    about: 'It keeps filling as it has for two hours, in each third of them, and will then be full.',
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
    about:
      'With no inodes left no file can be made, however much space there is. Look for folders with millions of small files.',
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
    about:
      'A filesystem that could be written to no longer can: mostly the kernel has found an error on the disk.',
    ...lenient,
  },
  {
    name: 'files',
    title: 'file descriptors in use',
    path: { group: 'filefd', field: 'used_percent' },
    measure: value,
    limits: upTo(70, 90),
    about: 'With no file descriptors left nothing can be opened, and nobody can log in.',
    ...lenient,
  },
  {
    name: 'conntrack',
    title: 'connections tracked',
    path: { group: 'conntrack', field: 'used_percent' },
    measure: value,
    limits: upTo(75, 90),
    about: 'When the table is full, the packet filter drops new connections.',
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
    about: 'Packets arrive broken or cannot be sent: a cable, a port or a driver.',
    ...lenient,
  },
  {
    name: 'link',
    title: 'network link went down',
    path: { group: 'interface', field: 'up' },
    measure: { kind: 'changed', seconds: HOUR },
    limits: { warning: exactly(1) },
    also: { warning: { field: 'up', range: exactly(0) } },
    rows: { counted: true },
    afterBoot,
    about: 'The interface was up and is not any more: a cable, a switch, a driver, or somebody took it down.',
    ...lenient,
  },
  {
    // A disk that works does more than one request in each second that it is busy, however slow it is and however large they are.
    name: 'disk-stall',
    title: 'time a disk is busy for each request',
    path: { group: 'disk', field: 'io_time_seconds' },
    measure: {
      kind: 'each',
      seconds: 5 * MINUTE,
      of: ['io_time_seconds'],
      per: ['reads_completed', 'writes_completed'],
    },
    limits: upTo(1),
    leave: upTo(0.5),
    rows: { counted: true },
    afterBoot,
    about: 'Requests are in work and hardly any comes back: the disk, its controller or the way to it hangs.',
    ...lenient,
  },
  {
    // systemd-oomd begins to kill at 60 % within half a minute; a tenth of ten minutes is felt by everyone.
    name: 'memory-stall',
    title: 'time that nothing got done for want of memory',
    path: { group: 'pressure', field: 'memory_stalled_percent' },
    measure: share(['memory_stalled_seconds'], 'time'),
    limits: upTo(10, 40),
    leave: upTo(5, 20),
    who: 'memory_bytes',
    afterBoot,
    about:
      'Tasks wait for pages that were taken from them a moment ago. Something uses more memory than there is.',
    ...lenient,
  },
  {
    // node-mixin's NodeMemoryMajorPagesFaults. Kernels without pressure information have this.
    name: 'major-faults',
    title: 'page faults that read from a disk',
    path: { group: 'vmstat', field: 'pgmajfault' },
    measure: { kind: 'each', seconds: 10 * MINUTE, of: ['pgmajfault'], per: 'time' },
    limits: upTo(500),
    leave: upTo(250),
    unit: 'per_second',
    // What a boot reads for the first time is in the window for as long again.
    afterBoot: 2 * afterBoot,
    about: 'Memory is read back from swap or from files all the time: more is in use than there is.',
    ...lenient,
  },
  {
    name: 'log',
    title: 'sample of the log overdue',
    path: { group: 'log', field: 'overdue_seconds' },
    measure: value,
    limits: upTo(10 * MINUTE),
    missing: 'ok',
    tooShort: 'not judged',
    about:
      'Nothing is recorded any more, so nothing else can be noticed: whoever records died, hangs, or cannot write.',
  },
];
