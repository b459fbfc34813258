/** Which lines match, and where in them. */

import { expect, test } from 'vitest';
import {
  compilePattern,
  type PatternOptions,
  patternsOfFile,
  patternsOfText,
} from '../../../src/lines/pattern/index.js';

const PLAIN = {
  syntax: 'extended',
  ignoreCase: false,
  wholeWord: false,
  wholeLine: false,
  zero: false,
} as const;

const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const characters = (text: string): string => Buffer.from(text, 'latin1').toString();

/** The lines that match, as a search goes through them. */
const matching = (options: PatternOptions, text: string): string[] => {
  const end = options.zero ? '\0' : '\n';
  const { next } = compilePattern(options);
  const lines: string[] = [];
  for (let from = 0; from < text.length; ) {
    const at = next(text, from);
    if (at < 0) break;
    const start = at === from ? from : text.lastIndexOf(end, at - 1) + 1;
    const stop = text.indexOf(end, at);
    lines.push(text.slice(start, stop < 0 ? undefined : stop));
    from = stop < 0 ? text.length : stop + 1;
  }
  return lines;
};

const select = (pattern: string, lines: readonly string[], options: Partial<PatternOptions> = {}): string[] =>
  matching(
    { ...PLAIN, patterns: [pattern], ...options },
    bytes(lines.map((line) => `${line}\n`).join('')),
  ).map(characters);

// What the lines before the bar are is selected, what is behind it is not.
test.each<[string, Partial<PatternOptions>, string[], string[]]>([
  ['\\d+ms', {}, ['12ms'], ['ms', 'd']],
  ['^[\\d.]+$', {}, ['1.5'], ['d', '\\']],
  ['a\\tb', {}, ['a\tb'], ['atb']],
  ['(?:ab)+c', {}, ['xababc'], ['ac']],
  ['x\\d', { syntax: 'basic' }, ['xd'], ['x1']],
  ['a\\{2\\}', { syntax: 'basic' }, ['aa'], ['a', 'a{2}']],
  ['a+', { syntax: 'basic' }, ['a+'], ['aa']],
  ['*a', { syntax: 'basic' }, ['*a'], ['a']],
  ['a^b$c', { syntax: 'basic' }, ['a^b$c'], ['abc']],
  ['.*', { syntax: 'fixed' }, ['a.*b'], ['ab']],
  ['a{,2}b{', {}, ['aab{', 'b{'], ['b']],
  ['foo', { wholeWord: true }, ['foo', 'a-foo.', 'foo_foo foo'], ['foo_', 'éfoo', 'foos']],
  ['foo|foobar', { wholeWord: true }, ['foobar'], ['foobars']],
  ['a|b.*', { wholeLine: true }, ['a', 'bcd'], ['ab', '']],
  ['^.b$', {}, ['éb', '€b', '𝒳b'], ['ééb']],
  ['[^a]b', {}, ['éb', '\rb'], ['ab', 'b']],
  ['a$', {}, ['a'], ['a\r', 'a\u2028', 'ab']],
  ['^a', {}, ['a'], ['\ra', 'x\u2028a']],
  ['\\w$', {}, ['é', 'я', '٣'], ['€', '-']],
  ['\\bя', {}, ['-я', 'я'], ['éя']],
  ['[[:upper:]]', {}, ['É', 'Я'], ['é', '1']],
  ['[à-ÿ]', {}, ['é'], ['É', 'a']],
  ['straße', { ignoreCase: true }, ['STRAßE'], ['STRASSE']],
  ['s', { ignoreCase: true }, ['ſ', 'S'], ['ß']],
  ['k', { ignoreCase: true }, ['K'], ['\u212a']],
  ['i', { ignoreCase: true }, ['ı', 'I'], ['İ']],
  ['é', { ignoreCase: true }, ['É', 'é'], ['e', '\u00c3']],
  ['(.)\\1', {}, ['aa', 'éé', 'xyyz'], ['aba', 'é']],
  ['(a)\\1', { ignoreCase: true }, ['aA'], ['ab']],
  ['(a)|b', {}, ['b'], ['c']],
  ['^(a*)b\\1$', {}, ['aabaa', 'b'], ['aabaaa']],
  ['', {}, ['', 'a'], []],
  ['^$', {}, [''], ['a']],
  ['$^', {}, [''], ['a']],
  ['a\nb', {}, ['a', 'b'], ['c']],
])('%s %o', (pattern, options, yes, no) => {
  expect(select(pattern, [...no, ...yes, ...no, ...yes], options)).toEqual([...yes, ...yes]);
  // As the last line, without an end.
  for (const line of yes.filter((text) => text !== ''))
    expect(matching({ ...PLAIN, patterns: [pattern], ...options }, bytes(line))).toEqual([bytes(line)]);
  for (const line of no.filter((text) => text !== ''))
    expect(matching({ ...PLAIN, patterns: [pattern], ...options }, bytes(line))).toEqual([]);
});

