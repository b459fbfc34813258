/** Texts as Go writes and reads them in quotes. */

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** What Go's strconv.IsPrint says no to; a lone surrogate has no way into UTF-8 either. */
const UNPRINTABLE = /(?! )[\\"\p{C}\p{Z}]/u;

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

const escapeRune = (character: string, quote: string): string => {
  if (character === quote) return `\\${quote}`;
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  if (!UNPRINTABLE.test(character) || character === '"') return character;
  const code = character.codePointAt(0) as number;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  // What Go calls an unprintable rune; half of a surrogate pair becomes the replacement character.
  if (code >= 0xd800 && code < 0xe000) return '\ufffd';
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
};

/** Go's %q of a string. */
export const quote = (text: string): string =>
  PLAIN.test(text) ? `"${text}"` : `"${Array.from(text, (one) => escapeRune(one, '"')).join('')}"`;

/** Go's %q of a rune. */
export const quoteRune = (character: string): string => `'${escapeRune(character, "'")}'`;

/** Go's %#U: `U+0071 'q'`. */
export const nameRune = (character: string): string => {
  const code = character.codePointAt(0) as number;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return UNPRINTABLE.test(character) && !'"\\'.includes(character) ? name : `${name} '${character}'`;
};

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/**
 * The text that a literal means, quotes included in the argument. Its escapes have been checked. They can spell bytes;
 * what is no UTF-8 then becomes replacement characters.
 */
export const unquote = (literal: string): string => {
  const inside = literal.slice(1, -1);
  if (literal[0] === '`' || !inside.includes('\\')) return inside;
  const bytes: Buffer[] = [];
  const token = /\\([0-7]{3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])|[^\\]+/gu;
  for (const [whole, escaped] of inside.matchAll(token)) {
    if (escaped === undefined) bytes.push(Buffer.from(whole));
    else if (/^[0-7]/.test(escaped)) bytes.push(Buffer.of(Number.parseInt(escaped, 8)));
    else if (escaped.length > 1 && escaped[0] === 'x')
      bytes.push(Buffer.of(Number.parseInt(escaped.slice(1), 16)));
    else if (escaped.length > 2)
      bytes.push(Buffer.from(String.fromCodePoint(Number.parseInt(escaped.slice(1), 16))));
    else bytes.push(escaped in SIMPLE ? Buffer.of(SIMPLE[escaped] as number) : Buffer.from(escaped));
  }
  return Buffer.concat(bytes).toString();
};

/** By their bytes in UTF-8, as Go compares: that is by code points, and so not always as JavaScript does. */
export const compareTexts = (a: string, b: string): number => {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Halves of what lies beyond 0xffff stand below 0xe000 in UTF-16.
  const rank = (code: number): number => (code >= 0xd800 && code < 0xe000 ? code + 0x10000 : code);
  return rank(a.charCodeAt(at) || 0) - rank(b.charCodeAt(at) || 0) || a.length - b.length;
};

/** Names that need no quotes where PromQL writes them. */
export const isPlainLabel = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
export const isPlainMetric = (name: string): boolean => /^[A-Za-z_:][A-Za-z0-9_:]*$/.test(name);
