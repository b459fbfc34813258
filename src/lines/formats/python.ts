/** Python's logging: its default for basicConfig, and the form that its documentation shows with a time. */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { LogLine } from '../line.js';
import { readStamp, stampEnd } from '../times/read.js';
import { logLine } from './record.js';

const LEVEL = '(DEBUG|INFO|WARNING|ERROR|CRITICAL|NOTSET|Level \\d+)';

/** BASIC_FORMAT, `%(levelname)s:%(name)s:%(message)s`: no space after the level, and none in the name. */
const BASIC = new RegExp(`^${LEVEL}:([^\\s:]+):(.*)$`, 's');

/** `%(asctime)s - %(name)s - %(levelname)s - %(message)s`. */
const STARTS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d{3})? - /;
const AFTER_TIME = new RegExp(` - (.{1,200}?) - ${LEVEL} - `, 'y');

interface Head {
  readonly time: number;
  readonly parts: RegExpExecArray;
}

const readHead = (line: string, context: LineContext): Head | undefined => {
  if (!STARTS.test(line)) return undefined;
  const time = readStamp(line, 0, context);
  if (Number.isNaN(time)) return undefined;
  AFTER_TIME.lastIndex = stampEnd;
  const parts = AFTER_TIME.exec(line);
  return parts === null ? undefined : { time, parts };
};

const parse = (line: string, context: LineContext): LogLine | undefined => {
  const head = readHead(line, context);
  const [all, first, second, rest] = head?.parts ?? BASIC.exec(line) ?? [];
  if (all === undefined || first === undefined || second === undefined) return undefined;
  const [logger, level] = head === undefined ? [second, first] : [first, second];
  const message = head === undefined ? (rest ?? '') : line.slice(head.parts.index + all.length);
  return logLine({ level, logger }, head?.time, levelOf(level), message);
};

export const python: LineFormat = {
  name: 'python',
  title: "Python's logging",
  parse,
  timeOf: (line, context) => readHead(line, context)?.time,
};
