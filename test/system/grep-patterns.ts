/** Random patterns, lines to try them on, and what GNU grep makes of both. */

import { isUtf8 } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { UserError } from '../../src/exit.js';
import { compilePattern, type PatternOptions } from '../../src/lines/pattern/index.js';

const REFUSED = 'refused';

const LETTERS = ['a', 'b', 'A', 'k', 's', 'i', '_', '0', '-', ' ', 'é', 'É', 'ſ', 'K', 'ı', 'ß', '€', '𝒳'];

/** All words of up to three letters of a few, then what is odd. */
export const corpus = (): Buffer => {
  const few = ['a', 'b', '-', 'é'];
  const words = ['', ...few];
  for (const one of few) for (const two of few) words.push(one + two);
  for (const one of few) for (const two of few) for (const three of few) words.push(one + two + three);
  words.push(...LETTERS, ...LETTERS.map((letter) => `a${letter}b`), 'aaaaaaaa', 'abababab', 'a a', 'foo bar');
  words.push(
    '*a',
    '+',
    '?',
    'a{1}',
    'a{,2}',
    '{',
    '}',
    'a|b',
    '(a)',
    ')',
    '^a',
    'a$',
    'a^b',
    'a$b',
    '[a]',
    ']',
    '\\',
  );
  words.push(
    'a\r',
    '\r',
    '\u00a0',
    '\u3000',
    '\ufeffa',
    'Σσς',
    'İi',
    'ǅ',
    'µμ',
    'a.b',
    '1d',
    '\td',
    'KkK',
    'ſsS',
  );
  const odd = [
    '\xff',
    'a\xff',
    '\xffa',
    'a\xc3',
    '\xa9a',
    '\xe2\x82a',
    'a\0b',
    '\0',
    '\xed\xa0\x80',
    '\xc0\x80',
    'b\xf0\x9f',
  ];
  return Buffer.concat([
    ...words.map((word) => Buffer.from(`${word}\n`)),
    ...odd.map((word) => Buffer.from(`${word}\n`, 'latin1')),
    Buffer.from('last'),
  ]);
};

const recordsOf = (text: string, end: string): string[] => {
  const records = text.split(end);
  if (records.at(-1) === '') records.pop();
  return records;
};

export interface Case extends PatternOptions {
  readonly text: string;
  readonly file: string;
}

const flagsOf = ({ syntax, ignoreCase, wholeWord, wholeLine, zero }: PatternOptions): string[] => [
  { extended: '-E', basic: '-G', fixed: '-F' }[syntax],
  ...(ignoreCase ? ['-i'] : []),
  ...(wholeWord ? ['-w'] : []),
  ...(wholeLine ? ['-x'] : []),
  ...(zero ? ['-z'] : []),
];

/** What GNU grep prints; undefined where it takes no such pattern. */
const grep = (options: Case, more: string): string | undefined => {
  const patterns = options.patterns.flatMap((pattern) => ['-e', pattern]);
  const { status, stdout } = spawnSync('grep', [more, ...flagsOf(options), ...patterns, options.file], {
    env: { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] },
    encoding: 'latin1',
  });
  return status === 2 ? undefined : stdout;
};

/** Where GNU grep finds the first match of each line that is not empty. */
export const theirStarts = (options: Case): number[] => {
  const starts = new Map<number, number>();
  for (const [, line = '', offset = ''] of (grep(options, '-anbo') ?? '').matchAll(/^(\d+):(\d+):/gm))
    if (!starts.has(Number(line))) starts.set(Number(line), Number(offset));
  return [...starts.values()];
};

/** Where ours is. */
export const ourStarts = (options: Case): number[] => {
  const { spans } = compilePattern(options);
  const starts: number[] = [];
  let start = 0;
  for (const line of recordsOf(options.text, '\n')) {
    const [first] = spans(line);
    if (first !== undefined) starts.push(start + first);
    start += line.length + 1;
  }
  return starts;
};

/** Numbers of the lines that GNU grep selects. */
export const theirs = (options: Case): number[] | typeof REFUSED => {
  const stdout = grep(options, '-an');
  if (stdout === undefined) return REFUSED;
  return recordsOf(stdout, options.zero ? '\0' : '\n').map((line) => Number.parseInt(line, 10));
};

export const ours = (options: Case): number[] | typeof REFUSED => {
  const { text } = options;
  const end = options.zero ? '\0' : '\n';
  let matcher: ReturnType<typeof compilePattern>;
  try {
    matcher = compilePattern(options);
  } catch (error) {
    if (error instanceof UserError && error.kind === 'usage') return REFUSED;
    throw error;
  }
  const numbers: number[] = [];
  let line = 0;
  let number = 1;
  for (let from = 0; from < text.length; ) {
    const at = matcher.next(text, from);
    if (at < 0) break;
    if (at < from) throw new Error(`${at} is before ${from}`);
    for (let next = text.indexOf(end, line); next >= 0 && next < at; next = text.indexOf(end, line)) {
      line = next + 1;
      number++;
    }
    numbers.push(number);
    const stop = text.indexOf(end, line);
    from = stop < 0 ? text.length : stop + 1;
  }
  return numbers;
};

const BACKSLASHED = ['w', 'W', 's', 'S', 'b', 'B', '<', '>', '`', "'", '.', '*', '[', ']', '^', '$', '/'];

const letter = fc.constantFrom(...LETTERS);
const inBracket = fc.oneof(
  letter,
  fc.constantFrom('a-c', 'A-Z', '0-9', '!-~', 'b-a', '-', '\\', '^', '*', '[', '.', ':', ','),
  fc
    .constantFrom(
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
      'word',
    )
    .map((name) => `[:${name}:]`),
  fc.constantFrom('[=a=]', '[.-.]', '[.ab.]', ']'),
);
const bracket = fc
  .tuple(fc.constantFrom('[', '[', '[^', '[]', '[^]'), fc.array(inBracket, { maxLength: 3 }))
  .map(([open, inside]) => `${open}${inside.join('')}]`);

