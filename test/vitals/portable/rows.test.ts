/** From what systeminformation documents and gives on macOS and Windows to raw rows. */

import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/core/sample.js';
import { WANT_DEFAULTS } from '../../../src/core/vital.js';
import { part as cpuPart } from '../../../src/vitals/cpu.js';
import { part as filesystemPart } from '../../../src/vitals/filesystem.js';
import { load } from '../../../src/vitals/load.js';
import { networkAsides } from '../../../src/vitals/network.js';
import { cpuSeconds } from '../../../src/vitals/portable/cpu.js';
import { filesystemRows } from '../../../src/vitals/portable/filesystem.js';
import { portableLoad } from '../../../src/vitals/portable/load.js';
import { memoryNumbers } from '../../../src/vitals/portable/memory.js';
import { networkRows as rowsWith } from '../../../src/vitals/portable/network.js';
import { processNumbers, processRows } from '../../../src/vitals/portable/processes.js';
import { type Listed, openSlim } from '../../../src/vitals/portable/slim.js';
import type { Portable } from '../../../src/vitals/portable.js';

const ASK = { ...WANT_DEFAULTS, detail: true };

const byId = (rows: readonly Row[]) =>
  Object.fromEntries(rows.map(({ id, texts, numbers }) => [id[0], { ...texts, ...numbers }]));

const derivedBy = (part: typeof cpuPart, group: unknown, now: readonly Row[], before?: readonly Row[]) => {
  const owner = part.groups.find((one) => one === group) ?? (part.groups[0] as (typeof part.groups)[number]);
  const reading = (rows: readonly Row[]) => [{ group: owner, rows }];
  const derived = part.derive?.(reading(now), before && reading(before), 10, ASK) ?? [];
  const first = derived[0];
  return first !== undefined && 'rows' in first ? first.rows : [];
};

describe('cpu', () => {
  const times = { user: 30_000, nice: 1000, sys: 10_000, idle: 60_000, irq: 5000 };

  test('has the modes that the system tells, and no others', () => {
    expect(cpuSeconds([{ times }, { times }], 'darwin').total).toEqual({
      user_seconds: 60,
      nice_seconds: 2,
      system_seconds: 20,
      idle_seconds: 120,
      cores: 2,
    });
    expect(cpuSeconds([{ times }], 'win32').cores).toEqual([
      { user_seconds: 30, system_seconds: 10, idle_seconds: 60 },
    ]);
    expect(cpuSeconds([{ times }], 'linux').total['irq_seconds']).toBe(5);
  });

  test('Windows counts its interrupts once: they are in the time of the kernel', () => {
    const raw = (numbers: Record<string, number>): Row[] => [{ id: [], texts: {}, numbers }];
    const later = { user: 35_000, nice: 0, sys: 12_000, idle: 63_000, irq: 6000 };
    const now = raw(cpuSeconds([{ times: later }], 'win32').total);
    const before = raw(cpuSeconds([{ times }], 'win32').total);
    const [row] = derivedBy(cpuPart, 'cpu', now, before);
    expect(row?.numbers).toMatchObject({ used_percent: 70, user_percent: 50, system_percent: 20 });
    expect(row?.numbers['iowait_percent']).toBeUndefined();
    expect(row?.numbers['irq_percent']).toBeUndefined();
  });
});

