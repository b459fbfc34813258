/** Scenes of made-up machines, the same in every run: what the golden screens are drawn of. */

import type { Glyphs } from '../../src/core/glyphs.js';
import type { Reading, Row, Sample } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import { openBoard } from '../../src/screen/board.js';
import type { Frame, Origin, ShownAlert } from '../../src/screen/frame.js';
import type { Scene } from '../../src/screen/panel.js';
import { PANELS } from '../../src/screen/panels/index.js';
import { openTrail } from '../../src/screen/trail.js';
import { FIRST_VIEW, type View } from '../../src/screen/view.js';
import { GROUPS } from '../../src/vitals/index.js';

/** Rows of groups by name, or why one could not be read. */
export type Readings = Readonly<Record<string, readonly Row[] | string>>;

/** A machine: its readings at sample number `at`, of which `last` is the newest. */
export type Machine = (at: number, last: number) => Readings;

export interface SceneOptions {
  readonly samples?: number;
  readonly interval?: number;
  readonly host?: string;
  readonly glyphs?: Glyphs;
  readonly alerts?: readonly ShownAlert[];
  readonly origin?: Origin;
  readonly view?: Partial<View>;
  /** Samples that are missing: a hole in the past. */
  readonly missing?: (at: number) => boolean;
}

/** Tuesday noon. */
export const NOW = Date.UTC(2026, 10, 24, 12, 0, 5);

const G = 1024 ** 3;
const M = 1024 ** 2;
const K = 1024;

const readingsOf = (readings: Readings): ReadonlyMap<string, Reading> =>
  new Map(
    Object.entries(readings).map(([name, rows]) => {
      const group = GROUPS.get(name);
      if (group === undefined) throw new Error(`no group ${name}`);
      return [name, typeof rows === 'string' ? { group, failed: rows } : { group, rows }];
    }),
  );

/** The frame and view of a machine after so many samples. */
export const sceneOf = (machine: Machine, options: SceneOptions = {}): Scene => {
  const { samples = 300, interval = 1, host = 'web-1', glyphs = 'braille', missing } = options;
  const board = openBoard();
  const trail = openTrail(PANELS.flatMap(({ charts }) => charts ?? []));
  let sample: Sample | undefined;
  for (let at = 0; at < samples; at++) {
    if (missing?.(at)) continue;
    sample = {
      time: NOW - (samples - 1 - at) * interval * 1000,
      host,
      boot: 'b',
      interval,
      ...(at % 60 === 0 && { detail: true as const }),
      readings: readingsOf(machine(at, samples - 1)),
    };
    board.add(sample);
    trail.add(sample);
  }
  const frame: Frame = {
    sample,
    readings: board.readings(),
    trail,
    alerts: options.alerts ?? [],
    origin: options.origin ?? { kind: 'live', logAge: 3 },
    now: NOW,
    utcOffset: 60,
    own: { cpuPercent: samples < 2 ? undefined : 0.4, memoryBytes: 62 * M },
    interval,
  };
  return { frame, view: { ...FIRST_VIEW, ...options.view }, glyphs };
};

/** A wave between two values, with a length of its own. */
const wave = (at: number, from: number, to: number, length: number, digits = 2): number => {
  const share = 0.5 + 0.35 * Math.sin(at / length) + 0.15 * Math.sin((3 * at) / length + 1);
  return Number((from + (to - from) * share).toFixed(digits));
};

const cpuRows = (used: number, iowait = 0, cores = 2, more: Record<string, number> = {}): readonly Row[] => [
  row([], {
    used_percent: used,
    user_percent: Number((used * 0.7).toFixed(2)),
    nice_percent: 0,
    system_percent: Number((used * 0.3).toFixed(2)),
    iowait_percent: iowait,
    steal_percent: 0,
    cores,
    ...more,
  }),
];

const coreRows = (at: number, count: number, low: number, high: number, hertz?: number): readonly Row[] =>
  Array.from({ length: count }, (_, core) =>
    row([String(core)], {
      used_percent: wave(at + core * 37, low, high, 9 + (core % 7), 1),
      ...(hertz !== undefined && at % 60 === 0 && { frequency_hertz: hertz + core * 1e6 }),
    }),
  );

