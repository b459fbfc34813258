/** How many cells of a terminal a text takes, and cutting it to fit. */

/** Two cells: East Asian wide and fullwidth (Unicode Standard Annex 11), and pictures. */
const WIDE =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u2614\u2615\u26a1\u2705\u2728\u274c\u2753-\u2755\u2757\u2795-\u2797\u2b50\u2b55\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** None: accents on the character before, and what joins characters. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Only letters, digits and signs of one cell each. */
const PLAIN = /^[\x20-\x7e]*$/;

const cells = (character: string): number => (ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** Cells that a text takes; it must hold no control characters. */
export const widthOf = (text: string): number => {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += cells(character);
  return width;
};

/** The longest beginning of these characters that fits. */
const takeCells = (characters: readonly string[], width: number): string => {
  let used = 0;
  let out = '';
  for (const character of characters) {
    used += cells(character);
    if (used > width) break;
    out += character;
  }
  return out;
};

/** Cuts a text in its middle, where names differ least, so that it takes at most `width` cells. */
export const cutMiddle = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text;
  if (width < 2) return '…'.slice(0, width);
  const characters = [...text];
  const start = takeCells(characters, Math.ceil((width - 1) / 2));
  const room = width - 1 - widthOf(start);
  let end = '';
  for (const character of characters.reverse()) {
    if (widthOf(character + end) > room) break;
    end = character + end;
  }
  return `${start}…${end}`;
};