describe('memory', () => {
  const darwin = {
    total: 17179869184,
    free: 74354688,
    used: 17105514496,
    active: 9963679744,
    available: 7216189440,
    buffers: 0,
    cached: 0,
    buffcache: 7141834752,
    reclaimable: 5368709120,
    swaptotal: 2147483648,
    swapused: 1157627904,
    swapfree: 989855744,
  };

  test('macOS: caches are available, and buffers are not known rather than 0', () => {
    expect(memoryNumbers(darwin, 'darwin')).toEqual({
      memory: { total_bytes: 17179869184, available_bytes: 7216189440, free_bytes: 74354688 },
      swap: { total_bytes: 2147483648, used_bytes: 1157627904 },
    });
  });

  test('macOS: without an answer of vm_stat what is available is not known', () => {
    const failed = { ...darwin, available: darwin.free, buffcache: 0, reclaimable: 0 };
    expect(memoryNumbers(failed, 'darwin').memory).not.toHaveProperty('available_bytes');
  });

  test('Windows: no page file and no answer look the same, so swap is not known', () => {
    const windows = { total: 8e9, free: 3e9, used: 5e9, active: 5e9, available: 3e9, buffers: 0, cached: 0 };
    expect(memoryNumbers({ ...windows, swaptotal: 0, swapused: 0 }, 'win32')).toEqual({
      memory: { total_bytes: 8e9, available_bytes: 3e9 },
      swap: undefined,
    });
    expect(memoryNumbers({ ...windows, swaptotal: 2e9, swapused: 1e9 }, 'win32').swap).toEqual({
      total_bytes: 2e9,
      used_bytes: 1e9,
    });
  });

  test('Linux: a machine without swap has 0 of it', () => {
    const linux = {
      total: 8e9,
      free: 3e9,
      available: 5e9,
      buffers: 1e6,
      cached: 1e9,
      swaptotal: 0,
      swapused: 0,
    };
    expect(memoryNumbers(linux, 'linux')).toEqual({
      memory: {
        total_bytes: 8e9,
        available_bytes: 5e9,
        free_bytes: 3e9,
        cached_bytes: 1e9,
        buffers_bytes: 1e6,
      },
      swap: { total_bytes: 0, used_bytes: 0 },
    });
  });

  test('what is no number is left out', () => {
    expect(memoryNumbers({ total: null, available: 'much' }, 'linux')).toEqual({ memory: {}, swap: {} });
  });
});

describe('filesystem', () => {
  const SIZE = 494384795648;
  const apfs = (fs: string, mount: string, used: number, rw = true) => ({
    fs,
    type: 'APFS',
    size: SIZE,
    used,
    available: 94384795648,
    use: 5,
    mount,
    rw,
  });
  const MAC = [
    apfs('/dev/disk3s1s1', '/', 10e9, false),
    apfs('/dev/disk3s6', '/System/Volumes/VM', 2e9),
    apfs('/dev/disk3s5', '/System/Volumes/Data', 380e9),
    {
      fs: '/dev/disk4s2',
      type: 'HFS',
      size: 5e8,
      used: 5e8,
      available: 0,
      use: 100,
      mount: '/Volumes/Firefox',
      rw: false,
    },
    {
      fs: '/dev/disk5s1',
      type: 'exfat',
      size: 64e9,
      used: 16e9,
      available: 48e9,
      use: 25,
      mount: '/Volumes/STICK',
      rw: true,
    },
    {
      fs: 'nas:/home',
      type: 'NFS',
      size: 8e12,
      used: 2e12,
      available: 6e12,
      use: 25,
      mount: '/Volumes/home',
      rw: false,
    },
  ];

  test('macOS: the volumes of one APFS container count once, and its free space is everybody’s', () => {
    const rows = byId(derivedBy(filesystemPart, 'filesystem', filesystemRows(MAC, 'darwin', undefined)));
    expect(rows['/']).toEqual({
      device: '/dev/disk3s1s1',
      fstype: 'apfs',
      size_bytes: SIZE,
      free_bytes: 94384795648,
      available_bytes: 94384795648,
      used_bytes: 400e9,
      used_percent: (400e9 / SIZE) * 100,
      readonly: 1,
    });
    expect(rows['/System/Volumes/VM']).toHaveProperty('aside', 'repeat');
    expect(rows['/System/Volumes/Data']).toHaveProperty('aside', 'repeat');
  });

  test('macOS: a mounted image is not a disk, a stick is', () => {
    const rows = byId(filesystemRows(MAC, 'darwin', undefined));
    expect(rows['/Volumes/Firefox']).toHaveProperty('aside', 'image');
    expect(rows['/Volumes/STICK']).toEqual({
      device: '/dev/disk5s1',
      fstype: 'exfat',
      size_bytes: 64e9,
      free_bytes: 48e9,
      available_bytes: 48e9,
      readonly: 0,
    });
  });

  test('macOS: whether a network mount is read-only is not told', () => {
    const rows = byId(filesystemRows(MAC, 'darwin', undefined));
    expect(rows['/Volumes/home']).toMatchObject({
      device: 'nas:/home',
      fstype: 'nfs',
      available_bytes: 6e12,
    });
    expect(rows['/Volumes/home']).not.toHaveProperty('readonly');
    expect(rows['/Volumes/home']).not.toHaveProperty('aside');
  });

  const WINDOWS = [
    { fs: 'C:', type: 'NTFS', size: 500e9, used: 400e9, available: 100e9, use: 80, mount: 'C:', rw: true },
    { fs: 'D:', type: 'UDF', size: 4e9, used: 4e9, available: 0, use: 100, mount: 'D:', rw: false },
    { fs: 'Z:', type: 'NTFS', size: 2e12, used: 1e12, available: 1e12, use: 50, mount: 'Z:', rw: null },
  ];

  test('Windows: drives are mount points, a CD is an image', () => {
    const rows = byId(derivedBy(filesystemPart, 'filesystem', filesystemRows(WINDOWS, 'win32', undefined)));
    expect(rows['C:']).toEqual({
      device: 'C:',
      fstype: 'NTFS',
      size_bytes: 500e9,
      free_bytes: 100e9,
      available_bytes: 100e9,
      used_bytes: 400e9,
      used_percent: 80,
      readonly: 0,
    });
    expect(rows['D:']).toHaveProperty('aside', 'image');
    expect((rows['Z:'] as Record<string, unknown>)['readonly']).toBeUndefined();
    expect(rows['Z:']).not.toHaveProperty('aside');
  });

  test('what is asked for by name is meant', () => {
    const rows = byId(filesystemRows(WINDOWS, 'win32', { only: ['D:'] }));
    expect(Object.keys(rows)).toEqual(['D:']);
    expect(rows['D:']).not.toHaveProperty('aside');
    expect(Object.keys(byId(filesystemRows(WINDOWS, 'win32', { except: ['D:'] })))).toEqual(['C:', 'Z:']);
  });

  test('an empty answer is a failure of df, not a machine without filesystems', () => {
    expect(() => filesystemRows([], 'darwin', undefined)).toThrow('the system lists no filesystem');
    expect(() => filesystemRows(null, 'darwin', undefined)).toThrow('the reader gave no list');
  });
});