test('bytes that are not UTF-8 are no characters', () => {
  const lines = ['a\xffb', 'a\xc3b', 'a\xed\xa0\x80b', 'a\xc3\xa9b'];
  const found = (pattern: string, more: Partial<PatternOptions> = {}): string[] =>
    matching({ ...PLAIN, patterns: [pattern], ...more }, lines.join('\n'));
  expect(found('a.b')).toEqual(['a\xc3\xa9b']);
  expect(found('a[^x]b')).toEqual(['a\xc3\xa9b']);
  expect(found('^.*b')).toEqual(['a\xc3\xa9b']);
  expect(found('b$')).toEqual(lines);
  expect(found('a', { wholeWord: true })).toEqual(lines.slice(0, 3));
});

test('lines may end with NUL, and hold newlines then', () => {
  const zero = (pattern: string) => matching({ ...PLAIN, patterns: [pattern], zero: true }, 'a\nb\0ab\0c');
  expect(zero('a.b')).toEqual(['a\nb']);
  expect(zero('a\\sb')).toEqual(['a\nb']);
  expect(zero('^b')).toEqual([]);
  expect(zero('b$')).toEqual(['a\nb', 'ab']);
  expect(zero('^c$')).toEqual(['c']);
  const one = matching({ ...PLAIN, patterns: ['a.b'] }, 'a\0b\nab');
  expect(one).toEqual(['a\0b']);
});

test('no match goes over a line end', () => {
  for (const pattern of ['a\\sb', 'a[^x]b', 'a\\Wb', 'a.b', 'a\\nb', 'a[[:space:]]b', 'a(.|\\n)*b'])
    expect(select(pattern, ['a', 'b']), pattern).toEqual([]);
});

test('an offset lies in its line, for whole texts of matches', () => {
  const text = 'xfoo\n\nfoo\nfo\nfoo';
  for (const pattern of ['foo', 'o$', '^', '[a-z]+', '$', 'o|x', '^fo+', 'f.*o', '(o)\\1', '\\bfoo', 'x*']) {
    const { next } = compilePattern({ ...PLAIN, patterns: [pattern] });
    for (const [start, line] of [
      [0, 'xfoo'],
      [5, ''],
      [6, 'foo'],
      [10, 'fo'],
      [13, 'foo'],
    ] as const) {
      const matches = compilePattern({ ...PLAIN, patterns: [pattern] }).next(line || '\n', 0) >= 0;
      const at = next(text, start);
      if (matches)
        expect([at >= start, at <= start + line.length, at < text.length]).toEqual([true, true, true]);
      else expect(at < 0 || at > start + line.length, `${pattern} at ${start}`).toBe(true);
    }
    expect(next(text, text.length)).toBe(-1);
  }
});

test.each<[string, Partial<PatternOptions>, string, string[]]>([
  ['a|ab', {}, 'abab', ['a', 'a']],
  ['ab|a', {}, 'aba', ['ab', 'a']],
  ['a+?', {}, 'aaa', ['a', 'a', 'a']],
  ['a*', {}, 'baac', ['aa']],
  ['\\w+', {}, 'één, twee', ['één', 'twee']],
  ['.', {}, 'é𝒳', ['é', '𝒳']],
  ['[0-9]+', {}, 'a1b22', ['1', '22']],
  ['o', { wholeWord: true }, 'foo o-o', ['o', 'o']],
  ['foo|foobar', { wholeWord: true }, 'foobar', ['foobar']],
  ['^a', {}, 'aaa', ['a']],
  ['a$', {}, 'aaa', ['a']],
  ['\\ba', {}, 'aa a', ['a', 'a']],
  ['(a|b)\\1', {}, 'aabbab', ['aa', 'bb']],
  ['(a|ab)(c|bcd)*', {}, 'abcd', ['abcd']],
  ['É', { ignoreCase: true }, 'éÉe', ['é', 'É']],
  ['x*', {}, 'abc', []],
])('%s %o is found in %s', (pattern, options, line, found) => {
  const { spans } = compilePattern({ ...PLAIN, patterns: [pattern], ...options });
  const flat = spans(bytes(line));
  const texts: string[] = [];
  for (let index = 0; index < flat.length; index += 2)
    texts.push(characters(bytes(line).slice(flat[index], flat[index + 1])));
  expect(texts).toEqual(found);
});

test('several patterns, of an option and of a file', () => {
  expect(patternsOfText('a\n')).toEqual(['a', '']);
  expect(patternsOfFile('a\n')).toEqual(['a']);
  expect(patternsOfFile('')).toEqual([]);
  expect(patternsOfFile('\n')).toEqual(['']);
  const both = { ...PLAIN, patterns: ['(a)\\1', '(b)\\1'] };
  expect(matching(both, 'aa\nab\nbb')).toEqual(['aa', 'bb']);
  expect(matching({ ...PLAIN, patterns: [] }, 'a\n\n')).toEqual([]);
});

test('thousands of words', () => {
  const words = Array.from({ length: 600 }, (_, index) => `w${index * 7919}x`);
  const options = { ...PLAIN, syntax: 'fixed', patterns: words } as const;
  const text = words.map((word, index) => (index % 2 === 0 ? `-- ${word} --` : `-- ${word.slice(0, -1)} --`));
  expect(matching(options, text.join('\n'))).toEqual(text.filter((_, index) => index % 2 === 0));
  expect(compilePattern(options).spans('a w7919x')).toEqual([2, 8]);
});
