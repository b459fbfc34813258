/** There are several ways to find the same: each is held against the others. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/exit.js';
import { automaton } from '../../../src/lines/pattern/automaton.js';
import { backtracking } from '../../../src/lines/pattern/backtrack.js';
import { compilePattern } from '../../../src/lines/pattern/index.js';
import type { Node } from '../../../src/lines/pattern/node.js';
import { parse } from '../../../src/lines/pattern/parse.js';
import { programOf } from '../../../src/lines/pattern/program.js';
import { factor, forLines, withoutGroups } from '../../../src/lines/pattern/simplify.js';
import { spansFinder } from '../../../src/lines/pattern/spans.js';
import { type FindMatch, threads } from '../../../src/lines/pattern/threads.js';

const NEWLINE = 10;

const atom = fc.constantFrom(
  'a',
  'b',
  '-',
  'é',
  'ab',
  'ba',
  '.',
  '[ab]',
  '[^a]',
  '\\w',
  '\\b',
  '^',
  '$',
  '(a|ab)',
  '(b|)',
  '(-|é|a|b|ab)',
);
const part = fc
  .tuple(atom, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?'))
  .map((pair) => pair.join(''));
const sequence = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
const pattern = fc
  .array(
    fc.oneof(
      sequence,
      fc.tuple(sequence, sequence).map(([one, two]) => `(${one})+${two}`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((options) => options.join('|'));
const line = fc
  .array(fc.constantFrom('a', 'b', '-', '\xc3\xa9', '\xff', ' '), { maxLength: 6 })
  .map((parts) => parts.join(''));

const nodeOf = (text: string): Node =>
  withoutGroups(parse(text, { extended: true, ignoreCase: false, firstGroup: 0 }).node);

/** The same with a back-reference that matches nothing, which is what sends a pattern to the slower engines. */
const withBack = (node: Node): Node => ({ kind: 'choice', options: [node, { kind: 'back', index: 0 }] });

/** Whether it matches; undefined where that would take too long to tell, as it may where all ways are tried. */
const matches = (find: FindMatch, line: string): boolean | undefined => {
  try {
    return find(line, 0) !== undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

test('the automaton, the threads, the way back and V8 select the same lines', () => {
  fc.assert(
    fc.property(pattern, fc.array(line, { minLength: 1, maxLength: 8 }), (text, lines) => {
      const node = nodeOf(text);
      const expected = lines.filter((one) => threads(programOf(node))(one, 0) !== undefined);
      const wayBack = backtracking(programOf(withBack(node)), { ignoreCase: false, budget: 1e5 });
      for (const one of lines) expect([expected.includes(one), undefined]).toContain(matches(wayBack, one));
      const find = automaton(programOf(forLines(factor(node))), NEWLINE);
      expect(lines.filter((one) => find(`${one}\n`, 0, one.length + 1) >= 0)).toEqual(expected);
      const { next } = compilePattern({
        patterns: [text],
        syntax: 'extended',
        ignoreCase: false,
        wholeWord: false,
        wholeLine: false,
        zero: false,
      });
      expect(lines.filter((one) => next(`${one}\n`, 0) >= 0)).toEqual(expected);
      const all = `${lines.join('\n')}\n`;
      const selected: string[] = [];
      for (let from = 0; from < all.length; ) {
        const at = next(all, from);
        if (at < 0) break;
        const stop = all.indexOf('\n', at);
        selected.push(all.slice(at === from ? from : all.lastIndexOf('\n', at - 1) + 1, stop));
        from = stop + 1;
      }
      expect(selected).toEqual(expected);
    }),
    { numRuns: 250 },
  );
});

test('the threads and V8 find the same in a line', () => {
  fc.assert(
    fc.property(pattern, line, (text, one) => {
      const node = nodeOf(text);
      const find = threads(programOf(node));
      const slow = spansFinder(withBack(node), NEWLINE, find)(one);
      expect(spansFinder(factor(node), NEWLINE, find)(one)).toEqual(slow);
      // As many as there are: first the leftmost.
      expect(slow.length > 0 || (find(one, 0)?.[0] ?? 0) >= 0).toBe(true);
    }),
    { numRuns: 600 },
  );
});

test('an automaton that forgets its states goes on right', () => {
  // Each letter of the last twenty is one bit of the state.
  const find = automaton(programOf(nodeOf('a[ab]{18}c')), NEWLINE, 5000);
  const letters =
    fc.sample(fc.array(fc.constantFrom('a', 'b'), { minLength: 5000, maxLength: 5000 }), {
      numRuns: 1,
      seed: 1,
    })[0] ?? [];
  const text = letters.join('');
  expect(find(`${text}\n`, 0, text.length + 1)).toBe(-1);
  const end = `a${'b'.repeat(18)}c`;
  expect(find(text + end, 0, text.length + end.length)).toBe(text.length + end.length - 1);
});
