/** klog and glog, Kubernetes' and Google's: `I0102 15:04:05.678901   1234 file.go:123] message`; glog 0.6 has the year too. */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { LogLine, Value } from '../line.js';
import { readMonthDay, readStamp, stampEnd } from '../times/read.js';
import { logLine } from './record.js';
import { present, valueOfText } from './text.js';

const STARTS = /^[IWEFD](\d{4}|\d{8}) \d\d:\d\d:\d\d\.\d{6}/;
const AFTER_TIME = / +(\d+) ([^\s:\]]+:\d+)\] ?/y;

/** `"message" key="value" key2=3`, as klog's InfoS writes it, quoted as Go quotes. */
const STRUCTURED = /^"((?:[^"\\]|\\.)*)"((?: [^\s=]+=(?:"(?:[^"\\]|\\.)*"|(?!")\S*))*)$/s;
const PAIR = / ([^\s=]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/gs;

const unquote = (text: string): string => {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // Go's \x and \U are not JSON's.
    return text;
  }
};

const readTime = (line: string, context: LineContext): number => {
  const [, day] = STARTS.exec(line) ?? [];
  if (day === undefined) return Number.NaN;
  return day.length === 4 ? readMonthDay(line, 1, context) : readStamp(line, 1, context);
};

interface Head {
  readonly time: number;
  readonly thread: string;
  readonly caller: string;
  readonly end: number;
}

const readHead = (line: string, context: LineContext): Head | undefined => {
  const time = readTime(line, context);
  if (Number.isNaN(time)) return undefined;
  AFTER_TIME.lastIndex = stampEnd;
  const [all, thread, caller] = AFTER_TIME.exec(line) ?? [];
  if (all === undefined || thread === undefined || caller === undefined) return undefined;
  return { time, thread, caller, end: stampEnd + all.length };
};

const parse = (line: string, context: LineContext): LogLine | undefined => {
  const head = readHead(line, context);
  if (head === undefined) return undefined;
  const text = line.slice(head.end);
  const [, quoted, pairs = ''] = STRUCTURED.exec(text) ?? [];
  const named: Record<string, Value | undefined> = {};
  for (const [, name = '', value, bare] of pairs.matchAll(PAIR))
    named[name] = value === undefined ? valueOfText(bare) : unquote(value);
  const fields = present({
    level: line.slice(0, 1),
    thread: valueOfText(head.thread),
    caller: head.caller,
    ...named,
  });
  return logLine(fields, head.time, levelOf(line.slice(0, 1)), quoted === undefined ? text : unquote(quoted));
};

export const klog: LineFormat = {
  name: 'klog',
  title: "klog or glog, Kubernetes' own",
  parse,
  timeOf: (line, context) => readHead(line, context)?.time,
};
