/**
 * Regular expressions as Loki's are (RE2, https://github.com/google/re2/wiki/Syntax), brought to those of JavaScript: what only
 * one of both has is translated or refused.
 */

import { compileLinear, type Pieces } from './linear.js';
import { WhereError } from './name.js';

const SPACE = '\\t\\n\\f\\r ';

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const SYNTAX = '^$\\.*+?()[]{}|/';

interface Piece {
  readonly text: string;
  /** How many characters of the source it stands for. */
  readonly length: number;
}

const unknown = (source: string, at: number, why: string): never => {
  throw new WhereError(`bad pattern: ${why} at its character ${at + 1}`, 0, `the pattern is ${source}`);
};

const CATEGORY = /^\\[pP](?:\{(\^?)(\w+)\}|(\w))/;

/** `\pL`, `\p{Greek}`: one letter or two are a general category, more are a script. */
const property = (source: string, at: number): Piece => {
  const [all, not, long, short] = CATEGORY.exec(source.slice(at, at + 40)) ?? [];
  if (all === undefined) return unknown(source, at, 'unfinished \\p');
  const name = long ?? (short as string);
  const negative = (all[1] === 'P') !== (not === '^');
  const text = `\\${negative ? 'P' : 'p'}{${name.length > 2 ? 'Script=' : ''}${name}}`;
  return { text, length: all.length };
};

