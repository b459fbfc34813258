/** Cuts an expression into words and signs, one when it is asked for: what is wrong behind an error is not told. */

import { ParseError, UnsupportedError } from '../ast.js';
import { quote, quoteRune } from '../strings.js';
import { scanDuration, scanNumber, scanString } from './literals.js';
import { type Kind, type Token, WORDS } from './token.js';

const SPACE = /[ \t\r\n]*/y;
/** Stops before the line's end. */
const COMMENT = /#[^\r\n]*/y;
const WORD = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const LABEL = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Inside brackets Prometheus has these behind a flag. */
const DURATION_FUNCTIONS = /(?:step|range|min|max|min_of|max_of)\s*\(/iy;

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>', '+', '-', '*', '/', '%', '^'];
/** Of Prometheus: what a histogram has above or below a value goes. No other expression has these two signs in a row. */
const TRIMMING = /^(?:<\/|>\/)$/;
const DURATION_OPERATORS = '+-*/%^';

const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= '0' && character <= '9';

export interface Lexer {
  readonly next: () => Token;
}

export const openLexer = (text: string): Lexer => {
  let at = 0;
  let depth = 0;
  let place: 'open' | 'braces' | 'brackets' = 'open';
  /** Of the brackets that are open. */
  let duration = false;
  let colon = false;

  const fail = (start: number, reason: string): never => {
    throw new ParseError(text, { start, end: text.length }, reason);
  };
  const character = (offset: number): string => {
    const code = text.codePointAt(offset);
    return code === undefined ? '' : String.fromCodePoint(code);
  };
  /** As Go's lexer shows it: the end of the text is a rune of -1, and that is the replacement character. */
  const shown = (offset: number): string => quoteRune(character(offset) || '\ufffd');
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  const take = (kind: Kind, length: number, what = ''): Token => {
    const start = at;
    at += length;
    return { kind, text: text.slice(start, at), what, start, end: at };
  };
  const sign = (kind: Kind, written: string): Token => take(kind, written.length, written);

  const skip = (): void => {
    for (;;) {
      at += match(SPACE).length;
      if (place === 'brackets') return;
      const comment = match(COMMENT).length;
      if (comment === 0) return;
      at += comment;
    }
  };

  const numberOrDuration = (): Token => {
    const number = scanNumber(text, at);
    if (number.valid) return take('number', number.end - at);
    const end = scanDuration(text, number.end);
    if (end.valid) return take('duration', end.end - at);
    return fail(at, `bad number or duration syntax: ${quote(text.slice(at, end.end))}`);
  };

  const string = (): Token => {
    const { end, wrong } = scanString(text, at);
    if (wrong !== undefined) fail(at, wrong);
    return take('string', end - at);
  };

  const parenthesis = (one: '(' | ')'): Token => {
    const token = sign('sign', one);
    depth += one === '(' ? 1 : -1;
    if (depth < 0) fail(at, `unexpected right parenthesis ${quoteRune(one)}`);
    return token;
  };

  const inBraces = (): Token => {
    const one = text[at];
    if (one === undefined) return fail(at, 'unexpected end of input inside braces');
    const label = match(LABEL);
    if (label !== '') return take('identifier', label.length);
    if (one === '"' || one === "'" || one === '`') return string();
    if (one === ',') return sign('sign', ',');
    if (one === '=') return text[at + 1] === '~' ? sign('operator', '=~') : sign('sign', one);
    if (one === '!') {
      const two = text.slice(at, at + 2);
      if (two === '!=' || two === '!~') return sign('operator', two);
      return fail(at, `unexpected character after '!' inside braces: ${shown(at + 1)}`);
    }
    if (one === '{') return fail(at, `unexpected left brace ${quoteRune(one)}`);
    if (one !== '}') return fail(at, `unexpected character inside braces: ${shown(at)}`);
    place = 'open';
    return sign('sign', one);
  };

  const inBrackets = (): Token => {
    const one = text[at];
    if (one === undefined) return fail(at, 'unexpected end of input in duration expression');
    if (isDigit(one) || (one === '.' && isDigit(text[at + 1]))) {
      duration = true;
      return numberOrDuration();
    }
    if (one === ']') {
      place = 'open';
      return sign('sign', one);
    }
    if (one === ':') {
      const token = sign('sign', one);
      if (!duration) fail(at, 'unexpected colon before duration in duration expression');
      if (colon) fail(at, 'unexpected repeated colon in duration expression');
      colon = true;
      return token;
    }
    if (one === '(' || one === ')') return parenthesis(one);
    if (one === ',') return sign('sign', one);
    if (DURATION_OPERATORS.includes(one)) return sign('operator', one);
    const called = match(DURATION_FUNCTIONS);
    if (called !== '')
      throw new UnsupportedError(
        text,
        { start: at, end: at + called.length },
        'calculating with durations is experimental, which sysmon does not have',
      );
    return fail(at, `unexpected character in duration expression: ${shown(at)}`);
  };

  const word = (): Token | undefined => {
    const found = match(WORD);
    if (found === '') return undefined;
    const lower = found.toLowerCase();
    const kind = WORDS.get(lower);
    if (kind !== undefined) return take(kind, found.length, lower);
    return take(found.includes(':') ? 'metric' : 'identifier', found.length);
  };

  const inTheOpen = (): Token => {
    const one = text[at];
    if (one === undefined) {
      if (depth !== 0) fail(at, 'unclosed left parenthesis');
      return take('end', 0);
    }
    const name = word();
    if (name !== undefined) return name;
    if (isDigit(one) || (one === '.' && isDigit(text[at + 1]))) return numberOrDuration();
    if (one === '"' || one === "'" || one === '`') return string();
    if (one === '(' || one === ')') return parenthesis(one);
    if (one === '{') {
      place = 'braces';
      return sign('sign', one);
    }
    if (one === '[') {
      place = 'brackets';
      duration = false;
      colon = false;
      return sign('sign', one);
    }
    if (TRIMMING.test(text.slice(at, at + 2)))
      throw new UnsupportedError(
        text,
        { start: at, end: at + 2 },
        `operator "${text.slice(at, at + 2)}" needs native histograms, which sysmon does not have`,
      );
    const operator = OPERATORS.find((sign) => text.startsWith(sign, at));
    if (operator !== undefined) return sign('operator', operator);
    if (one === '=') {
      if (text[at + 1] === '~') fail(at, `unexpected character after '=': ${shown(at + 1)}`);
      // Known to the lexer alone, and no operator in errors.
      return sign('sign', one);
    }
    if (one === '!') return fail(at, `unexpected character after '!': ${shown(at + 1)}`);
    if (one === ',') return sign('sign', one);
    if (one === '@') return sign('operator', one);
    if (one === ']') return fail(at, `unexpected right bracket ${quoteRune(one)}`);
    return fail(at, `unexpected character: ${shown(at)}`);
  };

  return {
    next: () => {
      skip();
      return place === 'braces' ? inBraces() : place === 'brackets' ? inBrackets() : inTheOpen();
    },
  };
};
