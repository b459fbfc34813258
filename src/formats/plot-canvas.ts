/** A drawing in a terminal's cells: dots and lines finer than a cell, and letters. Each cell knows whose it is, for its colour. */

import { BRAILLE, BRAILLE_DOTS, type Glyphs } from '../core/glyphs.js';

/** A point in dots, from the upper left corner; whole numbers. */
export interface Dot {
  readonly x: number;
  readonly y: number;
}

export interface Canvas {
  /** In dots. */
  readonly width: number;
  readonly height: number;
  /** Dots of one cell. */
  readonly across: number;
  readonly down: number;
  readonly line: (from: Dot, to: Dot, owner: number) => void;
  /** A letter in place of a cell's dots. */
  readonly letter: (column: number, row: number, letter: string, owner: number) => void;
  /** The letter there, '' for none. */
  readonly letterAt: (column: number, row: number) => string;
  /** A row as text; `paint` colours what an owner drew. Cells without dots are `blank`. */
  readonly row: (row: number, paint: (text: string, owner: number) => string, blank?: string) => string;
}

const DOTS: Readonly<Record<Glyphs, { readonly across: number; readonly down: number }>> = {
  braille: { across: 2, down: 4 },
  blocks: { across: 1, down: 2 },
  ascii: { across: 1, down: 1 },
};

/** The bit of a dot in its cell. */
const bitOf = (glyphs: Glyphs, x: number, y: number): number =>
  glyphs === 'braille' ? (BRAILLE_DOTS[x as 0 | 1][(3 - y) as 0 | 1 | 2 | 3] as number) : 1 << y;

const HALVES = ' ▀▄█';

const glyphOf = (glyphs: Glyphs, bits: number): string =>
  glyphs === 'braille' ? String.fromCharCode(BRAILLE + bits) : (HALVES[bits] as string);

const NOBODY = -1;

/** An empty drawing of so many cells; where there are only letters to draw with, `sign` is the one of an owner. */
export const createCanvas = (
  columns: number,
  rows: number,
  glyphs: Glyphs,
  sign: (owner: number) => string,
): Canvas => {
  const { across, down } = DOTS[glyphs];
  const bits = new Uint8Array(columns * rows);
  const owners = new Int16Array(columns * rows).fill(NOBODY);
  const letters: string[] = [];

  const dot = (x: number, y: number, owner: number): void => {
    if (x < 0 || y < 0 || x >= columns * across || y >= rows * down) return;
    const column = Math.floor(x / across);
    const row = Math.floor(y / down);
    const at = row * columns + column;
    bits[at] = (bits[at] as number) | bitOf(glyphs, x - column * across, y - row * down);
    owners[at] = owner;
  };

  return {
    width: columns * across,
    height: rows * down,
    across,
    down,
    // Bresenham, "Algorithm for computer control of a digital plotter" (1965), for all directions.
    line: (from, to, owner) => {
      const dx = Math.abs(to.x - from.x);
      const dy = -Math.abs(to.y - from.y);
      const stepX = from.x < to.x ? 1 : -1;
      const stepY = from.y < to.y ? 1 : -1;
      let { x, y } = from;
      for (let error = dx + dy; ; ) {
        dot(x, y, owner);
        if (x === to.x && y === to.y) return;
        const twice = 2 * error;
        if (twice >= dy) {
          error += dy;
          x += stepX;
        }
        if (twice <= dx) {
          error += dx;
          y += stepY;
        }
      }
    },
    letter: (column, row, letter, owner) => {
      if (column < 0 || row < 0 || column >= columns || row >= rows) return;
      letters[row * columns + column] = letter;
      owners[row * columns + column] = owner;
    },
    letterAt: (column, row) => letters[row * columns + column] ?? '',
    row: (row, paint, blank = ' ') => {
      let text = '';
      // What one owner drew side by side is painted at once.
      let run = '';
      let owner = NOBODY;
      const end = (): void => {
        text += owner === NOBODY ? run : paint(run, owner);
        run = '';
      };
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        const mine = owners[at] as number;
        if (mine !== owner) {
          end();
          owner = mine;
        }
        const dots = bits[at] as number;
        run += letters[at] ?? (dots === 0 ? blank : glyphs === 'ascii' ? sign(mine) : glyphOf(glyphs, dots));
      }
      end();
      return text;
    },
  };
};
