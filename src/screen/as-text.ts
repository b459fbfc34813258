/** A grid as text: for people without a terminal. */

import { CONTINUED, type Grid } from './cells.js';

/** The character of a cell with its accents; '' for the second half of a wide one. */
export const glyphAt = ({ codes, marks }: Grid, at: number): string => {
  const code = codes[at] as number;
  if (code === CONTINUED) return '';
  const mark = marks[at] as number;
  if (mark === 0) return String.fromCodePoint(code);
  const second = mark >>> 16;
  return String.fromCodePoint(code, mark & 0xffff) + (second === 0 ? '' : String.fromCharCode(second));
};

/** One line a row, without the spaces at its end. */
export const toText = (grid: Grid): string => {
  let out = '';
  for (let y = 0; y < grid.height; y++) {
    let line = '';
    for (let at = y * grid.width; at < (y + 1) * grid.width; at++) line += glyphAt(grid, at);
    out += `${line.trimEnd()}\n`;
  }
  return out;
};
