/** What panels of devices that something goes in and out of have in common: which rows they show, and the graph of all together. */

import { isShown } from '../core/aside.js';
import type { Row } from '../core/sample.js';
import { drawBoth, slotsOf } from './bar.js';
import type { Area } from './cells.js';
import { type Frame, rowsIn } from './frame.js';
import { shortBytes } from './numbers.js';
import type { Scene, Wish } from './panel.js';
import { greatest, niceMax } from './scale.js';
import { totalPast } from './total.js';

const LEAST_GRAPH = 4;
const BEST_GRAPH = 7;
const MOST_ROWS = 12;

/** One way that bytes go: its field, and what it is called beside the graph. */
export interface Way {
  readonly field: string;
  readonly name: string;
}

export const shownRows = (frame: Frame, group: string): readonly Row[] =>
  rowsIn(frame, group).filter(isShown);

/** A title, a line a device, and the graph; nothing where this machine has no such group. */
export const wishFor = (frame: Frame, group: string): Wish | undefined => {
  if (!frame.readings.has(group)) return undefined;
  const rows = Math.max(1, shownRows(frame, group).length);
  return { least: 2, best: 1 + Math.min(MOST_ROWS, rows) + BEST_GRAPH };
};

/** Draws the bytes a second of all devices both ways on one scale, where there is room for that. */
export const drawTraffic = (
  area: Area,
  scene: Scene,
  group: string,
  rows: readonly Row[],
  [upper, lower]: readonly [Way, Way],
): void => {
  if (rows.length === 0 || area.height < LEAST_GRAPH) return;
  const slots = slotsOf(area, scene);
  const above = totalPast(scene.frame, group, rows, upper.field, slots);
  const below = totalPast(scene.frame, group, rows, lower.field, slots);
  const max = niceMax(Math.max(greatest(above) ?? 0, greatest(below) ?? 0), 1024, 1024);
  drawBoth(
    area,
    scene,
    { name: upper.name, values: above },
    { name: lower.name, values: below },
    max,
    shortBytes,
  );
};
