/** What each disk reads and writes, how busy it is and how long it takes. */

import { ASIDE_HELP, isShown } from '../core/aside.js';
import { counter, gauge, group } from '../core/group.js';
import { letIn } from '../core/pattern.js';
import { addRaw, increase, percent, rates } from '../core/rates.js';
import type { Reading, Row } from '../core/sample.js';
import { derivedRow, row, rowLike, rowsOf } from '../core/sample.js';
import type { Filter } from '../core/vital.js';
import type { Part } from './part.js';
import type { Tree } from './tree.js';
import { diskFilesystem, diskInfo, diskMapper, readDiskInfo } from './udev.js';
import { whileSame } from './while-same.js';

const total = (unit: 'bytes' | 'count' | 'seconds', help: string, name: string, due?: 'detail') =>
  counter(unit, help, { prometheus: `node_disk_${name}_total`, ...(due && { due }) });

export const disk = group({
  name: 'disk',
  help: 'Each disk',
  identity: ['device'],
  texts: { aside: ASIDE_HELP },
  countedMatchers:
    'device!~"(dm-|md|zram|ram|loop|fd|sr|bcache|drbd|zd|nvme[0-9]+c)[0-9].*|mmcblk[0-9]+(p|boot)[0-9]+"',
  fields: {
    read_bytes_per_second: gauge('bytes_per_second', 'Read'),
    written_bytes_per_second: gauge('bytes_per_second', 'Written'),
    reads_per_second: gauge('per_second', 'Reads completed'),
    writes_per_second: gauge('per_second', 'Writes completed'),
    busy_percent: gauge('percent', 'Share of time with at least one request in work'),
    await_seconds: gauge('seconds', 'Time a request took, waiting included', { digits: 6 }),
    read_await_seconds: gauge('seconds', 'Time a read took', { digits: 6, due: 'detail' }),
    write_await_seconds: gauge('seconds', 'Time a write took', { digits: 6, due: 'detail' }),
    queue: gauge('count', 'Requests waiting or in work, on average', { digits: 2 }),
    in_flight: gauge('count', 'Requests in work now', { prometheus: 'node_disk_io_now' }),
    read_bytes: total('bytes', 'Read', 'read_bytes'),
    written_bytes: total('bytes', 'Written', 'written_bytes'),
    reads_completed: total('count', 'Reads completed', 'reads_completed'),
    writes_completed: total('count', 'Writes completed', 'writes_completed'),
    reads_merged: total('count', 'Reads merged with another', 'reads_merged', 'detail'),
    writes_merged: total('count', 'Writes merged with another', 'writes_merged', 'detail'),
    read_time_seconds: total('seconds', 'Time of all reads', 'read_time_seconds', 'detail'),
    write_time_seconds: total('seconds', 'Time of all writes', 'write_time_seconds', 'detail'),
    io_time_seconds: total('seconds', 'Time with a request in work', 'io_time_seconds', 'detail'),
    io_time_weighted_seconds: total(
      'seconds',
      'Time with a request in work, times the number of them',
      'io_time_weighted_seconds',
      'detail',
    ),
    discards_completed: total('count', 'Discards completed', 'discards_completed', 'detail'),
    discards_merged: total('count', 'Discards merged with another', 'discards_merged', 'detail'),
    discarded_sectors: total('count', 'Sectors of 512 bytes discarded', 'discarded_sectors', 'detail'),
    discard_time_seconds: total('seconds', 'Time of all discards', 'discard_time_seconds', 'detail'),
    flush_requests: total('count', 'Flushes completed', 'flush_requests', 'detail'),
    flush_requests_time_seconds: total(
      'seconds',
      'Time of all flushes',
      'flush_requests_time_seconds',
      'detail',
    ),
  },
});

/** The kernel counts in these whatever the disk's own sectors are (Documentation/block/stat.rst). */
const SECTOR_BYTES = 512;

