/** winston's JSON format. */

import { levelOf } from '../levels.js';
import type { Level, Value } from '../line.js';
import { momentOf } from './epoch.js';
import { logLine, recordFormat, textOf } from './record.js';

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
