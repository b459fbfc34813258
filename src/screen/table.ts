/** Rows of a group as lines: a name, a bar where there is room, and numbers under headings that stand in the title line. */

import { clean } from '../core/clean.js';
import type { Row } from '../core/sample.js';
import { cutMiddle, widthOf } from '../core/width.js';
import { type Area, areaOf, put } from './cells.js';
import { markedStyle, markOf, severityOf } from './mark.js';
import type { Panel, Scene } from './panel.js';
import { STYLE } from './style.js';
import { drawRule, drawTitle, type Piece, piecesThatFit, putPieces, staleText } from './title.js';

export interface Column {
  readonly heading: string;
  /** Cells of its widest value. */
  readonly width: number;
  /** What is shown, and whose alerts mark it. */
  readonly field: string;
  readonly text: (value: number | undefined) => string;
  /** Where it is not a field of the row itself. */
  readonly derive?: (row: Row, scene: Scene) => number | undefined;
}

export interface Table {
  readonly group: string;
  /** The most important first: the last ones are left out where there is no room. */
  readonly columns: readonly Column[];
  readonly nameOf: (row: Row, scene: Scene) => string;
  /** What is said of a row beside its name. */
  readonly notesOf?: (row: Row, scene: Scene) => readonly Piece[];
  readonly drawBar?: (area: Area, scene: Scene, row: Row) => void;
}

/** Between columns; the mark of a value stands in it. */
const GAP = 2;
const LEAST_NAME = 8;
/** What is left of a name beside a note. */
const LEAST_NOTED = 4;
const LEAST_BAR = 6;
const MOST_BAR = 24;

/** A name from the machine, made safe and cut where it is too long. */
export const fitName = (name: string, width: number, scene: Scene): string => {
  const safe = clean(name);
  const fitting = cutMiddle(safe, width);
  return scene.glyphs === 'ascii' && fitting !== safe ? fitting.replace('…', '~') : fitting;
};

const columnsThatFit = (columns: readonly Column[], width: number): number => {
  let used = LEAST_NAME;
  let count = 0;
  for (const column of columns) {
    used += GAP + column.width;
    if (used > width) break;
    count++;
  }
  return count;
};

/** Cells left of the first number. */
const leftOf = (columns: readonly Column[], count: number, width: number): number => {
  let left = width;
  for (let index = 0; index < count; index++) left -= (columns[index] as Column).width + GAP;
  return left;
};

const drawHeadings = (area: Area, scene: Scene, panel: Panel, table: Table, note: string): void => {
  if (staleText(scene, panel) !== undefined) {
    drawTitle(area, scene, panel);
    return;
  }
  const used = drawRule(area, scene, panel);
  const count = columnsThatFit(table.columns, area.width);
  let right = leftOf(table.columns, count, area.width);
  if (note !== '' && used + 3 + note.length < right) put(area, used + 1, 0, ` ${note} `, STYLE.dim);
  for (let index = 0; index < count; index++) {
    const { heading, width } = table.columns[index] as Column;
    right += GAP + width;
    const x = right - heading.length;
    put(area, x - 1, 0, ` ${heading}`, STYLE.label);
    if (right < area.width) put(area, right, 0, ' ');
  }
};

/** Nothing moving steps back, so that what moves is seen. */
const quietStyle = (value: number | undefined): number =>
  value === undefined || value === 0 ? STYLE.dim : STYLE.plain;

const drawNumbers = (area: Area, scene: Scene, table: Table, row: Row, y: number, count: number): void => {
  let right = leftOf(table.columns, count, area.width);
  for (let index = 0; index < count; index++) {
    const { width, field, text, derive } = table.columns[index] as Column;
    right += GAP + width;
    const value = derive === undefined ? row.numbers[field] : derive(row, scene);
    const severity = severityOf(scene.frame, table.group, row.id, field);
    const mark = markOf(severity);
    const plain = text(value);
    const said = (scene.glyphs === 'ascii' ? plain.replace('µ', 'u') : plain) + mark;
    // The mark stands beyond the column, except in the last one.
    const end = Math.min(area.width, right + mark.length);
    put(area, end - said.length, y, said, markedStyle(severity, quietStyle(value)));
  }
};

/** Cells for names and for bars between them and the numbers. */
const shareLeft = (
  table: Table,
  scene: Scene,
  rows: readonly Row[],
  left: number,
): { readonly name: number; readonly bar: number } => {
  if (table.drawBar === undefined) return { name: left, bar: 0 };
  let longest = LEAST_NAME;
  for (const row of rows)
    if ((table.notesOf?.(row, scene) ?? []).length === 0)
      longest = Math.max(longest, widthOf(clean(table.nameOf(row, scene))));
  const bar = Math.min(MOST_BAR, left - longest - 1);
  return bar < LEAST_BAR ? { name: left, bar: 0 } : { name: left - bar - 1, bar };
};

/** A name and what is said of it, which has the place of the bar; what does not fit beside a short name is left out. */
const drawNoted = (area: Area, scene: Scene, name: string, notes: readonly Piece[]): void => {
  const spaced = notes.map(({ text, style = STYLE.plain }) => ({ text: `  ${text}`, style }));
  const fitting = piecesThatFit(spaced, area.width - LEAST_NOTED);
  const wanted = fitting.reduce((sum, { text }) => sum + text.length, 0);
  const x = put(area, 0, 0, fitName(name, Math.max(LEAST_NOTED, area.width - wanted), scene));
  putPieces(area, x, 0, fitting);
};

/** The first line that is shown of so many, of which `height` have room. */
export const firstShown = (scene: Scene, panel: Panel, lines: number, height: number): number =>
  Math.max(0, Math.min(scene.view.scrolled[panel.name] ?? 0, lines - height));

/** Draws the title line and under it rows from the one scrolled to on; gives the lines it took. */
export const drawTable = (
  area: Area,
  scene: Scene,
  panel: Panel,
  table: Table,
  rows: readonly Row[],
): number => {
  const height = area.height - 1;
  const first = firstShown(scene, panel, rows.length, height);
  const last = Math.min(rows.length, first + height);
  const note = rows.length > height ? `${first + 1}-${last} of ${rows.length}` : '';
  drawHeadings(area, scene, panel, table, note);
  const count = columnsThatFit(table.columns, area.width);
  const left = leftOf(table.columns, count, area.width);
  const widths = shareLeft(table, scene, rows, left);
  for (let index = first; index < last; index++) {
    const row = rows[index] as Row;
    const y = 1 + index - first;
    const notes = table.notesOf?.(row, scene) ?? [];
    if (notes.length > 0) drawNoted(areaOf(area, 0, y, left, 1), scene, table.nameOf(row, scene), notes);
    else {
      put(area, 0, y, fitName(table.nameOf(row, scene), widths.name, scene));
      if (widths.bar > 0) table.drawBar?.(areaOf(area, widths.name + 1, y, widths.bar, 1), scene, row);
    }
    drawNumbers(area, scene, table, row, y, count);
  }
  return 1 + last - first;
};