describe('network', () => {
  const networkRows = (answer: unknown, platform: string) =>
    rowsWith(answer, platform, undefined, networkAsides);
  const stats = (iface: string, rx: number, tx: number) => ({
    iface,
    operstate: 'up',
    rx_bytes: rx,
    rx_dropped: 7,
    rx_errors: 1,
    tx_bytes: tx,
    tx_dropped: 7,
    tx_errors: 2,
    rx_sec: null,
    tx_sec: null,
    ms: 0,
  });

  test('macOS: drops are of packets to be sent, and services of the system are set aside', () => {
    const answer = ['en0', 'lo0', 'awdl0', 'utun3'].map((name) => stats(name, 1000, 500));
    const rows = byId(networkRows(answer, 'darwin'));
    expect(rows['en0']).toEqual({
      receive_bytes: 1000,
      receive_errs: 1,
      transmit_bytes: 500,
      transmit_errs: 2,
      transmit_drop: 7,
    });
    expect(rows['lo0']).toHaveProperty('aside', 'inside');
    expect(rows['awdl0']).toHaveProperty('aside', 'inside');
    expect(rows['utun3']).toHaveProperty('aside', 'layer');
  });

  test('Windows: names have spaces', () => {
    const answer = ['Ethernet 2', 'Loopback Pseudo-Interface 1', 'vEthernet (WSL)'].map((name) =>
      stats(name, 9, 9),
    );
    const rows = byId(networkRows(answer, 'win32'));
    expect(rows['Ethernet 2']).toMatchObject({ receive_drop: 7, transmit_drop: 7 });
    expect(rows['Ethernet 2']).not.toHaveProperty('aside');
    expect(rows['Loopback Pseudo-Interface 1']).toHaveProperty('aside', 'inside');
    expect(rows['vEthernet (WSL)']).toHaveProperty('aside', 'inside');
  });

  test('zeros only are what a failed question gives: nothing is known', () => {
    const silent = { ...stats('en5', 0, 0), operstate: 'unknown', rx_dropped: 0, rx_errors: 0, tx_errors: 0 };
    expect(Object.keys(byId(networkRows([stats('en0', 1, 0), silent], 'darwin')))).toEqual(['en0']);
    expect(() => networkRows([], 'darwin')).toThrow('the system lists no network interface');
  });
});

describe('load', () => {
  test('Windows has none', () => {
    const portable = (platform: string) => ({ platform }) as Portable;
    expect(portableLoad(load)(portable('win32'))()).toEqual([]);
    expect(portableLoad(load)(portable('darwin'))()).toHaveLength(1);
  });
});

