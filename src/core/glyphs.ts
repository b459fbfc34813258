/** What graphs are drawn with. */

/** What the terminal's font has: dots of braille, parts of blocks, or only letters and signs. */
export type Glyphs = 'braille' | 'blocks' | 'ascii';

export const BRAILLE = 0x2800;

/** Dots of braille from the bottom up, of the left and of the right half of a cell (Unicode, chapter 21.1). */
export const BRAILLE_DOTS = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;
