/** Samples as vmstat prints them: one line each, a header every screenful. */

import { isCounted } from '../core/aside.js';
import { rowsIn, type Sample } from '../core/sample.js';

interface Column {
  /** What of the machine it is about, as panels are named. */
  readonly about: string;
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

const column = (
  about: string,
  over: string,
  title: string,
  width: number,
  value: Column['value'],
): Column => ({
  about,
  over,
  title,
  width,
  value,
});

const COLUMNS: readonly Column[] = [
  column('processes', 'procs', 'r', 4, one('processes', 'running', 0)),
  column('processes', 'procs', 'b', 3, one('processes', 'blocked', 0)),
  column('cpu', 'cpu %', 'us', 5, one('cpu', 'user_percent', 1)),
  column('cpu', 'cpu %', 'sy', 5, one('cpu', 'system_percent', 1)),
  column('cpu', 'cpu %', 'wa', 5, one('cpu', 'iowait_percent', 1)),
  column('cpu', 'cpu %', 'st', 5, one('cpu', 'steal_percent', 1)),
  column('cpu', 'cpu %', 'used', 5, one('cpu', 'used_percent', 1)),
  column('cpu', 'load', '1m', 6, one('load', 'load1', 2)),
  column('memory', 'memory MiB', 'used', 8, one('memory', 'used_bytes', 0, MIB)),
  column('memory', 'memory MiB', 'avail', 8, one('memory', 'available_bytes', 0, MIB)),
  column('memory', 'swap', 'used', 6, one('swap', 'used_bytes', 0, MIB)),
  column('disk', 'disk KiB/s', 'read', 8, sum('disk', 'read_bytes_per_second', 0, KIB)),
  column('disk', 'disk KiB/s', 'written', 8, sum('disk', 'written_bytes_per_second', 0, KIB)),
  column('network', 'net KiB/s', 'in', 8, sum('network', 'receive_bytes_per_second', 0, KIB)),
  column('network', 'net KiB/s', 'out', 8, sum('network', 'transmit_bytes_per_second', 0, KIB)),
];

const TIME_WIDTH = 8;

/** What there are columns about. */
export const VITALS_COLUMNS: readonly string[] = [...new Set(COLUMNS.map(({ about }) => about))];

export interface VitalsLayout {
  /** Cells of a line at most. */
  readonly width: number;
  /** Columns about these only. */
  readonly only?: readonly string[] | undefined;
}

/** Columns that are wanted and fit, from the left. */
const fitting = ({ width, only }: VitalsLayout): readonly Column[] => {
  let used = TIME_WIDTH;
  return COLUMNS.filter(({ about, width: own }) => {
    if (only?.includes(about) === false) return false;
    used += own + 1;
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
export const formatVitalsHeader = (layout: VitalsLayout): string => {
  const columns = fitting(layout);
  const titles = columns.map((one) => ` ${one.title.padStart(one.width)}`).join('');
  return `${overTitles(columns)}\n${'time'.padEnd(TIME_WIDTH)}${titles}\n`;
};

/** A sample as a line, its time in the zone that is so many minutes ahead of UTC. */
export const formatVitalsLine = (sample: Sample, layout: VitalsLayout, utcOffset: number): string => {
  const time = new Date(sample.time + utcOffset * 60_000).toISOString().slice(11, 19);
  const cells = fitting(layout).map((one) => ` ${one.value(sample).padStart(one.width)}`);
  return `${time}${cells.join('')}\n`;
};
