/** POSIX's named classes, as the C library has them in C.UTF-8: measured over every character, from Unicode's properties. */

export const CLASS_NAMES = [
  'alpha',
  'digit',
  'alnum',
  'upper',
  'lower',
  'space',
  'blank',
  'punct',
  'print',
  'graph',
  'cntrl',
  'xdigit',
] as const;

/** `word` is `\w`. */
export type ClassName = (typeof CLASS_NAMES)[number] | 'word';

// Digits of other scripts are letters, no-break spaces are printed, and a title case letter with a lower case is of both cases.
const ALNUM = '\\p{L}\\p{Alphabetic}\\p{Nd}';
const SPACE = '\\t\\n\\v\\f\\r \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000';
const UNPRINTED = '\\p{Cn}\\p{Cs}\\p{Cc}\\u2028\\u2029';

const SOURCES: Readonly<Record<ClassName, string>> = {
  alpha: `(?![0-9])[${ALNUM}]`,
  digit: '[0-9]',
  alnum: `[${ALNUM}]`,
  word: `[_${ALNUM}]`,
  upper: '[\\p{Uppercase}\\p{Lt}]',
  lower: '[\\p{Lowercase}\\u01c5\\u01c8\\u01cb\\u01f2\\u0295]',
  space: `[${SPACE}]`,
  blank: '[\\t \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u205f\\u3000]',
  punct: `[^${UNPRINTED}${SPACE}${ALNUM}]`,
  print: `[^${UNPRINTED}]`,
  graph: `[^${UNPRINTED}${SPACE}]`,
  cntrl: '[\\p{Cc}\\u2028\\u2029]',
  xdigit: '[0-9A-Fa-f]',
};

const compiled = new Map<ClassName, RegExp>();

/** Whether a character is of the class. */
export const isOf = (name: ClassName, code: number): boolean => {
  let test = compiled.get(name);
  if (test === undefined) {
    test = new RegExp(SOURCES[name], 'u');
    compiled.set(name, test);
  }
  return test.test(String.fromCodePoint(code));
};

/** Whether no character beyond ASCII is of the class. */
export const isAscii = (name: ClassName): boolean => name === 'digit' || name === 'xdigit';

/** `\w`; what is no character is no word. */
export const isWord = (code: number): boolean => {
  if (code < 0x80)
    return (
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x41 && code <= 0x5a) ||
      code === 0x5f
    );
  return isOf('word', code);
};
