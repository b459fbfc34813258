/** Any text: a time near its beginning, a level in its usual places, and the rest is the message. The last resort. */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { Level, LogLine } from '../line.js';
import { findStamp } from '../times.js';
import { logLine } from './record.js';
import { leadingLevel, levelInMessage } from './text.js';

/** What stands between a time and what follows it. */
const AFTER_TIME = /^["']?[\])>]?(?: *[|:,;-]| *#\d+\])?\s*/;

/** What encloses a time, or leads to it, and says nothing without it. */
const BEFORE_TIME = /(?:[[(<"']+|@?\b(?:time|timestamp|ts|t|date|asctime)["']?[:=]["']*)$/i;

/** Brackets that programs put between time and level: a process, a thread, a logger. */
const BRACKETS = /^(?:\[[^\]]*\] *|\([^)]*\) *|-{1,3} +|\d+ +(?=\[|[A-Z]{4}))/;

/** How many of these may be passed over. */
const MOST_BRACKETS = 3;

/** The level in a text that follows a time, and the text without it where it stands first. */
const splitLevel = (text: string): { readonly level: Level | undefined; readonly message: string } => {
  let at = 0;
  for (let passed = 0; passed <= MOST_BRACKETS; passed++) {
    const found = leadingLevel(text.slice(at));
    if (found !== undefined)
      return { level: found.level, message: text.slice(0, at) + text.slice(at + found.end) };
    const bracket = BRACKETS.exec(text.slice(at))?.[0];
    if (bracket === undefined) break;
    at += bracket.length;
  }
  return { level: levelInMessage(text), message: text };
};

/** A level right before the time: `ERROR 2026-01-02 15:04:05 …`, `[warn] [2026-…`. */
const levelBefore = (text: string): Level | undefined => {
  const word = /^\W*(\w+)\W*$/.exec(text)?.[1] ?? /(?:^|\s)[[<]?([A-Za-z]+)[\]>]?[:,]?\s*$/.exec(text)?.[1];
  return word === undefined ? undefined : levelOf(word);
};

const parse = (line: string, context: LineContext): LogLine => {
  const stamp = findStamp(line, context);
  if (stamp === undefined) {
    // An indented line goes on with the one before it, whose level it has.
    if (/^\s/.test(line)) return logLine({}, undefined, undefined, line);
    const { level } = splitLevel(line);
    return logLine({}, undefined, level, line);
  }
  const before = line.slice(0, stamp.start).replace(BEFORE_TIME, '').trimEnd();
  const after = line.slice(stamp.end).replace(AFTER_TIME, '').trimStart();
  const { level, message } = splitLevel(after);
  const whole = before === '' || levelBefore(before) !== undefined ? message : `${before} ${message}`;
  return logLine({}, stamp.time, level ?? levelBefore(before), whole);
};

export const plain: LineFormat = {
  name: 'plain',
  title: 'plain text',
  parse,
  timeOf: (line, context) => findStamp(line, context)?.time,
};
