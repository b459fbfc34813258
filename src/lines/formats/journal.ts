/**
 * The systemd journal as `journalctl -o json`, `-o json-sse` and `-o json-seq` write it: systemd's "Journal JSON Format" and
 * systemd.journal-fields(7). A message that is JSON or logfmt itself is read as such.
 */

import type { LineContext } from '../format.js';
import { levelOfNumber } from '../levels.js';
import type { Fields, Level, LogLine, Value } from '../line.js';
import { joinNested, readNested } from './nested.js';
import { logLine, parseRecord, type RecordFormat, textOf } from './record.js';
import type { Wrapper } from './wrapper.js';

const isByte = (value: Value): value is number => typeof value === 'number' && value >= 0 && value <= 255;

/** Bytes that are no text, or hold controls, come as an array of their numbers; a field that comes twice as an array of its values. */
const textOfBytes = (value: Value | undefined): string | undefined => {
  if (!Array.isArray(value)) return textOf(value);
  return value.length > 0 && value.every(isByte) ? textOf(Buffer.from(value).toString('utf8')) : undefined;
};

const textOfField = (value: Value | undefined): string | undefined =>
  textOfBytes(value) ??
  (Array.isArray(value) ? value.map(textOfBytes).find((text) => text !== undefined) : undefined);

/** Microseconds, as text since it may be larger than a JSON number is exact. */
const microseconds = (value: Value | undefined): number | undefined =>
  typeof value === 'string' && /^\d{1,17}$/.test(value) ? Number(value) / 1000 : undefined;

/** syslog's severities. */
const levelOf = (priority: Value | undefined): Level | undefined =>
  typeof priority === 'string' && /^[0-7]$/.test(priority)
    ? levelOfNumber(Number(priority), 'syslog')
    : undefined;

const readAs = (record: Fields, message: string | undefined, context: LineContext): LogLine | undefined => {
  const time = microseconds(record['__REALTIME_TIMESTAMP']);
  if (time === undefined) return undefined;
  const fields =
    Array.isArray(record['MESSAGE']) && message !== undefined ? { ...record, MESSAGE: message } : record;
  const line = logLine(fields, time, levelOf(record['PRIORITY']), message);
  const inner = message === undefined ? undefined : readNested(message, context);
  return inner === undefined ? line : joinNested(line, inner, time);
};

/** What json-sse puts before each record. */
const SSE = 'data: ';

const recordOf = (line: string): Fields | undefined =>
  parseRecord(line.startsWith(SSE) ? line.slice(SSE.length) : line);

/** A name can stand in no value, since quotes in values are escaped, and records are not nested. */
const TIME = /"__REALTIME_TIMESTAMP"\s*:\s*"(\d{1,17})"/;

export const journal: Wrapper & RecordFormat = {
  name: 'journal',
  title: 'systemd journal (journalctl -o json)',
  read: (record, context) => readAs(record, textOfField(record['MESSAGE']), context),
  readText: (line, context) => (line.startsWith(SSE) ? journal.parse(line, context) : undefined),
  parse: (line, context) => {
    const record = recordOf(line);
    return record === undefined ? undefined : journal.read(record, context, line);
  },
  timeOf: (line) => (line.endsWith('}') ? microseconds(TIME.exec(line)?.[1]) : undefined),
  unwrap: (line) => {
    const record = recordOf(line);
    const text = record === undefined ? undefined : textOfField(record['MESSAGE']);
    if (record === undefined || text === undefined) return undefined;
    // A process writes its trace line by line.
    const stream = `${record['_HOSTNAME']} ${record['_PID'] ?? record['SYSLOG_IDENTIFIER']}`;
    return { text, stream, partial: record['_LINE_BREAK'] === 'line-max' };
  },
  parseAs: (line, text, context) => {
    const record = recordOf(line);
    return record === undefined ? undefined : readAs(record, text, context);
  },
};
