/** Bracket expressions, `[a-z[:digit:]]`, as POSIX and GNU grep have them. */

import type { CharSet, CharSetOptions } from './charset.js';
import { charSet } from './charset.js';
import { CLASS_NAMES, type ClassName } from './classes.js';

type Class = NonNullable<CharSetOptions['classes']>[number];

export interface BracketOptions {
  readonly ignoreCase: boolean;
  /** Whether `\d`, `\w`, `\s`, their opposites and `\t` mean something; POSIX has the backslash itself. */
  readonly escapes: boolean;
  /** Throws: what is wrong at an index of the characters. */
  readonly fail: (what: string, at: number) => never;
}

const CLASS_ESCAPES: Readonly<Record<string, Class>> = {
  d: { name: 'digit', negated: false },
  D: { name: 'digit', negated: true },
  w: { name: 'word', negated: false },
  W: { name: 'word', negated: true },
  s: { name: 'space', negated: false },
  S: { name: 'space', negated: true },
};
const CONTROL_ESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
};

/** The class that `\d`, `\w` … mean. */
export const classEscape = (letter: string | undefined): Class | undefined => CLASS_ESCAPES[letter ?? ''];
/** The character that `\t`, `\r` … mean. */
export const controlEscape = (letter: string | undefined): string | undefined =>
  CONTROL_ESCAPES[letter ?? ''];

const isClassName = (name: string): name is ClassName => (CLASS_NAMES as readonly string[]).includes(name);

/** The set that stands at `from`, just behind its `[`, and the index behind its `]`. */
export const parseBracket = (
  chars: readonly string[],
  from: number,
  options: BracketOptions,
): { readonly set: CharSet; readonly end: number } => {
  const { escapes, fail } = options;
  const ranges: [number, number][] = [];
  const classes: Class[] = [];
  let at = from;
  const open = (): never => fail('unmatched [', from - 1);

  /** `[:alpha:]`, `[=a=]` or `[.a.]`, whose `[` is at `at`. */
  const named = (): { kind: string; name: string } => {
    const kind = chars[at + 1] as string;
    const begin = at;
    let end = at + 2;
    while (!(chars[end] === kind && chars[end + 1] === ']')) if (++end >= chars.length) open();
    const name = chars.slice(at + 2, end).join('');
    at = end + 2;
    if (kind === ':' && !isClassName(name)) fail(`[:${name}:] is no character class`, begin);
    if (kind !== ':' && end !== begin + 3) fail(`[${kind}${name}${kind}] is not one character`, begin);
    return { kind, name };
  };
  const isNamed = (): boolean => chars[at] === '[' && /^[.=:]$/.test(chars[at + 1] ?? '');
  /** One character, or undefined where a class was read instead. */
  const element = (): { char: string; mayBegin: boolean } | undefined => {
    if (isNamed()) {
      const { kind, name } = named();
      if (kind !== ':') return { char: name, mayBegin: kind === '.' };
      classes.push({ name: name as ClassName, negated: false });
      return undefined;
    }
    const char = chars[at++] ?? open();
    if (!escapes || char !== '\\') return { char, mayBegin: true };
    const meant = classEscape(chars[at]);
    const control = controlEscape(chars[at]);
    if (meant === undefined && control === undefined) return { char, mayBegin: true };
    at++;
    if (meant === undefined) return { char: control as string, mayBegin: true };
    classes.push(meant);
    return undefined;
  };

  const negated = chars[at] === '^';
  if (negated) at++;
  const first = at;
  for (;;) {
    if (at >= chars.length) open();
    if (chars[at] === ']' && at > first) break;
    const begin = at;
    if (chars[at] === '-' && at > first && chars[at + 1] !== ']') fail('the range has no beginning', at);
    const start = element();
    const isRange = chars[at] === '-' && chars[at + 1] !== ']' && at + 1 < chars.length;
    if (start === undefined || !isRange) {
      if (isRange) fail('a class cannot begin a range', begin);
      if (start !== undefined) {
        const code = start.char.codePointAt(0) as number;
        ranges.push([code, code]);
      }
      continue;
    }
    if (!start.mayBegin) fail('a class cannot begin a range', begin);
    at++;
    const end = element();
    if (end === undefined || !end.mayBegin) return fail('a class cannot end a range', begin);
    const [low, high] = [start.char.codePointAt(0) as number, end.char.codePointAt(0) as number];
    if (low > high) fail(`the range ${start.char}-${end.char} is in the wrong order`, begin);
    ranges.push([low, high]);
  }
  const inside = chars.slice(first, at);
  const isList =
    classes.length === 0 && ranges.length === inside.length && inside.some((char) => char !== ':');
  if (isList && inside[0] === ':' && inside.at(-1) === ':')
    fail(`a character class is written [${chars.slice(from - 1, at + 1).join('')}]`, from - 1);
  return { set: charSet({ ranges, classes, negated, ignoreCase: options.ignoreCase }), end: at + 1 };
};
