/** Patterns and lines that keep others busy for ever: most of these tests would not end if they were tried one way after the other. */

import { expect, test } from 'vitest';
import { UserError } from '../../../src/exit.js';
import { compilePattern } from '../../../src/lines/pattern/index.js';
import { parse } from '../../../src/lines/pattern/parse.js';
import { programOf } from '../../../src/lines/pattern/program.js';
import { spansFinder } from '../../../src/lines/pattern/spans.js';
import { threads } from '../../../src/lines/pattern/threads.js';

const compile = (pattern: string, mostSteps?: number) =>
  compilePattern({
    ...(mostSteps === undefined ? {} : { mostSteps }),
    patterns: [pattern],
    syntax: 'extended',
    ignoreCase: false,
    wholeWord: false,
    wholeLine: false,
    zero: false,
  });

const LONG = 20_000;

test.each([
  ['(a+)+$', 'a', 'b'],
  ['^(a|a)*$', 'a', 'b'],
  ['^(a|ab|b)*$', 'ab', 'c'],
  ['(x+x+)+y', 'x', 'z'],
  ['(.*)*=(.*)*;', 'a', ''],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', ''],
  ['(a?){40}a{40}$', 'a', 'b'],
  ['([a-z]+)*@', 'a', ''],
])('%s over a long line', (pattern, repeated, end) => {
  const line = repeated.repeat(LONG) + end;
  const { next, spans } = compile(pattern);
  expect(next(`${line}\n`, 0)).toBe(-1);
  expect(spans(line.slice(-2000))).toEqual([]);
});

test('a match behind such a part of the line is found', () => {
  const { next, spans } = compile('(a+)+$');
  const line = `${'a'.repeat(3000)}b aaa`;
  expect(next(line, 0)).toBeGreaterThanOrEqual(0);
  expect(spans(line)).toEqual([3002, 3005]);
});

test.each(['[a-z]+@[a-z]+', '.*foo', '^.*foo', '[a-z]*[a-z]*[a-z]*foo', 'x[a-z]*[0-9]', '[a-z]+=[a-z]+;'])(
  '%s over a line of a megabyte, with what it needs at its end',
  (pattern) => {
    const { next } = compile(pattern);
    expect(next(`${'a'.repeat(2 ** 20)}@ fo =\n`, 0)).toBe(-1);
  },
);

test('a back-reference that can be tried in too many ways is stopped', () => {
  const { next, spans } = compile('^(a*)(a*)(a*)(a*)\\1\\2\\3\\4b$', 1e5);
  const line = `${'a'.repeat(1000)}c`;
  expect(next(`${line}\n`, 0)).toBe(-1);
  const worse = `${'a'.repeat(1001)}b`;
  const stopped = expect.objectContaining({
    message: 'the pattern takes too long: it can match a line in too many ways',
    hint: expect.stringMatching(/back-references/),
  });
  for (const search of [() => next(`${worse}\n`, 0), () => spans(worse)]) {
    let thrown: unknown;
    try {
      search();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toEqual(stopped);
  }
});

test('matches that each look to the end of a long line are stopped', () => {
  const { node } = parse('a.*z|a', { extended: true, ignoreCase: false, firstGroup: 0 });
  const find = spansFinder(
    { kind: 'choice', options: [node, { kind: 'back', index: 0 }] },
    10,
    threads(programOf(node), 1e5),
  );
  expect(find('a'.repeat(300))).toHaveLength(600);
  expect(() => find('a'.repeat(3000))).toThrow('the pattern takes too long');
  expect(find('a'.repeat(300))).toHaveLength(600);
});

test.each(['a{32767}', '[a-z]{1,20000}x', '(.{500}){20}', '(a|b){3000}'])(
  '%s is not too much for any engine',
  (pattern) => {
    const { next, spans } = compile(pattern);
    expect(next(`${'a'.repeat(100)}\n`, 0)).toBe(-1);
    expect(spans('a'.repeat(100))).toEqual([]);
  },
);
