/** The CPU: what it is used for, its past, and each core. */

import type { Row } from '../../core/sample.js';
import { formatValue } from '../../core/units.js';
import { drawPast, drawShare, drawTrace, slotsIn, slotsOf } from '../bar.js';
import { type Area, areaOf, put } from '../cells.js';
import { detailsIn, rowsIn } from '../frame.js';
import { drawLine, fadeStale, LINE_START } from '../line.js';
import { markedPiece, markedStyle, markOf, severityOf } from '../mark.js';
import { shortPercent, withPercent } from '../numbers.js';
import type { Panel, Scene } from '../panel.js';
import { STYLE } from '../style.js';
import { drawTitle, type Piece } from '../title.js';

const NO_ID: readonly string[] = [];
/** Cells of a core: its number, a bar, its share, and what keeps it from the next. */
const LEAST_BAR = 6;
const SHARE = 5;
const GAP = 2;
const BEST_GRAPH = 8;
/** More rows of bars than these are shown only where they are asked for. */
const MOST_CORE_ROWS = 10;
const STRIP_LABEL = 'cores ';

/** In words, as top calls it, and the field. */
const MODES = [
  ['user', 'us', 'user_percent'],
  ['system', 'sy', 'system_percent'],
  ['iowait', 'wa', 'iowait_percent'],
  ['steal', 'st', 'steal_percent'],
] as const;

/** Narrower than this there is no room for words. */
const WORDY = 56;

/** The speed of the fastest core at the last look, Hz. */
const fastest = (rows: readonly Row[]): number | undefined => {
  let most: number | undefined;
  for (const { numbers } of rows) {
    const hertz = numbers['frequency_hertz'];
    if (hertz !== undefined && !(hertz <= (most ?? 0))) most = hertz;
  }
  return most;
};

const isWaiting = (row: Row | undefined): boolean =>
  row !== undefined && row.numbers['used_percent'] === undefined;

const piecesOf = ({ frame }: Scene, width: number): readonly Piece[] => {
  const wordy = width >= WORDY;
  const row = rowsIn(frame, 'cpu')[0];
  if (isWaiting(row)) return [{ text: 'rates after the next reading', style: STYLE.dim }];
  const numbers = row?.numbers ?? {};
  const pieces: Piece[] = [
    markedPiece(frame, 'cpu', NO_ID, 'used_percent', withPercent(numbers['used_percent'])),
    { text: wordy ? ' used' : '' },
  ];
  const limit = numbers['limit_cores'];
  if (row?.texts['limited_by'] !== undefined && limit !== undefined)
    pieces.push({
      text: ` of ${Number(limit.toFixed(2))} cores${wordy ? ' (limit)' : ''}`,
      style: STYLE.label,
    });
  for (const [word, abbreviation, field] of MODES) {
    const value = numbers[field];
    if (value === undefined) continue;
    const severity = severityOf(frame, 'cpu', NO_ID, field);
    const style = markedStyle(severity, value === 0 ? STYLE.dim : STYLE.plain);
    pieces.push({
      text: `${wordy ? `  ${word}` : ` ${abbreviation}`} ${shortPercent(value)}${markOf(severity)}`,
      style,
    });
  }
  const hertz = fastest(detailsIn(frame, 'core'));
  if (hertz !== undefined) pieces.push({ text: `  ${formatValue(hertz, 'hertz')}`, style: STYLE.dim });
  return pieces;
};

const labelWidth = (rows: readonly Row[]): number => {
  let longest = 1;
  for (const { id } of rows) longest = Math.max(longest, id[0]?.length ?? 0);
  return longest;
};

const coreColumns = (rows: readonly Row[], width: number): number => {
  const cell = labelWidth(rows) + 1 + LEAST_BAR + 1 + SHARE;
  return Math.max(1, Math.min(rows.length, Math.floor((width + GAP) / (cell + GAP))));
};

const coreRows = (rows: readonly Row[], width: number): number =>
  rows.length === 0 ? 0 : Math.ceil(rows.length / coreColumns(rows, width));

/** Draws cores from a line on, side by side in as many columns as there is room for. */
const drawCores = (area: Area, scene: Scene, rows: readonly Row[], first: number): void => {
  const columns = coreColumns(rows, area.width);
  const label = labelWidth(rows);
  const cell = Math.floor((area.width + GAP) / columns) - GAP;
  const bar = cell - label - SHARE - 2;
  for (let y = 0; y < area.height; y++)
    for (let column = 0; column < columns; column++) {
      const row = rows[(first + y) * columns + column];
      if (row === undefined) return;
      const x = column * (cell + GAP);
      const used = row.numbers['used_percent'];
      const severity = severityOf(scene.frame, 'core', row.id, 'used_percent');
      put(area, x, y, (row.id[0] ?? '').padStart(label), STYLE.label, label);
      if (bar > 0) drawShare(areaOf(area, x + label + 1, y, bar, 1), scene, used);
      const text = shortPercent(used);
      const end = x + cell;
      put(area, end - text.length, y, text, markedStyle(severity, used === 0 ? STYLE.dim : STYLE.plain));
      put(area, end, y, markOf(severity), markedStyle(severity));
    }
};

