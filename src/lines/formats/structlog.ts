/** structlog's JSON, and what its renderers for people write. */

import type { LineContext } from '../format.js';
import { levelOf } from '../levels.js';
import type { Fields, LogLine } from '../line.js';
import { momentOf } from './epoch.js';
import { timeIn } from './json.js';
import { logLine, recordFormat, textOf } from './record.js';

/**
 * structlog's ConsoleRenderer: `time [level    ] event  [logger] key=value …`. Levels are padded to nine characters, which tells it from
 * all those that put a level in brackets; the event is padded to 30.
 */
const CONSOLE = /^(?:(\S+(?: \d\d:\d\d:\d\d\S*)?) )?\[(?=[a-z ]{9}\])([a-z]+) *\] (.*)$/;
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

/** structlog's KeyValueRenderer: `event='hello there' a=1`, values as Python's repr. */
const KEY_VALUE = /([\w.]+)=('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\S*)(?: |$)/y;

const readKeyValues = (line: string, context: LineContext): LogLine | undefined => {
  if (!line.includes("event='")) return undefined;
  const pairs: [string, string][] = [];
  KEY_VALUE.lastIndex = 0;
  while (KEY_VALUE.lastIndex < line.length) {
    const [, name, value] = KEY_VALUE.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    pairs.push([name, /^['"]/.test(value) ? value.slice(1, -1).replace(/\\(['"\\])/g, '$1') : value]);
  }
  const fields: Fields = Object.fromEntries(pairs);
  const { event, level } = fields;
  if (typeof event !== 'string') return undefined;
  return logLine(
    fields,
    timeIn(fields, context),
    typeof level === 'string' ? levelOf(level) : undefined,
    event,
  );
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
  readText: (line, context) => readTerminal(line, context) ?? readKeyValues(line, context),
});
