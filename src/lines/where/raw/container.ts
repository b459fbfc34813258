/** An object or a list that begins somewhere in a line of JSON. */

import type { Value } from '../../line.js';

/** All up to the next bracket outside of a text, on the same line. */
const TO_BRACKET = /[^"{}[\]\n]*(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"[^"{}[\]\n]*)*/y;

/** Where the container that begins at `start` ends; -1 where its line ends before. */
const endOf = (text: string, start: number): number => {
  let depth = 0;
  for (let at = start; ; at = TO_BRACKET.lastIndex) {
    const character = text.charCodeAt(at);
    if (character === 0x7b || character === 0x5b) depth++;
    else if (character === 0x7d || character === 0x5d) depth--;
    else return -1;
    if (depth === 0) return at + 1;
    TO_BRACKET.lastIndex = at + 1;
    if (!TO_BRACKET.test(text)) return -1;
  }
};

const NOT_ASCII = /[\x80-\xff]/;

/** UTF-8 whose bytes stand as characters. */
export const decode = (bytes: string): string =>
  NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;

/** The container that begins at `start`; undefined where it is none. */
export const readContainer = (text: string, start: number): Value | undefined => {
  const end = endOf(text, start);
  if (end < 0) return undefined;
  try {
    return JSON.parse(decode(text.slice(start, end))) as Value;
  } catch {
    return undefined;
  }
};
