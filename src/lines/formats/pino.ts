/** pino, and what is told from it by a field: bunyan and sysmon's own records. */

import type { LineContext } from '../format.js';
import { levelOf, levelOfNumber } from '../levels.js';
import type { Fields, Level, Value } from '../line.js';
import { epochMs, momentOf } from './epoch.js';
import { messageIn } from './json.js';
import { logLine, type RecordFormat, recordFormat, textOf } from './record.js';

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
const quickTime = (line: string): number | undefined => {
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

/** bunyan's README, "Core fields": all of them are always there, and v is 0. */
export const bunyan = recordFormat({
  name: 'bunyan',
  title: "bunyan's JSON",
  read: (record, context) => {
    const { v, level, name, hostname, pid, time, msg } = record;
    if (v !== 0 || typeof level !== 'number' || typeof pid !== 'number' || typeof msg !== 'string')
      return undefined;
    if (typeof name !== 'string' || typeof hostname !== 'string') return undefined;
    return logLine(record, momentOf(time, context), levelOfNumber(level, 'pino'), msg);
  },
});

const KINDS: ReadonlySet<Value | undefined> = new Set('sample start stop gap lost alert schema'.split(' '));

/** sysmon's own log. What a person reads first is the sentence of an alert, and the kind of any other record. */
export const sysmon: RecordFormat = recordFormat({
  name: 'sysmon',
  title: "sysmon's own log",
  read: (record, context) => {
    const { level, time, host, msg, v } = record;
    if (typeof level !== 'number' || typeof time !== 'number' || typeof host !== 'string') return undefined;
    if (typeof v !== 'number' || !KINDS.has(msg)) return undefined;
    const message = msg === 'alert' ? (textOf(record['text']) ?? msg) : textOf(msg);
    return logLine(record, momentOf(time, context), levelOfNumber(level, 'pino'), message);
  },
  timeOf: (line, context) => quickTime(line) ?? sysmon.parse(line, context)?.time,
});
