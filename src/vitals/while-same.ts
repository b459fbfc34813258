/** What has not changed since the last reading is not parsed again: most disks and interfaces are idle most of the time. */

import { madeOf } from '../core/made.js';

/**
 * The same for texts of which each line stands for itself: only those are made anew that are not as they were in their place. It
 * leaves out lines of which nothing is made, and gives the very same list again while nothing in it has changed.
 */
export const linesWhileSame = <T>(
  make: (line: string) => T | undefined,
): ((text: string) => readonly T[]) => {
  let text: string | undefined;
  let lines: readonly string[] = [];
  let made: readonly (T | undefined)[] = [];
  let found: readonly T[] = [];
  return (now) => {
    if (now === text) return found;
    const [linesBefore, madeBefore] = [lines, made];
    lines = now.split('\n');
    made = lines.map((line, index) => (line === linesBefore[index] ? madeBefore[index] : make(line)));
    found = madeOf(made, (one) => one);
    text = now;
    return found;
  };
};

/** Keeps what `make` made of a text, and gives the same again while the text and all else it depends on stay the same. */
export const whileSame = <T, Else>(
  make: (text: string, other: Else) => T,
): ((text: string, other: Else) => T) => {
  let last: { readonly text: string; readonly other: Else; readonly made: T } | undefined;
  return (text, other) => {
    if (last === undefined || last.text !== text || last.other !== other)
      last = { text, other, made: make(text, other) };
    return last.made;
  };
};
