/** Samples as vmstat prints them: one line each, a header every screenful. */

import { isCounted } from '../core/aside.js';
import { rowsIn, type Sample } from '../core/sample.js';

interface Column {
  /** Above some columns together, and above each. */
  readonly over: string;
  readonly title: string;
  readonly width: number;
  readonly value: (sample: Sample) => string;
}

const UNKNOWN = '-';

const number = (value: number | undefined, digits: number): string =>
  value === undefined || !Number.isFinite(value) ? UNKNOWN : value.toFixed(digits);

const one =
  (group: string, field: string, digits: number, scale = 1) =>
  (sample: Sample): string => {
    const value = rowsIn(sample, group)[0]?.numbers[field];
    return number(value === undefined ? undefined : value * scale, digits);
  };

/** Sum over what counts; not known where one of them is not. */
const sum =
  (group: string, field: string, digits: number, scale = 1) =>
  (sample: Sample): string => {
    const rows = rowsIn(sample, group).filter(isCounted);
    let total = rows.length === 0 ? Number.NaN : 0;
    for (const { numbers } of rows) total += numbers[field] ?? Number.NaN;
    return number(total * scale, digits);
  };

const MIB = 1 / 1024 ** 2;
const KIB = 1 / 1024;

const column = (over: string, title: string, width: number, value: Column['value']): Column => ({
  over,
  title,
  width,
  value,
});

const COLUMNS: readonly Column[] = [
  column('procs', 'r', 4, one('processes', 'running', 0)),
  column('procs', 'b', 3, one('processes', 'blocked', 0)),
  column('cpu %', 'us', 5, one('cpu', 'user_percent', 1)),
  column('cpu %', 'sy', 5, one('cpu', 'system_percent', 1)),
  column('cpu %', 'wa', 5, one('cpu', 'iowait_percent', 1)),
  column('cpu %', 'st', 5, one('cpu', 'steal_percent', 1)),
  column('cpu %', 'used', 5, one('cpu', 'used_percent', 1)),
  column('load', '1m', 6, one('load', 'load1', 2)),
  column('memory MiB', 'used', 8, one('memory', 'used_bytes', 0, MIB)),
  column('memory MiB', 'avail', 8, one('memory', 'available_bytes', 0, MIB)),
  column('swap', 'used', 6, one('swap', 'used_bytes', 0, MIB)),
  column('disk KiB/s', 'read', 8, sum('disk', 'read_bytes_per_second', 0, KIB)),
  column('disk KiB/s', 'written', 8, sum('disk', 'written_bytes_per_second', 0, KIB)),
  column('net KiB/s', 'in', 8, sum('network', 'receive_bytes_per_second', 0, KIB)),
  column('net KiB/s', 'out', 8, sum('network', 'transmit_bytes_per_second', 0, KIB)),
];

const TIME_WIDTH = 8;

/** Columns that fit, from the left. */
const fitting = (width: number): readonly Column[] => {
  let used = TIME_WIDTH;
  return COLUMNS.filter((one) => {
    used += one.width + 1;
    return used <= width;
  });
};

const overTitles = (columns: readonly Column[]): string => {
  let line = ' '.repeat(TIME_WIDTH);
  for (let index = 0; index < columns.length; ) {
    const { over } = columns[index] as Column;
    let span = 0;
    for (; columns[index]?.over === over; index++) span += (columns[index] as Column).width + 1;
    line += ` ${`${over} `.padStart(Math.floor((span + over.length) / 2), '-').padEnd(span - 1, '-')}`;
  }
  return line.trimEnd();
};

/** The two lines at the head. */
export const formatVitalsHeader = (width: number): string => {
  const columns = fitting(width);
  const titles = columns.map((one) => ` ${one.title.padStart(one.width)}`).join('');
  return `${overTitles(columns)}\n${'time'.padEnd(TIME_WIDTH)}${titles}\n`;
};

/** A sample as a line, its time in the zone that is so many minutes ahead of UTC. */
export const formatVitalsLine = (sample: Sample, width: number, utcOffset: number): string => {
  const time = new Date(sample.time + utcOffset * 60_000).toISOString().slice(11, 19);
  const cells = fitting(width).map((one) => ` ${one.value(sample).padStart(one.width)}`);
  return `${time}${cells.join('')}\n`;
};