const memoryRows = (total: number, used: number, free: number): readonly Row[] => [
  row([], {
    used_percent: Number(((used / total) * 100).toFixed(2)),
    used_bytes: Math.round(used),
    available_bytes: Math.round(total - used),
    total_bytes: total,
    free_bytes: free,
    cached_bytes: Math.round((total - used - free) * 0.9),
    buffers_bytes: Math.round((total - used - free) * 0.1),
  }),
];

const swapRows = (total: number, used: number): readonly Row[] => [
  row([], {
    total_bytes: total,
    used_bytes: used,
    ...(total > 0 && { used_percent: Number(((used / total) * 100).toFixed(2)) }),
  }),
];

const loadRows = (load: number, cores: number): readonly Row[] => [
  row([], {
    load1: load,
    load5: Number((load * 0.8).toFixed(2)),
    load15: Number((load * 0.6).toFixed(2)),
    load15_per_core: Number(((load * 0.6) / cores).toFixed(4)),
  }),
];

const pressureRows = (cpu: number, io: number, memory: number): readonly Row[] => [
  row([], {
    cpu_waiting_percent: cpu,
    io_waiting_percent: io,
    io_stalled_percent: Number((io * 0.6).toFixed(2)),
    memory_waiting_percent: memory,
    memory_stalled_percent: Number((memory * 0.5).toFixed(2)),
  }),
];

const diskRow = (name: string, busy: number, read: number, written: number, aside?: string): Row =>
  row(
    [name],
    {
      busy_percent: busy,
      read_bytes_per_second: read,
      written_bytes_per_second: written,
      ...(busy > 0 && { await_seconds: Number((0.00006 * (1 + busy)).toFixed(6)) }),
      queue: Number((busy / 40).toFixed(2)),
    },
    aside === undefined ? {} : { aside },
  );

const filesystemRow = (
  mountpoint: string,
  size: number,
  used: number,
  more: Record<string, number> = {},
  texts: Record<string, string> = {},
): Row =>
  row(
    [mountpoint],
    {
      used_percent: used,
      size_bytes: size,
      free_bytes: Math.round(size * (1 - used / 100)),
      available_bytes: Math.round(size * (1 - used / 100) * 0.95),
      inodes_used_percent: 3.1,
      readonly: 0,
      device_error: 0,
      ...more,
    },
    { device: '/dev/vda', fstype: 'ext4', ...texts },
  );

const networkRow = (
  device: string,
  received: number,
  sent: number,
  more: Record<string, number> = {},
  aside?: string,
): Row =>
  row(
    [device],
    {
      receive_bytes_per_second: received,
      transmit_bytes_per_second: sent,
      receive_packets_per_second: Math.round(received / 900),
      transmit_packets_per_second: Math.round(sent / 900),
      errors_percent: 0,
      drops_per_second: 0,
      ...more,
    },
    aside === undefined ? {} : { aside },
  );

const interfaceRow = (device: string, speed: number, operstate = 'up'): Row =>
  row([device], { up: operstate === 'up' ? 1 : 0, speed_bytes: speed }, { operstate });

const processRows = (total: number, running: number, blocked = 0): readonly Row[] => [
  row([], { total, threads: total * 2, running, blocked, sleeping: total - running }),
];

const PROGRAMS = [
  'postgres',
  'node',
  'nginx',
  'redis-server',
  'sshd',
  'systemd',
  'cron',
  'rsyslogd',
  'dockerd',
  'java',
];
const USERS = ['postgres', 'app', 'www-data', 'redis', 'root', 'root', 'root', 'syslog', 'root', 'app'];

const topRows = (at: number, count: number, busy: number): readonly Row[] =>
  Array.from({ length: count }, (_, index) =>
    row(
      [String(800 + index * 13)],
      {
        cpu_percent: wave(at + index * 11, 0, busy / (1 + index), 20, 1),
        cpu_seconds: Number((4000 / (1 + index) + at * 0.1).toFixed(2)),
        memory_bytes: Math.round((900 * M) / (1 + index * 0.7)),
        start_time: 1_795_000_000,
      },
      { name: PROGRAMS[index % PROGRAMS.length] as string, user: USERS[index % USERS.length] as string },
    ),
  );

