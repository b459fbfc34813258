/** Which lines are wanted for their time, level and fields. */

import type { LineContext, LineFormat } from './format.js';
import { atLeast, levelOf, levelOfNumber } from './levels.js';
import type { Level, LogLine, Value } from './line.js';
import type { Selector } from './matcher.js';
import { parseUnit } from './multiline.js';
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

/** Those of them whose lines tell their level by their own `level`, a number as pino counts or a word. */
const OWN_LEVEL = new Set(['sysmon', 'pino', 'bunyan', 'logrus']);

/** `pino+json` are two, tried in turn. */
const isAllOf = (names: ReadonlySet<string>, { name }: LineFormat): boolean =>
  name.split('+').every((one) => names.has(one));

/** Whether a line whose own `level` this is may be as serious as asked for. What it is where the word is not known, its format may know. */
const mayBeLevel =
  (least: Level) =>
  (value: Value): boolean => {
    const level =
      typeof value === 'number'
        ? levelOfNumber(value, 'pino')
        : typeof value === 'string'
          ? levelOf(value)
          : undefined;
    return level === undefined || atLeast(level, least);
  };

const openScan = ({ level, where, format }: SelectorOptions): Selector['next'] => {
  if (!isAllOf(PLAIN_JSON, format)) return undefined;
  return compileScan({
    expression: where?.expression,
    mayBeLevel: level !== undefined && isAllOf(OWN_LEVEL, format) ? mayBeLevel(level) : undefined,
  });
};

/**
 * Tests lines by what their format reads in them. What cannot be told is not made up: a line without a time is in no range of
 * times, one without a level is at least of none, and one that the format does not know has no fields at all; such lines are left out.
 * Lines that continue another are asked for with it, as one unit, and go by its first line.
 */
export const openSelector = (options: SelectorOptions): Selector => {
  const { since, until, level, where, format, context } = options;
  const earliest = since ?? Number.NEGATIVE_INFINITY;
  const latest = until ?? Number.POSITIVE_INFINITY;
  const asksTime = since !== undefined || until !== undefined;
  const asksMore = level !== undefined || where !== undefined;

  const isInTime = (time: number | undefined): boolean =>
    time !== undefined && time >= earliest && time <= latest;

  const isWanted = (line: LogLine): boolean =>
    (!asksTime || isInTime(line.time)) &&
    (level === undefined || (line.level !== undefined && atLeast(line.level, level))) &&
    (where === undefined || where.test(line));

  const accept = (unit: string): boolean => {
    const end = unit.indexOf('\n');
    const first = end < 0 ? unit : unit.slice(0, end);
    const line = first.endsWith('\r') ? first.slice(0, -1) : first;
    if (asksTime && format.timeOf !== undefined) {
      if (!isInTime(format.timeOf(line, context))) return false;
      if (!asksMore) return true;
    }
    // A record that a container's runtime has cut in parts is read as a whole.
    const parsed = end < 0 ? format.parse(line, context) : parseUnit(unit, { format, context });
    return parsed !== undefined && isWanted(parsed);
  };
  const next = openScan(options);
  return next === undefined ? { accept } : { accept, next };
};
