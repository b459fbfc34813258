/** JSON has other spellings for plain characters: a line that uses one of them for a character that a scan looks for may be wanted. */

import type { Scan } from './scan.js';

const ESCAPED = /\\u00([2-7][0-9a-fA-F])/g;

/** Lines in which one of these ASCII characters is written as `\u00XX`. */
export const escapesOf = (characters: string): Scan => {
  const codes = new Set([...characters].map((character) => character.charCodeAt(0)));
  return (text, from) => {
    // Most texts have none: a plain search is twice as fast.
    for (let at = text.indexOf('\\u00', from); at >= 0; at = text.indexOf('\\u00', at + 1)) {
      ESCAPED.lastIndex = at;
      const found = ESCAPED.exec(text);
      if (found === null) return -1;
      if (codes.has(Number.parseInt(found[1] as string, 16))) return found.index;
      at = found.index;
    }
    return -1;
  };
};
