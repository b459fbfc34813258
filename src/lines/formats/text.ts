/** What formats of text have in common: numbers, escapes, quoted values and levels in words. */

import { levelOf } from '../levels.js';
import type { Fields, Level, Value } from '../line.js';

const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

/** A number where the text is one as it would be written again, so that `007` stays a text; undefined for `-` and for nothing. */
export const valueOfText = (text: string | undefined): Value | undefined => {
  if (text === undefined || text === '-' || text === '') return undefined;
  return NUMBER.test(text) ? Number(text) : text;
};

/** The fields that are there. */
export const present = (values: Readonly<Record<string, Value | undefined>>): Fields => {
  const fields: Record<string, Value> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) fields[name] = value;
  }
  return fields;
};

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v', f: '\f' };

const bytesOf = (escapes: string): string => {
  const bytes = Buffer.from(escapes.replace(/\\x/g, ''), 'hex');
  const text = bytes.toString('utf8');
  // Bytes that are no UTF-8 have no text: they stay as they are written.
  return text.includes('\ufffd') ? escapes : text;
};

/**
 * nginx's `\x22` and Apache's `\"`, `\\`, `\n` and `\xc3\xbc` as what they stand for (nginx's ngx_http_log_module, `log_format escape`;
 * Apache's mod_log_config, "Format Notes").
 */
export const unescapeText = (text: string): string =>
  text.includes('\\')
    ? text.replace(/((?:\\x[0-9A-Fa-f]{2})+)|\\(.)/gs, (all, hex?: string, one?: string) => {
        if (hex !== undefined) return bytesOf(hex);
        return one === '"' || one === '\\' ? one : (CONTROLS[one ?? ''] ?? all);
      })
    : text;

/** Lower-case words that begin sentences as often as they name a level. */
const AMBIGUOUS: ReadonlySet<string> = new Set(
  'config fine fail log note alert information panic verbose t d i w e f c'.split(' '),
);

const LEADING =
  /^(?:\[ ?([A-Za-z]+[1-8]?) *\]|<([A-Za-z]+[1-8]?)>|([A-Za-z]+[1-8]?)(:|,|\s+-{1,3}(?=\s)|(?=\s|$)))\s*[:,]?\s*/;
const PAIR = /(?:^|\s)(?:level|lvl|severity)=(?:"?)([A-Za-z]+)\b/;

/** A level, and where what comes after it begins. */
export interface LevelAt {
  readonly level: Level;
  readonly end: number;
}

/**
 * The level at the beginning of a text: `[warn] `, `<info>  `, `ERROR `, `error: `. A word without brackets or a colon is one only
 * in capitals: sentences begin with `Error` too.
 */
export const leadingLevel = (text: string): LevelAt | undefined => {
  const [all, square, angle, bare, mark] = LEADING.exec(text) ?? [];
  const word = square ?? angle ?? bare;
  if (all === undefined || word === undefined) return undefined;
  if (
    bare !== undefined &&
    bare !== bare.toUpperCase() &&
    (mark !== ':' || AMBIGUOUS.has(bare.toLowerCase()))
  )
    return undefined;
  // A single letter alone is a letter.
  if (bare?.length === 1 && mark === '') return undefined;
  const level = levelOf(word);
  return level && { level, end: all.length };
};

/** `PHP Warning:  …`, `PHP Fatal error:  …`, `PHP Parse error:  …`. */
const PHP = /^PHP (?:([A-Z][a-z]+)(?: error)?): {2}/;

/** The level that a message names: at its beginning, or as `level=warn`. */
export const levelInMessage = (message: string): Level | undefined => {
  const leading = leadingLevel(message);
  if (leading !== undefined) return leading.level;
  const php = PHP.exec(message);
  if (php !== null) return levelOf(php[1] as string) ?? (php[0].includes('error') ? 'error' : undefined);
  const [, word] = message.includes('=') ? (PAIR.exec(message) ?? []) : [];
  return word === undefined ? undefined : levelOf(word);
};
