/** How many cells of a terminal a text takes, and cutting it to fit. */

/** Two cells: East Asian wide and fullwidth of Unicode 16 (Standard Annex 11), which includes what is shown as a picture. */
const makeWide = (): RegExp =>
  new RegExp(
    `[${[
      String.raw`\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2630-\u2637`,
      String.raw`\u2648-\u2653\u267f\u268a-\u268f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea`,
      String.raw`\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797`,
      String.raw`\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u2e80-\u303e\u3041-\u3247\u3250-\ua4cf\ua960-\ua97c\uac00-\ud7a3`,
      String.raw`\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6`,
      String.raw`\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f004}\u{1f0cf}\u{1f18e}`,
      String.raw`\u{1f191}-\u{1f19a}\u{1f200}-\u{1f320}\u{1f32d}-\u{1f335}\u{1f337}-\u{1f37c}\u{1f37e}-\u{1f393}`,
      String.raw`\u{1f3a0}-\u{1f3ca}\u{1f3cf}-\u{1f3d3}\u{1f3e0}-\u{1f3f0}\u{1f3f4}\u{1f3f8}-\u{1f43e}\u{1f440}`,
      String.raw`\u{1f442}-\u{1f4fc}\u{1f4ff}-\u{1f53d}\u{1f54b}-\u{1f54e}\u{1f550}-\u{1f567}\u{1f57a}\u{1f595}\u{1f596}`,
      String.raw`\u{1f5a4}\u{1f5fb}-\u{1f64f}\u{1f680}-\u{1f6c5}\u{1f6cc}\u{1f6d0}-\u{1f6d2}\u{1f6d5}-\u{1f6df}`,
      String.raw`\u{1f6eb}\u{1f6ec}\u{1f6f4}-\u{1f6ff}\u{1f7e0}-\u{1f7f0}\u{1f90c}-\u{1f93a}\u{1f93c}-\u{1f945}`,
      String.raw`\u{1f947}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}`,
    ].join('')}]`,
    'u',
  );

/**
 * None: accents on the character before, what joins or chooses characters, the vowels and finals that Hangul composes
 * onto a syllable's first letter, and the skin tone of the picture before. Format characters that are seen, such as the
 * Arabic number sign, do take a cell.
 */
const makeZero = (): RegExp =>
  /(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff\p{Emoji_Modifier}]/u;

/** Only letters, digits and signs of one cell each. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Made for the first text that is not plain: Node takes its time to look up what Unicode says, and most texts are. */
let patterns: { readonly zero: RegExp; readonly wide: RegExp } | undefined;

const cells = (character: string): 0 | 1 | 2 => {
  patterns ??= { zero: makeZero(), wide: makeWide() };
  return patterns.zero.test(character) ? 0 : patterns.wide.test(character) ? 2 : 1;
};

/** Cells that the character of this code point takes; it must be no control character. */
export const widthOfCode = (code: number): 0 | 1 | 2 => cells(String.fromCodePoint(code));

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
