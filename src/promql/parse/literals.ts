/** How far a number, a duration or a string reaches, and what a number means. The rules are Prometheus's and Go's own. */

import { nameRune } from '../strings.js';

interface Scanned {
  readonly end: number;
  readonly valid: boolean;
}

const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[A-Za-z0-9_]/.test(character);

const HEX = /0[xX]_?[\da-fA-F]*(?:_[\da-fA-F]+)*/y;

/** A second dot or exponent, or an underscore out of place, makes what looks like a number a bad one. */
export const scanNumber = (text: string, start: number): Scanned => {
  HEX.lastIndex = start;
  const hex = HEX.exec(text)?.[0];
  let at = start + (hex?.length ?? 0);
  if (hex !== undefined) {
    // No fractions of hexadecimal numbers.
    if (text[at] === '.') return { end: at + 1, valid: false };
    return { end: at, valid: !isWordCharacter(text[at]) };
  }
  if (text[at] === '.') at++;
  let dot = false;
  let exponent = false;
  for (; ; at++) {
    const one = text[at] ?? '';
    const two = text[at + 1] ?? '';
    if (one === '.') {
      if (dot || two === '_' || two === '.') return { end: at + (dot ? 1 : 2), valid: false };
      dot = true;
    } else if (one === 'e' || one === 'E') {
      if (exponent) return { end: at + 1, valid: false };
      exponent = true;
      if (two === '+' || two === '-') at++;
      if (/^[._eE]?$/.test(text[at + 1] ?? '')) return { end: Math.min(at + 2, text.length), valid: false };
    } else if (one === '_') {
      if (/^[._eE]?$/.test(two)) return { end: Math.min(at + 2, text.length), valid: false };
    } else if (one < '0' || one > '9') break;
  }
  return { end: at, valid: at > start && !isWordCharacter(text[at]) };
};

const UNITS = /[smhdwy]s?(?:\d+[smhdw]s?)*(\d*)/y;

/** Of a duration whose first number has been read. */
export const scanDuration = (text: string, start: number): Scanned => {
  UNITS.lastIndex = start;
  const found = UNITS.exec(text);
  if (found === null) return { end: start, valid: false };
  const end = UNITS.lastIndex;
  return { end, valid: found[1] === '' && !isWordCharacter(text[end]) };
};

/** As Go has numbers: underscores stand between digits. */
const GO_NUMBER =
  /^(?:0x(?:_?[\da-f]+)+|(?:\d+(?:_\d+)*\.?|(?:\d+(?:_\d+)*)?\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?)$/;

/** What Go's strconv reads from it, or why it reads nothing. A leading 0 makes an octal number where the digits are. */
export const readNumber = (written: string): number | string => {
  const lower = written.toLowerCase();
  if (lower === 'inf') return Number.POSITIVE_INFINITY;
  if (lower === 'nan') return Number.NaN;
  const wrong = (why: string): string =>
    `error parsing number: strconv.ParseFloat: parsing ${JSON.stringify(written)}: ${why}`;
  if (!GO_NUMBER.test(lower)) return wrong('invalid syntax');
  const digits = lower.replaceAll('_', '');
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  const value = Number(digits);
  return Number.isFinite(value) ? value : wrong('value out of range');
};

const DIGITS: Readonly<Record<string, readonly [digits: number, base: number, largest: number]>> = {
  x: [2, 16, 255],
  u: [4, 16, 0x10ffff],
  U: [8, 16, 0x10ffff],
};

interface Escape {
  readonly end: number;
  readonly wrong?: string;
}

/** Of one that begins after the backslash. */
const scanEscape = (text: string, start: number, quote: string): Escape => {
  const first = text[start];
  if (first === undefined) return { end: start, wrong: 'escape sequence not terminated' };
  if ('abfnrtv\\'.includes(first) || first === quote) return { end: start + 1 };
  const octal = first >= '0' && first <= '7';
  const known = octal ? ([3, 8, 255] as const) : DIGITS[first];
  if (known === undefined) {
    const character = String.fromCodePoint(text.codePointAt(start) as number);
    return { end: start, wrong: `unknown escape sequence ${nameRune(character)}` };
  }
  const [count, base, largest] = known;
  const from = octal ? start : start + 1;
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const code = text.codePointAt(at);
    if (code === undefined) return { end: at, wrong: 'escape sequence not terminated' };
    const character = String.fromCodePoint(code);
    const digit = Number.parseInt(character, base);
    if (Number.isNaN(digit))
      return { end: at, wrong: `illegal character ${nameRune(character)} in escape sequence` };
    value = value * base + digit;
  }
  if (value > largest || (value >= 0xd800 && value < 0xe000))
    return { end: from + count, wrong: 'escape sequence is an invalid Unicode code point' };
  return { end: from + count };
};

/** Of one that begins with its quote. */
export const scanString = (text: string, start: number): Escape => {
  const quote = text[start] as string;
  if (quote === '`') {
    const end = text.indexOf('`', start + 1);
    return end < 0 ? { end: text.length, wrong: 'unterminated raw string' } : { end: end + 1 };
  }
  for (let at = start + 1; ; ) {
    const one = text[at];
    if (one === undefined || one === '\n') return { end: at, wrong: 'unterminated quoted string' };
    if (one === quote) return { end: at + 1 };
    if (one !== '\\') {
      at++;
      continue;
    }
    const escaped = scanEscape(text, at + 1, quote);
    if (escaped.wrong !== undefined) return escaped;
    at = escaped.end;
  }
};
