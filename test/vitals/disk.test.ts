import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { isCounted, isShown } from '../../src/core/aside.js';
import { known } from '../../src/core/rates.js';
import type { Reading } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import type { Ask } from '../../src/core/vital.js';
import { disk, diskAside, parseDiskstats, part } from '../../src/vitals/disk.js';
import { openPart } from '../../src/vitals/part.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { parseUdev } from '../../src/vitals/udev.js';
import { byId, DETAIL, type Recorded, record, TICK } from './recorded.js';

/** A server of 5.15: NVMe with partitions, RAID, LVM, loops, compressed swap, a CD drive. */
const DISKSTATS = `   7       0 loop0 45 0 696 12 0 0 0 0 0 36 12 0 0 0 0 0 0
  11       0 sr0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 259       0 nvme0n1 1000 50 80000 2000 3000 700 240000 9000 2 5000 11500 10 1 2048 500 99 250
 259       1 nvme0n1p1 10 0 80 2 0 0 0 0 0 5 2 0 0 0 0 0 0
   9     127 md127 900 0 79000 0 2900 0 230000 0 0 0 0 0 0 0 0 0 0
 253       0 dm-0 900 0 79000 1800 2900 0 230000 8000 0 4000 9800 0 0 0 0 0 0
 252       0 zram0 5 0 40 0 6 0 48 0 0 0 0 0 0 0 0 0 0
 179       0 mmcblk0 100 0 800 50 0 0 0 0 0 40 50 0 0 0 0 0 0
 179       1 mmcblk0p1 90 0 700 40 0 0 0 0 0 30 40 0 0 0 0 0 0
 104       0 cciss/c0d0 1 0 8 1 0 0 0 0 0 1 1 0 0 0 0 0 0
`;

const UDEV = `S:disk/by-id/nvme-X
E:ID_PATH=pci-0000:01:00.0-nvme-1
E:ID_MODEL=SAMSUNG MZVL=2
E:ID_SERIAL_SHORT=S1
E:SCSI_IDENT_SERIAL=
E:ID_WWN=eui.1
E:ID_ATA_WRITE_CACHE=1
`;

const SATA = `E:ID_ATA=1
E:ID_ATA_WRITE_CACHE=1
E:ID_ATA_WRITE_CACHE_ENABLED=0
E:ID_ATA_ROTATION_RATE_RPM=7200
E:SCSI_IDENT_SERIAL=LABEL
E:ID_SERIAL_SHORT=BUS
E:ID_FS_TYPE=ext4
E:ID_FS_USAGE=filesystem
E:ID_FS_UUID=0a
`;

const real = (name: string): Record<string, string> => ({
  [`sys/block/${name}/dev`]: '1:1\n',
  [`sys/block/${name}/device`]: '-> ../../device',
});
const virtual = (name: string): Record<string, string> => ({ [`sys/block/${name}/dev`]: '1:1\n' });

const open: Recorded[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.remove();
});

const server = (): Recorded => {
  const recorded = record({
    'proc/diskstats': DISKSTATS,
    ...real('sr0'),
    ...real('nvme0n1'),
    ...real('mmcblk0'),
    ...real('cciss!c0d0'),
    ...virtual('md127'),
    ...virtual('dm-0'),
    ...virtual('zram0'),
    'sys/class/block/mmcblk0p1/partition': '1\n',
    'root/run/udev/data/b259:0': UDEV,
    'root/run/udev/data/b179:0': SATA,
    'root/run/udev/data/b253:0': 'E:DM_NAME=vg-root\nE:DM_UUID=LVM-1\nE:DM_VG_NAME=vg\nE:DM_LV_NAME=root\n',
  });
  open.push(recorded);
  return recorded;
};

const read = (recorded: Recorded, ask: Ask): readonly Reading[] =>
  openPart(part, recorded.tree)?.read(ask) as readonly Reading[];

const derive = (
  now: Record<string, number>,
  before: Record<string, number> | undefined,
  seconds: number,
): Readonly<Record<string, number>> => {
  const reading = (numbers: Record<string, number>): Reading[] => [
    { group: disk, rows: [row(['sda'], numbers)] },
  ];
  const derived = part.derive?.(reading(now), before && reading(before), seconds, DETAIL) ?? [];
  return byId(derived, 'disk')['sda']?.numbers ?? {};
};

const countersOf = (line: string): Record<string, number> => known(parseDiskstats(line)?.numbers ?? {});