/** What is read once a minute; nothing in between. */
const whatItIs = (at: number, release = '6.1.0-28-amd64', os = 'Debian GNU/Linux 12 (bookworm)'): Readings =>
  at % 60 !== 0
    ? {}
    : { uname: [row([], {}, { sysname: 'Linux', release })], os: [row([], {}, { pretty_name: os })] };

const uptime = (at: number): Readings => ({ system: [row([], { uptime_seconds: 273_600 + at })] });

const idle: Machine = (at) => ({
  ...whatItIs(at),
  ...uptime(at),
  cpu: cpuRows(wave(at, 0.4, 3.5, 7)),
  core: coreRows(at, 2, 0, 4),
  memory: memoryRows(8 * G, 1.6 * G, 3.1 * G),
  swap: swapRows(2 * G, 0),
  load: loadRows(0.08, 2),
  pressure: pressureRows(0, 0, 0),
  filesystem: [filesystemRow('/', 40 * G, 22.4), filesystemRow('/boot', 512 * M, 31.7)],
  disk: [diskRow('vda', 0, 0, at % 5 === 0 ? 24 * K : 0)],
  network: [networkRow('eth0', wave(at, 100, 1200, 5, 0), wave(at, 80, 900, 6, 0))],
  ...(at % 60 === 0 && { interface: [interfaceRow('eth0', 125_000_000)] }),
  processes: processRows(142, 1),
  top: topRows(at, 20, 3),
});

const loaded: Machine = (at) => ({
  ...whatItIs(at, '6.8.0-45-generic', 'Ubuntu 24.04.1 LTS'),
  ...uptime(at),
  cpu: cpuRows(wave(at, 80, 100, 23), 6.2, 8),
  core: coreRows(at, 8, 55, 100, 3.2e9),
  memory: memoryRows(32 * G, wave(at, 29.2, 30.6, 60) * G, 0.4 * G),
  swap: swapRows(4 * G, 1.9 * G),
  load: loadRows(17.31, 8),
  pressure: pressureRows(42.17, 31.02, 8.4),
  filesystem: [
    filesystemRow('/', 100 * G, 61.3),
    filesystemRow('/var', 400 * G, 93.2, { inodes_used_percent: 84.6 }),
    filesystemRow('/srv/data', 4096 * G, 98.61),
    filesystemRow('/mnt/backup', 8192 * G, 71.9, { readonly: 1 }),
  ],
  disk: [
    diskRow('nvme0n1', wave(at, 60, 99, 17), wave(at, 40, 400, 13, 0) * M, wave(at, 100, 900, 19, 0) * M),
    diskRow('sda', wave(at, 5, 30, 29), wave(at, 0, 30, 31, 0) * M, wave(at, 1, 60, 23, 0) * M),
    diskRow(
      'dm-0',
      wave(at, 60, 99, 17),
      wave(at, 40, 400, 13, 0) * M,
      wave(at, 100, 900, 19, 0) * M,
      'layer',
    ),
  ],
  network: [
    networkRow('eno1', wave(at, 20, 110, 21, 0) * M, wave(at, 1, 40, 17, 0) * M, {
      errors_percent: 1.4,
      drops_per_second: 12,
    }),
    networkRow('wg0', wave(at, 1, 8, 21, 0) * M, wave(at, 0, 4, 17, 0) * M, {}, 'layer'),
  ],
  ...(at % 60 === 0 && { interface: [interfaceRow('eno1', 125_000_000), interfaceRow('wg0', -1)] }),
  hwmon: [
    row(
      ['pci0000:00_0000:00:18_3', 'temp1'],
      { celsius: 71.25, ...(at % 60 === 0 && { crit_celsius: 95 }) },
      { label: 'Tctl' },
    ),
    row(
      ['nvme_nvme0', 'temp1'],
      { celsius: 52.85, ...(at % 60 === 0 && { crit_celsius: 85 }) },
      { label: 'Composite' },
    ),
  ],
  hwmon_chip: [
    row(['pci0000:00_0000:00:18_3'], {}, { chip_name: 'k10temp' }),
    row(['nvme_nvme0'], {}, { chip_name: 'nvme' }),
  ],
  processes: processRows(612, 21, 3),
  top: topRows(at, 40, 380),
});

