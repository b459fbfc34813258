/** The answer as a table: what all series have in common above it, and a column for each label in which they differ. */

import { clean } from '../core/clean.js';
import type { Unit } from '../core/group.js';
import { widthOf } from '../core/width.js';
import { wrap } from '../core/wrap.js';
import type { Points } from '../promql/engine.js';
import { type Labels, labelOf, METRIC_NAME } from '../promql/labels.js';
import { openPalette } from './palette.js';
import { formatMoment, formatSpan } from './plot-times.js';
import type { QueryAnswer, QueryFormat, QueryLook } from './query-answer.js';
import { type Shared, shareLabels, showLabels } from './query-labels.js';
import { statisticsOf } from './query-statistics.js';
import { formatQueryValue } from './query-value.js';
import { type Column, formatTable } from './table.js';

const GAP = 2;
/** Below this a label says nothing any more, and a line may be too long. */
const LEAST = 12;
/** Series that stand side by side. */
const SIDE_BY_SIDE = 8;

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));

/** Takes cells from the widest of the columns that may shrink, until the line fits or nothing is left to take. */
const fitRows = (
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  shrinking: number,
  width: number,
): readonly (readonly string[])[] => {
  const widths = titles.map((title, at) => widest([title, ...rows.map((row) => row[at] as string)]));
  const total = (): number => widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1);
  while (total() > width) {
    const most = Math.max(...widths.slice(0, shrinking));
    if (most <= LEAST || shrinking === 0) break;
    widths[widths.indexOf(most)] = Math.max(LEAST, most - Math.max(1, total() - width));
  }
  return rows.map((row) => row.map((cell, at) => (at < shrinking ? wrap(cell, widths[at] as number) : cell)));
};

const labelCells = ({ names }: Shared, labels: Labels): readonly string[] =>
  names.map((name) => clean(labelOf(labels, name)));

const titleOf = (name: string): string => (name === METRIC_NAME ? 'metric' : clean(name));

/** A row for each series: the labels in which they differ, and some numbers. */
const seriesTable = (
  series: readonly Points[],
  shared: Shared,
  numbers: readonly { readonly title: string; readonly of: (points: Points) => string }[],
  width: number,
  paint: (text: string) => string,
): string => {
  const titles = [...shared.names.map(titleOf), ...numbers.map(({ title }) => title)];
  const rows = series.map((points) => [
    ...labelCells(shared, points.labels),
    ...numbers.map(({ of }) => of(points)),
  ]);
  const columns = titles.map(
    (title, at): Column => ({ title, align: at < shared.names.length ? 'left' : 'right' }),
  );
  return formatTable(columns, fitRows(titles, rows, shared.names.length, width), paint);
};

const newestText = (unit: Unit | undefined) => (points: Points) =>
  formatQueryValue(points.values[0] as number, unit);

const vectorTable = async (
  series: readonly Points[],
  { unit }: QueryAnswer,
  { width, colourLevel }: QueryLook,
): Promise<string> => {
  const { faint } = await openPalette(colourLevel);
  const [only] = series;
  if (series.length === 1 && only !== undefined) {
    const value = newestText(unit)(only);
    return only.labels.names.length === 0 ? `${value}\n` : `${showLabels(only.labels)}  ${value}\n`;
  }
  const shared = shareLabels(series.map(({ labels }) => labels));
  const heading = shared.common.names.length === 0 ? '' : `${showLabels(shared.common)}\n`;
  return heading + seriesTable(series, shared, [{ title: 'value', of: newestText(unit) }], width, faint);
};

/** The value of each series at each time that any of them has; undefined where lines would be too long. */
const timeTable = (
  series: readonly Points[],
  shared: Shared,
  unit: Unit | undefined,
  width: number,
  paint: (text: string) => string,
): string | undefined => {
  if (series.length > SIDE_BY_SIDE) return undefined;
  const times = [...new Set(series.flatMap((points) => [...points.times]))].sort((a, b) => a - b);
  const seconds = times.some((time) => time % 60_000 !== 0);
  const columns = series.map(({ labels, times: own, values }) => {
    const at = new Map(Array.from(own, (time, index) => [time, values[index] as number]));
    return {
      title: series.length === 1 ? 'value' : showLabels(shared.rest(labels)),
      // A hole is no number.
      cells: times.map((time) => (at.has(time) ? formatQueryValue(at.get(time) as number, unit) : '-')),
    };
  });
  const moments = times.map((time) => formatMoment(time, seconds));
  const needed = columns.reduce(
    (sum, { title, cells }) => sum + GAP + widest([title, ...cells]),
    widest(moments),
  );
  if (needed > width) return undefined;
  return formatTable(
    [{ title: 'time' }, ...columns.map(({ title }): Column => ({ title, align: 'right' }))],
    moments.map((moment, row) => [moment, ...columns.map(({ cells }) => cells[row] as string)]),
    paint,
  );
};

const matrixTable = async (
  series: readonly Points[],
  { unit, moments }: QueryAnswer,
  { width, colourLevel }: QueryLook,
): Promise<string> => {
  const { faint } = await openPalette(colourLevel);
  const shared = shareLabels(series.map(({ labels }) => labels));
  const heading = shared.common.names.length === 0 ? '' : `${showLabels(shared.common)}\n`;
  const whole = timeTable(series, shared, unit, width, faint);
  if (whole !== undefined) return heading + whole;
  const number = (title: 'last' | 'min' | 'mean' | 'max') => ({
    title,
    of: (points: Points) => formatQueryValue(statisticsOf(points)[title], unit),
  });
  const numbers = [
    number('min'),
    number('mean'),
    number('max'),
    number('last'),
    { title: 'points', of: ({ times }: Points) => String(times.length) },
  ];
  const span = moments.step === 0 ? '' : `${formatSpan(moments.start, moments.end)}\n`;
  return span + heading + seriesTable(series, shared, numbers, width, faint);
};

export const table: QueryFormat = async (answer, look) => {
  const { result, unit } = answer;
  switch (result.type) {
    case 'scalar':
      return [`${formatQueryValue(result.value, unit)}\n`];
    case 'string':
      return [`${clean(result.text)}\n`];
    case 'vector':
      return result.series.length === 0 ? [] : [await vectorTable(result.series, answer, look)];
    case 'matrix':
      return result.series.length === 0 ? [] : [await matrixTable(result.series, answer, look)];
  }
};
