/** JSON of loggers that are told by which words they use: winston, zap, logrus, structlog; with zap's and structlog's lines for terminals. */

import type { LineContext } from '../format.js';
import { levelOf } from '../levels.js';
import type { Fields, Level, LogLine, Value } from '../line.js';
import { momentOf } from './epoch.js';
import { timeIn } from './json.js';
import { logLine, parseRecord, recordFormat, textOf } from './record.js';

/** winston's own levels in its own order, where they are less than info though other systems have the words elsewhere; and syslog's. */
const WINSTON: ReadonlyMap<Value | undefined, Level | undefined> = new Map([
  ...'error warn info debug silly emerg alert crit warning notice data help prompt input'
    .split(' ')
    .map((word) => [word, levelOf(word)] as const),
  ['http', 'debug'],
  ['verbose', 'debug'],
]);

/** Names that other loggers with a `level` and a `message` use, and winston does not. */
const NOT_WINSTON = 'time ts msg event @timestamp logger logger_name severity target short_message'.split(
  ' ',
);

export const winston = recordFormat({
  name: 'winston',
  title: "winston's JSON",
  read: (record, context) => {
    const { level, message, timestamp } = record;
    if (typeof message !== 'string' || !WINSTON.has(level)) return undefined;
    if (NOT_WINSTON.some((name) => record[name] !== undefined)) return undefined;
    return logLine(record, momentOf(timestamp, context), WINSTON.get(level), textOf(message));
  },
});

const LOGRUS: ReadonlySet<Value | undefined> = new Set(
  'panic fatal error warning info debug trace'.split(' '),
);

export const logrus = recordFormat({
  name: 'logrus',
  title: "logrus's JSON",
  read: (record, context) => {
    const { level, msg, time } = record;
    if (typeof time !== 'string' || typeof msg !== 'string' || !LOGRUS.has(level)) return undefined;
    return logLine(record, momentOf(time, context), levelOf(level as string), textOf(msg));
  },
});

/** zap's console encoder: time, level, name and caller where known, message, and fields as JSON, with tabs between them. */
const readConsole = (line: string, context: LineContext): LogLine | undefined => {
  if (!line.includes('\t')) return undefined;
  const [stamp = '', word = '', ...rest] = line.split('\t');
  const time = momentOf(stamp, context);
  const level = /^[A-Za-z]{4,6}$/.test(word) ? levelOf(word) : undefined;
  if (time === undefined || level === undefined || rest.length === 0) return undefined;
  const json = rest.length > 1 ? parseRecord(rest.at(-1) as string) : undefined;
  if (json !== undefined) rest.pop();
  const at = rest.slice(0, 2).findIndex((part) => /^\S+\.\w+:\d+$/.test(part));
  const [logger, caller] = at > 0 ? rest : [undefined, at === 0 ? rest[0] : undefined];
  const message = rest.slice(at + 1).join('\t');
  const fields: Fields = {
    ts: stamp,
    level: word,
    ...(logger !== undefined && { logger }),
    ...(caller !== undefined && { caller }),
    msg: message,
    ...json,
  };
  return logLine(fields, time, level, message);
};

export const zap = recordFormat({
  name: 'zap',
  title: "zap's JSON, or its lines for a terminal",
  read: (record, context) => {
    const { level, ts, msg } = record;
    if (typeof level !== 'string' || typeof msg !== 'string') return undefined;
    const time = momentOf(ts, context);
    return time === undefined ? undefined : logLine(record, time, levelOf(level), textOf(msg));
  },
  readText: readConsole,
});

/** structlog's ConsoleRenderer: `time [level    ] event  [logger] key=value …`; the event is padded to 30 characters. */
const CONSOLE = /^(?:(\S+(?: \d\d:\d\d:\d\d\S*)?) )?\[([a-z]+) *\] (.*)$/;
const NAME = /(?<=\s)[\w.]+(?==)/g;

/** The event and `[logger]`, and the pairs: values are Python's repr, and may hold spaces, so one goes on up to the next ` name=`. */
const splitEvent = (text: string): Fields => {
  const names = [...text.matchAll(NAME)];
  let event = text.slice(0, names[0]?.index).trimEnd();
  let logger: string | undefined;
  const open = event.endsWith(']') ? event.lastIndexOf(' [') : -1;
  if (open !== -1 && !event.includes(' ', open + 2)) {
    logger = event.slice(open + 2, -1);
    event = event.slice(0, open).trimEnd();
  }
  const pairs = names.map(({ 0: name, index }, place) => [
    name,
    text.slice(index + name.length + 1, names[place + 1]?.index).trimEnd(),
  ]);
  return { event, ...(logger !== undefined && { logger }), ...Object.fromEntries(pairs) };
};

const COLOURS = /\u001b\[[\d;]*m/g;

const readTerminal = (line: string, context: LineContext): LogLine | undefined => {
  const plain = line.includes('\u001b') ? line.replace(COLOURS, '') : line;
  const [, stamp, word = '', rest = ''] = CONSOLE.exec(plain) ?? [];
  const level = levelOf(word);
  if (level === undefined) return undefined;
  const time = stamp === undefined ? undefined : momentOf(stamp, context);
  if (stamp !== undefined && time === undefined) return undefined;
  const said = splitEvent(rest);
  const fields = { ...(stamp !== undefined && { timestamp: stamp }), level: word, ...said };
  return logLine(fields, time, level, said['event'] as string);
};

export const structlog = recordFormat({
  name: 'structlog',
  title: "structlog's JSON, or its lines for a terminal",
  read: (record, context) => {
    const { event, level, timestamp } = record;
    if (typeof event !== 'string' || record['msg'] !== undefined || record['message'] !== undefined)
      return undefined;
    if (typeof level !== 'string' && timestamp === undefined) return undefined;
    const word = typeof level === 'string' ? levelOf(level) : undefined;
    return logLine(record, timeIn(record, context), word, textOf(event));
  },
  readText: readTerminal,
});