const LOADED_ALERTS: readonly ShownAlert[] = [
  {
    rule: 'disk',
    path: 'filesystem[/srv/data].used_percent',
    state: 'critical',
    since: NOW - 7_300_000,
    text: 'disk in use /srv/data: 98.6 %, above 98 %',
  },
  {
    rule: 'cpu',
    path: 'cpu.used_percent',
    state: 'warning',
    since: NOW - 640_000,
    text: 'CPU in use: 91.3 % on average over 10m, above 85 %, most: postgres 380 %',
  },
  {
    rule: 'disk',
    path: 'filesystem["/var"].used_percent',
    state: 'warning',
    since: NOW - 86_400_000,
    text: 'disk in use /var: 93.2 %, above 90 %',
  },
  {
    rule: 'network-errors',
    path: 'network[eno1].errors_percent',
    state: 'warning',
    since: NOW - 60_000,
    text: 'network errors eno1: 1.4 % on average over 10m, above 1 %',
  },
];

const cores128: Machine = (at, last) => ({
  ...idle(at, last),
  cpu: cpuRows(wave(at, 20, 60, 31), 0.3, 128),
  core: coreRows(at, 128, 0, 100, 2.25e9),
  memory: memoryRows(1024 * G, 300 * G, 90 * G),
  swap: swapRows(0, 0),
  load: loadRows(51.4, 128),
  processes: processRows(2913, 58),
});

const disks40: Machine = (at, last) => ({
  ...idle(at, last),
  disk: Array.from({ length: 40 }, (_, index) =>
    diskRow(
      `sd${index > 25 ? 'a' : ''}${String.fromCharCode(97 + (index % 26))}`,
      wave(at + index * 17, 0, (index * 29) % 90, 15 + index),
      wave(at + index, 0, 50, 9, 1) * M,
      wave(at + index, 0, 20, 13, 1) * M,
    ),
  ),
  filesystem: [
    filesystemRow('/', 40 * G, 22.4),
    ...Array.from({ length: 29 }, (_, index) =>
      filesystemRow(`/srv/storage/volume-${index + 1}`, 3726 * G, Number(((index * 37.3) % 97).toFixed(2))),
    ),
  ],
});

const container: Machine = (at) => ({
  ...whatItIs(at),
  ...uptime(at),
  cpu: cpuRows(wave(at, 30, 80, 11), 0, 16, { limit_cores: 1.5 }).map((one) =>
    row([], one.numbers, { limited_by: '/docker/4f5be1a7c2d9' }),
  ),
  core: coreRows(at, 16, 0, 40),
  memory: [
    row(
      [],
      { used_percent: 61.52, used_bytes: 0.6152 * G, available_bytes: 0.3848 * G, total_bytes: G },
      { limited_by: '/docker/4f5be1a7c2d9' },
    ),
  ],
  swap: swapRows(0, 0),
  load: loadRows(3.2, 16),
  pressure: [row([], pressureRows(12.4, 0, 1.1)[0]?.numbers ?? {}, { limited_by: '/docker/4f5be1a7c2d9' })],
  filesystem: [filesystemRow('/', 100 * G, 44.4)],
  disk: [diskRow('vda', 12.4, 0, 3 * M)],
  network: [networkRow('eth0', 52 * K, 17 * K)],
  processes: processRows(7, 1),
  top: topRows(at, 7, 120),
});

const RATES =
  /_per_second$|^(used|user|nice|system|iowait|steal|busy|errors|.*_waiting|.*_stalled)_percent$|^(await_seconds|queue|cpu_percent)$/;

