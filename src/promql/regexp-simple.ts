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
      // Two in a row count characters, which may be two units of UTF-16 each.
      if (text === '' && pieces.length > 0) return undefined;
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
  /\\([-./+*?()|[\]{}^$\\])|\\([dw])|(\[\^?(?:[\w/.:,;=@ -]|\\[-.\]\\/])+\])|(\((?:\?:)?)|([)|.])|([*+?])|([^\\.+*?()|[\]{}^$])/uy;

/** What has more choices than these is left to RE2. */
const MOST_UNBOUNDED = 2;
const MOST_BOUNDED = 4;

const literal = (character: string): string => character.replace(/[\\.+*?()|[\]{}^$/]/, '\\$&');

/** Texts, ranges of one kind, a minus at an end: what is odd in any way is RE2's to judge. */
const CLASS = /^\[\^?-?(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_/.:,;=@ ]|\\[-.\]\\/])*-?\]$/;
const RANGE = /([A-Za-z0-9])-([A-Za-z0-9])/g;
const KINDS = [/[a-z]{2}/, /[A-Z]{2}/, /[0-9]{2}/];

const translateClass = (written: string): string | undefined => {
  if (!CLASS.test(written)) return undefined;
  for (const [, from = '', to = ''] of written.matchAll(RANGE))
    if (from > to || !KINDS.some((kind) => kind.test(from + to))) return undefined;
  return written.replace(/\\(.)/g, (whole, one: string) => (/[-\]\\]/.test(one) ? whole : one));
};

/** How many choices V8 has on one way through a pattern, or a group of it. */
interface Choices {
  /** Those of the way so far. */
  readonly bounded: number;
  /** Each of these multiplies by the length of the text. */
  readonly unbounded: number;
}

interface Group {
  readonly before: Choices;
  /** Of the worst of its alternatives that are read. */
  worst: Choices;
}

const worse = (a: Choices, b: Choices): Choices => ({
  bounded: Math.max(a.bounded, b.bounded),
  unbounded: Math.max(a.unbounded, b.unbounded),
});

const NONE: Choices = { bounded: 0, unbounded: 0 };

/** V8's spelling of a pattern that means the same there. */
const translate = (pattern: string): string | undefined => {
  let out = '';
  let way = NONE;
  const groups: Group[] = [{ before: NONE, worst: NONE }];
  /** Whether a sign of repetition would repeat one character. */
  let repeatable = false;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < pattern.length; ) {
    const found = TOKEN.exec(pattern);
    if (found === null) return undefined;
    const [, escaped, shorthand, set, open, sign, repeat, character] = found;
    const group = groups.at(-1) as Group;
    if (escaped !== undefined) out += escaped === '-' ? '-' : literal(escaped);
    else if (shorthand !== undefined) out += `\\${shorthand}`;
    else if (set !== undefined) {
      const translated = translateClass(set);
      if (translated === undefined) return undefined;
      out += translated;
    } else if (open !== undefined) {
      if (open === '(' && pattern[TOKEN.lastIndex] === '?') return undefined;
      out += open;
      way = { ...way, bounded: way.bounded + 1 };
      groups.push({ before: way, worst: way });
    } else if (sign !== undefined) {
      out += sign;
      if (sign !== '.') group.worst = worse(group.worst, way);
      if (sign === '|') way = group.before;
      if (sign === ')') {
        if (groups.length === 1) return undefined;
        groups.pop();
        way = group.worst;
      }
    } else if (repeat !== undefined) {
      if (!repeatable && !(repeat === '?' && pattern[TOKEN.lastIndex - 2] === ')')) return undefined;
      out += repeat;
      way =
        repeat === '?'
          ? { ...way, bounded: way.bounded + 1 }
          : { bounded: way.bounded, unbounded: way.unbounded + 1 };
    } else out += literal(character as string);
    repeatable = (sign === undefined || sign === '.') && open === undefined && repeat === undefined;
    if (way.unbounded > MOST_UNBOUNDED || way.bounded > MOST_BOUNDED) return undefined;
  }
  return groups.length === 1 ? out : undefined;
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
  // Of an optional group that matches nothing, V8 says that it took no part.
  const expression = pattern.includes(')?') ? undefined : native(pattern);
  if (expression === undefined) return undefined;
  return (text) => {
    const found = expression.exec(text);
    return found === null ? undefined : [...found];
  };
};
