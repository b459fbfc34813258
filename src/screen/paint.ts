/** What a terminal has to be sent so that it shows a grid: only what changed, in few bytes. */

import { glyphAt } from './as-text.js';
import { BLANK, CONTINUED, copyGrid, createGrid, type Grid } from './cells.js';
import { isSure, isSureMark } from './glyph.js';
import type { Pen } from './sgr.js';

export interface Painter {
  /**
   * What turns the screen as it was last painted into this grid; '' where nothing changed. Whoever asks sends it: the
   * next one builds on it. `synchronised` wraps it so that the terminal shows it at once (mode 2026).
   */
  readonly paint: (grid: Grid, synchronised?: boolean) => string;
  /** The screen shows something else by now: the next paint is whole. */
  readonly forget: () => void;
}

const ESC = '\u001b';
const UNKNOWN = -1;

const digits = (n: number): number =>
  n < 10 ? 1 : n < 100 ? 2 : n < 1000 ? 3 : 4 + Math.floor(Math.log10(n / 1000));

/** Bytes of UTF-8. */
const bytesOf = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** Bytes of `CSI n X`, where 1 is left out. */
const stepBytes = (n: number): number => (n === 1 ? 3 : 3 + digits(n));

const csi = (n: number, final: string): string => `${ESC}[${n === 1 ? '' : n}${final}`;

/** Whether every terminal goes on exactly where this cell ends. */
const isSureCell = (grid: Grid, at: number): boolean => {
  const marks = grid.marks[at] as number;
  if (marks !== 0 && !(isSureMark(marks & 0xffff) && (marks >>> 16 === 0 || isSureMark(marks >>> 16))))
    return false;
  const code = grid.codes[at] as number;
  return code === CONTINUED || isSure(code);
};

/** The most cells that some terminal could take for this cell, which is not sure. */
const reachOf = (grid: Grid, at: number): number => {
  const marks = grid.marks[at] as number;
  return 2 + (marks === 0 ? 0 : marks >>> 16 === 0 ? 1 : 2);
};

