/** Times as logs write them. */

import type { LineContext } from './format.js';
import { levelOf } from './levels.js';
import { parseTight, parseUnix } from './times/number.js';
import { isDigit, isWordCode } from './times/parts.js';
import { readStamp, stampEnd } from './times/read.js';

/** Where in a line its time stands: `start` up to but not including `end`. */
export interface Stamp {
  /** ms since 1970, with a fraction where the stamp is finer. */
  readonly time: number;
  readonly start: number;
  readonly end: number;
}

const known = (time: number): number | undefined => (Number.isNaN(time) ? undefined : time);

/** `(CET)` after a date in a mail or of JavaScript, and Go's monotonic clock. */
const REMARK = /^ (?:\([^()]*\)|m=[+-][\d.]+)$/;

/**
 * The moment that a text is, all of it, in ms since 1970; undefined for what is none, and for one that cannot be told, as in a
 * zone whose name several have.
 *
 * Without a zone the context's holds, or else the local one's rules: of a time that comes twice as the clocks are set back, the
 * first is meant; one that they skip is moved on as far as they are. Without a year it is the last such moment not later
 * than `context.notAfter` and a day. A leap second is the second after it.
 */
export const parseStamp = (text: string, context: LineContext): number | undefined => {
  const time = readStamp(text, 0, context);
  if (!Number.isNaN(time) && (stampEnd === text.length || REMARK.test(text.slice(stampEnd)))) return time;
  const unix = parseUnix(text);
  return known(Number.isNaN(unix) ? parseTight(text, context) : unix);
};

/** How far from the beginning a line's own time may be. */
const NEAR = 80;

/** What no stamp begins after: it would be part of something longer. */
const goesOn = (code: number): boolean =>
  isWordCode(code) || code === 46 || code === 43 || code === 45 || code === 47 || code === 58;

/** `ts=`, `time: `. */
const TIME_NAME = /^[{"']*@?(?:time|timestamp|ts|t|date|asctime)["']?[:=]["']*$/i;

/** Brackets with anything in them, what ends in a pipe, and words that are no words of a sentence: `10.0.0.1`, `-`, `web-1`, `I,`. */
const PREFIX = /^(?:\[.*\]:?|\(.*\)|<\d+>\d*|.*\||[^\w]+|[\w.:@-]*[\d.@:-][\w.:@-]*,?|[A-Z],)$/;

/**
 * Whether a line's own time may stand after this. A sentence that names a time tells nothing of when it was written, so words
 * are not passed over, but for a level.
 */
const leadsToTime = (before: string): boolean =>
  before
    .replace(/[[("'<]+$/, '')
    .replace(/\[[^[\]]*\]/g, '[]')
    .split(/\s+/)
    .every((word) => {
      if (word === '' || TIME_NAME.test(word)) return true;
      if (levelOf(word.replace(/^[^\w[<(]+|[^\w\])>]+$/g, '')) !== undefined) return true;
      return PREFIX.test(word) && !/^[A-Za-z]+:$/.test(word);
    });

/** `[1767366245]`, as Nagios and dmesg's kin have it, and `1767366245.123 `, as Squid has it. */
const UNIX_AT_START =
  /^(?:\[(\d{10}(?:\.\d{1,9})?|\d{13}|\d{16}|\d{19})\]|(\d{10}\.(?:\d{3}|\d{6}|\d{9}))(?=\s|$))/;

/**
 * The time stamp at or near the beginning of a line: first of all, or after brackets, addresses, names with `=` and
 * levels, but not after words.
 */
export const findStamp = (line: string, context: LineContext): Stamp | undefined => {
  const first = readStamp(line, 0, context);
  if (!Number.isNaN(first)) return { time: first, start: 0, end: stampEnd };
  const [, inBrackets, bare] = UNIX_AT_START.exec(line) ?? [];
  const unix = inBrackets ?? bare;
  if (unix !== undefined) {
    const start = inBrackets === undefined ? 0 : 1;
    return { time: parseUnix(unix), start, end: start + unix.length };
  }
  const far = Math.min(line.length, NEAR);
  for (let at = 1; at < far; at++) {
    const code = line.charCodeAt(at);
    if (!isDigit(code) && !(code >= 65 && code <= 87)) continue;
    if (goesOn(line.charCodeAt(at - 1))) continue;
    const time = readStamp(line, at, context);
    if (Number.isNaN(time)) continue;
    return leadsToTime(line.slice(0, at)) ? { time, start: at, end: stampEnd } : undefined;
  }
  return undefined;
};
