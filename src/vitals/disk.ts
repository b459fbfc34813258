/** What each disk reads and writes, how busy it is and how long it takes. */

import { ASIDE_HELP, isShown } from '../core/aside.js';
import { counter, gauge, group } from '../core/group.js';
import { madeOf } from '../core/made.js';
import { letIn } from '../core/pattern.js';
import { increase, percent, rate } from '../core/rates.js';
import type { Reading, Row } from '../core/sample.js';
import { looseRow, rowLike, rowsOf } from '../core/sample.js';
import type { Filter } from '../core/vital.js';
import { readCounters } from './counters.js';
import type { Part } from './part.js';
import type { Tree } from './tree.js';
import { diskFilesystem, diskInfo, diskMapper, readDiskInfo } from './udev.js';
import { linesWhileSame } from './while-same.js';

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

const FEWEST_COLUMNS = 11;

const HEAD = /^\s*(\d+)\s+(\d+)\s+(\S+)(?=\s)/;

export interface DiskStats {
  readonly device: string;
  readonly major: string;
  readonly minor: string;
  readonly numbers: Readonly<Record<string, number | undefined>>;
}

/** Of the line that was read last, and how many of them it has. */
const columns: number[] = [];
let columnCount = 0;

/** Columns that an older kernel lacks are absent. */
const countIn = (column: number): number | undefined => (column < columnCount ? columns[column] : undefined);

const bytesIn = (column: number): number => (columns[column] as number) * SECTOR_BYTES;

const secondsIn = (column: number): number | undefined =>
  column < columnCount ? (columns[column] as number) * 0.001 : undefined;

/** A line of /proc/diskstats (admin-guide/iostats.rst), each field in its unit; undefined for what is none. */
export const parseDiskstats = (line: string): DiskStats | undefined => {
  const head = HEAD.exec(line);
  if (head === null) return undefined;
  const [all, major, minor, device] = head as unknown as readonly [string, string, string, string];
  columnCount = readCounters(line, all.length, columns);
  if (columnCount < FEWEST_COLUMNS) return undefined;
  const numbers = {
    reads_completed: countIn(0),
    reads_merged: countIn(1),
    read_bytes: bytesIn(2),
    read_time_seconds: secondsIn(3),
    writes_completed: countIn(4),
    writes_merged: countIn(5),
    written_bytes: bytesIn(6),
    write_time_seconds: secondsIn(7),
    in_flight: countIn(8),
    io_time_seconds: secondsIn(9),
    io_time_weighted_seconds: secondsIn(10),
    // From 4.18
    discards_completed: countIn(11),
    discards_merged: countIn(12),
    discarded_sectors: countIn(13),
    discard_time_seconds: secondsIn(14),
    // From 5.5
    flush_requests: countIn(15),
    flush_requests_time_seconds: secondsIn(16),
  };
  return { device, major, minor, numbers };
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

/** Time a request took; undefined where none was completed, or a counter went back or round. */
const awaited = (time: number | undefined, completed: number | undefined): number | undefined =>
  time === undefined || completed === undefined || completed === 0 ? undefined : time / completed;

const sum = (a: number | undefined, b: number | undefined, c: number | undefined): number | undefined =>
  a === undefined || b === undefined || c === undefined ? undefined : a + b + c;

/** The formulas are those of iostat(1). */
const deriveRow = (
  { id, numbers, texts }: Row,
  was: Row['numbers'] | undefined,
  seconds: number,
  detail: boolean,
): Row => {
  if (was === undefined) return looseRow(id, numbers, texts);
  const { read_bytes, written_bytes, reads_completed, writes_completed, in_flight } = numbers;
  const reads = increase(reads_completed, was['reads_completed']);
  const writes = increase(writes_completed, was['writes_completed']);
  const readTime = increase(numbers['read_time_seconds'], was['read_time_seconds']);
  const writeTime = increase(numbers['write_time_seconds'], was['write_time_seconds']);
  const discarding = numbers['discards_completed'] !== undefined;
  const discards = discarding ? increase(numbers['discards_completed'], was['discards_completed']) : 0;
  const discardTime = discarding ? increase(numbers['discard_time_seconds'], was['discard_time_seconds']) : 0;
  const derived = {
    read_bytes_per_second: rate(read_bytes, was['read_bytes'], seconds),
    written_bytes_per_second: rate(written_bytes, was['written_bytes'], seconds),
    reads_per_second: rate(reads_completed, was['reads_completed'], seconds),
    writes_per_second: rate(writes_completed, was['writes_completed'], seconds),
    busy_percent: percent(increase(numbers['io_time_seconds'], was['io_time_seconds']), seconds),
    await_seconds: awaited(sum(readTime, writeTime, discardTime), sum(reads, writes, discards)),
    queue: rate(numbers['io_time_weighted_seconds'], was['io_time_weighted_seconds'], seconds),
    in_flight,
    read_bytes,
    written_bytes,
    reads_completed,
    writes_completed,
  };
  if (!detail) return looseRow(id, derived, texts);
  const awaits = {
    read_await_seconds: awaited(readTime, reads),
    write_await_seconds: awaited(writeTime, writes),
  };
  return looseRow(id, { ...derived, ...awaits, ...numbers }, texts);
};

export const part: Part = {
  groups: [disk, diskInfo, diskFilesystem, diskMapper],

  linux: (tree) => {
    // What a device is, by name: looked up when a name is new, and again with every detail.
    const natures = new Map<string, string | undefined>();
    let filter: Filter | undefined;
    let isIn = letIn(filter, isCollected);
    let seen: readonly DiskStats[] | undefined;
    let stats: readonly DiskStats[] = [];
    let rows: readonly Row[] = [];

    const statsOf = linesWhileSame(parseDiskstats);
    const asideOf = (device: string): string | undefined => {
      if (!natures.has(device)) natures.set(device, diskAside(device, natureOf(tree, device)));
      return natures.get(device);
    };
    const rowOf = ({ device, numbers }: DiskStats): Row => {
      const aside = filter?.only === undefined ? asideOf(device) : undefined;
      return looseRow([device], numbers, aside === undefined ? undefined : { aside });
    };

    return ({ detail, filters }) => {
      if (filters.disk !== filter) {
        filter = filters.disk;
        seen = undefined;
        isIn = letIn(filter, isCollected);
      }
      if (detail) natures.clear();
      const text = tree.procIfThere('diskstats');
      if (text === undefined) return [];
      const all = statsOf(text);
      if (detail || all !== seen) {
        seen = all;
        stats = madeOf(all, (one) => (isIn(one.device) ? one : undefined));
        rows = stats.map(rowOf);
      }
      return detail ? [{ group: disk, rows }, ...readDiskInfo(tree, stats)] : [{ group: disk, rows }];
    };
  },

  // What nobody looks at is recorded with the detail only.
  derive: (now, before, seconds, ask): readonly Reading[] => {
    const rowsBefore = rowsOf(before, 'disk');
    return now.map((reading) => {
      if (reading.group !== disk || !('rows' in reading)) return reading;
      const rows = madeOf(reading.rows, (one) =>
        ask.detail || isShown(one)
          ? deriveRow(one, rowLike(rowsBefore, one.id)?.numbers, seconds, ask.detail)
          : undefined,
      );
      return { group: disk, rows };
    });
  },
};
