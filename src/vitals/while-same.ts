/** What has not changed since the last reading is not parsed again: most disks and interfaces are idle most of the time. */

import { madeOf } from '../core/made.js';

/** Keeps what `make` made of a text, and gives the same again while the text stays the same. */
export const whileSame = <T>(make: (text: string) => T): ((text: string) => T) => {
  let last: { readonly text: string; readonly made: T } | undefined;
  return (text) => {
    if (last === undefined || last.text !== text) last = { text, made: make(text) };
    return last.made;
  };
};

/**
 * The same for texts of which each line stands for itself: of one that has changed those lines alone are made anew that are not as
 * they were in their place. Lines of which nothing is made are left out.
 */
export const linesWhileSame = <T>(
  make: (line: string) => T | undefined,
): ((text: string) => readonly T[]) => {
  let last: { readonly lines: readonly string[]; readonly made: readonly (T | undefined)[] } | undefined;
  return whileSame((text) => {
    const lines = text.split('\n');
    const made = lines.map((line, index) => (line === last?.lines[index] ? last.made[index] : make(line)));
    last = { lines, made };
    return madeOf(made, (one) => one);
  });
};
