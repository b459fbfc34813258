/** nginx's error log (ngx_log.c): `2026/01/02 15:04:05 [error] 12#34: *56 message, client: …, server: …`. */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { LogLine } from '../line.js';
import { readStamp, stampEnd } from '../times/read.js';
import { logLine } from './record.js';
import { present, unescapeText, valueOfText } from './text.js';

const AFTER_TIME = / \[(emerg|alert|crit|error|warn|notice|info|debug)\] (\d+)#(\d+): (?:\*(\d+) )?/y;
const STARTS = /^\d{4}\/\d\d\/\d\d \d\d:/;

/** What nginx says of a request after its message (ngx_http_log_error_handler, ngx_stream_log_error). */
const ABOUT =
  /, (client|server|request|subrequest|upstream|host|referrer|bytes from\/to client|udp client): ("(?:[^"\\]|\\.|"(?!,|$))*"|[^,]*)(?=, |$)/g;

/** What is longer than NGX_MAX_ERROR_STR is not nginx's; and each of its commas would be looked at to its end. */
const LONGEST = 2048;

interface Head {
  readonly time: number;
  readonly level: string;
  readonly pid: string;
  readonly tid: string;
  readonly connection: string | undefined;
  readonly end: number;
}

const readHead = (line: string, context: LineContext): Head | undefined => {
  if (!STARTS.test(line)) return undefined;
  const time = readStamp(line, 0, context);
  if (Number.isNaN(time)) return undefined;
  AFTER_TIME.lastIndex = stampEnd;
  const [all, level, pid, tid, connection] = AFTER_TIME.exec(line) ?? [];
  if (all === undefined || level === undefined || pid === undefined || tid === undefined) return undefined;
  return { time, level, pid, tid, connection, end: stampEnd + all.length };
};

const NAMES: Readonly<Record<string, string>> = {
  client: 'remote_addr',
  'udp client': 'remote_addr',
  referrer: 'referer',
  'bytes from/to client': 'bytes_from_to_client',
};

const parse = (line: string, context: LineContext): LogLine | undefined => {
  const head = readHead(line, context);
  if (head === undefined) return undefined;
  const text = line.slice(head.end);
  const about: Record<string, string | undefined> = {};
  let message = text;
  for (const { 1: name = '', 2: value = '', index } of line.length > LONGEST ? [] : text.matchAll(ABOUT)) {
    if (message.length === text.length) message = text.slice(0, index);
    const bare = value.startsWith('"') ? unescapeText(value.slice(1, -1)) : value;
    about[NAMES[name] ?? name] = bare === '' ? undefined : bare;
  }
  const fields = present({
    level: head.level,
    pid: valueOfText(head.pid),
    tid: valueOfText(head.tid),
    connection: valueOfText(head.connection),
    ...about,
  });
  return logLine(fields, head.time, levelOf(head.level), message);
};

export const nginxError: LineFormat = {
  name: 'nginx-error',
  title: "nginx's error log",
  parse,
  timeOf: (line, context) => readHead(line, context)?.time,
};
