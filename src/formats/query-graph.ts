/** The answer to a range query as a graph: what was asked, the lines between their axes, and whose each of them is. */

import { clean } from '../core/clean.js';
import { formatDuration } from '../core/duration.js';
import type { Unit } from '../core/group.js';
import { cutMiddle, widthOf } from '../core/width.js';
import type { Points } from '../promql/engine.js';
import { openPalette, type Paint, type Palette } from './palette.js';
import { drawPlot, MARKS } from './plot.js';
import { formatSpan } from './plot-times.js';
import type { QueryAnswer, QueryFormat, QueryLook } from './query-answer.js';
import { shareLabels, showLabels } from './query-labels.js';
import { type Statistics, statisticsOf } from './query-statistics.js';
import { formatQueryValue } from './query-value.js';

/** More lines than this are a tangle. */
const MOST_LINES = 10;
/** Rows under which a line has no shape any more, axis included; and over which it gains nothing. */
const LEAST_PLOT = 7;
const MOST_PLOT = 34;
/** Below this, cut labels say nothing. */
const LEAST_LABELS = 12;

/** How far the values of a series are from zero, at most. */
const peakOf = ({ values }: Points): number => {
  let peak = -1;
  for (const value of values) if (Number.isFinite(value)) peak = Math.max(peak, Math.abs(value));
  return peak;
};

/** The series with the highest peaks, in their own order. */
const highest = (series: readonly Points[], count: number): readonly Points[] => {
  if (series.length <= count) return series;
  const ranked = series.map((points, index) => ({ peak: peakOf(points), index }));
  ranked.sort((a, b) => b.peak - a.peak || a.index - b.index);
  const kept = new Set(ranked.slice(0, count).map(({ index }) => index));
  return series.filter((_, index) => kept.has(index));
};

interface Entry {
  readonly name: string;
  readonly statistics: Statistics;
}

const NUMBERS: readonly (readonly (keyof Statistics)[])[] = [
  ['last', 'min', 'mean', 'max'],
  ['last', 'min', 'max'],
  ['last', 'max'],
  ['last'],
];

type PaintLine = (text: string, line: number) => string;

/** A row for each line with its numbers, as many as fit; undefined where names leave no room for any. */
const longLegend = (
  entries: readonly Entry[],
  unit: Unit | undefined,
  width: number,
  paint: PaintLine,
): readonly string[] | undefined => {
  const names = entries.map(({ name }, index) => (entries.length > 1 ? `${MARKS[index]} ${name}` : name));
  const nameWidth = Math.max(...names.map(widthOf));
  for (const numbers of NUMBERS) {
    const columns = numbers.map((which) =>
      entries.map(({ statistics }) => formatQueryValue(statistics[which], unit)),
    );
    const widths = columns.map((cells) => Math.max(...cells.map(widthOf)));
    const numbersWidth = numbers.reduce(
      (sum, which, at) => sum + 3 + which.length + (widths[at] as number),
      0,
    );
    if (nameWidth + numbersWidth > width && nameWidth > 0) continue;
    return names.map((name, row) => {
      const cells = numbers.map((which, at) => {
        const cell = (columns[at] as string[])[row] as string;
        return `${which} ${' '.repeat((widths[at] as number) - widthOf(cell))}${cell}`;
      });
      const padded = nameWidth === 0 ? [] : [paint(name, row) + ' '.repeat(nameWidth - widthOf(name))];
      return [...padded, ...cells].join('  ').trimEnd();
    });
  }
  return undefined;
};

/** Names one after the other, in as few rows as they take. */
const shortLegend = (entries: readonly Entry[], width: number, paint: PaintLine): readonly string[] => {
  const rows: string[] = [];
  let row = '';
  let used = 0;
  entries.forEach(({ name }, index) => {
    const text = cutMiddle(entries.length > 1 ? `${MARKS[index]} ${name}` : name, width);
    if (used > 0 && used + 2 + widthOf(text) > width) {
      rows.push(row);
      row = '';
      used = 0;
    }
    row += (used > 0 ? '  ' : '') + paint(text, index);
    used += (used > 0 ? 2 : 0) + widthOf(text);
  });
  return [...rows, row];
};

/** What a line cannot show, in words. */
const notesOn = (series: readonly Points[], drawn: readonly Points[], ascii: boolean): readonly string[] => {
  let [nan, infinite] = [0, 0];
  for (const { values } of drawn)
    for (const value of values)
      if (Number.isNaN(value)) nan++;
      else if (!Number.isFinite(value)) infinite++;
  const left = series.length - drawn.length;
  const notes = [
    ...(nan > 0 ? [`${nan} NaN: ${nan === 1 ? 'a hole' : 'holes'}`] : []),
    ...(infinite > 0 ? [`${infinite} infinite: ${ascii ? '^ +Inf, v -Inf' : '▲ +Inf, ▼ -Inf'}`] : []),
  ];
  return [
    ...(left > 0 ? [`${drawn.length} of ${series.length}: those with the highest peaks`] : []),
    ...(notes.length > 0 ? [notes.join('; ')] : []),
  ];
};

