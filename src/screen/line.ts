/** A panel of one row: its title, a bar or a trace, and the essential in words. */

import { formatDuration } from '../core/duration.js';
import { type Area, addAttributes, areaOf, put } from './cells.js';
import { staleOf } from './frame.js';
import type { Panel, Scene } from './panel.js';
import { DIM, STYLE } from './style.js';
import { type Piece, piecesThatFit, putPieces } from './title.js';

/** The longest title and a blank, so that panels of one row stand in columns. */
const TITLE = 12;
const BAR = 8;
/** Where the words begin. */
export const LINE_START = TITLE + BAR + 2;

/** Makes numbers step back that are not of this moment. */
export const fadeStale = (area: Area, scene: Scene, panel: Panel): void => {
  if (staleOf(scene.frame, panel.groups) !== undefined) addAttributes(area, DIM);
};

/** Draws the row; `bar` draws into an area of one row and a few cells. Pieces that do not fit are left out from the end. */
export const drawLine = (
  area: Area,
  scene: Scene,
  panel: Panel,
  pieces: readonly Piece[],
  bar?: (area: Area) => void,
): void => {
  const focused = scene.view.focus === panel.name;
  put(area, 0, 0, panel.title, focused ? STYLE.selected : STYLE.title);
  let x = TITLE;
  const stale = staleOf(scene.frame, panel.groups);
  if (stale !== undefined) {
    const old = stale.age > 0 ? `! ${formatDuration(Math.round(stale.age))} old` : `! ${stale.reason}`;
    x += put(area, x, 0, old, STYLE.warning) + 2;
  } else if (bar !== undefined && area.width >= TITLE + BAR + 16) {
    bar(areaOf(area, x, 0, BAR, 1));
    x += BAR + 2;
  }
  const rest = areaOf(area, x, 0, area.width - x, 1);
  putPieces(rest, 0, 0, piecesThatFit(pieces, rest.width));
  if (stale !== undefined) addAttributes(rest, DIM);
};
