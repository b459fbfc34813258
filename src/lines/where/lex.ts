/** From the text of an expression to its words, as Loki's lexer reads them. */

import { parseBytes, parseNanoseconds } from './amounts.js';
import type { AmountKind } from './expression.js';
import { type Name, readName, WhereError } from './name.js';

export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'name'; readonly name: Name }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'amount'; readonly unit: AmountKind; readonly amount: number }
  | { readonly kind: 'operator'; readonly operator: string }
  | { readonly kind: 'sign'; readonly sign: '(' | ')' | ',' | '|' | 'and' | 'or' }
  | { readonly kind: 'end' }
);

const SPACE = /\s*/y;
const OPERATOR = /=~|!~|==|!=|>=|<=|=|>|</y;
/** A number with all that could be its unit. */
const AMOUNT =
  /[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+(?![0-9A-Za-zµμ.]))?)[A-Za-zµμ0-9.]*%?/y;
const PLAIN_NUMBER = /^[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)%?$/;
const INFINITE = /[+-]?(?:inf(?:inity)?|nan)\b(?![.[])/iy;
const STRING = /"(?:[^"\\]|\\.)*"|`[^`]*`/suy;

const take = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** A double-quoted text as Go's strconv.Unquote reads it. `at` is where it begins, for errors. */
const unquote = (quoted: string, at: number): string => {
  let out = '';
  const inner = quoted.slice(1, -1);
  for (let index = 0; index < inner.length; ) {
    if (inner[index] !== '\\') {
      out += inner[index++];
      continue;
    }
    const rest = inner.slice(index, index + 10);
    const [all, hex, octal, plain] =
      /^\\(?:x([0-9a-fA-F]{2})|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|([0-7]{3})|([abfnrtv\\"]))/s.exec(rest) ?? [];
    if (all === undefined)
      throw new WhereError(
        `bad escape ${rest.slice(0, 2)}`,
        at + 1 + index,
        'in double quotes a backslash is written twice, in backticks once',
      );
    if (plain !== undefined) out += ESCAPES[plain];
    else {
      const code = octal === undefined ? Number.parseInt(hex ?? all.slice(2), 16) : Number.parseInt(octal, 8);
      if (code > 0x10ffff) throw new WhereError(`no character has the number ${all}`, at + 1 + index);
      out += String.fromCodePoint(code);
    }
    index += all.length;
  }
  return out;
};

/** `90`, `90%`, `1.5e3`, `2s`, `5kb`; Loki tries a duration before a size, so that `5m` is minutes. */
const readAmount = (word: string, at: number): { unit: AmountKind; amount: number } => {
  if (PLAIN_NUMBER.test(word)) {
    const [, sign, digits] = /^([+-]?)(.*?)%?$/.exec(word) as RegExpExecArray;
    return { unit: 'number', amount: (sign === '-' ? -1 : 1) * Number(digits) };
  }
  const duration = parseNanoseconds(word);
  if (duration !== undefined) return { unit: 'duration', amount: duration };
  const size = parseBytes(word.replace(/^[+-]/, ''));
  if (size !== undefined) return { unit: 'bytes', amount: word.startsWith('-') ? -size : size };
  throw new WhereError(
    `"${word}" is no number, duration or size`,
    at,
    'durations are 150ms, 2s, 1h30m; sizes 5kB, 10MB, 1GiB; a text stands in double quotes',
  );
};

/** What people write who know other languages. */
const FOREIGN: readonly (readonly [RegExp, string, string])[] = [
  [/&&?/y, '"&" is no operator', 'write and'],
  [/\|\|/y, '"||" is no operator', 'write or'],
  [/!(?![=~])/y, '"!" is no operator', 'write != or !~'],
  [/~/y, '"~" is no operator', 'write =~'],
  [/'/y, 'no single quotes', 'a text stands in double quotes or backticks'],
];

const refuse = (text: string, at: number): never => {
  for (const [pattern, message, hint] of FOREIGN)
    if (take(pattern, text, at) !== undefined) throw new WhereError(message, at, hint);
  throw new WhereError(`unexpected "${String.fromCodePoint(text.codePointAt(at) as number)}"`, at);
};

/** The word at `start`; `wanted` says whether it is to be a field's name or what it is compared with. Throws WhereError. */
export const readToken = (text: string, start: number, wanted: 'name' | 'value'): Token => {
  const at = start + (take(SPACE, text, start) as string).length;
  if (at >= text.length) return { kind: 'end', at, end: at };
  const character = text[at] as string;
  if (
    character === '(' ||
    character === ')' ||
    character === ',' ||
    (character === '|' && text[at + 1] !== '|')
  )
    return { kind: 'sign', sign: character, at, end: at + 1 };
  const operator = take(OPERATOR, text, at);
  if (operator !== undefined) return { kind: 'operator', operator, at, end: at + operator.length };
  if (wanted === 'value') {
    const quoted = take(STRING, text, at);
    if (quoted !== undefined) {
      const value = quoted.startsWith('`') ? quoted.slice(1, -1) : unquote(quoted, at);
      return { kind: 'text', text: value, at, end: at + quoted.length };
    }
    if (character === '"' || character === '`') throw new WhereError('unfinished quote', at);
    const special = take(INFINITE, text, at);
    if (special !== undefined) {
      const amount = /nan/i.test(special) ? Number.NaN : special.startsWith('-') ? -Infinity : Infinity;
      return { kind: 'amount', unit: 'number', amount, at, end: at + special.length };
    }
  }
  const word = take(AMOUNT, text, at);
  if (word !== undefined) return { kind: 'amount', ...readAmount(word, at), at, end: at + word.length };
  const read = readName(text, at);
  if (read === undefined) return refuse(text, at);
  const lower = read.name.plain ? read.name.text.toLowerCase() : '';
  if (lower === 'and' || lower === 'or') return { kind: 'sign', sign: lower, at, end: read.end };
  return { kind: 'name', name: read.name, at, end: read.end };
};
