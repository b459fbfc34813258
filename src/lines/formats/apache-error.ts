/** Apache's error log, as 2.4 writes it by default and as 2.2 did (core's ErrorLogFormat). */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { LogLine } from '../line.js';
import { readStamp, stampEnd } from '../times/read.js';
import { logLine } from './record.js';
import { present, valueOfText } from './text.js';

const AFTER_TIME =
  /\] \[(?:([\w-]*):)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\] (?:\[pid (\d+)(?::tid (\d+))?\] )?/y;
const STARTS = /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:/;

/** `(13)Permission denied: ` comes before the client in 2.4; a client has a port, but had none in 2.2. */
const CLIENT = /^(\((\d+)\)[^:]*: )?\[(client|remote) ([^\]]+)\] /;
const CODE = /^(?:\(\d+\)[^:]*: )?(AH\d{5}): /;
const REFERER = /, referer: (\S+)$/;

interface Head {
  readonly time: number;
  readonly parts: RegExpExecArray;
  readonly end: number;
}

const readHead = (line: string, context: LineContext): Head | undefined => {
  if (!STARTS.test(line)) return undefined;
  const time = readStamp(line, 1, context);
  if (Number.isNaN(time)) return undefined;
  AFTER_TIME.lastIndex = stampEnd;
  const parts = AFTER_TIME.exec(line);
  return parts === null ? undefined : { time, parts, end: stampEnd + parts[0].length };
};

/** Address and port; 2.2 has no port, and no module, and of IPv6 only that tells a port from the end of an address. */
const splitAddress = (
  text: string | undefined,
  hasPort: boolean,
): readonly [string | undefined, string | undefined] => {
  const [, address, port] = (hasPort ? /^(.+):(\d+)$/ : /^([^:]+):(\d+)$/).exec(text ?? '') ?? [];
  return [address ?? text, port];
};

const parse = (line: string, context: LineContext): LogLine | undefined => {
  const head = readHead(line, context);
  if (head === undefined) return undefined;
  const [, module, level = '', pid, tid] = head.parts;
  const text = line.slice(head.end);
  const [about = '', failure = '', errno, , client] = CLIENT.exec(text) ?? [];
  const referer = REFERER.exec(text)?.[1];
  const message = failure + text.slice(about.length).replace(REFERER, '');
  const [address, port] = splitAddress(client, module !== undefined);
  const fields = present({
    level,
    module: module === '' ? undefined : module,
    pid: valueOfText(pid),
    tid: valueOfText(tid),
    remote_addr: address,
    remote_port: valueOfText(port),
    errno: valueOfText(errno ?? /^\((\d+)\)/.exec(text)?.[1]),
    code: CODE.exec(message)?.[1],
    referer,
  });
  return logLine(fields, head.time, levelOf(level), message);
};

export const apacheError: LineFormat = {
  name: 'apache-error',
  title: "Apache's error log",
  parse,
  timeOf: (line, context) => readHead(line, context)?.time,
};
