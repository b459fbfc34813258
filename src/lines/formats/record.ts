/** Records of JSON, one a line: what the formats made of them have in common. */

import type { LineContext, LineFormat } from '../format.js';
import type { Fields, Level, LogLine, Value } from '../line.js';

/** A format whose lines are JSON objects; which one it is, the record itself must tell. */
export interface RecordFormat extends LineFormat {
  /** What a record already parsed says; undefined where it is of another format. `text` is what it was parsed from. */
  readonly read: (record: Fields, context: LineContext, text: string) => LogLine | undefined;
  /** What a line that is no JSON says, where the program also writes such. */
  readonly readText?: LineFormat['parse'];
}

/**
 * The JSON object that a text is; undefined for any other text. Names are never looked up on its prototype by callers that
 * ask for a fixed name, none of which Object has; `__proto__` in a text becomes a field like any other. Of a name that comes twice
 * the last one counts, and a number too large is infinite, as JSON.parse has it.
 */
export const parseRecord = (text: string): Fields | undefined => {
  const first = text.charCodeAt(0);
  // Before the brace only spaces, a BOM, or the mark of RFC 7464 (journalctl -o json-seq). All other lines are told at once.
  if (first !== 0x7b) {
    if (first > 0x20 && first !== 0xfeff) return undefined;
    text = text.replace(/^[\ufeff\u001e\s]+/, '');
    if (text.charCodeAt(0) !== 0x7b) return undefined;
  }
  // To throw takes longer than to read a line: a torn one rarely ends in a brace.
  const last = text.charCodeAt(text.length - 1);
  if (last !== 0x7d && last > 0x20) return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
};

/** A line with what is known of it, and nothing for what is not. */
export const logLine = (
  fields: Fields,
  time: number | undefined,
  level: Level | undefined,
  message: string | undefined,
): LogLine => {
  const line: { -readonly [Name in keyof LogLine]: LogLine[Name] } = { fields };
  if (time !== undefined) line.time = time;
  if (level !== undefined) line.level = level;
  if (message !== undefined) line.message = message;
  return line;
};

/** A text, without the newline that some writers leave at its end. */
export const textOf = (value: Value | undefined): string | undefined => {
  if (typeof value !== 'string') return undefined;
  if (!value.endsWith('\n')) return value;
  return value.slice(0, value.endsWith('\r\n') ? -2 : -1);
};

export const recordFormat = (options: Omit<RecordFormat, 'parse'>): RecordFormat => ({
  ...options,
  parse: (line, context) => {
    const record = parseRecord(line);
    return record === undefined ? options.readText?.(line, context) : options.read(record, context, line);
  },
});

export const isRecordFormat = (format: LineFormat): format is RecordFormat => 'read' in format;
