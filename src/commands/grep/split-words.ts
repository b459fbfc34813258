/** Which of the words is the PATTERN and which are FILEs. */

import { statOf } from '../texts/stat.js';

/**
 * Whether a word names something that is there; `-` is standard input. A dot is any character, as in `grep -c . FILE`, and a folder only where
 * folders are gone through.
 */
export const isFile = (word: string, recurses: boolean): boolean =>
  word === '-' || ((recurses || !/^\.\.?$/.test(word)) && statOf(word) !== undefined);

/**
 * As in GNU grep the first word is the PATTERN, unless it was given by -e or -f. Where lines are also asked for in other ways, it
 * may be left out: it is where the first word names a file, or there is none.
 */
export const splitWords = (
  words: readonly string[],
  hasPattern: boolean,
  mayLack: boolean,
  isThere: (word: string) => boolean,
): { readonly pattern: string | undefined; readonly files: readonly string[] } => {
  const [first, ...rest] = words;
  if (hasPattern || (mayLack && (first === undefined || isThere(first))))
    return { pattern: undefined, files: words };
  return { pattern: first, files: rest };
};