/** What a column of /proc/diskstats is, in their order, and its size in the field's unit (admin-guide/iostats.rst). */
const COLUMNS: readonly (readonly [string, number])[] = [
  ['reads_completed', 1],
  ['reads_merged', 1],
  ['read_bytes', SECTOR_BYTES],
  ['read_time_seconds', 0.001],
  ['writes_completed', 1],
  ['writes_merged', 1],
  ['written_bytes', SECTOR_BYTES],
  ['write_time_seconds', 0.001],
  ['in_flight', 1],
  ['io_time_seconds', 0.001],
  ['io_time_weighted_seconds', 0.001],
  // From 4.18
  ['discards_completed', 1],
  ['discards_merged', 1],
  ['discarded_sectors', 1],
  ['discard_time_seconds', 0.001],
  // From 5.5
  ['flush_requests', 1],
  ['flush_requests_time_seconds', 0.001],
];
const FEWEST_COLUMNS = 11;

const HEAD = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+/;

export interface DiskStats {
  readonly device: string;
  readonly major: string;
  readonly minor: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Text of /proc/diskstats → the devices whose names are let in. Columns that an older kernel lacks are absent. */
export const parseDiskstats = (text: string, isIn: (device: string) => boolean): readonly DiskStats[] => {
  const found: DiskStats[] = [];
  for (const line of text.split('\n')) {
    const head = HEAD.exec(line);
    if (head === null) continue;
    const [all, major, minor, device] = head as unknown as readonly [string, string, string, string];
    if (!isIn(device)) continue;
    const columns = line.slice(all.length).trimEnd().split(' ');
    if (columns.length < FEWEST_COLUMNS) continue;
    const numbers: Record<string, number> = {};
    for (let index = 0; index < COLUMNS.length; index++) {
      const value = columns[index];
      if (value === undefined || value === '') break;
      const [name, size] = COLUMNS[index] as (typeof COLUMNS)[number];
      numbers[name] = Number(value) * size;
    }
    found.push({ device, major, minor, numbers });
  }
  return found;
};

/** node_exporter's default: no RAM disks, loops, floppies, and no partitions of the usual disks. */
const LEFT_OUT = /^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;

const isCollected = (device: string): boolean => !LEFT_OUT.test(device);

/** What sysfs knows of a block device. */
export interface DiskNature {
  /** Driven by hardware (or a hypervisor's): `/sys/block/X/device` is there. Undefined where sysfs is silent. */
  readonly real: boolean | undefined;
  readonly partition: boolean;
}

/**
 * Why a device is not one of the disks whose sum is the machine's: what passes it is counted at another one, or in
 * memory. Undefined for those that count.
 */
export const diskAside = (device: string, { real, partition }: DiskNature): string | undefined => {
  if (partition) return 'partition';
  if (/^(zram|ram)\d+$/.test(device)) return 'memory';
  if (/^(loop|fd)\d+$/.test(device)) return 'image';
  if (/^sr\d+$/.test(device)) return 'optical';
  // One path of several to the same NVMe namespace, which has a row itself.
  if (/^nvme\d+c\d+n\d+$/.test(device)) return 'path';
  if (real === true) return undefined;
  if (/^rbd\d/.test(device)) return undefined; // Behind the network: no other row has it.
  if (real === false || /^(dm-|md|bcache|drbd|zd)\d/.test(device)) return 'layer';
  return undefined;
};

const natureOf = (tree: Tree, device: string): DiskNature => {
  const name = device.replaceAll('/', '!'); // cciss/c0d0
  if (!tree.sysHas(`block/${name}/dev`))
    return { real: undefined, partition: tree.sysHas(`class/block/${name}/partition`) };
  return { real: tree.sysHas(`block/${name}/device`), partition: false };
};

const RATES = {
  read_bytes_per_second: 'read_bytes',
  written_bytes_per_second: 'written_bytes',
  reads_per_second: 'reads_completed',
  writes_per_second: 'writes_completed',
};

/** Time a request took; undefined where none was completed, or a counter went back or round. */
const awaited = (time: number | undefined, completed: number | undefined): number | undefined =>
  time === undefined || completed === undefined || completed === 0 ? undefined : time / completed;

const sum = (a: number | undefined, b: number | undefined, c: number | undefined): number | undefined =>
  a === undefined || b === undefined || c === undefined ? undefined : a + b + c;

const RAW = COLUMNS.map(([name]) => name);
const RAW_AT_TICK = RAW.filter((name) => disk.fields[name]?.due === 'tick');

/** The formulas are those of iostat(1). */
const deriveRow = (
  { id, numbers, texts }: Row,
  before: Row | undefined,
  seconds: number,
  detail: boolean,
): Row => {
  const was = before?.numbers;
  if (was === undefined) return { id, numbers, texts };
  const grown = (field: string): number | undefined => increase(numbers[field], was[field]);
  const weighted = grown('io_time_weighted_seconds');
  const [reads, readTime] = [grown('reads_completed'), grown('read_time_seconds')];
  const [writes, writeTime] = [grown('writes_completed'), grown('write_time_seconds')];
  const discarding = numbers['discards_completed'] !== undefined;
  const derived: Record<string, number | undefined> = rates(numbers, was, seconds, RATES);
  derived['busy_percent'] = percent(grown('io_time_seconds'), seconds);
  derived['await_seconds'] = awaited(
    sum(readTime, writeTime, discarding ? grown('discard_time_seconds') : 0),
    sum(reads, writes, discarding ? grown('discards_completed') : 0),
  );
  if (detail) {
    derived['read_await_seconds'] = awaited(readTime, reads);
    derived['write_await_seconds'] = awaited(writeTime, writes);
  }
  derived['queue'] = weighted === undefined || !(seconds > 0) ? undefined : weighted / seconds;
  return derivedRow(id, addRaw(derived, numbers, detail ? RAW : RAW_AT_TICK), texts);
};

export const part: Part = {
  groups: [disk, diskInfo, diskFilesystem, diskMapper],

  linux: (tree) => {
    // What a device is, by name: looked up when a name is new, and again with every detail.
    const natures = new Map<string, string | undefined>();
    let filter: Filter | undefined;
    let isIn = letIn(filter, isCollected);
    let known: readonly DiskStats[] | undefined;
    let rows: readonly Row[] = [];

    const statsOf = whileSame(parseDiskstats);
    const asideOf = (device: string): string | undefined => {
      if (!natures.has(device)) natures.set(device, diskAside(device, natureOf(tree, device)));
      return natures.get(device);
    };

    return ({ detail, filters }) => {
      if (filters.disk !== filter) {
        filter = filters.disk;
        isIn = letIn(filter, isCollected);
      }
      if (detail) natures.clear();
      const text = tree.procIfThere('diskstats');
      if (text === undefined) return [];
      const stats = statsOf(text, isIn);
      if (detail || stats !== known) {
        known = stats;
        rows = stats.map(({ device, numbers }) => {
          const aside = filter?.only === undefined ? asideOf(device) : undefined;
          return row([device], numbers, aside === undefined ? {} : { aside });
        });
      }
      return [{ group: disk, rows }, ...(detail ? readDiskInfo(tree, stats) : [])];
    };
  },

  // What nobody looks at is recorded with the detail only.
  derive: (now, before, seconds, ask): readonly Reading[] => {
    const rowsBefore = rowsOf(before, 'disk');
    return now.map((reading) =>
      reading.group === disk && 'rows' in reading
        ? {
            group: disk,
            rows: reading.rows
              .filter((one) => ask.detail || isShown(one))
              .map((one) => deriveRow(one, rowLike(rowsBefore, one.id), seconds, ask.detail)),
          }
        : reading,
    );
  },
};
