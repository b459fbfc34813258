/** What breaks a threshold, in words: a line an alert, the more serious first. */

import { clean } from '../core/clean.js';
import { type Area, put } from './cells.js';
import type { ShownAlert } from './frame.js';
import { markOf } from './mark.js';
import { shortDuration } from './numbers.js';
import type { Scene } from './panel.js';
import { STYLE } from './style.js';
import { type Piece, putPieces } from './title.js';

/** Rows of the screen for one row of alerts. */
const SCREEN_ROWS = 12;
const MOST = 5;

/** Rows that alerts take on a screen of this height: none where there are none. */
export const rowsOfAlerts = ({ frame }: Scene, height: number): number =>
  Math.min(frame.alerts.length, MOST, Math.max(1, Math.floor(height / SCREEN_ROWS)));

const piecesOf = ({ state, text, since }: ShownAlert, now: number): readonly Piece[] => [
  { text: `${markOf(state).padEnd(2)} ${state.toUpperCase()}`, style: STYLE[state] },
  { text: ` for ${shortDuration(Math.max(0, (now - since) / 1000))}: `, style: STYLE.dim },
  { text: clean(text) },
];

/** Draws as many as there are rows, and how many more there are. */
export const drawAlerts = (area: Area, { frame }: Scene): void => {
  const now = frame.sample?.time ?? frame.now;
  for (let y = 0; y < area.height; y++) {
    const alert = frame.alerts[y];
    if (alert === undefined) return;
    putPieces(area, 0, y, piecesOf(alert, now));
  }
  const more = frame.alerts.length - area.height;
  if (more <= 0 || area.height === 0) return;
  const text = ` +${more} more`;
  put(area, Math.max(0, area.width - text.length), area.height - 1, text, STYLE.warning);
};
