/** Samples as a table: a column for each path, a line for each sample. Quoting is RFC 4180's; lines end as Unix tools expect. */

import { formatPath } from '../core/path.js';
import type { Sample } from '../core/sample.js';
import type { SampleFormat } from './index.js';

export const csvCell = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

export const csvNumber = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

export interface Columns {
  /** Makes room for what this sample has. To be called for all of them, before the first line is written. */
  readonly add: (sample: Sample) => void;
  readonly header: () => string;
  readonly line: (sample: Sample) => string;
}

type Visit = (group: string, path: string, value: number) => void;

/** Lists are left out: a column for each process that ever was among the first would be a table of holes. */
const createWalk = (): ((sample: Sample, visit: Visit) => void) => {
  const paths = new Map<string, string>();
  return (sample, visit) => {
    for (const reading of sample.readings.values()) {
      if (!('rows' in reading) || reading.group.list === true) continue;
      const { name } = reading.group;
      for (const { id, numbers } of reading.rows) {
        const prefix = JSON.stringify([name, ...id]);
        for (const field in numbers) {
          const key = `${prefix}.${field}`;
          const path = paths.get(key) ?? formatPath({ group: name, id, field });
          paths.set(key, path);
          visit(name, path, numbers[field] as number);
        }
      }
    }
  };
};

/** Columns in the order in which they are met, but those of one group side by side. */
export const createColumns = (): Columns => {
  const walk = createWalk();
  const groups = new Map<string, Set<string>>();
  let places: ReadonlyMap<string, number> | undefined;

  const settle = (): ReadonlyMap<string, number> => {
    places ??= new Map([...groups.values()].flatMap((paths) => [...paths]).map((path, at) => [path, at]));
    return places;
  };

  return {
    add: (sample) =>
      walk(sample, (group, path) => {
        const paths = groups.get(group) ?? new Set();
        groups.set(group, paths.add(path));
      }),
    header: () => `${['time', ...settle().keys()].map(csvCell).join(',')}\n`,
    line: (sample) => {
      const columns = settle();
      const cells: string[] = Array.from({ length: columns.size }, () => '');
      walk(sample, (_, path, value) => {
        const at = columns.get(path);
        if (at !== undefined) cells[at] = csvNumber(value);
      });
      return `${[new Date(sample.time).toISOString(), ...cells].join(',')}\n`;
    },
  };
};

export const csv: SampleFormat = {
  *range(samples) {
    const columns = createColumns();
    for (const sample of samples()) columns.add(sample);
    yield columns.header();
    for (const sample of samples()) yield columns.line(sample);
  },
  last: (sample) => csv.range(() => [sample]),
};
