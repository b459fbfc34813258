/**
 * Any JSON object: the names that time, level and message have in ECS, GELF, Serilog, log4j, logback, Python's, Rust's and Go's
 * loggers, OpenTelemetry, Google Cloud, AWS Lambda, Fluent Bit, MongoDB, Suricata and nginx's own log_format.
 */

import type { LineContext } from '../format.js';
import { levelOf, levelOfNumber } from '../levels.js';
import { type Fields, LEVELS, type Level, type Value } from '../line.js';
import { momentOf } from './epoch.js';
import { logLine, recordFormat, textOf } from './record.js';

/** Where something may stand, the likeliest place first: `a/b` is field b of field a. */
interface Places {
  readonly names: readonly (readonly string[])[];
  /** The first place that begins with a name. */
  readonly rank: ReadonlyMap<string, number>;
}

const places = (text: string): Places => {
  const names = text.split(' ').map((name) => name.split('/'));
  const firsts = names.map(([first]) => first as string);
  return { names, rank: new Map(firsts.map((first) => [first, firsts.indexOf(first)])) };
};

const TIMES = places(
  '@timestamp @t time ts timestamp record/time t datetime date asctime Timestamp eventTime event_time ' +
    'instant timeMillis startTime start_time time_iso8601 time_local msec timeUnixNano Time created created_at now',
);

const LEVEL_WORDS = places(
  'level lvl severity levelname log.level log/level level_name loglevel logLevel log_level record/level prio priority ' +
    'severity_text severityText SeverityText @l Level LogLevel levelName @fields/level',
);

/** Counted as syslog counts, whoever writes them. */
const SYSLOG_NAMES: ReadonlySet<string> = new Set('severity prio priority syslog_severity'.split(' '));

const MESSAGES = places(
  'msg message event short_message record/message fields/message log text @m @mt @message Message RenderedMessage ' +
    'MessageTemplate jsonPayload/message textPayload body body/stringValue Body output full_message error/message err/message',
);

const at = (record: Fields, [name, inner]: readonly string[]): Value | undefined => {
  const value = record[name as string];
  if (inner === undefined || value === undefined) return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Fields)[inner];
};

/** What `read` makes of the first of the places where it makes anything. */
const firstAt = <T>(
  record: Fields,
  { names, rank }: Places,
  read: (value: Value, name: string) => T | undefined,
): T | undefined => {
  // A record has fewer names than there are places: begin at the likeliest of those that it has.
  let from = names.length;
  for (const name in record) {
    const place = rank.get(name);
    if (place !== undefined && place < from) from = place;
  }
  for (let place = from; place < names.length; place++) {
    const path = names[place] as readonly string[];
    const value = at(record, path);
    const found = value === undefined ? undefined : read(value, path[0] as string);
    if (found !== undefined) return found;
  }
  return undefined;
};

export const timeIn = (record: Fields, context: LineContext): number | undefined =>
  firstAt(record, TIMES, (value) => momentOf(value, context));

/** GELF 1.1 names its version, and its levels are syslog's. */
const isGelf = (record: Fields): boolean =>
  typeof record['short_message'] === 'string' && typeof record['version'] === 'string';

/** Below pino's least number it cannot be told who counts, and from which end. */
const numberLevel = (number: number, name: string, record: Fields): Level | undefined => {
  if (number <= 7)
    return SYSLOG_NAMES.has(name) || isGelf(record) ? levelOfNumber(number, 'syslog') : undefined;
  return levelOfNumber(number, 'pino');
};

const levelOfValue = (value: Value, name: string, record: Fields): Level | undefined => {
  if (typeof value === 'number') return numberLevel(value, name, record);
  if (typeof value === 'string')
    return levelOf(value) ?? (/^\d+$/.test(value) ? numberLevel(Number(value), name, record) : undefined);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // log4js and loguru.
  const word = (value as Fields)['levelStr'] ?? (value as Fields)['name'];
  return typeof word === 'string' ? levelOf(word) : undefined;
};

/** OpenTelemetry's SeverityNumber, 1 to 24: four to a level. */
const otelLevel = (record: Fields): Level | undefined => {
  const number = record['severityNumber'] ?? record['severity_number'] ?? record['SeverityNumber'];
  return typeof number === 'number' ? LEVELS[Math.floor((number - 1) / 4)] : undefined;
};

export const levelIn = (record: Fields): Level | undefined => {
  const level = firstAt(record, LEVEL_WORDS, (value, name) => levelOfValue(value, name, record));
  if (level !== undefined) return level;
  // Serilog's compact form leaves out the level it calls Information.
  if (record['@t'] !== undefined && record['@l'] === undefined) return 'info';
  // MongoDB: F E W I D1 … D5.
  const { s } = record;
  if (typeof s === 'string' && record['t'] !== undefined) return levelOf(s.replace(/^D[1-5]$/, 'D'));
  return otelLevel(record);
};

export const messageIn = (record: Fields): string | undefined => {
  const message = firstAt(record, MESSAGES, textOf);
  if (message !== undefined) return message;
  // log4js: what was given to the logger.
  const { data } = record;
  return Array.isArray(data) && record['categoryName'] !== undefined ? textOf(data[0]) : undefined;
};

export const json = recordFormat({
  name: 'json',
  title: 'JSON, an object a line',
  read: (record, context) => logLine(record, timeIn(record, context), levelIn(record), messageIn(record)),
});