/** One cell a core, where they are too many for bars. */
const drawStrip = (area: Area, scene: Scene, rows: readonly Row[]): void => {
  const glyphs = scene.glyphs === 'ascii' ? 'ascii' : 'blocks';
  // So that few cores are not a riddle.
  const from = rows.length + STRIP_LABEL.length <= area.width ? STRIP_LABEL.length : 0;
  if (from > 0 && area.height > 0) put(area, 0, 0, STRIP_LABEL, STYLE.label);
  const strip = areaOf(area, from, 0, area.width - from, area.height);
  for (let y = 0; y < strip.height; y++) {
    const shown = rows.slice(y * strip.width, (y + 1) * strip.width);
    const values = shown.map(({ numbers }) => numbers['used_percent'] ?? Number.NaN);
    drawTrace(areaOf(strip, 0, y, shown.length, 1), { ...scene, glyphs }, values, 100);
  }
};

const stripRows = (rows: readonly Row[], width: number): number =>
  Math.ceil(rows.length / Math.max(1, width));

/** Rows for the cores out of the rows there are, and whether each has a bar. */
const planCores = (
  { view }: Scene,
  rows: readonly Row[],
  width: number,
  height: number,
): { readonly tall: number; readonly bars: boolean } => {
  const wanted = coreRows(rows, width);
  if (view.cores) return { tall: Math.min(wanted, height), bars: true };
  // A graph of one row says little, but says more than nothing.
  if (wanted <= MOST_CORE_ROWS && wanted <= Math.max(height / 2, height - 4))
    return { tall: wanted, bars: true };
  const strip = stripRows(rows, width);
  return strip < height && rows.length > 1 ? { tall: strip, bars: false } : { tall: 0, bars: false };
};

/** The row of cores to begin with: scrolled by cores, since how many stand in a row depends on the width. */
const firstRow = ({ view }: Scene, rows: readonly Row[], width: number, tall: number): number => {
  const wanted = coreRows(rows, width);
  const at = Math.floor((view.scrolled['cpu'] ?? 0) / coreColumns(rows, width));
  return tall >= wanted ? 0 : Math.max(0, Math.min(at, wanted - 1));
};

const valuesOf = ({ frame }: Scene, count: number): readonly number[] =>
  frame.trail.values('cpu', NO_ID, 'used_percent', count);

export const panel: Panel = {
  name: 'cpu',
  title: 'CPU',
  groups: ['cpu', 'core'],
  charts: [{ group: 'cpu', field: 'used_percent' }],
  wish: (scene, width) => {
    if (!scene.frame.readings.has('cpu')) return undefined;
    const rows = coreRows(rowsIn(scene.frame, 'core'), width);
    if (scene.view.cores || rows <= MOST_CORE_ROWS) return { least: 3, best: 1 + BEST_GRAPH + rows };
    return { least: 3, best: 1 + BEST_GRAPH + stripRows(rowsIn(scene.frame, 'core'), width) };
  },
  lines: ({ frame, view }) => (view.cores ? rowsIn(frame, 'core').length : 0),
  draw: (area, scene) => {
    const { frame } = scene;
    const pieces = piecesOf(scene, area.height === 1 ? area.width - LINE_START : area.width);
    if (area.height === 1) {
      const used = rowsIn(frame, 'cpu')[0]?.numbers['used_percent'];
      drawLine(area, scene, panel, pieces, (bar) => drawShare(bar, scene, used));
      return;
    }
    drawTitle(area, scene, panel, pieces);
    const body = areaOf(area, 0, 1, area.width, area.height - 1);
    const cores = rowsIn(frame, 'core');
    const { tall, bars } = planCores(scene, cores, body.width, body.height);
    const graph = areaOf(body, 0, 0, body.width, body.height - tall);
    if (graph.height === 1) drawTrace(graph, scene, valuesOf(scene, slotsIn(scene, graph.width)), 100);
    else if (graph.height > 1)
      drawPast(graph, scene, valuesOf(scene, slotsOf(graph, scene)), 100, (value) => `${value}%`);
    const under = areaOf(body, 0, graph.height, body.width, tall);
    if (bars) drawCores(under, scene, cores, firstRow(scene, cores, body.width, tall));
    else drawStrip(under, scene, cores);
    fadeStale(body, scene, panel);
  },
};
