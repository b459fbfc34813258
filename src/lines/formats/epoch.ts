/** Times as machines write them: numbers since 1970, in whatever unit, and the objects some libraries make of them. */

import type { LineContext } from '../format.js';
import type { Fields, Value } from '../line.js';
import { parseStamp } from '../times.js';

/** From 1973 to 2286 in each unit; what lies between the units is no time, nor are small numbers such as durations. */
const UNITS: readonly (readonly [least: number, most: number, toMs: (number: number) => number])[] = [
  [1e8, 1e10, (seconds) => seconds * 1e3],
  [1e11, 1e13, (ms) => ms],
  [1e14, 1e16, (us) => us / 1e3],
  [1e17, 1e19, (ns) => ns / 1e6],
];

/** ms since 1970 of seconds, ms, µs or ns since then, told by their size; undefined for a number that is no time. */
export const epochMs = (number: number): number | undefined => {
  for (const [least, most, toMs] of UNITS) if (number >= least && number < most) return toMs(number);
  return undefined;
};

const NUMBER = /^\d{9,19}(?:\.\d+)?(?:e\+?\d\d?)?$|^\d\.\d+e\+?\d\d$/i;

const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Google's protocol buffers, log4j's JsonLayout, MongoDB's extended JSON, loguru. */
const objectMs = (value: Fields, context: LineContext): number | undefined => {
  const seconds = value['seconds'] ?? value['epochSecond'];
  if (seconds !== undefined) {
    const nanos = Number(value['nanos'] ?? value['nanoOfSecond'] ?? 0);
    return epochMs(Number(seconds) + (Number.isFinite(nanos) ? nanos : 0) / 1e9);
  }
  const inner = value['$date'] ?? value['timestamp'];
  return inner === undefined || isFields(inner) ? undefined : momentOf(inner, context);
};

/** The moment that a value of a record is, in ms since 1970; undefined where it is none. */
export const momentOf = (value: Value | undefined, context: LineContext): number | undefined => {
  if (typeof value === 'number') return epochMs(value);
  if (typeof value === 'string')
    return NUMBER.test(value) ? epochMs(Number(value)) : parseStamp(value, context);
  return isFields(value) ? objectMs(value, context) : undefined;
};