const listed = (fields: Partial<Listed>): Listed => ({
  pid: 1,
  parentPid: 0,
  name: 'launchd',
  path: '/sbin',
  cpu: 0,
  memRss: 100,
  started: '2026-01-31 14:00:00',
  state: 'sleeping',
  user: 'root',
  ...fields,
});

describe('what leaves the child', () => {
  const slim = (platform = 'darwin', exists = (_: string) => false) =>
    openSlim({ platform, ownPid: 50, exists });
  const nameOf = (name: string, path: string, exists?: (path: string) => boolean, platform?: string) =>
    slim(platform, exists)([listed({ name, path })])[0]?.name;

  test('names lose arguments that were not recognized, and only those', () => {
    expect(nameOf('node server.js token=hunter2', '')).toBe('node');
    expect(nameOf('backup password', '/usr/local/bin')).toBe('backup');
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS';
    expect(nameOf('Google Chrome', chrome, (path) => path === `${chrome}/Google Chrome`)).toBe(
      'Google Chrome',
    );
    expect(nameOf('System Idle Process', '', undefined, 'win32')).toBe('System Idle Process');
  });

  test('nothing but the fields that are used', () => {
    const extra = { ...listed({ cpu: 3 }), command: 'launchd', params: '--secret', tty: '' };
    expect(slim()([extra])).toEqual([
      {
        pid: 1,
        name: 'launchd',
        cpu: 3,
        memRss: 100,
        started: '2026-01-31 14:00:00',
        state: 'sleeping',
        user: 'root',
      },
    ]);
  });

  test('not the processes that the question started', () => {
    const list = [
      listed({ pid: 1 }),
      listed({ pid: 50, parentPid: 1, name: 'node' }),
      listed({ pid: 51, parentPid: 50, name: 'sh' }),
      listed({ pid: 52, parentPid: 51, name: 'ps' }),
      listed({ pid: 60, parentPid: 61 }),
      listed({ pid: 61, parentPid: 60 }),
    ];
    expect(slim()(list).map(({ pid }) => pid)).toEqual([1, 50, 60, 61]);
  });

  test('CPU use is left out where it is not the difference to the question before', () => {
    const one = slim('linux');
    expect(one([listed({ pid: 7, cpu: 12 })])[0]).not.toHaveProperty('cpu');
    const [known, fresh] = one([listed({ pid: 7, cpu: 12 }), listed({ pid: 8, cpu: 1 })]);
    expect(known).toHaveProperty('cpu', 12);
    expect(fresh).not.toHaveProperty('cpu');
  });
});

describe('processes', () => {
  const machine = { platform: 'darwin', cores: 8, memoryBytes: 16 * 2 ** 30 };

  test('macOS: ps tells CPU of one core, and resident memory in KiB', () => {
    const [row] = processRows([listed({ pid: 812, name: 'postgres', cpu: 138.1, memRss: 2 ** 20 })], machine);
    expect(row).toEqual({
      id: ['812'],
      texts: { name: 'postgres', user: 'root' },
      numbers: {
        start_time: new Date(2026, 0, 31, 14).getTime() / 1000,
        cpu_percent: 138.1,
        memory_bytes: 2 ** 30,
        memory_percent: 6.25,
      },
    });
  });

  test('Windows: CPU is a share of all cores, and users and states are not told', () => {
    const answer = [listed({ pid: 4, name: 'System', cpu: 2, user: '', started: '', state: 'unknown' })];
    const [row] = processRows(answer, { ...machine, platform: 'win32' });
    expect(row?.texts).toEqual({ name: 'System' });
    expect(row?.numbers['cpu_percent']).toBe(16);
    expect(row?.numbers).not.toHaveProperty('start_time');
    expect(processNumbers(answer, 'win32')).toEqual({ total: 1 });
  });

  test('states are counted', () => {
    const states = ['running', 'sleeping', 'sleeping', 'blocked', 'zombie', 'stopped', 'unknown'];
    expect(
      processNumbers(
        states.map((state) => listed({ state })),
        'darwin',
      ),
    ).toEqual({
      total: 7,
      runnable: 1,
      sleeping: 2,
      disk_sleep: 1,
      zombie: 1,
      stopped: 1,
    });
    expect(() => processNumbers([], 'darwin')).toThrow('the system lists no process');
  });
});