interface Fitting {
  readonly drawn: readonly Points[];
  readonly legend: readonly string[];
  readonly notes: readonly string[];
}

/** As many series as there are rows to name them in. */
const fitLines = (
  series: readonly Points[],
  { unit }: QueryAnswer,
  { width, glyphs }: QueryLook,
  rows: number,
  paint: PaintLine,
): Fitting => {
  const shared = shareLabels(series.map(({ labels }) => labels));
  for (let count = Math.min(MOST_LINES, series.length); ; count--) {
    const drawn = highest(series, count);
    const notes = notesOn(series, drawn, glyphs === 'ascii');
    const entries = drawn.map((points) => ({
      name: series.length === 1 ? '' : showLabels(shared.rest(points.labels)),
      statistics: statisticsOf(points),
    }));
    const room = rows - notes.length - LEAST_PLOT;
    // Names and numbers are to take no more of the screen than a third.
    const long =
      drawn.length <= Math.max(1, Math.min(room, rows / 3))
        ? longLegend(entries, unit, width, paint)
        : undefined;
    const legend = long ?? shortLegend(entries, width, paint);
    if (legend.length <= Math.max(1, room) || count === 1) return { drawn, legend, notes };
  }
};

/** What lies further apart is not joined: twice the usual distance where the series are samples as they were taken. */
const joinedIn = (drawn: readonly Points[], step: number): number => {
  if (step > 0) return step * 1.5;
  const gaps = drawn.flatMap(({ times }) =>
    Array.from(times.subarray(1), (time, at) => time - (times[at] as number)),
  );
  gaps.sort((a, b) => a - b);
  return 2.5 * (gaps[gaps.length >> 1] ?? 0);
};

const spanOf = ({ result, moments }: QueryAnswer): readonly [number, number] => {
  if (moments.step > 0 || result.type !== 'matrix') return [moments.start, moments.end];
  const ends = result.series.flatMap(({ times }) => [times[0], times.at(-1)] as [number, number]);
  return [ends.reduce((a, b) => Math.min(a, b)), ends.reduce((a, b) => Math.max(a, b))];
};

const painter =
  ({ hues }: Palette): PaintLine =>
  (text, line) =>
    (hues[line % hues.length] as Paint)(text);

/** Of a matrix with points; nothing for what has none. */
export const graph: QueryFormat = async (answer, look) => {
  const { result, moments, query, unit } = answer;
  if (result.type !== 'matrix' || result.series.length === 0) return [];
  const palette = await openPalette(look.colourLevel);
  const paint = painter(palette);
  const ascii = look.glyphs === 'ascii';
  // One cell stays free: some terminals go to the next line when the last one is written to.
  const width = Math.max(30, (Number.isFinite(look.width) ? look.width : 80) - 1);
  const height = Number.isFinite(look.height) ? look.height : 24;
  const cut = (text: string, room: number): string =>
    ascii ? cutMiddle(text, room).replaceAll('…', '~') : cutMiddle(text, room);

  const [from, to] = spanOf(answer);
  const every = moments.step > 0 ? `, every ${formatDuration(moments.step / 1000)}` : '';
  const { common } = shareLabels(result.series.map(({ labels }) => labels));
  const title = clean(query.trim().replace(/\s+/g, ' '));
  const span = `${formatSpan(from, to)}${every}`;
  const room = width - widthOf(span) - 2;
  const of = showLabels(common);
  const says = common.names.length > 0 && of !== title && room >= LEAST_LABELS;
  const head = [palette.strong(cut(title, width)), palette.faint(says ? `${span}  ${cut(of, room)}` : span)];

  // The line after the graph is where the shell asks for more.
  const rows = height - 1 - head.length;
  const { drawn, legend, notes } = fitLines(result.series, answer, { ...look, width }, rows, paint);
  const plot = drawPlot(drawn, {
    width,
    height: Math.max(LEAST_PLOT - 1, Math.min(MOST_PLOT, rows - legend.length - notes.length)),
    glyphs: look.glyphs,
    from,
    to,
    joined: joinedIn(drawn, moments.step),
    unit,
    paint,
    faint: palette.faint,
  });
  const below = [...legend, ...notes.map((note) => palette.faint(cut(note, width)))];
  return [[...head, ...plot, ...below].map((line) => `${line}\n`).join('')];
};