/** Patterns of one syntax, mostly right. */
export const regular = (extended: boolean): fc.Arbitrary<string> => {
  const op = (text: string): string => (extended ? text : `\\${text}`);
  const times = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('*', op('+'), op('?')) },
    fc
      .constantFrom('{2}', '{0,1}', '{1,}', '{,2}', '{0}', '{2,3}', '{3,2}', '{,}', '{1', '{a}', '{}')
      .map((text) => (extended ? text : `\\${text.endsWith('}') ? text.replace('}', '\\}') : text}`)),
  );
  const { pattern } = fc.letrec<{ pattern: string; part: string; atom: string }>((tie) => ({
    pattern: fc
      .array(
        fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 2 },
      )
      .map((branches) => branches.join(op('|'))),
    part: fc.oneof(
      { weight: 3, arbitrary: tie('atom') },
      fc.tuple(tie('atom'), times).map((pair) => pair.join('')),
    ),
    atom: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      { weight: 5, arbitrary: letter },
      {
        weight: 1,
        arbitrary: fc.constantFrom('.', '^', '$', '{', '}', ')', '(', ']', '\\', '|', '*', '+', '?'),
      },
      { weight: 1, arbitrary: fc.constant('.') },
      { weight: 1, arbitrary: fc.constantFrom('^', '$') },
      { weight: 2, arbitrary: bracket },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...BACKSLASHED, '{', '}', '(', ')', '|', '+', '?')
          .map((char) => `\\${char}`),
      },
      { weight: 1, arbitrary: fc.constantFrom('\\1', '\\2') },
      { weight: 3, arbitrary: tie('pattern').map((inner) => op('(') + inner + op(')')) },
    ),
  }));
  return pattern;
};

export const anySyntax = fc.oneof(
  { weight: 4, arbitrary: regular(true).map((pattern) => ({ syntax: 'extended' as const, pattern })) },
  { weight: 2, arbitrary: regular(false).map((pattern) => ({ syntax: 'basic' as const, pattern })) },
  {
    weight: 1,
    arbitrary: fc
      .array(letter, { maxLength: 3 })
      .map((letters) => ({ syntax: 'fixed' as const, pattern: letters.join('') })),
  },
);

/** Whether a ) closes nothing. */
const hasStray = (pattern: string): boolean => {
  let depth = 0;
  for (const [char] of pattern
    .replace(/\\./gu, '')
    .replace(/\[\^?\]?(\[[:=.].*?[:=.]\]|[^\]])*\]/gu, '')
    .matchAll(/[()]/g)) {
    depth += char === '(' ? 1 : -1;
    if (depth < 0) return true;
  }
  return false;
};

/** Whether a range is in the wrong order in capitals. */
const isTurned = (pattern: string): boolean =>
  [...pattern.matchAll(/(?=(.)-(.))/gu)].some(
    ([, low = '', high = '']) => low.toUpperCase() > high.toUpperCase() !== low > high,
  );

/** A difference that is documented in patterns.test.ts. */
export const isDifferent = ({ patterns, syntax, ...flags }: PatternOptions): boolean => {
  if (syntax === 'fixed') return flags.wholeWord && patterns.includes('');
  const has = (expression: RegExp): boolean => patterns.some((pattern) => expression.test(pattern));
  const operators = syntax === 'extended' ? '[*+?{]' : '(\\*|\\\\[+?{])';
  return (
    (syntax === 'extended' && has(/[*+?}]\?|\(\?|\[\^?\]?[^\]]*\\[dDwWsStnrfv]/)) ||
    (syntax === 'extended' && has(/(^|[(|])([*+?]+(\)|\{)|\{)/)) ||
    (flags.ignoreCase && has(/K|\\[^wWsSbB<>`'.*[\]^$/{}()|+?1-9\\]/)) ||
    (flags.zero && has(/[$^]|\\[`']/)) ||
    (syntax === 'extended' && (flags.wholeWord || flags.wholeLine) && patterns.some(hasStray)) ||
    has(new RegExp(`([$^]|\\\\[bB<>\`'])\\)*${operators}`)) ||
    has(/(\$|\\').*\^/) ||
    (flags.wholeWord && has(/\$|\\'/)) ||
    (has(/\\[1-9]/) && has(/\)\\?[*+?{]/)) ||
    (patterns.includes('') && has(/\\$/)) ||
    has(/[^\0-\x7f]-[^\]]|-[^\0-\x7f]|\[[=.][^\0-\x7f][=.]\]/) ||
    (flags.ignoreCase && patterns.some(isTurned)) ||
    (flags.wholeWord && canBeEmpty(patterns, syntax))
  );
};

/** Whether it can match nothing. */
export const canBeEmpty = (patterns: readonly string[], syntax: PatternOptions['syntax']): boolean => {
  try {
    const options = { patterns, syntax, ignoreCase: false, wholeWord: false, wholeLine: true, zero: false };
    return compilePattern(options).next('\n', 0) >= 0;
  } catch {
    return false;
  }
};

/** Without the lines that are not UTF-8, where the pattern asks for a word's beginning or end. */
export const selected = (
  lines: number[] | typeof REFUSED,
  { patterns, syntax, text, zero }: Case,
): unknown => {
  if (lines === REFUSED || syntax === 'fixed' || !patterns.some((pattern) => /\\[bB<>]/.test(pattern)))
    return lines;
  const records = recordsOf(text, zero ? '\0' : '\n');
  return lines.filter((line) => isUtf8(Buffer.from(records[line - 1] as string, 'latin1')));
};
