/** Series over time as lines between two axes, in rows of text. What is not known is a hole in the line. */

import type { Glyphs } from '../core/glyphs.js';
import type { Unit } from '../core/group.js';
import { widthOf } from '../core/width.js';
import { type Canvas, createCanvas } from './plot-canvas.js';
import { timeTicks } from './plot-times.js';
import { type ValueAxis, valueAxis } from './plot-values.js';

export interface PlotLine {
  /** ms since 1970, ascending. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export interface PlotShape {
  /** Cells, axes and their labels included. */
  readonly width: number;
  readonly height: number;
  readonly glyphs: Glyphs;
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** Points further apart than this, ms, are not joined. */
  readonly joined: number;
  readonly unit: Unit | undefined;
  /** Colours what belongs to a line, and what belongs to none. */
  readonly paint: (text: string, line: number) => string;
  readonly faint: (text: string) => string;
}

/** What each line is called in the drawing, where there are several. */
export const MARKS = 'abcdefghijklmnopqrstuvwxyz';

/** Rows below the drawing: the axis and its labels. */
const AXIS_ROWS = 2;
/** Cells between two letters of one line. */
const MARK_EVERY = 24;

const RULES = {
  plain: {
    vertical: '│',
    tick: '┤',
    corner: '└',
    horizontal: '─',
    down: '┬',
    zero: '┈',
    above: '▲',
    below: '▼',
    alone: '•',
  },
  ascii: {
    vertical: '|',
    tick: '+',
    corner: '+',
    horizontal: '-',
    down: '+',
    zero: '-',
    above: '^',
    below: 'v',
    alone: '*',
  },
} as const;

interface Place {
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
}

/** How far `part` is of the way from `start` to `end`, 0 to 1. In halves where the way itself is too long for a number. */
const share = (part: number, start: number, end: number): number => {
  const whole = end - start;
  const found = Number.isFinite(whole)
    ? (part - start) / whole
    : (part / 2 - start / 2) / (end / 2 - start / 2);
  // No number is no way at all: a line to it would never end.
  return found > 0 ? Math.min(1, found) : 0;
};

/** Where times and values are in the drawing, in dots; both axes have a length. */
const placeIn = (canvas: Canvas, { from, to }: PlotShape, { low, high }: ValueAxis): Place => ({
  x: (time) => (to > from ? Math.round(share(time, from, to) * (canvas.width - 1)) : canvas.width >> 1),
  y: (value) => Math.round(share(value, high, low) * (canvas.height - 1)),
});

const range = (lines: readonly PlotLine[]): readonly [number, number] | undefined => {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of lines)
    for (const value of values)
      if (Number.isFinite(value)) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
  return min <= max ? [min, max] : undefined;
};

/** The row of each column in which the line was last; -1 where it was not. Infinite values are marked at the edge. */
const drawLine = (
  canvas: Canvas,
  place: Place,
  line: PlotLine,
  joined: number,
  owner: number,
  rules: (typeof RULES)[keyof typeof RULES],
): Int16Array => {
  const rows = new Int16Array(canvas.width / canvas.across).fill(-1);
  const bottom = canvas.height / canvas.down - 1;
  let before: { readonly x: number; readonly y: number; readonly time: number } | undefined;
  line.times.forEach((time, index) => {
    const value = line.values[index] as number;
    const x = place.x(time);
    const column = Math.floor(x / canvas.across);
    if (!Number.isFinite(value)) {
      before = undefined;
      if (Number.isNaN(value)) return;
      canvas.letter(column, value > 0 ? 0 : bottom, value > 0 ? rules.above : rules.below, owner);
      return;
    }
    const now = { x, y: place.y(value), time };
    const isJoined = before !== undefined && time - before.time <= joined;
    canvas.line(isJoined && before !== undefined ? before : now, now, owner);
    rows[column] = Math.floor(now.y / canvas.down);
    const goesOn =
      (line.times[index + 1] as number) - time <= joined && Number.isFinite(line.values[index + 1] as number);
    // One dot by itself is hard to see.
    if (!isJoined && !goesOn) canvas.letter(column, rows[column] as number, rules.alone, owner);
    before = now;
  });
  return rows;
};

