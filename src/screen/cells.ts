/**
 * What stands on a screen: a grid of cells in typed arrays, and areas of it that text is put into.
 *
 * No text gets into a cell uncleaned, and no half of a wide character stands alone: whatever cuts one leaves blanks.
 */

import { clean } from '../core/clean.js';
import { glyphWidth, isDrawnMark, shownAs } from './glyph.js';
import type { Style } from './style.js';

export interface Grid {
  readonly width: number;
  readonly height: number;
  /** The code point of each cell, row by row; CONTINUED where the wide character of the cell before goes on. */
  readonly codes: Uint32Array;
  /** Up to two accents on it, the first in the low 16 bits; 0 for none. */
  readonly marks: Uint32Array;
  readonly styles: Uint32Array;
}

export const CONTINUED = 0;
export const BLANK = 0x20;

/** A rectangle of a grid. Everything put into it is clipped at its edges. */
export interface Area {
  readonly grid: Grid;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An empty grid. A side of less than one cell gives none. */
export const createGrid = (width: number, height: number): Grid => {
  const columns = Math.max(0, Math.floor(width));
  const rows = Math.max(0, Math.floor(height));
  const size = columns * rows;
  return {
    width: columns,
    height: rows,
    codes: new Uint32Array(size).fill(BLANK),
    marks: new Uint32Array(size),
    styles: new Uint32Array(size),
  };
};

/** Makes a grid empty again, for the next frame. */
export const clearGrid = (grid: Grid): void => {
  grid.codes.fill(BLANK);
  grid.marks.fill(0);
  grid.styles.fill(0);
};

/** Makes `to` what `from` is; both have one size. */
export const copyGrid = (from: Grid, to: Grid): void => {
  to.codes.set(from.codes);
  to.marks.set(from.marks);
  to.styles.set(from.styles);
};

export const wholeOf = (grid: Grid): Area => ({ grid, x: 0, y: 0, width: grid.width, height: grid.height });

/** A rectangle inside of an area, clipped to it. */
export const areaOf = (area: Area, x: number, y: number, width: number, height: number): Area => {
  const left = Math.min(Math.max(0, x), area.width);
  const top = Math.min(Math.max(0, y), area.height);
  const right = Math.min(Math.max(left, x + width), area.width);
  const bottom = Math.min(Math.max(top, y + height), area.height);
  return { grid: area.grid, x: area.x + left, y: area.y + top, width: right - left, height: bottom - top };
};

/** Before cells `from` up to `to` of a row change: blanks the halves that a wide character at either edge would leave. */
const cut = ({ codes, marks }: Grid, from: number, to: number, rowEnd: number): void => {
  if (codes[from] === CONTINUED) {
    codes[from - 1] = BLANK;
    marks[from - 1] = 0;
  }
  if (to < rowEnd && codes[to] === CONTINUED) codes[to] = BLANK;
};

const set = ({ codes, marks, styles }: Grid, at: number, code: number, style: Style): void => {
  codes[at] = code;
  marks[at] = 0;
  styles[at] = style;
};

/** Adds an accent to the character of a cell; a third one is left out, so that nothing piles up over other rows. */
const addMark = ({ marks }: Grid, at: number, mark: number): void => {
  const there = marks[at] as number;
  if (there === 0) marks[at] = mark;
  else if (there >>> 16 === 0) marks[at] = there | (mark << 16);
};

/** Puts the characters that are not plain; `column` is where the next one goes. Gives the column after the last one. */
const putAny = (
  grid: Grid,
  row: number,
  column: number,
  from: number,
  to: number,
  text: string,
  style: Style,
) => {
  const rowEnd = row + grid.width;
  let at = column;
  // Where a mark joins: nowhere before the first character, nor after one that was clipped.
  let base = -1;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code < 0xdc00) code = text.codePointAt(i++) as number;
    code = shownAs(code);
    const width = glyphWidth(code);
    if (width === 0) {
      if (base >= 0 && isDrawnMark(code)) addMark(grid, base, code);
      continue;
    }
    if (at >= to) break;
    const first = row + at;
    base = -1;
    if (at >= from && at + width <= to) {
      cut(grid, first, first + width, rowEnd);
      set(grid, first, code, style);
      if (width === 2) set(grid, first + 1, CONTINUED, style);
      base = first;
    } else if (width === 2 && (at >= from || at + 1 === from)) {
      // Half of it would be seen.
      const half = row + Math.max(at, from);
      cut(grid, half, half + 1, rowEnd);
      set(grid, half, BLANK, style);
    }
    at += width;
  }
  return Math.min(at, to);
};

/**
 * Puts a text at a place of the area and gives the cells from there on that it takes there, at most `most`. It is
 * cleaned; what does not fit is cut off, a wide character as a whole.
 */
export const put = (
  area: Area,
  x: number,
  y: number,
  text: string,
  style: Style = 0,
  most = Infinity,
): number => {
  if (y < 0 || y >= area.height) return 0;
  const { grid } = area;
  const row = (area.y + y) * grid.width;
  const start = area.x + x;
  const from = Math.max(start, area.x);
  const to = Math.min(area.x + area.width, start + Math.max(0, most));
  if (from >= to) return 0;
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (
      code < 0x20 ||
      (code > 0x7e && !(code >= 0x2500 && code < 0x25fd) && !(code >= 0x2800 && code < 0x2900))
    ) {
      // An accent may follow the character before, so that one is put again.
      const back = i > 0 ? 1 : 0;
      return putAny(grid, row, at - back, from, to, clean(text.slice(i - back)), style) - start;
    }
    if (at >= to) break;
    if (at >= from) {
      const cell = row + at;
      cut(grid, cell, cell + 1, row + grid.width);
      set(grid, cell, code, style);
    }
    at++;
  }
  return Math.min(at, to) - start;
};

/** Fills the area with one character of one cell. */
export const fill = (area: Area, style: Style = 0, character = ' '): void => {
  const code = character.codePointAt(0) as number;
  const { grid } = area;
  if (area.width === 0) return;
  for (let y = area.y; y < area.y + area.height; y++) {
    const from = y * grid.width + area.x;
    const to = from + area.width;
    cut(grid, from, to, (y + 1) * grid.width);
    grid.codes.fill(glyphWidth(code) === 1 && code >= BLANK ? code : BLANK, from, to);
    grid.marks.fill(0, from, to);
    grid.styles.fill(style, from, to);
  }
};

/** Adds attributes such as REVERSE to what stands in the area; a wide character has them in both halves or in none. */
export const addAttributes = (area: Area, attributes: Style): void => {
  const { codes, styles, width } = area.grid;
  for (let y = area.y; y < area.y + area.height; y++) {
    let from = y * width + area.x;
    let to = from + area.width;
    if (area.width > 0 && codes[from] === CONTINUED) from++;
    if (area.width > 0 && to < (y + 1) * width && codes[to] === CONTINUED) to++;
    for (let at = from; at < to; at++) styles[at] = (styles[at] as number) | attributes;
  }
};
