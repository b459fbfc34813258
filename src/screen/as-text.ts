/** A grid as text: for people without a terminal, and for tests. */

import { CONTINUED, type Grid } from './cells.js';
import { describeStyle } from './style.js';

/** The character of a cell with its accents; '' for the second half of a wide one. */
export const glyphAt = ({ codes, marks }: Grid, at: number): string => {
  const code = codes[at] as number;
  if (code === CONTINUED) return '';
  const mark = marks[at] as number;
  if (mark === 0) return String.fromCodePoint(code);
  const second = mark >>> 16;
  return String.fromCodePoint(code, mark & 0xffff) + (second === 0 ? '' : String.fromCharCode(second));
};

const rowsOf = (grid: Grid, rowText: (from: number, to: number) => string): string => {
  let out = '';
  for (let y = 0; y < grid.height; y++) out += `${rowText(y * grid.width, (y + 1) * grid.width).trimEnd()}\n`;
  return out;
};

/** One line a row, without the spaces at its end. */
export const toText = (grid: Grid): string =>
  rowsOf(grid, (from, to) => {
    let line = '';
    for (let at = from; at < to; at++) line += glyphAt(grid, at);
    return line;
  });

/** The same with styles: `load ⟦warning+bold⟧4.51⟦⟧ 1.20`; what stands in no brackets is plain. */
export const toAnnotated = (grid: Grid): string =>
  rowsOf(grid, (from, to) => {
    let line = '';
    let style = 0;
    for (let at = from; at < to; at++) {
      const next = grid.styles[at] as number;
      if (next !== style) line += next === 0 ? '⟦⟧' : `⟦${describeStyle(next)}⟧`;
      style = next;
      line += glyphAt(grid, at);
    }
    return style === 0 ? line : `${line}⟦⟧`;
  });
