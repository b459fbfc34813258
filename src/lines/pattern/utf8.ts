/** Characters in a text of bytes. */

/**
 * The character at an index: 8 × its code point + how many bytes it has. A byte that begins no valid UTF-8 (too long, too short, a surrogate, above
 * U+10FFFF) is no character: -1, one byte long.
 */
export const characterAt = (text: string, at: number): number => {
  const first = text.charCodeAt(at);
  if (first < 0x80) return first * 8 + 1;
  if (first < 0xc2 || first > 0xf4) return -1;
  const second = text.charCodeAt(at + 1) ^ 0x80;
  // Behind the end there is NaN, which ^ makes 0x80: too much for a byte that continues.
  if (second > 0x3f) return -1;
  if (first < 0xe0) return (((first & 0x1f) << 6) | second) * 8 + 2;
  const third = text.charCodeAt(at + 2) ^ 0x80;
  if (third > 0x3f) return -1;
  if (first < 0xf0) {
    const code = ((first & 0xf) << 12) | (second << 6) | third;
    return code < 0x800 || (code >= 0xd800 && code < 0xe000) ? -1 : code * 8 + 3;
  }
  const fourth = text.charCodeAt(at + 3) ^ 0x80;
  if (fourth > 0x3f) return -1;
  const code = ((first & 7) << 18) | (second << 12) | (third << 6) | fourth;
  return code < 0x10000 || code > 0x10ffff ? -1 : code * 8 + 4;
};

export const codeOf = (character: number): number => character >> 3;
export const lengthOf = (character: number): number => (character < 0 ? 1 : character & 7);

/** The bytes of a character, as a text in which each character is one. */
export const bytesOf = (code: number): string => Buffer.from(String.fromCodePoint(code)).toString('latin1');