export const openPainter = (pen: Pen): Painter => {
  let shown: Grid | undefined;
  let out = '';
  let column = UNKNOWN;
  let line = UNKNOWN;
  let style = 0;

  const isBlank = (grid: Grid, at: number): boolean =>
    grid.codes[at] === BLANK && grid.marks[at] === 0 && !pen.isSeen(grid.styles[at] as number);

  const isSame = (one: Grid, other: Grid, at: number): boolean => {
    if (one.codes[at] !== other.codes[at] || one.marks[at] !== other.marks[at]) return false;
    return one.styles[at] === other.styles[at] || (isBlank(one, at) && isBlank(other, at));
  };

  /** Bytes of writing unchanged cells again, from where the cursor is in its row up to x; Infinity above `most`. */
  const gapBytes = (grid: Grid, from: number, to: number, most: number): number => {
    let bytes = 0;
    const row = line * grid.width;
    for (let x = from; x < to && bytes <= most; x++) {
      const at = row + x;
      const code = grid.codes[at] as number;
      if (code === CONTINUED) continue;
      const plain = isBlank(grid, at) && !pen.isSeen(style);
      if ((!plain && grid.styles[at] !== style) || grid.marks[at] !== 0 || !isSure(code)) return Infinity;
      bytes += bytesOf(code);
    }
    return bytes <= most ? bytes : Infinity;
  };

  /** Forward in the row, from a column that is known. */
  const forward = (grid: Grid, x: number): void => {
    if (x === column) return;
    const step = stepBytes(x - column);
    if (gapBytes(grid, column, x, step) <= step)
      for (let gap = column; gap < x; gap++) out += glyphAt(grid, line * grid.width + gap);
    else out += csi(x - column, 'C');
  };

  const moveTo = (grid: Grid, x: number, y: number): void => {
    if (y === line && column !== UNKNOWN && column <= x) forward(grid, x);
    else if (y === line) out += x === 0 ? '\r' : csi(x + 1, 'G');
    else {
      const absolute = 3 + (y === 0 && x === 0 ? 0 : digits(y + 1)) + (x === 0 ? 0 : 1 + digits(x + 1));
      const down = line === UNKNOWN ? Infinity : y - line;
      const feed = 1 + down + (x === 0 ? 0 : stepBytes(x));
      if (column === x && stepBytes(down) < Math.min(feed, absolute)) out += csi(down, 'B');
      // A line feed alone goes to the first column in some modes, so it always does.
      else if (feed < absolute) {
        out += `\r${'\n'.repeat(down)}`;
        line = y;
        column = 0;
        forward(grid, x);
      } else out += x === 0 ? (y === 0 ? `${ESC}[H` : `${ESC}[${y + 1}H`) : `${ESC}[${y + 1};${x + 1}H`;
    }
    column = x;
    line = y;
  };

  /** Writes one cell; a character whose width is not sure stands on blanks, and the cursor is set anew after it. */
  const write = (grid: Grid, x: number, y: number): number => {
    const at = y * grid.width + x;
    const next = grid.styles[at] as number;
    moveTo(grid, x, y);
    if (!isBlank(grid, at) || pen.isSeen(style)) {
      out += pen.between(style, next);
      style = next;
    }
    const wide = x + 1 < grid.width && grid.codes[at + 1] === CONTINUED;
    const sure = isSureCell(grid, at);
    if (!sure) out += (wide ? '  ' : ' ') + (x === 0 ? '\r' : csi(x + 1, 'G'));
    out += glyphAt(grid, at);
    const after = x + (wide ? 2 : 1);
    // At the right edge terminals differ on where the cursor is.
    column = sure && after < grid.width ? after : UNKNOWN;
    return sure ? after : x + Math.max(after - x, reachOf(grid, at));
  };

  /**
   * The first cell that has to be written so that this one can be. Some terminals put a character that is not sure onto
   * the one before it: both are written then, as far back as they hang together.
   */
  const startOf = (before: Grid, grid: Grid, row: number, x: number, done: number): number => {
    let start = x;
    while (
      start > done &&
      (grid.codes[row + start] === CONTINUED ||
        !isSureCell(before, row + start) ||
        !isSureCell(grid, row + start))
    )
      start--;
    return start;
  };

  const paintRow = (before: Grid, grid: Grid, y: number): void => {
    const { width } = grid;
    const row = y * width;
    let first = 0;
    while (first < width && isSame(before, grid, row + first)) first++;
    if (first === width) return;
    let last = width - 1;
    while (isSame(before, grid, row + last)) last--;
    let tail = width;
    while (tail > 0 && isBlank(grid, row + tail - 1)) tail--;
    // Cells before `covered` are written whether they changed or not, and those before `done` have been.
    let covered = 0;
    let done = 0;
    for (let x = first; x <= last || x < Math.min(covered, width) || x === done; x++) {
      const at = row + x;
      if (x >= width) return;
      if (grid.codes[at] === CONTINUED) continue;
      const hangs = x === done && x > 0 && !isSureCell(grid, at);
      if (x >= covered && !hangs && isSame(before, grid, at)) continue;
      const start = startOf(before, grid, row, x, done);
      if (start < x) {
        covered = Math.max(covered, x + 1);
        x = start;
      }
      if (x >= tail && Math.max(last + 1, covered) - x > 3) {
        moveTo(grid, x, y);
        if (pen.isSeen(style)) {
          out += pen.between(style, 0);
          style = 0;
        }
        out += `${ESC}[K`;
        return;
      }
      covered = Math.max(covered, write(grid, x, y));
      done = x + (x + 1 < width && grid.codes[row + x + 1] === CONTINUED ? 2 : 1);
    }
  };

  const paint = (grid: Grid, synchronised = false): string => {
    out = '';
    column = UNKNOWN;
    line = UNKNOWN;
    if (shown === undefined || shown.width !== grid.width || shown.height !== grid.height) {
      shown = createGrid(grid.width, grid.height);
      style = 0;
      column = 0;
      line = 0;
      out = `${pen.plain}${ESC}[H${ESC}[2J`;
    }
    for (let y = 0; y < grid.height; y++) paintRow(shown, grid, y);
    if (out === '') return '';
    // The next frame begins plain, whoever writes to the terminal between the two.
    out += pen.between(style, 0);
    style = 0;
    copyGrid(grid, shown);
    return synchronised ? `${ESC}[?2026h${out}${ESC}[?2026l` : out;
  };

  return {
    paint,
    forget: () => {
      shown = undefined;
    },
  };
};
