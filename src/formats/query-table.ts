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
/** Label columns: metrics of many kinds leave most of them empty, and are easier to read a line each. */
const MOST_LABELS = 8;

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);

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

/** What a row says of a series beside its labels. */
interface Value<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
}

/** A row for each: the labels in which series differ, and some values. Labels that are too many for columns stand in one. */
const labelledTable = <Row extends { readonly labels: Labels }>(
  rows: readonly Row[],
  shared: Shared,
  values: readonly Value<Row>[],
  width: number,
  paint: (text: string) => string,
): string => {
  const numbers = rows.map((row) => values.map(({ of }) => of(row)));
  const write = (names: readonly string[], cellsOf: (labels: Labels) => readonly string[]): string => {
    const titles = [...names, ...values.map(({ title }) => title)];
    const cells = rows.map(({ labels }, at) => [...cellsOf(labels), ...(numbers[at] as readonly string[])]);
    const columns = titles.map(
      (title, at): Column => ({ title, align: at < names.length ? 'left' : 'right' }),
    );
    return formatTable(columns, fitRows(titles, cells, names.length, width), paint);
  };
  const most = Math.min(MOST_LABELS, Math.max(1, Math.floor(width / (LEAST + GAP)) - 1));
  if (shared.names.length <= most)
    return write(shared.names.map(titleOf), (labels) => labelCells(shared, labels));
  const textOf = (labels: Labels): string => showLabels(shared.rest(labels));
  // Where nothing ends a line, the longest of them would push every value out of sight.
  if (width === Number.POSITIVE_INFINITY && values.length === 1)
    return rows.map(({ labels }, at) => `${textOf(labels)}  ${numbers[at]?.[0]}\n`).join('');
  return write(['series'], (labels) => [textOf(labels)]);
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
  return heading + labelledTable(series, shared, [{ title: 'value', of: newestText(unit) }], width, faint);
};

/** The value of each series at each time that any of them has; undefined where lines would be too long. */
const timeTable = (
  series: readonly Points[],
  shared: Shared,
  { unit, moments: { step } }: QueryAnswer,
  width: number,
  paint: (text: string) => string,
): string | undefined => {
  if (series.length > SIDE_BY_SIDE) return undefined;
  const times = [...new Set(series.flatMap((points) => [...points.times]))].sort((a, b) => a - b);
  // Samples of several targets are hardly ever of the same times: most cells would be empty.
  const most = Math.max(...series.map((points) => points.times.length));
  if (step === 0 && times.length > 1.5 * most) return undefined;
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

/** A line for each sample: series that were not sampled at the same times. */
const sampleTable = (
  series: readonly Points[],
  shared: Shared,
  unit: Unit | undefined,
  width: number,
  paint: (text: string) => string,
): string => {
  const samples = series.flatMap(({ labels, times, values }) =>
    Array.from(times, (time, at) => ({ labels, time, value: values[at] as number })),
  );
  const columns: readonly Value<(typeof samples)[number]>[] = [
    { title: 'time', of: ({ time }) => formatMoment(time, true) },
    { title: 'value', of: ({ value }) => formatQueryValue(value, unit) },
  ];
  return labelledTable(samples, shared, columns, width, paint);
};

const matrixTable = async (
  series: readonly Points[],
  answer: QueryAnswer,
  { width, colourLevel }: QueryLook,
): Promise<string> => {
  const { faint } = await openPalette(colourLevel);
  const shared = shareLabels(series.map(({ labels }) => labels));
  const heading = shared.common.names.length === 0 ? '' : `${showLabels(shared.common)}\n`;
  const { unit, moments } = answer;
  const whole = timeTable(series, shared, answer, width, faint);
  if (whole !== undefined) return heading + whole;
  if (moments.step === 0) return heading + sampleTable(series, shared, unit, width, faint);
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
  return `${formatSpan(moments.start, moments.end)}\n${heading}${labelledTable(series, shared, numbers, width, faint)}`;
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
