/** Cuts a template into texts and the words of its actions. */

import { TemplateError } from './tree.js';

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'string'
  | 'number'
  | 'character'
  | 'word'
  | 'field'
  | 'variable'
  | 'dot'
  | 'sign';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
}

const WORDS: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\.)+'/y],
  [
    'number',
    /[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y,
  ],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['sign', /:=|=|\||,|\(|\)/y],
];

const NAMES = /[\p{L}\p{Nd}_]/u;

/** What Go says of a character that it does not know: its number, and itself where it can be shown. */
const describe = (text: string, at: number): string => {
  const code = text.codePointAt(at) as number;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const shown = String.fromCodePoint(code);
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(shown) ? `${number} '${shown}'` : number;
};

/** All tokens of a template. Throws TemplateError with its name and line. */
export const cut = (name: string, text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let line = 1;
  const fail = (message: string): never => {
    throw new TemplateError(`template: ${name}:${line}: ${message}`);
  };
  const push = (kind: TokenKind, found: string): void => {
    tokens.push({ kind, text: found, line });
    for (const one of found) if (one === '\n') line++;
  };
  let at = 0;
  /** A text up to an action, which may ask for the blanks before it to go, and the action before for those at its begin. */
  let trimStart = false;
  while (at <= text.length) {
    const open = text.indexOf('{{', at);
    const end = open < 0 ? text.length : open;
    const trimEnd = open >= 0 && /^\{\{-[ \t\r\n]/.test(text.slice(open, open + 4));
    const between = text.slice(at, end);
    let shown = trimStart ? between.replace(/^[ \t\r\n]+/, '') : between;
    const head = between.length - shown.length;
    if (trimEnd) shown = shown.replace(/[ \t\r\n]+$/, '');
    for (const one of between.slice(0, head)) if (one === '\n') line++;
    if (shown !== '') push('text', shown);
    for (const one of between.slice(head + shown.length)) if (one === '\n') line++;
    if (open < 0) break;
    at = open + (trimEnd ? 3 : 2);
    const comment = /[ \t\r\n]*\/\*/y;
    comment.lastIndex = at;
    if (comment.test(text)) {
      const stop = text.indexOf('*/', comment.lastIndex);
      if (stop < 0) fail('unclosed comment');
      const rest = /^([ \t\r\n]-)?\}\}/.exec(text.slice(stop + 2));
      if (rest === null) return fail('comment ends before closing delimiter');
      for (const one of text.slice(at, stop)) if (one === '\n') line++;
      at = stop + 2 + rest[0].length;
      trimStart = rest[1] !== undefined;
      continue;
    }
    push('open', '{{');
    let depth = 0;
    for (;;) {
      const close = /^(?:[ \t\r\n]-\}\}|\}\})/.exec(text.slice(at, at + 4));
      if (close !== null) {
        if (depth > 0) fail('unclosed left paren');
        push('close', '}}');
        at += close[0].length;
        trimStart = close[0].length > 2;
        break;
      }
      if (at >= text.length) fail('unclosed action');
      let found: readonly [TokenKind, string] | undefined;
      for (const [kind, pattern] of WORDS) {
        pattern.lastIndex = at;
        const match = pattern.exec(text);
        if (match !== null) {
          found = [kind, match[0]];
          break;
        }
      }
      if (found === undefined) {
        const character = text[at] as string;
        if (character === '"') fail('unterminated quoted string');
        if (character === '`') fail('unterminated raw quoted string');
        if (character === "'") fail('unterminated character constant');
        return fail(`unrecognized character in action: ${describe(text, at)}`);
      }
      const [kind, word] = found;
      const next = text[at + word.length] ?? '';
      if (kind === 'number' && NAMES.test(next)) fail(`bad number syntax: "${word}${next}"`);
      if (kind === 'sign') {
        if (word === '(') depth++;
        if (word === ')' && depth-- === 0) fail(`unexpected right paren U+0029 ')'`);
      }
      push(kind, word);
      at += word.length;
    }
  }
  return tokens;
};
