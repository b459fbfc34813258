/** What fields held, shown. */

import { formatDuration } from '../../core/duration.js';
import { toJson } from '../../core/json-text.js';
import { formatBytes } from '../../core/units.js';
import type { Tallies } from '../../lines/search/read-lines.js';
import { rankCounts, type Summary, summarizeTally } from '../../lines/tally/index.js';

/** Six digits are what a person reads; a duration keeps milliseconds, a size is shown in its unit. */
const show = (value: number, kind: Summary['kind']): string => {
  if (kind === 'duration')
    return Math.abs(value) < 0.001 ? `${Number((value * 1e6).toPrecision(3))}µs` : formatDuration(value);
  return kind === 'bytes' ? formatBytes(value) : String(Number(value.toPrecision(6)));
};

const FIGURES = ['min', 'average', 'p50', 'p95', 'p99', 'max'] as const;

const countsText = ({ counts }: Tallies, field: string, json: boolean): string => {
  if (counts === undefined) return '';
  const rows = rankCounts(counts);
  if (json) {
    const others = counts.others > 0 ? [{ field, others: true, count: counts.others }] : [];
    return [...rows.map(({ value, count }) => ({ field, value: value ?? null, count })), ...others]
      .map((row) => `${toJson(row)}\n`)
      .join('');
  }
  const width = Math.max(0, ...rows.map(({ count }) => String(count).length));
  const line = (count: number, what: string): string => `${String(count).padStart(width)}  ${what}\n`;
  const others = counts.others > 0 ? line(counts.others, '(other values)') : '';
  return rows.map(({ value, count }) => line(count, value ?? `(no ${field})`)).join('') + others;
};

const summaryText = ({ summary }: Tallies, field: string, json: boolean): string => {
  if (summary === undefined) return '';
  const { others, absent } = summary;
  const rows = summarizeTally(summary);
  if (json) {
    const none = rows.length === 0 ? [{ field, count: 0, others, absent }] : [];
    return [...rows.map((row) => ({ field, ...row, others, absent })), ...none]
      .map((row) => `${toJson(row)}\n`)
      .join('');
  }
  const lines = rows.flatMap((row) => [
    ['count', String(row.count)],
    ...FIGURES.map((name) => [
      name,
      (row.approximate && name.startsWith('p') ? '~' : '') + show(row[name], row.kind),
    ]),
  ]);
  if (rows.length === 0) lines.push(['count', '0']);
  if (others > 0) lines.push(['no number', String(others)]);
  if (absent > 0) lines.push([`no ${field}`, String(absent)]);
  const width = Math.max(...lines.map(([name = '']) => name.length));
  return lines.map(([name = '', value]) => `${name.padEnd(width)}  ${value}\n`).join('');
};

/** What was counted by one field and of another, whichever was asked for. */
export const talliesText = (
  tallies: Tallies,
  {
    countBy = '',
    summary = '',
    json,
  }: { readonly countBy?: string; readonly summary?: string; readonly json: boolean },
): string => countsText(tallies, countBy, json) + summaryText(tallies, summary, json);