/** Letters along a line, not beside those of the others, and at least one wherever there is room for it. */
const markLine = (canvas: Canvas, rows: Int16Array, owner: number, lines: number): void => {
  const letter = MARKS[owner] as string;
  let placed = false;
  const put = (column: number): void => {
    const row = rows[column] as number;
    if (row < 0 || MARKS.includes(canvas.letterAt(column, row) || '?')) return;
    canvas.letter(column, row, letter, owner);
    placed = true;
  };
  const first = Math.floor(((owner + 0.5) * MARK_EVERY) / lines);
  for (let column = first; column < rows.length; column += MARK_EVERY) {
    // Not each column has a point of its own.
    let near = column;
    while (near < rows.length - 1 && near < column + 4 && (rows[near] as number) < 0) near++;
    put(near);
  }
  for (let column = 0; !placed && column < rows.length; column++) put(column);
};

/** The labels of the value axis by row; where two would be in one row, the first. */
const labelRows = (canvas: Canvas, place: Place, axis: ValueAxis): ReadonlyMap<number, string> => {
  const labels = new Map<number, string>();
  for (const { value, label } of axis.ticks) {
    const row = Math.floor(place.y(value) / canvas.down);
    if (!labels.has(row)) labels.set(row, label);
  }
  return labels;
};

/** The axis of times and its labels, each under its place as far as there is room. */
export const timeRows = (
  shape: Pick<PlotShape, 'from' | 'to' | 'glyphs' | 'faint'>,
  columns: number,
  margin: number,
): readonly string[] => {
  const rules = RULES[shape.glyphs === 'ascii' ? 'ascii' : 'plain'];
  const axis: string[] = Array.from({ length: columns }, () => rules.horizontal);
  const labels: string[] = Array.from({ length: columns }, () => ' ');
  let free = 0;
  for (const { time, label } of timeTicks(shape.from, shape.to, columns)) {
    const column = Math.round(((time - shape.from) / (shape.to - shape.from)) * (columns - 1));
    const start = Math.max(0, Math.min(columns - label.length, column - (label.length >> 1)));
    axis[column] = rules.down;
    if (start < free) continue;
    for (let at = 0; at < label.length; at++) labels[start + at] = label[at] as string;
    free = start + label.length + 1;
  }
  const blank = ' '.repeat(margin);
  return [`${blank}${shape.faint(rules.corner + axis.join(''))}`, `${blank} ${labels.join('').trimEnd()}`];
};

/** Exactly as many rows as are asked for, at least four, of at most so many cells. */
export const drawPlot = (lines: readonly PlotLine[], shape: PlotShape): readonly string[] => {
  const rules = RULES[shape.glyphs === 'ascii' ? 'ascii' : 'plain'];
  const height = Math.max(2, shape.height - AXIS_ROWS);
  const [min, max] = range(lines) ?? [0, 1];
  const axis = valueAxis(
    min,
    max,
    shape.unit,
    1 + Math.max(1, Math.floor((height - 1) / (height < 9 ? 2 : 3))),
  );
  const ascii = (text: string): string =>
    shape.glyphs === 'ascii' ? text.replaceAll('°', '').replaceAll('µ', 'u') : text;
  const margin = Math.max(...axis.ticks.map(({ label }) => widthOf(ascii(label)))) + 1;
  const columns = Math.max(8, shape.width - margin - 1);
  const canvas = createCanvas(columns, height, shape.glyphs, (owner) =>
    lines.length > 1 ? (MARKS[owner] as string) : '*',
  );
  const place = placeIn(canvas, shape, axis);
  const traces = lines.map((line, owner) => drawLine(canvas, place, line, shape.joined, owner, rules));
  if (lines.length > 1)
    for (const [owner, rows] of traces.entries()) markLine(canvas, rows, owner, lines.length);
  const labels = labelRows(canvas, place, axis);
  const zero = axis.low < 0 && axis.high > 0 ? Math.floor(place.y(0) / canvas.down) : -1;
  const rows = Array.from({ length: height }, (_, row) => {
    const label = ascii(labels.get(row) ?? '');
    const edge = labels.has(row) ? rules.tick : rules.vertical;
    const drawn = canvas.row(row, shape.paint, row === zero ? rules.zero : ' ').trimEnd();
    return `${' '.repeat(margin - 1 - widthOf(label))}${label} ${shape.faint(edge)}${drawn}`;
  });
  return [...rows, ...timeRows(shape, columns, margin)];
};
