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
}

/** Puts pieces one after the other and gives the cells they took. */
export const putPieces = (area: Area, x: number, y: number, pieces: readonly Piece[]): number => {
  let at = x;
  for (const { text, style } of pieces) at += put(area, at, y, text, style);
  return at - x;
};

/** How old a panel's numbers are and why, where they are not of this moment. */
export const staleText = (scene: Scene, panel: Panel): string | undefined => {
  const stale = staleOf(scene.frame, panel.groups);
  if (stale === undefined) return undefined;
  return stale.age > 0
    ? `! ${formatDuration(Math.round(stale.age))} old: ${stale.reason}`
    : `! ${stale.reason}`;
};

/**
 * Draws `── Title ── what there is to say ─────` over the first row; what does not fit is cut at its end. Where a group of the
 * panel could not be read it says so instead.
 */
export const drawTitle = (area: Area, scene: Scene, panel: Panel, right: readonly Piece[] = []): void => {
  const line = scene.glyphs === 'ascii' ? '-' : '─';
  put(area, 0, 0, line.repeat(area.width), STYLE.border);
  const focused = scene.view.focus === panel.name;
  const used = put(area, 1, 0, ` ${panel.title} `, focused ? STYLE.selected : STYLE.title);
  const stale = staleText(scene, panel);
  const pieces: readonly Piece[] = stale === undefined ? right : [{ text: stale, style: STYLE.warning }];
  if (pieces.length === 0) return;
  const wanted = pieces.reduce((sum, { text }) => sum + widthOf(text), 0) + 2;
  const x = Math.max(used + 2, area.width - wanted - 1);
  putPieces(area, x, 0, [{ text: ' ' }, ...pieces, { text: ' ' }]);
};