/** What begins with a backslash. */
const escaped = (source: string, at: number, inClass: boolean): Piece => {
  const letter = source[at + 1];
  if (letter === undefined) return unknown(source, at, 'a backslash at the end');
  if (letter === 'p' || letter === 'P') return property(source, at);
  if (letter === 'x') {
    const [all, long, short] =
      /^\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(source.slice(at, at + 12)) ?? [];
    if (all === undefined) return unknown(source, at, 'unfinished \\x');
    return { text: `\\u{${long ?? short}}`, length: all.length };
  }
  if (letter === 'Q' && !inClass) {
    const end = source.indexOf('\\E', at + 2);
    const literal = source.slice(at + 2, end < 0 ? source.length : end);
    const length = literal.length + (end < 0 ? 2 : 4);
    return { text: literal.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&'), length };
  }
  if (letter === 's') return { text: inClass ? SPACE : `[${SPACE}]`, length: 2 };
  if (letter === 'S' && !inClass) return { text: `[^${SPACE}]`, length: 2 };
  if (letter === 'a') return { text: '\\x07', length: 2 };
  if (letter === 'A' && !inClass) return { text: '(?<![^])', length: 2 };
  if (letter === 'z' && !inClass) return { text: '(?![^])', length: 2 };
  if (inClass ? /[dDSwWfnrtv]/.test(letter) : /[dDwWbBfnrtv]/.test(letter))
    return { text: `\\${letter}`, length: 2 };
  if (/[1-9]/.test(letter)) return unknown(source, at, 'RE2 has no back references');
  if (/[A-Za-z0-9]/.test(letter)) return unknown(source, at, `RE2 has no \\${letter}`);
  return { text: SYNTAX.includes(letter) || (inClass && letter === '-') ? `\\${letter}` : letter, length: 2 };
};

/** `[…]`. */
const characterClass = (source: string, start: number): Piece => {
  let at = start + 1;
  let text = '[';
  if (source[at] === '^') {
    text += '^';
    at++;
  }
  for (let first = true; first || source[at] !== ']'; first = false) {
    if (at >= source.length) return unknown(source, start, 'unfinished [');
    const [posix, not, name] = /^\[:(\^?)(\w+):\]/.exec(source.slice(at, at + 14)) ?? [];
    if (posix !== undefined) {
      const members = POSIX[name as string];
      if (members === undefined || not === '^') return unknown(source, at, `no class ${posix}`);
      text += members;
      at += posix.length;
    } else if (source[at] === '\\') {
      const piece = escaped(source, at, true);
      text += piece.text;
      at += piece.length;
    } else {
      text += source[at] === '[' || source[at] === ']' ? `\\${source[at]}` : source[at];
      at++;
    }
  }
  return { text: `${text}]`, length: at + 1 - start };
};

/** `(…`: its beginning only. */
const group = (source: string, at: number): Piece => {
  if (source[at + 1] !== '?') return { text: '(', length: 1 };
  const [named] = /^\(\?P?<([A-Za-z_]\w*)>/.exec(source.slice(at, at + 200)) ?? [];
  // No name is asked for later, and RE2 allows what JavaScript does not: the same in two branches.
  if (named !== undefined) return { text: '(', length: named.length };
  if (source[at + 2] === ':') return { text: '(?:', length: 3 };
  if (/^\(\?<?[=!]/.test(source.slice(at, at + 4)))
    return unknown(source, at, 'RE2 does not look ahead or behind');
  return unknown(source, at, 'flags stand at the beginning of a pattern only');
};

const pieceAt = (source: string, at: number): Piece => {
  const character = source[at] as string;
  if (character === '\\') return escaped(source, at, false);
  if (character === '[') return characterClass(source, at);
  if (character === '(') return group(source, at);
  if (character === '{' && !/^\{\d+(?:,\d*)?\}/.test(source.slice(at, at + 24)))
    return { text: '\\{', length: 1 };
  if (character === '{') {
    const length = source.indexOf('}', at) + 1 - at;
    return { text: source.slice(at, at + length), length };
  }
  if (character === '}' || character === ']') return { text: `\\${character}`, length: 1 };
  return { text: character, length: 1 };
};

/** What a whole text is held against. */
export interface Pattern {
  readonly test: (text: string) => boolean;
}

const isUnbounded = (piece: string): boolean => /^(?:[*+]|\{\d+,\})$/.test(piece);

/** Whether a group is repeated without end that itself may match the same in several ways: V8's time for that can double with each character. */
const mayExplode = (pieces: Pieces): boolean => {
  const open: boolean[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece === '(' || piece === '(?:') open.push(false);
    else if (piece === '|' || timesLike(piece)) open.fill(true);
    else if (piece === ')' && open.pop() === true && /^(?:[*+]|\{)/.test(pieces[index + 1] ?? ''))
      return true;
  }
  return false;
};

const timesLike = (piece: string): boolean => /^(?:[*+?]|\{\d)/.test(piece);

/** Characters from which on two parts without end, each tried with each, take too long. */
const LONG = 2000;

const TOKEN = /\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\x..|\\.|./gsu;

/** A pattern that must be the whole of a text; a dot is any character, line ends too, as in Prometheus's and Loki's. Throws WhereError. */
export const compileAnchored = (source: string): Pattern => {
  const [head = '', letters = ''] = /^\(\?([a-zA-Z]+)\)/.exec(source) ?? [];
  if (/[^ims]/.test(letters)) return unknown(source, 0, `flags (?${letters}) are not known`);
  const pieces: string[] = [];
  for (let at = head.length; at < source.length; ) {
    const { text, length } = pieceAt(source, at);
    // A quoted text is as many pieces as it has characters.
    if (source.startsWith('\\Q', at)) pieces.push(...(text.match(TOKEN) ?? []));
    else pieces.push(text);
    at += length;
  }
  const flags = `su${[...new Set(letters.replaceAll('s', ''))].join('')}`;
  let quick: RegExp;
  try {
    quick = new RegExp(`(?<![^])(?:${pieces.join('')})(?![^])`, flags);
  } catch (error) {
    const why = (error as Error).message.replace(/^Invalid regular expression: .*: /su, '');
    throw new WhereError(`bad pattern: ${why}`, 0, `the pattern is ${source}`);
  }
  const ways = pieces.filter(isUnbounded).length;
  const explodes = mayExplode(pieces);
  if (!explodes && ways < 2) return quick;
  const linear = compileLinear(pieces, flags);
  if (linear === undefined)
    throw new WhereError('bad pattern: it is too large', 0, `the pattern is ${source}`);
  return { test: (text) => (explodes || text.length > LONG ? linear(text) : quick.test(text)) };
};
