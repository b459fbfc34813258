/**
 * Regular expressions as they mostly are, without RE2: texts, alternatives of texts, `.*` between texts; and a part of the
 * syntax that V8 understands in the same way, with so few choices that it cannot run away.
 */

export type Match = readonly (string | undefined)[];

const SPECIAL = /[\\.+*?()|[\]{}^$]/;

type Matches = (text: string) => boolean;

/** Parts between `.*` and `.+`; `least` is how many characters have to stand before each. */
interface Piece {
  readonly text: string;
  readonly least: 0 | 1;
}

/** Undefined where there is more in it than texts, `.*` and `.+`. */
const readPieces = (pattern: string): Piece[] | undefined => {
  const pieces: Piece[] = [];
  let text = '';
  let least: 0 | 1 = 0;
  for (let at = 0; at < pattern.length; at++) {
    const one = pattern[at] as string;
    const next = pattern[at + 1] ?? '';
    if (one === '\\' && /[-./+*?()|[\]{}^$\\]/.test(next)) {
      text += next;
      at++;
    } else if (one === '.' && (next === '*' || next === '+')) {
      pieces.push({ text, least });
      text = '';
      least = next === '+' ? 1 : 0;
      at++;
    } else if (SPECIAL.test(one)) return undefined;
    else text += one;
  }
  pieces.push({ text, least });
  return pieces;
};

const matchPieces = (pieces: readonly Piece[]): Matches => {
  const first = (pieces[0] as Piece).text;
  if (pieces.length === 1) return (text) => text === first;
  const last = pieces.at(-1) as Piece;
  const between = pieces.slice(1, -1);
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of between) {
      const found = text.indexOf(piece.text, at + piece.least);
      if (found < 0) return false;
      at = found + piece.text.length;
    }
    return text.length - last.text.length >= at + last.least && text.endsWith(last.text);
  };
};

/** Cuts at bars that are in no group and no class; undefined where brackets or backslashes make that unsure. */
const alternatives = (pattern: string): string[] | undefined =>
  /[()[\]\\{}]/.test(pattern) ? undefined : pattern.split('|');

/** `(a|b)` and `(?:a|b)` are what is in them. */
const unwrap = (pattern: string): string => /^\((?:\?:)?([^()?\\][^()\\]*)\)$/.exec(pattern)?.[1] ?? pattern;

const TOKEN =
  /\\([-./+*?()|[\]{}^$\\])|\\([dw])|(\[(?:[A-Za-z0-9_/.:,;=@ -]|\\[-.\]\\/])+\]|\[\^(?:[A-Za-z0-9_/.:,;=@ -]|\\[-.\]\\/])+\])|(\((?:\?:)?)|([)|.])|([*+?])|([^\\.+*?()|[\]{}^$])/uy;

/** More choices than these, in one alternative, are left to RE2: each unbounded one multiplies by the length of the text. */
const MOST_UNBOUNDED = 2;
const MOST_CHOICES = 4;

const literal = (character: string): string => character.replace(/[\\.+*?()|[\]{}^$/]/, '\\$&');

/** A range or a minus at an odd place is RE2's to judge. */
const isPlainClass = (written: string): boolean => {
  const inside = written.slice(written[1] === '^' ? 2 : 1, -1).replace(/\\./g, 'x');
  return /^-?(?:a-z|A-Z|0-9|a-f|A-F|[^-])*-?$/.test(
    inside.replace(/\b(\d)-(\d)\b/g, (_, a, b) => (a < b ? 'x' : '--')),
  );
};

const translateClass = (written: string): string =>
  written.replace(/\\(.)/g, (_, one: string) => (/[-\]\\]/.test(one) ? `\\${one}` : one));

/** V8's spelling of a pattern that means the same there. */
const translate = (pattern: string): string | undefined => {
  let out = '';
  let depth = 0;
  let unbounded = 0;
  let choices = 0;
  /** What a sign of repetition would repeat: a group or a repetition is none of ours. */
  let repeatable = false;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < pattern.length; ) {
    const found = TOKEN.exec(pattern);
    if (found === null) return undefined;
    const [, escaped, shorthand, set, open, sign, repeat, character] = found;
    if (escaped !== undefined) out += escaped === '-' ? '-' : literal(escaped);
    else if (shorthand !== undefined) out += `\\${shorthand}`;
    else if (set !== undefined) {
      if (!isPlainClass(set)) return undefined;
      out += translateClass(set);
    } else if (open !== undefined) {
      if (open === '(' && pattern[TOKEN.lastIndex] === '?') return undefined;
      out += open;
      depth++;
      choices++;
    } else if (sign !== undefined) {
      out += sign;
      if (sign === ')' && --depth < 0) return undefined;
      if (sign === '|' && depth === 0) unbounded = choices = 0;
    } else if (repeat !== undefined) {
      if (!repeatable && !(repeat === '?' && out.endsWith(')'))) return undefined;
      out += repeat;
      choices++;
      if (repeat !== '?') unbounded++;
    } else out += literal(character as string);
    repeatable = (sign === undefined || sign === '.') && open === undefined && repeat === undefined;
    if (unbounded > MOST_UNBOUNDED || choices > MOST_CHOICES) return undefined;
  }
  return depth === 0 ? out : undefined;
};

const native = (pattern: string): RegExp | undefined => {
  const translated = translate(pattern);
  return translated === undefined ? undefined : new RegExp(`^(?:${translated})$`, 'su');
};

/** Undefined where it takes RE2 to know. */
export const simpleMatch = (pattern: string): Matches | undefined => {
  const whole = readPieces(pattern);
  if (whole !== undefined) return matchPieces(whole);
  const parts = alternatives(unwrap(pattern));
  const read = parts?.map(readPieces);
  if (read?.every((pieces) => pieces !== undefined)) {
    const texts = new Set(read.filter((one) => one.length === 1).map(([one]) => (one as Piece).text));
    const others = read.filter((one) => one.length > 1).map(matchPieces);
    return (text) => texts.has(text) || others.some((matches) => matches(text));
  }
  const expression = native(pattern);
  if (expression === undefined) return undefined;
  return (text) => expression.test(text);
};

export const simpleRegexp = (pattern: string): ((text: string) => Match | undefined) | undefined => {
  const expression = native(pattern);
  if (expression === undefined) return undefined;
  return (text) => {
    const found = expression.exec(text);
    return found === null ? undefined : [...found];
  };
};
