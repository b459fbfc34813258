/** Patterns as RE2 reads them (https://github.com/google/re2/wiki/Syntax). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLinear } from '../../../src/lines/where/linear.js';
import { compileAnchored } from '../../../src/lines/where/re2.js';

const CASES: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] =
  [
    ['a', ['a'], ['aa', 'A', 'a\n', '\na']],
    ['a.c', ['abc', 'a\nc', 'aéc', 'a😀c'], ['ac', 'abbc']],
    ['(?i)a[b-d]', ['AB', 'aD'], ['ae']],
    ['(?s).*', ['', 'a\nb'], []],
    ['(?m)a$\\n^b', ['a\nb'], ['a\nb\n', 'x\na\nb']],
    ['(?P<name>a)(?<other>b)', ['ab'], ['a']],
    ['(?P<x>a)|(?P<x>b)', ['a', 'b'], ['']],
    ['(?:a|b)+', ['abab'], ['abc']],
    ['\\pL+\\p{Lu}\\p{Greek}\\PN', ['éAαx'], ['éaαx', 'éAa1']],
    ['\\p{^Lu}', ['a'], ['A']],
    ['\\x41\\x{1F600}', ['A😀'], ['A']],
    ['\\Qa.b(\\E+', ['a.b(', 'a.b(('], ['axb(']],
    ['\\Qa.*', ['a.*'], ['ab']],
    ['[[:alpha:]_]+[[:digit:]]', ['ab_1'], ['ab_', '-1']],
    ['[]a]+', [']a'], ['[']],
    ['[^]a]', ['b', '['], ['a', ']']],
    ['[a\\-z]', ['-', 'a', 'z'], ['b']],
    ['[\\s\\d]+', [' 1\t'], ['\u00a0']],
    ['\\s', [' '], ['\u00a0', '\v']],
    ['\\S', ['\u00a0'], [' ']],
    ['a{2,3}', ['aa', 'aaa'], ['a', 'aaaa']],
    ['a{,3}', ['a{,3}'], ['a']],
    ['{x}]', ['{x}]'], ['x']],
    ['\\"\\-\\_\\/\\.\\ ', ['"-_/. '], []],
    ['\\Aab\\z', ['ab'], ['ab\n']],
    ['\\bfoo\\b.*', ['foo bar'], ['foobar']],
    ['a+?b??', ['a', 'aab'], ['b']],
    ['', [''], ['a']],
  ];

describe('compileLinear', () => {
  it.each(CASES.filter(([pattern]) => !/^\(\?[a-z]|\\Q[^E]*$/i.test(pattern)))('%s', (pattern, matching) => {
    // Repeated without end, it is tried in all ways at once.
    const compiled = compileAnchored(`(?:(?:${pattern})|(?:${pattern}))+`);
    for (const text of matching) expect(compiled.test(text), text).toBe(true);
  });

  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\b', '^', '$', '\\d', 'é', '😀');
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
      fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
      fc
        .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?'))
        .map(([a, times]) => `(?:${a})${times}`),
    ),
  }));

  it('says the same as V8', () => {
    let matched = 0;
    fc.assert(
      fc.property(
        pattern,
        fc.array(fc.constantFrom('a', 'b', '1', 'é', '😀', '\n'), { maxLength: 5 }),
        (one, characters) => {
          const text = characters.join('');
          const pieces = one.match(/\(\?:|\[[^\]]*\]|\\.|\{[^}]*\}|./gsu) ?? [];
          const expected = new RegExp(`^(?:${one})$`, 'su').test(text);
          if (expected) matched++;
          expect(compileLinear(pieces, 'su')?.(text)).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
    expect(matched).toBeGreaterThan(15);
  });

  it('ends where V8 would not', () => {
    const text = 'a'.repeat(50_000);
    for (const pattern of [
      '(a+)+b',
      '(a|a)*b',
      '(a*)*b',
      '(?:a?){40}(?:a{1,}){3,}b',
      '.*.*.*.*=.*',
      '(.*)*\\d',
    ])
      expect(compileAnchored(pattern).test(text), pattern).toBe(false);
  });

  it('refuses what is too large', () => {
    expect(() => compileAnchored('((a{1000}){1000})+')).toThrow(/too large/);
  });
});

describe('compileAnchored', () => {
  it.each(CASES)('%s', (pattern, matching, other) => {
    const compiled = compileAnchored(pattern);
    for (const text of matching) expect(compiled.test(text), text).toBe(true);
    for (const text of other) expect(compiled.test(text), text).toBe(false);
  });

  it.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(?<!a)',
    '(a)\\1',
    '\\k',
    '\\Z',
    '\\',
    '[a',
    '(a',
    'a)',
    'a**',
    '*a',
    '\\p',
    '\\x4',
    '[[:nope:]]',
    'a(?i)b',
    '(?U)a',
    '\\p{Nonsense}',
    '[z-a]',
  ])('refuses %s', (pattern) => {
    expect(() => compileAnchored(pattern)).toThrow(/bad pattern/);
  });
});
