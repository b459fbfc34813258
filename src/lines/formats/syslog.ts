/** Syslog: RFC 5424, RFC 3164 with and without its priority, and what rsyslog and syslog-ng write into files. */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf, levelOfNumber } from '../levels.js';
import type { Level, LogLine, Value } from '../line.js';
import { readStamp, stampEnd } from '../times/read.js';
import { levelIn, messageIn } from './json.js';
import { logLine, parseRecord } from './record.js';
import { readStructured } from './structured-data.js';
import { levelInMessage, present, valueOfText } from './text.js';

/** RFC 5424 6.2.1, tables 1 and 2, by the names that syslog.h and rsyslog have for them. */
const FACILITIES = (
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ');
const SEVERITIES = 'emerg alert crit err warning notice info debug'.split(' ');

interface Priority {
  readonly facility?: string;
  readonly severity?: string;
  readonly level?: Level | undefined;
  /** Where what comes after it begins; 0 where there is none. */
  readonly end: number;
}

const NO_PRIORITY: Priority = { end: 0 };

/** `<34>` at the beginning; undefined for one that is off the scale. */
const readPriority = (line: string): Priority | undefined => {
  if (line.charCodeAt(0) !== 60) return NO_PRIORITY;
  const [all, digits] = /^<(0|[1-9]\d{0,2})>/.exec(line) ?? [];
  const value = Number(digits);
  if (all === undefined || value > 191) return undefined;
  return {
    facility: FACILITIES[value >> 3] as string,
    severity: SEVERITIES[value & 7] as string,
    level: levelOfNumber(value & 7, 'syslog'),
    end: all.length,
  };
};

/** What stands before the message. */
interface Head {
  readonly time?: number;
  readonly named: Readonly<Record<string, Value | undefined>>;
  /** Where the message begins. */
  readonly end: number;
}

const told = (text: string | undefined): string | undefined => (text === '-' ? undefined : text);

const HEADER_5424 = / (\S{1,255}) (\S{1,255}) (\S{1,128}) (\S{1,32}) /y;

/** Version 1, the only one there is; each part may be `-`, which is none (RFC 5424 6). */
const read5424 = (line: string, from: number, context: LineContext): Head | undefined => {
  if (line.charCodeAt(from) !== 49 || line.charCodeAt(from + 1) !== 32) return undefined;
  const start = from + 2;
  const isTimed = line.charCodeAt(start) !== 45;
  const time = isTimed ? readStamp(line, start, context) : 0;
  if (Number.isNaN(time)) return undefined;
  HEADER_5424.lastIndex = isTimed ? stampEnd : start + 1;
  const [, hostname, app, proc, id] = HEADER_5424.exec(line) ?? [];
  const structured = hostname === undefined ? undefined : readStructured(line, HEADER_5424.lastIndex);
  if (structured === undefined) return undefined;
  const named = {
    hostname: told(hostname),
    app_name: told(app),
    proc_id: valueOfText(proc),
    msg_id: told(id),
    ...structured.fields,
  };
  return { ...(isTimed && { time }), named, end: structured.end };
};

/** As RFC 3164 has it, perhaps with a year or a fraction, or rsyslog's ISO form; other times are other programs'. */
const STAMP = /[A-Z][a-z]{2} [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/y;

/** A host, then `sshd[123]:`, `sudo:`, `kernel:`. */
const HEADER_3164 =
  / +(\S+) (?:([^\s:[\]{}"=]{1,128}|[\w./-]+(?:::[\w./-]+){1,9})(?:\[([^\]\s]{1,64})\])?:(?= |$))?/y;

/** A name or an address, of IPv6 too, with nothing that other logs have after a time: a number, a level, a container's stream. */
const isHost = (text: string): boolean =>
  /^(?=.*[A-Za-z.:])[A-Za-z0-9_.:-]*[A-Za-z0-9_](?:%\w+)?$/.test(text) &&
  text !== 'stdout' &&
  text !== 'stderr' &&
  levelOf(text) === undefined;

const read3164 = (line: string, from: number, context: LineContext): Head | undefined => {
  STAMP.lastIndex = from;
  if (!STAMP.test(line)) return undefined;
  const time = readStamp(line, from, context);
  if (Number.isNaN(time)) return undefined;
  HEADER_3164.lastIndex = stampEnd;
  const [all, hostname = '', tag, pid] = HEADER_3164.exec(line) ?? [];
  if (all === undefined || !isHost(hostname)) return undefined;
  const end = stampEnd + all.length;
  if (from === 0) {
    // Neither a priority nor a tag: a sentence may follow such a time, and an ISO time begins every other log.
    if (tag === undefined && (line.charCodeAt(0) < 65 || /^[A-Z][a-z]+$/.test(hostname))) return undefined;
    // `<time> app warn: …` is somebody's own.
    if (tag !== undefined && pid === undefined && levelOf(tag) !== undefined) return undefined;
  }
  return { time, named: { hostname, app_name: tag, proc_id: valueOfText(pid) }, end };
};

/** RFC 3164 4.3.3: of what has a priority and no time that can be told, all is message. */
const readBare = (from: number): Head | undefined => (from > 0 ? { named: {}, end: from } : undefined);

const readHead = (line: string, { end }: Priority, context: LineContext): Head | undefined =>
  (end > 0 ? read5424(line, end, context) : undefined) ?? read3164(line, end, context) ?? readBare(end);

/** The space, and the mark that the message is UTF-8 (RFC 5424 6.4). */
const BEFORE_MESSAGE = /^\s*\ufeff?\s*/;

const parse = (line: string, context: LineContext): LogLine | undefined => {
  const priority = readPriority(line);
  const head = priority && readHead(line, priority, context);
  if (head === undefined) return undefined;
  const { facility, severity, level } = priority as Priority;
  const text = line.slice(head.end).replace(BEFORE_MESSAGE, '');
  const fields = present({ facility, severity, ...head.named });
  const record = parseRecord(text.startsWith('@cee:') ? text.slice(5).trimStart() : text);
  if (record === undefined) return logLine(fields, head.time, level ?? levelInMessage(text), text);
  return logLine({ ...fields, ...record }, head.time, levelIn(record) ?? level, messageIn(record) ?? text);
};

export const syslog: LineFormat = {
  name: 'syslog',
  title: 'syslog, RFC 3164 or RFC 5424',
  parse,
  timeOf: (line, context) => {
    const priority = readPriority(line);
    return priority && readHead(line, priority, context)?.time;
  },
};
