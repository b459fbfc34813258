/**
 * logfmt: `key=value key="a value" flag`. The grammar is that of Go's package go-logfmt (its decoder's documentation), but that an
 * `=` or a quote inside a bare value is taken as it stands, since addresses with queries are written so, and that after a quoted
 * value comes a space. Values are texts; a key alone is true, as its writers mean it.
 */

import type { LineContext, LineFormat } from '../format.js';
import { levelOf } from '../levels.js';
import type { Fields, Level, LogLine, Value } from '../line.js';
import { momentOf } from './epoch.js';
import { logLine } from './record.js';

const ESCAPE = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|([^uUx]))/g;
const LETTERS: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  a: '\x07',
  v: '\v',
  e: '\x1b',
};

/** JSON's escapes, and those of Go's %q that JSON lacks. What is none stays as it stands. */
const unescapeText = (text: string): string =>
  text.replace(ESCAPE, (whole, u?: string, U?: string, x?: string, letter?: string) => {
    if (letter !== undefined) return LETTERS[letter] ?? letter;
    const code = Number.parseInt(u ?? U ?? x ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

interface Pairs {
  readonly fields: Fields;
  /** How many keys have an `=`, and how many have none. */
  readonly pairs: number;
  readonly bare: number;
}

const put = (fields: Record<string, Value>, key: string, value: Value): void => {
  // To set it would set the prototype.
  if (key === '__proto__')
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  else fields[key] = value;
};

const SPACE = 0x20;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

/** Where the quote that ends a quoted value stands, or -1. */
const closing = (line: string, from: number): number => {
  let end = line.indexOf('"', from);
  while (end !== -1) {
    let slashes = 0;
    while (line.charCodeAt(end - 1 - slashes) === BACKSLASH && end - slashes > from) slashes++;
    if (slashes % 2 === 0) return end;
    end = line.indexOf('"', end + 1);
  }
  return -1;
};

/** The pairs of a line, all of which must be pairs or bare keys, the first of them a pair; undefined for other lines. */
const readPairs = (line: string): Pairs | undefined => {
  const fields: Record<string, Value> = {};
  let pairs = 0;
  let bare = 0;
  let at = 0;
  const { length } = line;
  for (;;) {
    while (at < length && line.charCodeAt(at) <= SPACE) at++;
    if (at === length) return { fields, pairs, bare };
    const start = at;
    let code = line.charCodeAt(at);
    while (at < length && code > SPACE && code !== EQUALS && code !== QUOTE) code = line.charCodeAt(++at);
    if (at === start || code === QUOTE) return undefined;
    const key = line.slice(start, at);
    if (code !== EQUALS) {
      if (pairs === 0) return undefined;
      bare++;
      put(fields, key, true);
      continue;
    }
    pairs++;
    at++;
    if (line.charCodeAt(at) === QUOTE) {
      const end = closing(line, at + 1);
      if (end === -1 || line.charCodeAt(end + 1) > SPACE) return undefined;
      const text = line.slice(at + 1, end);
      put(fields, key, text.includes('\\') ? unescapeText(text) : text);
      at = end + 1;
    } else {
      const from = at;
      while (at < length && line.charCodeAt(at) > SPACE) at++;
      put(fields, key, line.slice(from, at));
    }
  }
};

const TIMES = 'time ts timestamp t @timestamp datetime date now'.split(' ');
const LEVEL_WORDS = 'level lvl severity log.level loglevel at'.split(' ');
const MESSAGES = 'msg message event'.split(' ');

const timeIn = (fields: Fields, context: LineContext): number | undefined => {
  for (const name of TIMES) {
    const value = fields[name];
    const time = value === undefined ? undefined : momentOf(value, context);
    if (time !== undefined) return time;
  }
  return undefined;
};

const levelIn = (fields: Fields): Level | undefined => {
  for (const name of LEVEL_WORDS) {
    const value = fields[name];
    const level = typeof value === 'string' ? levelOf(value) : undefined;
    if (level !== undefined) return level;
  }
  return undefined;
};

const messageIn = (fields: Fields): string | undefined => {
  for (const name of MESSAGES) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
};

/**
 * Two pairs and nothing else are logfmt; words without `=` are only where a level, a message or a time says so, and where pairs are
 * no fewer: `retry=3 of 5 failed` is a sentence.
 */
const parse = (line: string, context: LineContext): LogLine | undefined => {
  const found = readPairs(line);
  if (found === undefined || found.pairs === 0) return undefined;
  const { fields, pairs, bare } = found;
  const time = timeIn(fields, context);
  const level = levelIn(fields);
  const message = messageIn(fields);
  const telling = time !== undefined || level !== undefined || message !== undefined;
  if (bare === 0 ? pairs < 2 && !telling : !telling || bare > pairs) return undefined;
  return logLine(fields, time, level, message);
};

export const logfmt: LineFormat = { name: 'logfmt', title: 'logfmt, key=value', parse };
