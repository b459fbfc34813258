/** A terminal emulator to paint on, and its screen held against a grid. */

import { createRequire } from 'node:module';
import type { Terminal as Headless } from '@xterm/headless';
import { glyphAt } from '../../src/screen/as-text.js';
import { CONTINUED, type Grid } from '../../src/screen/cells.js';
import { isSure, isSureMark } from '../../src/screen/glyph.js';
import { type Look, lookOf, THEME } from '../../src/screen/style.js';

const require = createRequire(import.meta.url);
const { Terminal } = require('@xterm/headless') as typeof import('@xterm/headless');
const { Unicode11Addon } = require('@xterm/addon-unicode11') as typeof import('@xterm/addon-unicode11');

/** Whose widths of characters the terminal has: pictures take one cell in 6, two in 11. */
export type UnicodeVersion = '6' | '11';

export interface Emulator {
  readonly terminal: Headless;
  readonly send: (bytes: string) => Promise<void>;
}

export const openEmulator = (cols: number, rows: number, version: UnicodeVersion = '11'): Emulator => {
  const terminal = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 50 });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = version;
  return { terminal, send: (bytes) => new Promise((resolve) => terminal.write(bytes, resolve)) };
};

/** Rows of the emulated screen, without the spaces at their ends. */
export const screenText = ({ terminal }: Emulator): string => {
  const { active } = terminal.buffer;
  let out = '';
  for (let y = 0; y < terminal.rows; y++)
    out += `${active
      .getLine(active.baseY + y)
      ?.translateToString(true)
      .trimEnd()}\n`;
  return out;
};

const sureAt = (grid: Grid, at: number): boolean => {
  const mark = grid.marks[at] as number;
  return (
    isSure(grid.codes[at] as number) &&
    (mark === 0 || (isSureMark(mark & 0xffff) && (mark >>> 16 === 0 || isSureMark(mark >>> 16))))
  );
};

const flags = ({ bold, dim, underline, reverse, ink, paper }: Look): string =>
  `${bold ? 'b' : ''}${dim ? 'd' : ''}${underline ? 'u' : ''}${reverse ? 'r' : ''} ${ink ?? '-'} ${paper ?? '-'}`;

/** On a blank only what can be seen of it. */
const seen = (chars: string, look: Look): string =>
  flags(
    chars !== ' '
      ? look
      : {
          ...(look.underline && { underline: true, ...(look.ink !== undefined && { ink: look.ink }) }),
          ...(look.reverse && { reverse: true, ...(look.ink !== undefined && { ink: look.ink }) }),
          ...(look.paper !== undefined && { paper: look.paper }),
        },
  );

/**
 * Where the screen shows other than the grid, at most ten places. Of characters whose width terminals disagree on, only
 * that they, or their accents, stay in their place is asked, unless `exact` knows the emulator to agree.
 */
export const differences = (
  { terminal }: Emulator,
  grid: Grid,
  exact: (glyph: string) => boolean = () => false,
): readonly string[] => {
  const { active } = terminal.buffer;
  const found: string[] = [];
  for (let y = 0; y < grid.height; y++) {
    const line = active.getLine(active.baseY + y);
    for (let x = 0; x < grid.width && found.length < 10; x++) {
      const at = y * grid.width + x;
      const glyph = glyphAt(grid, at);
      const cell = line?.getCell(x);
      if (grid.codes[at] === CONTINUED) continue;
      const chars = cell?.getChars() || ' ';
      if (!sureAt(grid, at) && !exact(glyph)) {
        // One that takes no cell there stands on the cell before, its accents alone in its place.
        if (chars !== ' ' && ![...glyph].some((code) => chars.startsWith(code)))
          found.push(`${x},${y}: ${JSON.stringify(chars)} is neither blank nor ${JSON.stringify(glyph)}`);
        continue;
      }
      const wide = x + 1 < grid.width && grid.codes[at + 1] === CONTINUED;
      const next = x + (wide ? 2 : 1);
      // What an older terminal takes for an accent stands on the character before.
      const hangs = next < grid.width && !sureAt(grid, y * grid.width + next) && chars.startsWith(glyph);
      if (chars !== glyph && !hangs)
        found.push(`${x},${y}: ${JSON.stringify(chars)} is not ${JSON.stringify(glyph)}`);
      if (cell?.getWidth() !== (wide ? 2 : 1)) found.push(`${x},${y}: ${glyph} takes ${cell?.getWidth()}`);
      const look: Look = {
        bold: cell?.isBold() !== 0,
        dim: cell?.isDim() !== 0,
        underline: cell?.isUnderline() !== 0,
        reverse: cell?.isInverse() !== 0,
        ...(!cell?.isFgDefault() && { ink: cell?.getFgColor() as number }),
        ...(!cell?.isBgDefault() && { paper: cell?.getBgColor() as number }),
      };
      const want = seen(glyph, lookOf(grid.styles[at] as number, THEME));
      if (seen(glyph, look) !== want)
        found.push(`${x},${y}: ${glyph} looks ${seen(glyph, look)}, not ${want}`);
    }
  }
  return found;
};