test('reads every column in its unit', () => {
  const stats = DISKSTATS.split('\n').flatMap((one) => parseDiskstats(one) ?? []);
  expect(stats.filter(({ device }) => device === 'nvme0n1')).toEqual([
    {
      device: 'nvme0n1',
      major: '259',
      minor: '0',
      numbers: {
        reads_completed: 1000,
        reads_merged: 50,
        read_bytes: 80000 * 512,
        read_time_seconds: 2,
        writes_completed: 3000,
        writes_merged: 700,
        written_bytes: 240000 * 512,
        write_time_seconds: 9,
        in_flight: 2,
        io_time_seconds: 5,
        io_time_weighted_seconds: 11.5,
        discards_completed: 10,
        discards_merged: 1,
        discarded_sectors: 2048,
        discard_time_seconds: 0.5,
        flush_requests: 99,
        flush_requests_time_seconds: 0.25,
      },
    },
  ]);
});

test('columns that an older kernel lacks are not zero', () => {
  const before418 = countersOf('8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n');
  expect(before418['io_time_weighted_seconds']).toBeCloseTo(0.011, 9);
  expect(before418).not.toHaveProperty('discards_completed');
  const before55 = countersOf('8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n');
  expect(before55['discard_time_seconds']).toBeCloseTo(0.015, 9);
  expect(before55).not.toHaveProperty('flush_requests');
  expect(parseDiskstats('8 1 sda1 1 2 3 4')).toBeUndefined();
  expect(parseDiskstats('')).toBeUndefined();
});

test('collects what node_exporter does: no loops, no partitions of the usual disks', () => {
  expect(Object.keys(byId(read(server(), TICK), 'disk'))).toEqual([
    'sr0',
    'nvme0n1',
    'md127',
    'dm-0',
    'zram0',
    'mmcblk0',
    'mmcblk0p1',
    'cciss/c0d0',
  ]);
});

test('real disks count, what is built on them is shown, and the rest comes with the detail only', () => {
  const rows = Object.entries(byId(read(server(), TICK), 'disk'));
  const names = (test: typeof isCounted): string[] => rows.filter(([, one]) => test(one)).map(([id]) => id);
  expect(names(isCounted)).toEqual(['nvme0n1', 'mmcblk0', 'cciss/c0d0']);
  expect(names(isShown)).toEqual(['nvme0n1', 'md127', 'dm-0', 'mmcblk0', 'cciss/c0d0']);
  const recorded = (ask: Ask): string[] =>
    Object.keys(byId(part.derive?.(read(server(), ask), undefined, 0, ask) ?? [], 'disk'));
  expect(recorded(TICK)).toEqual(names(isShown));
  expect(recorded(DETAIL)).toEqual(rows.map(([id]) => id));
});

test('what is asked for by name counts, and leaving out brings nothing in', () => {
  const only = { ...TICK, filters: { disk: { only: ['loop?', 'nvme*p1'] } } };
  const rows = byId(part.derive?.(read(server(), only), undefined, 0, only) ?? [], 'disk');
  expect(Object.keys(rows)).toEqual(['loop0', 'nvme0n1p1']);
  expect(Object.values(rows).every(isCounted)).toBe(true);
  const except = { ...TICK, filters: { disk: { except: ['*0'] } } };
  expect(Object.keys(byId(read(server(), except), 'disk'))).toEqual(['nvme0n1', 'md127', 'mmcblk0p1']);
});

test('where sysfs is silent the name decides', () => {
  const silent = { real: undefined, partition: false };
  expect(diskAside('sda', silent)).toBeUndefined();
  expect(diskAside('dm-12', silent)).toBe('layer');
  expect(diskAside('md0', silent)).toBe('layer');
  expect(diskAside('zram1', silent)).toBe('memory');
  expect(diskAside('nvme0c1n1', { real: true, partition: false })).toBe('path');
  expect(diskAside('rbd0', { real: false, partition: false })).toBeUndefined();
});

test('the detail tells what udev knows, and only of whom it knows it', () => {
  const readings = read(server(), DETAIL);
  const infos = byId(readings, 'disk_info');
  expect(infos['nvme0n1']).toEqual(
    row(
      ['nvme0n1'],
      {},
      {
        major: '259',
        minor: '0',
        path: 'pci-0000:01:00.0-nvme-1',
        model: 'SAMSUNG MZVL=2',
        serial: 'S1',
        wwn: 'eui.1',
      },
    ),
  );
  expect(infos['mmcblk0']?.numbers).toEqual({
    ata_write_cache: 1,
    ata_write_cache_enabled: 0,
    ata_rotation_rate_rpm: 7200,
  });
  expect(infos['mmcblk0']?.texts['serial']).toBe('LABEL');
  expect(infos['md127']?.texts).toEqual({ major: '9', minor: '127' });
  expect(byId(readings, 'disk_filesystem')).toEqual({
    mmcblk0: row(['mmcblk0'], {}, { type: 'ext4', usage: 'filesystem', uuid: '0a' }),
  });
  expect(byId(readings, 'disk_mapper')).toEqual({
    'dm-0': row(['dm-0'], {}, { name: 'vg-root', uuid: 'LVM-1', vg_name: 'vg', lv_name: 'root' }),
  });
  expect(read(server(), TICK).map(({ group }) => group.name)).toEqual(['disk']);
});

