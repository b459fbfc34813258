import fc from 'fast-check';
import { expect, test } from 'vitest';
import { letIn, matcher } from '../../src/core/pattern.js';

test.each([
  ['/', '/', true],
  ['/', '/home', false],
  ['/home', '/', false],
  ['/var/*', '/var/lib/docker', true],
  ['/var/*', '/var', false],
  ['*', '', true],
  ['sd?', 'sda', true],
  ['sd?', 'sdaa', false],
  ['sd?', 'sd', false],
  ['?', '🖴', true],
  ['eth0.10', 'eth0x10', false],
  ['a(b)[c]{d}^$|+\\-', 'a(b)[c]{d}^$|+\\-', true],
  ['*a*', 'two\nlines a', true],
  ['ETH0', 'eth0', false],
])('%s and %j: %s', (pattern, name, expected) => {
  expect(matcher([pattern])(name)).toBe(expected);
});

test('a long row of stars is one', () => {
  expect(matcher([`${'*'.repeat(1000)}b`])('a'.repeat(1000))).toBe(false);
});

/** The definition, one character at a time. */
const matches = (pattern: readonly string[], name: readonly string[]): boolean => {
  const [first, ...rest] = pattern;
  if (first === undefined) return name.length === 0;
  if (first === '*') return matches(rest, name) || (name.length > 0 && matches(pattern, name.slice(1)));
  return name.length > 0 && (first === '?' || first === name[0]) && matches(rest, name.slice(1));
};

test('agrees with the definition', () => {
  const characters = fc.array(fc.constantFrom('a', 'b', '/', '.', '*', '?', '-', ' '), { maxLength: 8 });
  fc.assert(
    fc.property(characters, characters, (pattern, name) => {
      expect(matcher([pattern.join('')])(name.join(''))).toBe(matches(pattern, name));
    }),
  );
});

test('only replaces the defaults and wins over except, which leaves out more', () => {
  const names = ['a', 'b', 'c'];
  const defaults = (name: string): boolean => name === 'c';
  const kept = (filter: Parameters<typeof letIn>[0]): string[] => names.filter(letIn(filter, defaults));
  expect(kept(undefined)).toEqual(['c']);
  expect(kept({})).toEqual(['c']);
  expect(kept({ only: ['a'] })).toEqual(['a']);
  expect(kept({ except: ['a'] })).toEqual(['c']);
  expect(kept({ except: ['c'] })).toEqual([]);
  expect(kept({ only: ['a'], except: ['a'] })).toEqual(['a']);
  expect(kept({ only: [] })).toEqual([]);
  expect(kept({ except: [] })).toEqual(['c']);
});
