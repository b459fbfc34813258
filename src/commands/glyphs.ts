/** What this terminal can draw with. */

import type { Glyphs } from '../core/glyphs.js';
import type { World } from '../world.js';

/** Braille needs UTF-8, and the Linux console has no font for it. */
export const glyphsFrom = (given: Glyphs | undefined, { env }: Pick<World, 'env'>): Glyphs => {
  if (given !== undefined) return given;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (!/utf-?8/i.test(locale)) return 'ascii';
  return env['TERM'] === 'linux' ? 'blocks' : 'braille';
};
