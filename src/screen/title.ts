/** The line at the head of a panel. */

import { formatDuration } from '../core/duration.js';
import { widthOf } from '../core/width.js';
import type { Area } from './cells.js';
import { put } from './cells.js';
import { staleOf } from './frame.js';
import type { Panel, Scene } from './panel.js';
import { STYLE } from './style.js';

/** A piece of text and how it looks. */
export interface Piece {
  readonly text: string;
  readonly style?: number;
  /** A label: says nothing without the piece after it. */
  readonly label?: true;
}

/** Puts pieces one after the other and gives the cells they took. */
export const putPieces = (area: Area, x: number, y: number, pieces: readonly Piece[]): number => {
  let at = x;
  for (const { text, style } of pieces) at += put(area, at, y, text, style);
  return at - x;
};

/** Pieces that fit as a whole, up to the first that does not; one that is too wide by itself is cut by who puts it. */
export const piecesThatFit = (pieces: readonly Piece[], width: number): readonly Piece[] => {
  let used = 0;
  for (let index = 0; index < pieces.length; index++) {
    used += widthOf((pieces[index] as Piece).text);
    if (used <= width) continue;
    let count = index;
    while (pieces[count - 1]?.label) count--;
    return pieces.slice(0, Math.max(1, count));
  }
  return pieces;
};

/** How old a panel's numbers are and why, where they are not of this moment. */
export const staleText = (scene: Scene, panel: Panel): string | undefined => {
  const stale = staleOf(scene.frame, panel.groups);
  if (stale === undefined) return undefined;
  return stale.age > 0
    ? `! ${formatDuration(Math.round(stale.age))} old: ${stale.reason}`
    : `! ${stale.reason}`;
};

/** The rule with the panel's name; gives the first cell after the name. */
export const drawRule = (area: Area, scene: Scene, panel: Panel): number => {
  const line = scene.glyphs === 'ascii' ? '-' : '─';
  put(area, 0, 0, line.repeat(area.width), STYLE.border);
  const focused = scene.view.focus === panel.name;
  return 1 + put(area, 1, 0, ` ${panel.title} `, focused ? STYLE.selected : STYLE.title);
};

/**
 * Draws `─ Title ───── what there is to say` over the first row; pieces that do not fit are left out from the end. Where a
 * group of the panel could not be read it says so instead.
 */
export const drawTitle = (area: Area, scene: Scene, panel: Panel, right: readonly Piece[] = []): void => {
  const used = drawRule(area, scene, panel) + 1;
  const stale = staleText(scene, panel);
  const said: readonly Piece[] = stale === undefined ? right : [{ text: stale, style: STYLE.warning }];
  if (said.length === 0) return;
  const room = area.width - used - 1;
  const pieces = piecesThatFit(said, room);
  const wanted = pieces.reduce((sum, { text }) => sum + widthOf(text), 0);
  const x = Math.max(used, area.width - wanted - 1);
  putPieces(area, x, 0, [{ text: ' ' }, ...pieces]);
};
