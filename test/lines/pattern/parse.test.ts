/** What is no pattern, and where it says so. */

import { expect, test } from 'vitest';
import { UserError } from '../../../src/exit.js';
import { compilePattern, type PatternOptions } from '../../../src/lines/pattern/index.js';

const compile = (pattern: string, syntax: PatternOptions['syntax']) =>
  compilePattern({
    patterns: [pattern],
    syntax,
    ignoreCase: false,
    wholeWord: false,
    wholeLine: false,
    zero: false,
  });

const refusal = (pattern: string, syntax: PatternOptions['syntax']): string => {
  try {
    compile(pattern, syntax);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).kind).toBe('usage');
    return (error as UserError).message.replace(`no such pattern: ${pattern}: `, '');
  }
  return 'taken';
};

test.each([
  ['(', 'extended', /^A backslash .* grep -F /],
  ['\\(', 'basic', /^-F /],
] as const)('what to do about %s is said of %s patterns', (pattern, syntax, hint) => {
  expect(() => compile(pattern, syntax)).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(hint) }),
  );
});

test.each([
  ['(a', 'unmatched (, at character 1'],
  ['a(b|c', 'unmatched (, at character 2'],
  ['x[a', 'unmatched [, at character 2'],
  ['[]', 'unmatched [, at character 1'],
  ['[[:alpha:', 'unmatched [, at character 1'],
  ['ab\\', 'a backslash ends it, at character 3'],
  ['[z-a]', 'the range z-a is in the wrong order, at character 2'],
  ['[a-c-e]', 'the range has no beginning, at character 5'],
  ['[[:foo:]]', '[:foo:] is no character class, at character 2'],
  ['[[.ab.]]', '[.ab.] is not one character, at character 2'],
  ['[:space:]', 'a character class is written [[:space:]], at character 1'],
  ['[[:space:]-z]', 'a class cannot begin a range, at character 2'],
  ['[+-[:space:]]', 'a class cannot end a range, at character 2'],
  ['a{2,1}', 'from 2 to 1 times is in the wrong order, at character 2'],
  ['a{40000}', 'at most 32767 times can be asked for, at character 2'],
  ['a{}', 'there are no times between { and }, at character 2'],
  ['\\1(a)', 'there is no group 1 before, at character 1'],
  ['(a\\1)', 'there is no group 1 before, at character 3'],
  ['(a)|\\1', 'there is no group 1 before, at character 5'],
  ['(?=a)', 'there is no looking around, at character 1'],
  ['𝒳é[a', 'unmatched [, at character 3'],
  [`${'('.repeat(600)}`, 'groups are nested too deep, at character 501'],
])('%s is refused', (pattern, why) => {
  expect(refusal(pattern, 'extended')).toBe(why);
});

test.each([
  ['\\(a', 'unmatched (, at character 1'],
  ['a\\)', 'unmatched \\), at character 2'],
  ['a\\{1', 'unmatched \\{, at character 2'],
  ['a\\{x\\}', 'the times between \\{ and \\} are no numbers, at character 2'],
  ['\\1', 'there is no group 1 before, at character 1'],
])('%s is refused as a basic one', (pattern, why) => {
  expect(refusal(pattern, 'basic')).toBe(why);
});

test.each(['a{', 'a{x}', 'a{1', '{', ')', 'a)', '*a', 'a|*b', '()', 'a||b', '[]a]', '[a-]', '[[.a.]-c]'])(
  '%s is taken',
  (pattern) => {
    expect(refusal(pattern, 'extended')).toBe('taken');
  },
);

test('a pattern with too many steps is refused', () => {
  expect(refusal('((a{100}){100}){100}', 'extended')).toBe('the pattern is too big');
  expect(refusal('a{32767}', 'extended')).toBe('taken');
});

test('nothing is wrong with a fixed text', () => {
  expect(refusal('([{*\\', 'fixed')).toBe('taken');
});
