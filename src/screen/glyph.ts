/** What a character becomes in a cell: how wide it is, and whether every terminal agrees on that. */

import { widthOfCode } from '../core/width.js';

/** The first of the letters that make flags in pairs. */
const FLAG_A = 0x1f1e6;

/**
 * Whether all terminals, of whatever year, give this character the cells that we do. Pictures got wide with Unicode 9,
 * scripts and marks are younger than some terminals, and spacing marks have no width that all agree on.
 */
export const isSure = (code: number): boolean => {
  if (code < 0x0300) return code >= 0x20;
  if (code < 0x1100)
    return (
      (code >= 0x0370 && code < 0x0530 && !(code >= 0x0483 && code < 0x048a)) ||
      (code >= 0x0531 && code < 0x0557) ||
      (code >= 0x0561 && code < 0x0588)
    );
  if (code < 0x2500)
    return (
      (code >= 0x1100 && code < 0x1160) ||
      (code >= 0x1e00 && code < 0x2000) ||
      (code >= 0x2010 && code < 0x2028) ||
      (code >= 0x2030 && code < 0x205f) ||
      (code >= 0x2070 && code < 0x20bd) ||
      (code >= 0x2100 && code < 0x231a) ||
      (code >= 0x2460 && code < 0x2500)
    );
  if (code < 0x2e80) return code < 0x25fd || (code >= 0x2800 && code < 0x2900);
  return (
    (code >= 0x3000 && code < 0x302a) ||
    (code >= 0x3041 && code < 0x3097) ||
    (code >= 0x309b && code < 0x3100) ||
    (code >= 0x3105 && code < 0x312d) ||
    (code >= 0x3131 && code < 0x318f) ||
    (code >= 0x3400 && code < 0x4db6) ||
    (code >= 0x4e00 && code < 0x9fa6) ||
    (code >= 0xac00 && code < 0xd7a4) ||
    (code >= 0xf900 && code < 0xfa2e) ||
    (code >= 0xff01 && code < 0xff9e) ||
    (code >= 0xffe0 && code < 0xffe7) ||
    (code >= 0x20000 && code < 0x2a6d7)
  );
};

/** Accents that every terminal puts on the letter before: those of Unicode 1 to 3. */
export const isSureMark = (code: number): boolean => code >= 0x0300 && code < 0x034f;

/** Cells of a character; what is drawn often is told without a look into tables. */
export const glyphWidth = (code: number): 0 | 1 | 2 => {
  if (code < 0x0300 || (code >= 0x2500 && code < 0x25fd) || (code >= 0x2800 && code < 0x2900)) return 1;
  if ((code >= 0x4e00 && code < 0xa000) || (code >= 0xac00 && code < 0xd7a4)) return 2;
  return widthOfCode(code);
};

/** What is drawn for a character: letters that would make a flag, one or two or four cells wide, are plain letters; blanks are one blank. */
export const shownAs = (code: number): number => {
  if (code === 0xa0) return 0x20;
  return code >= FLAG_A && code < FLAG_A + 26 ? code - FLAG_A + 0x41 : code;
};

/** Whether a character without width is drawn: joiners and choosers of a form are not, for terminals differ on what they make. */
export const isDrawnMark = (code: number): boolean =>
  code < 0x10000 &&
  !(code >= 0xfe00 && code < 0xfe10) &&
  !(code >= 0x200b && code < 0x2010) &&
  !(code >= 0x2028 && code < 0x2070) &&
  !(code >= 0x180b && code < 0x1810) &&
  code !== 0x034f;
