/** What `--count-by` and `--summary` found, as text and as JSON. */

import { clean } from '../core/clean.js';
import { decimal } from '../core/decimal.js';
import { formatDuration } from '../core/duration.js';
import type { Unit } from '../core/group.js';
import { toJson } from '../core/json-text.js';
import { formatBytes, formatValue } from '../core/units.js';

/** One value, undefined where lines have none, and how often it came. */
export interface CountRow {
  readonly value: string | undefined;
  readonly count: number;
}

export interface CountTable {
  readonly field: string;
  readonly rows: readonly CountRow[];
  /** Values that came when no more different ones were kept. */
  readonly others: number;
}

const ABSENT = '(absent)';

const part = (count: number, all: number): string => `${((count / all) * 100).toFixed(1)} %`;

/** A table: how often, which part of all, which value. */
export const formatCounts = async ({ field, rows, others }: CountTable): Promise<string> => {
  const { formatTable } = await import('./table.js');
  const all = rows.reduce((sum, { count }) => sum + count, others);
  const cells = rows.map(({ value, count }) => [
    String(count),
    part(count, all),
    value === undefined ? ABSENT : clean(value),
  ]);
  if (others > 0) cells.push([String(others), part(others, all), '(values too many to keep)']);
  return formatTable(
    [{ title: 'count', align: 'right' }, { title: 'part', align: 'right' }, { title: clean(field) }],
    cells,
  );
};

/** A line for each value, `null` where lines have none; last, without a value, how many were not kept. */
export const formatCountsJson = ({ field, rows, others }: CountTable): string =>
  [
    ...rows.map(({ value = null, count }) => ({ field, value, count })),
    ...(others > 0 ? [{ field, others }] : []),
  ]
    .map((row) => `${toJson(row)}\n`)
    .join('');

/** Numbers of one kind: as they are, durations in seconds, or bytes. */
export interface SummaryRow {
  readonly kind: 'number' | 'duration' | 'bytes';
  readonly count: number;
  readonly min: number;
  readonly average: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Quantiles are within 0.1 %. */
  readonly approximate: boolean;
}

export interface SummaryTable {
  readonly field: string;
  /** Of bare numbers, where the field's name tells it. */
  readonly unit?: Unit;
  readonly rows: readonly SummaryRow[];
  /** Values that are no numbers, and lines that have no such field. */
  readonly others: number;
  readonly absent: number;
}

const FIGURES = ['min', 'average', 'p50', 'p95', 'p99', 'max'] as const;

/** Six significant figures, and all before the point. */
const bare = (value: number): string =>
  Math.abs(value) >= 1e5 ? decimal(Math.round(value)) : String(Number(value.toPrecision(6)));

/** `150 µs`, `2.5s`, `1h30m`: finer than `formatDuration` where it matters. */
const seconds = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 60 || size === 0) return formatDuration(size >= 600 ? Math.round(value) : value);
  if (size >= 1) return `${bare(Number(value.toPrecision(4)))}s`;
  const [unit, scale] = size >= 1e-3 ? ['ms', 1e3] : size >= 1e-6 ? ['µs', 1e6] : ['ns', 1e9];
  return `${bare(Number((value * (scale as number)).toPrecision(4)))}${unit}`;
};

const figure = (value: number, kind: SummaryRow['kind'], unit: Unit | undefined): string => {
  if (kind === 'duration' || (kind === 'number' && unit === 'seconds')) return seconds(value);
  if (kind === 'bytes') return formatBytes(value);
  return unit === undefined ? bare(value) : formatValue(value, unit);
};

const NAMES = { number: 'numbers', duration: 'durations', bytes: 'sizes' } as const;

/** A table with a row for each kind of number, and under it what was left out of it. */
export const formatSummary = async ({ field, unit, rows, others, absent }: SummaryTable): Promise<string> => {
  const { formatTable } = await import('./table.js');
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const table =
    rows.length === 0
      ? `${clean(field)}: no numbers\n`
      : formatTable(
          [{ title: clean(field) }, right('count'), ...FIGURES.map(right)],
          rows.map((row) => [
            NAMES[row.kind],
            String(row.count),
            ...FIGURES.map((name) => figure(row[name], row.kind, unit)),
          ]),
        );
  const notes = [
    ...(rows.some(({ approximate }) => approximate) ? ['p50, p95 and p99 are within 0.1 %'] : []),
    ...(others > 0 ? [`${others} ${others === 1 ? 'value is no number' : 'values are no numbers'}`] : []),
    ...(absent > 0 ? [`${absent} ${absent === 1 ? 'line has' : 'lines have'} no ${clean(field)}`] : []),
  ];
  return table + notes.map((note) => `${note}\n`).join('');
};

const UNITS = { number: undefined, duration: 'seconds', bytes: 'bytes' } as const;

/** One object. */
export const formatSummaryJson = ({ field, unit, rows, others, absent }: SummaryTable): string => {
  const summaries = rows.map(({ kind, approximate, ...figures }) => {
    const known = UNITS[kind] ?? unit;
    return { ...(known && { unit: known }), ...figures, ...(approximate && { approximate }) };
  });
  return `${toJson({ field, summaries, not_numbers: others, absent })}\n`;
};
