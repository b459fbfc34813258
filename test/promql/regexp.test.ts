import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { makeMatcher } from '../../src/promql/matcher.js';
import { compileMatch, compileRegexp, expand, RegexpError } from '../../src/promql/regexp.js';
import { simpleMatch, simpleRegexp } from '../../src/promql/regexp-simple.js';

describe('simple expressions', () => {
  it.each([
    '',
    'abc',
    'a|b|c',
    '(a|b|c)',
    '(?:a|b)',
    '.*',
    '.+',
    'foo.*',
    '.*foo',
    '.*foo.*',
    'tmpfs|fuse.*|ramfs',
    '/api/.*|/v1/.*',
    '5..',
    'node-[0-9]+',
    String.raw`10\.0\.0\.1:9100`,
    '(/dev/)?(sd.+|nvme.+)',
    '([^:]+):.*',
    '(/dev/)?(mmcblk.p.+|nvme.+|rbd.+|sd.+|vd.+|xvd.+|dm-.+|md.+|dasd.+)',
    '[a-zA-Z0-9_-]+',
  ])('%s needs no RE2', (pattern) => {
    expect(simpleMatch(pattern)).toBeDefined();
  });

  it.each([
    '(?i:a)',
    '(a+)+',
    '(a|b)*',
    'a**',
    '(',
    'a)',
    '[b-a]',
    'a{2}',
    String.raw`\pL`,
    String.raw`\bx`,
    '^a$',
    'a?b?c?d?e?',
    '.*a.*b.*[cd].*',
    '[[:alpha:]]',
    String.raw`\s`,
    '(a|b)(a|b)(a|b)(a|b)(a|b)',
  ])('%s is left to RE2', (pattern) => {
    expect(simpleMatch(pattern)).toBeUndefined();
  });

  const part = fc.constantFrom(
    ...[
      'a',
      'b',
      'ab',
      '.',
      '.*',
      '.+',
      '|',
      '(',
      ')',
      '(?:',
      'a*',
      'b+',
      '[ab]',
      '[^a]',
      '[a-c]+',
      '\\.',
      '\\d',
      '\\w',
    ],
    ...[
      '5',
      '-',
      '?',
      '*',
      '+',
      '[0-9]',
      '[5-0]',
      '[a-]',
      '[-a]',
      '[.]',
      '[a\\-c]',
      '\\-',
      '/',
      'é',
      '\u{1f600}',
      '\n',
      '{',
      '}',
      '^',
      '$',
    ],
  );
  const patterns = fc.array(part, { maxLength: 8 }).map((all) => all.join(''));
  const texts = fc
    .array(fc.constantFrom('a', 'b', 'c', '5', '.', '-', '\n', 'é', '\u{1f600}', '/', 'ab', '{', '_'), {
      maxLength: 6,
    })
    .map((all) => all.join(''));

  const re2 = (pattern: string): RE2JS | undefined => {
    try {
      return RE2JS.compile(pattern, RE2JS.DOTALL);
    } catch {
      return undefined;
    }
  };

  it('mean what RE2 means', () => {
    let simple = 0;
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 5, maxLength: 12 }), (pattern, all) => {
        const ours = simpleMatch(pattern);
        const groups = simpleRegexp(pattern);
        if (ours === undefined && groups === undefined) return;
        simple++;
        const theirs = re2(pattern);
        if (theirs === undefined) throw new Error(`RE2 refuses ${JSON.stringify(pattern)}`);
        for (const text of all) {
          const matcher = theirs.matcher(text);
          const matched = matcher.matches();
          const where = `${JSON.stringify(pattern)} on ${JSON.stringify(text)}`;
          if (ours !== undefined) expect(ours(text), where).toBe(matched);
          if (groups === undefined) continue;
          const expected = matched
            ? Array.from({ length: theirs.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined)
            : undefined;
          expect(groups(text), where).toEqual(expected);
        }
      }),
      { numRuns: 3000 },
    );
    expect(simple).toBeGreaterThan(500);
  });
});

describe('expressions', () => {
  it.each([
    ['(?i)foo', 'FOO', true],
    ['(?i)foo', 'FOOD', false],
    ['(a|b)*', 'abba', true],
    ['a.b', 'a\nb', true],
    ['(a+)+', `${'a'.repeat(5000)}b`, false],
    [String.raw`\pL+`, 'äö', true],
  ])('%s on %j', (pattern, text, expected) => {
    expect(compileMatch(pattern)(text)).toBe(expected);
    expect(makeMatcher('x', '!~', pattern).matches(text)).toBe(!expected);
  });

  it.each([
    ['(', 'missing closing ): `(`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['*', 'missing argument to repetition operator: `*`'],
    ['(?=x)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['[b-a]', 'invalid character class range: `b-a`'],
    ['\\', 'trailing backslash at end of expression: ``'],
  ])('%s is told in the words of Go', (pattern, reason) => {
    expect(() => compileMatch(pattern)).toThrow(new RegexpError(`error parsing regexp: ${reason}`));
    expect(() => compileRegexp(pattern)).toThrow(RegexpError);
  });

  it('have groups', () => {
    expect(compileRegexp('(.*):(\\d+)').match('host:9100')).toEqual(['host:9100', 'host', '9100']);
    expect(compileRegexp('(a)|(b)').match('b')).toEqual(['b', undefined, 'b']);
    expect(compileRegexp('(?P<x>a+)(?P<y>b*)').match('aa')).toEqual(['aa', 'aa', '']);
    expect([...compileRegexp('(?P<x>a+)(?P<y>b*)').names]).toEqual([
      ['x', 1],
      ['y', 2],
    ]);
    expect(compileRegexp('a').match('ab')).toBeUndefined();
  });
});

// What Go's Regexp.Expand gives.
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are Go's templates.
describe('templates', () => {
  const match = ['all', 'one', undefined, 'three'];
  const names = new Map([
    ['n', 3],
    ['1x', 1],
  ]);
  it.each([
    ['$1', 'one'],
    ['${1}x', 'onex'],
    ['$1x', 'one'],
    ['$1y', ''],
    ['$0', 'all'],
    ['$2', ''],
    ['$9', ''],
    ['$01', ''],
    ['$n-${n}', 'three-three'],
    ['$$1', '$1'],
    ['a$', 'a$'],
    ['$-', '$-'],
    ['${', '${'],
    ['${1', '${1'],
    ['${}', '${}'],
    ['${a b}', '${a b}'],
    ['$1$3', 'onethree'],
    ['$ä', ''],
    ['\\$1', '\\one'],
  ])('%s', (template, expected) => {
    expect(expand(template, match, names)).toBe(expected);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are Go's templates.
