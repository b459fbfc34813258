/** Which lines are wanted for their time, level and fields. */

import type { LineContext, LineFormat } from './format.js';
import { LEVELS, type Level, type LogLine } from './line.js';
import type { Selector } from './matcher.js';
import type { Where } from './where/index.js';
import { compileScan } from './where/raw/index.js';

export interface SelectorOptions {
  /** ms since 1970, both ends included. */
  readonly since?: number;
  readonly until?: number;
  /** This level and those that are more serious. */
  readonly level?: Level;
  readonly where?: Where;
  readonly format: LineFormat;
  readonly context: LineContext;
}

/** Formats whose lines are JSON objects and whose fields are what JSON.parse makes of them. */
const PLAIN_JSON = new Set(['sysmon', 'json', 'pino', 'bunyan', 'winston', 'logrus']);

/** `pino+json` are two, tried in turn. */
const isPlainJson = ({ name }: LineFormat): boolean => name.split('+').every((one) => PLAIN_JSON.has(one));

/**
 * Tests lines by what their format reads in them. What cannot be told is not made up: a line without a time is in no range of
 * times, one without a level is at least of none, and one that the format does not know has no fields at all; such lines are left out.
 * Lines that continue another are asked for with it, as one unit, and go by its first line.
 */
export const openSelector = ({ since, until, level, where, format, context }: SelectorOptions): Selector => {
  const earliest = since ?? Number.NEGATIVE_INFINITY;
  const latest = until ?? Number.POSITIVE_INFINITY;
  const asksTime = since !== undefined || until !== undefined;
  const asksMore = level !== undefined || where !== undefined;
  const least = level === undefined ? 0 : LEVELS.indexOf(level);

  const isInTime = (time: number | undefined): boolean =>
    time !== undefined && time >= earliest && time <= latest;

  const isWanted = (line: LogLine): boolean =>
    (!asksTime || isInTime(line.time)) &&
    (level === undefined || (line.level !== undefined && LEVELS.indexOf(line.level) >= least)) &&
    (where === undefined || where.test(line));

  const accept = (unit: string): boolean => {
    const end = unit.indexOf('\n');
    const first = end < 0 ? unit : unit.slice(0, end);
    const line = first.endsWith('\r') ? first.slice(0, -1) : first;
    if (asksTime && format.timeOf !== undefined) {
      if (!isInTime(format.timeOf(line, context))) return false;
      if (!asksMore) return true;
    }
    const parsed = format.parse(line, context);
    return parsed !== undefined && isWanted(parsed);
  };
  const next = where !== undefined && isPlainJson(format) ? compileScan(where.expression) : undefined;
  return next === undefined ? { accept } : { accept, next };
};
