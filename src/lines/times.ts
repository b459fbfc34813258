/** Times as logs write them. */

import type { LineContext } from './format.js';

/** Where in a line its time stands: `start` up to but not including `end`. */
export interface Stamp {
  /** ms since 1970, with a fraction where the stamp is finer. */
  readonly time: number;
  readonly start: number;
  readonly end: number;
}

/** The moment that a text is, all of it; undefined for what is none, and for one that cannot be told. */
export const parseStamp = (text: string, _context: LineContext): number | undefined => {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};

/** The time stamp at or near the beginning of a line. */
export const findStamp = (line: string, context: LineContext): Stamp | undefined => {
  const [text] = /^\S+/.exec(line) ?? [''];
  const time = parseStamp(text, context);
  return time === undefined ? undefined : { time, start: 0, end: text.length };
};
