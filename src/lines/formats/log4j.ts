/** The usual layouts of log4j, Logback and Spring Boot. */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { LogLine } from '../line.js';
import { readStamp, stampEnd } from '../times/read.js';
import { logLine } from './record.js';
import { present, valueOfText } from './text.js';

const LEVEL = '(TRACE|DEBUG|INFO|WARN|ERROR|FATAL|SEVERE|WARNING|CONFIG|FINE|FINER|FINEST)';
const THREAD = '\\[([^\\]]{0,200})\\]';
const LOGGER = '([\\w$.[\\]/-]+)';

/** What follows the time. Each names what its groups are. */
const LAYOUTS: readonly { readonly names: readonly string[]; readonly shape: RegExp }[] = [
  // Logback's `%d [%thread] %-5level %logger - %msg`, log4j 2's default, log4j 1's TTCC; Logback 1.3 has two dashes.
  { names: ['thread', 'level', 'logger'], shape: new RegExp(` +${THREAD} +${LEVEL} +${LOGGER} +--? `, 'y') },
  // `%d %-5p [%t] %c - %m`, and with a colon or with `[%c]`.
  {
    names: ['level', 'thread', 'logger'],
    shape: new RegExp(` +${LEVEL} +${THREAD} +${LOGGER}(?: +--?|:) `, 'y'),
  },
  // Spring Boot's: level, pid, perhaps the application, thread, logger.
  {
    names: ['level', 'pid', 'app_name', 'thread', 'logger'],
    shape: new RegExp(` +${LEVEL} +(\\d+) --- (?:\\[([^\\]]*)\\] )?${THREAD} +${LOGGER} *: `, 'y'),
  },
];

/** A date and a time, or the time alone, as log4j 2's and Logback's defaults have it: which day that was cannot be told. */
const STARTS = /^(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d+)?/;
const CLOCK = /^\d\d:\d\d:\d\d(?:[.,]\d+)?/;

interface Head {
  readonly time: number | undefined;
  readonly fields: Record<string, string | undefined>;
  readonly end: number;
}

const readHead = (line: string, context: LineContext): Head | undefined => {
  if (!STARTS.test(line)) return undefined;
  const clock = CLOCK.exec(line)?.[0];
  const time = clock === undefined ? readStamp(line, 0, context) : undefined;
  if (time !== undefined && Number.isNaN(time)) return undefined;
  const from = clock?.length ?? stampEnd;
  for (const { names, shape } of LAYOUTS) {
    shape.lastIndex = from;
    const parts = shape.exec(line);
    if (parts === null) continue;
    const fields = Object.fromEntries(names.map((name, index) => [name, parts[index + 1]?.trim()]));
    return { time, fields, end: from + parts[0].length };
  }
  return undefined;
};

const parse = (line: string, context: LineContext): LogLine | undefined => {
  const head = readHead(line, context);
  if (head === undefined) return undefined;
  const { level = '', pid, ...named } = head.fields;
  const fields = present({ level, pid: valueOfText(pid), ...named });
  return logLine(fields, head.time, levelOf(level), line.slice(head.end));
};

export const log4j: LineFormat = {
  name: 'log4j',
  title: 'log4j, Logback or Spring Boot',
  parse,
  timeOf: (line, context) => readHead(line, context)?.time,
};
