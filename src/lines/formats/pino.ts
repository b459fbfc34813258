/** pino's JSON. */

import type { LineContext } from '../format.js';
import { levelOf, levelOfNumber } from '../levels.js';
import type { Fields, Level, Value } from '../line.js';
import { epochMs, momentOf } from './epoch.js';
import { messageIn } from './json.js';
import { logLine, type RecordFormat, recordFormat } from './record.js';

/**
 * How pino begins a line. A field of the same name comes later in the line and is not the line's own (pino's documentation,
 * "Duplicate keys"), though for JSON.parse the last one counts.
 */
const HEAD = /^\{"level":(\d{2,9}|"\w*"),"time":(?:(\d{9,19})|"([^"\\]*)")[,}]/;

interface Head {
  readonly level: Value;
  readonly time: number | undefined;
}

const headOf = (text: string, context: LineContext): Head | undefined => {
  const [, level, number, stamp] = HEAD.exec(text) ?? [];
  if (level === undefined) return undefined;
  const time = number === undefined ? momentOf(stamp, context) : epochMs(Number(number));
  return { level: level.startsWith('"') ? level.slice(1, -1) : Number(level), time };
};

const levelOfValue = (level: Value | undefined): Level | undefined =>
  typeof level === 'number'
    ? levelOfNumber(level, 'pino')
    : typeof level === 'string'
      ? levelOf(level)
      : undefined;

const NUMBERS = /^\{"level":[1-9]\d{1,8},"time":(\d{9,19})[,}]/;

/** The time by the first two fields, where these are enough to know the line by. Only here a torn line that ends in a brace has one. */
export const quickTime = (line: string): number | undefined => {
  const time = line.endsWith('}') ? NUMBERS.exec(line)?.[1] : undefined;
  return time === undefined ? undefined : epochMs(Number(time));
};

/** Its level is a number from 10 on, or, with a formatter, a word beside pid and hostname, which bunyan and logrus have not so. */
const isPino = (record: Fields, time: number | undefined): boolean => {
  const { level, pid, hostname } = record;
  const base = typeof pid === 'number' && typeof hostname === 'string';
  if (typeof level === 'number') return level >= 8 && (base || time !== undefined);
  return typeof level === 'string' && base && time !== undefined;
};

export const pino: RecordFormat = recordFormat({
  name: 'pino',
  title: "pino's JSON",
  read: (record, context, text) => {
    const head = headOf(text, context);
    const time = head?.time ?? momentOf(record['time'], context);
    if (!isPino(record, time)) return undefined;
    return logLine(record, time, levelOfValue(head?.level ?? record['level']), messageIn(record));
  },
  timeOf: (line, context) => quickTime(line) ?? pino.parse(line, context)?.time,
});
