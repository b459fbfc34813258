/** What stands inside another line: JSON or logfmt that a program wrote to syslog, the journal or its standard output. */

import type { LineContext } from '../format.js';
import type { Fields, LogLine } from '../line.js';
import { bunyan } from './bunyan.js';
import { json } from './json.js';
import { logfmt } from './logfmt.js';
import { logrus } from './logrus.js';
import { firstThatFits } from './mixed.js';
import { pino } from './pino.js';
import { logLine } from './record.js';
import { structlog } from './structlog.js';
import { sysmon } from './sysmon.js';
import { winston } from './winston.js';
import { zap } from './zap.js';

/** JSON, the more telling loggers first. */
export const JSON_FORMATS = [sysmon, bunyan, pino, winston, zap, logrus, structlog, json] as const;

const readJson = firstThatFits(JSON_FORMATS);

/** What a message says that is itself a JSON object, or logfmt with a level or a message; undefined for any other text. */
export const readNested = (text: string, context: LineContext): LogLine | undefined => {
  const found = text.startsWith('{') ? readJson(text, context) : logfmt.parse(text, context);
  if (found === undefined || text.startsWith('{')) return found;
  return found.level === undefined && found.message === undefined ? undefined : found;
};

/**
 * The line around and the line inside as one: all fields by their own names, the inner ones where both have a name, the inner level and
 * message where there are such. `time` is whichever the caller trusts more.
 */
export const joinNested = (outer: LogLine, inner: LogLine, time: number | undefined): LogLine => {
  const fields: Fields = { ...outer.fields, ...inner.fields };
  return logLine(fields, time, inner.level ?? outer.level, inner.message ?? outer.message);
};