test('udev properties can hold an equals sign, and other lines are none', () => {
  expect([...parseUdev('N:sda\nE:A=b=c\nE:EMPTY=\nG:systemd\n')]).toEqual([
    ['A', 'b=c'],
    ['EMPTY', ''],
  ]);
});

test('rates, busy, await and queue are those of iostat', () => {
  const before = countersOf('8 0 sda 1000 0 8000 1000 500 0 4000 2000 0 3000 3000 0 0 0 0 0 0\n');
  const now = countersOf('8 0 sda 1100 0 10000 1300 550 0 5000 2200 3 5000 4000 50 0 800 500 7 9\n');
  expect(derive(now, before, 4)).toMatchObject({
    read_bytes_per_second: (2000 * 512) / 4,
    written_bytes_per_second: (1000 * 512) / 4,
    reads_per_second: 25,
    writes_per_second: 12.5,
    busy_percent: 50,
    queue: 0.25,
    in_flight: 3,
  });
  const { await_seconds, read_await_seconds, write_await_seconds } = derive(now, before, 4);
  expect(await_seconds).toBeCloseTo((0.3 + 0.2 + 0.5) / 200, 9);
  expect(read_await_seconds).toBeCloseTo(0.003, 9);
  expect(write_await_seconds).toBeCloseTo(0.004, 9);
});

test('nothing completed is no time to wait', () => {
  const counters = countersOf('8 0 sda 1000 0 8000 1000 500 0 4000 2000 0 3000 3000\n');
  const derived = derive(counters, counters, 5);
  expect(derived).not.toHaveProperty('await_seconds');
  expect(derived).toMatchObject({ busy_percent: 0, queue: 0, reads_per_second: 0 });
});

test('no rate without a reading before, of a new disk, or across a reset', () => {
  const counters = countersOf('8 0 sda 1000 0 8000 1000 500 0 4000 2000 0 3000 3000\n');
  const raw = Object.keys(counters).sort();
  expect(Object.keys(derive(counters, undefined, 0)).sort()).toEqual(raw);
  const higher = Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, value + 1]));
  expect(Object.keys(derive(counters, higher, 5)).sort()).toEqual(raw);
  expect(
    Object.keys(derive(counters, counters, 0)).filter((name) => /second$|busy|queue/.test(name)),
  ).toEqual([]);
});

test('a counter of 32 bits that goes round spoils only what is made of it', () => {
  const before = countersOf('8 0 sda 10 0 80 4294967290 5 0 40 100 0 4294967000 100\n');
  const now = countersOf('8 0 sda 20 0 160 10 5 0 40 100 0 500 200\n');
  const derived = derive(now, before, 5);
  expect(derived).not.toHaveProperty('busy_percent');
  expect(derived).not.toHaveProperty('await_seconds');
  expect(derived).toMatchObject({ reads_per_second: 2, queue: 0.02 });
});

test('a reading before that came from a log has fewer counters: what they are needed for is left out', () => {
  const now = countersOf('8 0 sda 1000 0 8000 1000 500 0 4000 2000 0 3000 3000\n');
  const derived = derive(now, { read_bytes: 0, in_flight: 0 }, 5);
  expect(derived['read_bytes_per_second']).toBe((8000 * 512) / 5);
  for (const name of ['busy_percent', 'await_seconds', 'queue', 'writes_per_second'])
    expect(derived).not.toHaveProperty(name);
});

test('whatever the counters, what is derived is finite and not negative', () => {
  const line = fc
    .array(fc.nat({ max: 2 ** 32 - 1 }), { minLength: 17, maxLength: 17 })
    .map((values) => countersOf(`8 0 sda ${values.join(' ')}\n`));
  fc.assert(
    fc.property(line, line, fc.double({ min: 0, max: 1e6, noNaN: true }), (now, before, seconds) => {
      for (const [name, value] of Object.entries(derive(now, before, seconds))) {
        expect(Number.isNaN(value), name).toBe(false);
        expect(value, name).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('a machine without block devices has no disks', () => {
  const recorded = record({ 'proc/stat': '' });
  open.push(recorded);
  expect(read(recorded, TICK)).toEqual([]);
});

test('this machine: the disks of /sys/block are there', () => {
  const readings = openPart(part, new Tree(TREE_DEFAULTS))?.read(DETAIL) as readonly Reading[];
  const names = Object.keys(byId(readings, 'disk'));
  const expected = readdirSync('/sys/block').filter((name) => !/^(loop|ram|fd)\d+$/.test(name));
  expect(names).toEqual(expect.arrayContaining(expected.map((name) => name.replaceAll('!', '/'))));
  expect(Object.keys(byId(readings, 'disk_info'))).toEqual(names);
});
