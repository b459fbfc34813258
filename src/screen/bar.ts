/** Bars, traces and graphs of the past, in the glyphs of the scene. */

import type { Glyphs } from '../core/glyphs.js';
import { type Area, areaOf, put } from './cells.js';
import { drawGraph, drawMirrored, type Ink, valuesPerCell } from './graph.js';
import { drawMeter } from './meter.js';
import { shortDuration } from './numbers.js';
import type { Scene } from './panel.js';
import { STYLE } from './style.js';

/** What the graphs call it. */
const INKS: Readonly<Record<Glyphs, Ink>> = { braille: 'braille', blocks: 'block', ascii: 'ascii' };

export const inkOf = ({ glyphs }: Scene): Ink => INKS[glyphs];

/** Values of the past that a graph of this width shows. */
export const slotsIn = (scene: Scene, width: number): number => width * valuesPerCell(inkOf(scene));

/** A part of a bar. */
export interface Part {
  readonly value: number | undefined;
  readonly style: number;
}

/** Draws parts of a whole over the area's first row, and a quiet track where there are none. */
export const drawBar = (
  area: Area,
  scene: Scene,
  total: number | undefined,
  parts: readonly Part[],
): void => {
  const texts = drawMeter(
    parts.map(({ value }) => value),
    total ?? 0,
    area.width,
    inkOf(scene),
  );
  let x = 0;
  for (let index = 0; index < parts.length; index++)
    x += put(area, x, 0, texts[index] ?? '', parts[index]?.style);
  const track = scene.glyphs === 'ascii' ? '.' : '░';
  put(area, x, 0, track.repeat(Math.max(0, area.width - x)), STYLE.border);
};

/** Draws a share of 100 as a bar. */
export const drawShare = (
  area: Area,
  scene: Scene,
  percent: number | undefined,
  style: number = STYLE.graph,
): void => drawBar(area, scene, 100, [{ value: percent, style }]);

/** Draws values over the area's first row. */
export const drawTrace = (
  area: Area,
  scene: Scene,
  values: readonly number[],
  max?: number,
  style: number = STYLE.graph,
): void => {
  const shape = { width: area.width, height: 1, ink: inkOf(scene), ...(max !== undefined && { max }) };
  put(area, 0, 0, drawGraph(values, shape)[0] ?? '', style);
};

/** Cells of the scale at the left of a graph. */
export const SCALE = 6;
/** Rows from which on a graph has its times below it. */
const TIMED = 4;

const pictureOf = (area: Area): Area => {
  const tall = area.height >= TIMED ? area.height - 1 : area.height;
  return areaOf(area, SCALE, 0, area.width - SCALE, tall);
};

/** Values that a graph in this area shows. */
export const slotsOf = (area: Area, scene: Scene): number => slotsIn(scene, pictureOf(area).width);

const putScale = (area: Area, y: number, text: string): void => {
  put(area, Math.max(0, SCALE - 1 - text.length), y, text, STYLE.dim, SCALE - 1);
};

/** Spans that are said in one number, s. */
const ROUND_SPANS = [
  10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** How long ago the oldest value shown was, s; undefined where the past is shorter than that. */
const spanOf = ({ frame }: Scene, slots: number): number | undefined => {
  const oldest = frame.trail.times(slots)[0];
  return oldest === undefined || Number.isNaN(oldest) || frame.sample === undefined
    ? undefined
    : (frame.sample.time - oldest) / 1000;
};

/** A round time where it lies; the time of the left edge where a gap makes times between uneven. */
const drawTimes = (area: Area, scene: Scene, picture: Area): void => {
  if (picture.height === area.height || picture.width < 16) return;
  const y = area.height - 1;
  put(area, SCALE, y, (scene.glyphs === 'ascii' ? '-' : '─').repeat(picture.width), STYLE.border);
  put(area, area.width - 4, y, ' now', STYLE.dim);
  const slots = slotsOf(area, scene);
  const usual = slots * scene.frame.interval;
  const span = spanOf(scene, slots);
  if (span !== undefined && Math.abs(span - usual) > 2 * scene.frame.interval + usual / 20) {
    put(area, SCALE, y, `-${shortDuration(span)} `, STYLE.dim);
    return;
  }
  let round = ROUND_SPANS[0] as number;
  for (const one of ROUND_SPANS) if (one < usual) round = one;
  const text = `-${shortDuration(round)} `;
  const x = Math.round(picture.width * (1 - round / usual));
  if (x >= 0 && x + text.length + 5 < picture.width)
    put(area, SCALE + x, y, x === 0 ? text : ` ${text}`, STYLE.dim);
};

/** A scale beside nothing would look like a broken graph. */
const anyKnown = (values: readonly number[]): boolean => {
  for (let at = values.length - 1; at >= 0; at--) if (!Number.isNaN(values[at])) return true;
  return false;
};

const putRows = (area: Area, rows: readonly string[], from: number, to: number, style: number): void => {
  for (let y = from; y < to; y++) put(area, 0, y, rows[y] ?? '', style);
};

/** Draws a past with its scale at the left and, where there are rows, its times below. */
export const drawPast = (
  area: Area,
  scene: Scene,
  values: readonly number[],
  max: number,
  scale: (value: number) => string,
  style: number = STYLE.graph,
): void => {
  const picture = pictureOf(area);
  if (picture.width <= 0 || picture.height <= 0) return;
  if (!anyKnown(values)) return;
  const { width, height } = picture;
  putRows(picture, drawGraph(values, { width, height, max, ink: inkOf(scene) }), 0, height, style);
  putScale(area, 0, scale(max));
  if (height > 1) putScale(area, height - 1, '0');
  if (height > 4) putScale(area, Math.floor((height - 1) / 2), scale(max / 2));
  drawTimes(area, scene, picture);
};

export interface Half {
  readonly name: string;
  readonly values: readonly number[];
}

/** Draws two pasts, one hanging below the other on one scale, with their names beside. */
export const drawBoth = (
  area: Area,
  scene: Scene,
  upper: Half,
  lower: Half,
  max: number,
  scale: (value: number) => string,
): void => {
  const picture = pictureOf(area);
  if (picture.width <= 0 || picture.height <= 0) return;
  if (!anyKnown(upper.values) && !anyKnown(lower.values)) return;
  const { width, height } = picture;
  const rows = drawMirrored(upper.values, lower.values, { width, height, max, ink: inkOf(scene) });
  const middle = Math.ceil(height / 2);
  putRows(picture, rows, 0, middle, STYLE.graph);
  putRows(picture, rows, middle, height, STYLE.graph2);
  putScale(area, 0, scale(max));
  if (height > 3) {
    putScale(area, 1, upper.name);
    putScale(area, height - 2, lower.name);
  }
  if (height > 1) putScale(area, height - 1, scale(max));
  drawTimes(area, scene, picture);
};