/** The first sample of a run has no rates: nothing lies before it. */
const first: Machine = (at, last) =>
  Object.fromEntries(
    Object.entries(idle(at, last)).map(([name, rows]) => [
      name,
      typeof rows === 'string' || ['memory', 'swap', 'filesystem'].includes(name)
        ? rows
        : rows.map(({ id, texts, numbers }) =>
            row(
              id,
              Object.fromEntries(Object.entries(numbers).filter(([field]) => !RATES.test(field))),
              texts,
            ),
          ),
    ]),
  );

const stale: Machine = (at, last) => ({
  ...loaded(at, last),
  ...(at > last - 42 && {
    hwmon: 'no answer within 2 s',
    disk: 'no answer within 2 s',
    memory: '/proc/meminfo: permission denied',
  }),
});

const strange: Machine = (at, last) => ({
  ...idle(at, last),
  disk: [diskRow('диск-0', 3.1, 100 * K, 0), diskRow('\x1b[31mred\x1b[0m', 1.2, 0, 9 * K)],
  filesystem: [
    filesystemRow('/データ/写真と動画のバックアップ', 900 * G, 91.2),
    filesystemRow('/mnt/\x1b]0;title\x07\nline', 100 * G, 45.1),
    filesystemRow('/mnt/e\u0301te\u0301 🎉 party', 80 * G, 12.5),
    row(['/mnt/nfs'], { device_error: 1 }, { device: 'nas:/export', fstype: 'nfs4' }),
  ],
  network: [networkRow('以太网', 900, 1200), networkRow('wlan\u202e0', 10 * K, 2 * K)],
});

/** Names that a program can give itself. */
const STRANGE_NAMES = [
  'データ収集',
  '\x1b]2;gone\x07',
  'tab\there',
  'e\u0301cole',
  '🎉 party',
  'x\u202ecod',
  '',
  '\x9b31m',
];

const strangeProcesses: Machine = (at, last) => ({
  ...strange(at, last),
  top: topRows(at, STRANGE_NAMES.length, 90).map(({ id, numbers }, index) =>
    row(id, numbers, {
      name: STRANGE_NAMES[index] as string,
      user: index % 2 === 0 ? 'root' : 'ユーザー名前',
    }),
  ),
});

const processes3000: Machine = (at, last) => ({
  ...idle(at, last),
  processes: processRows(3000, 12),
  top: at === last ? topRows(at, 3000, 60) : [],
});

const GAP_AT = 200;

/** By name, as the golden files are called. */
export const SCENES: Readonly<Record<string, Scene>> = {
  idle: sceneOf(idle),
  loaded: sceneOf(loaded, { alerts: LOADED_ALERTS, host: 'db-primary' }),
  '128-cores': sceneOf(cores128),
  '128-cores-each': sceneOf(cores128, { view: { cores: true, focus: 'cpu', scrolled: { cpu: 3 } } }),
  '40-disks': sceneOf(disks40, { view: { focus: 'filesystem', scrolled: { filesystem: 2 } } }),
  container: sceneOf(container, { host: '4f5be1a7c2d9', origin: { kind: 'live', logAge: undefined } }),
  first: sceneOf(first, { samples: 1, origin: { kind: 'live', logAge: 400 } }),
  nothing: sceneOf(idle, { samples: 0 }),
  stale: sceneOf(stale, { origin: { kind: 'pipe', ended: false, silence: 0.2 } }),
  '3000-processes': sceneOf(processes3000, { view: { scrolled: { processes: 1500 }, sort: 'pid' } }),
  strange: sceneOf(strangeProcesses, { view: { paused: true } }),
  ascii: sceneOf(loaded, { alerts: LOADED_ALERTS, glyphs: 'ascii' }),
  blocks: sceneOf(loaded, { alerts: LOADED_ALERTS.slice(0, 1), glyphs: 'blocks' }),
  replay: sceneOf(loaded, {
    alerts: LOADED_ALERTS,
    interval: 5,
    missing: (at) => at > GAP_AT && at < GAP_AT + 60,
    origin: {
      kind: 'replay',
      playing: false,
      speed: 1,
      gap: undefined,
    },
  }),
};
