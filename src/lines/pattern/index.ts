/** Pattern text → what finds the lines that match. */

import type { Matcher } from '../matcher.js';
import { automaton } from './automaton.js';
import { backtracking } from './backtrack.js';
import { lineFinder, neededByte } from './finders.js';
import { choiceOf, contains, type Node, sequenceOf } from './node.js';
import { literal, parse } from './parse.js';
import { programOf } from './program.js';
import { factor, forLines, withoutBacks, withoutGroups } from './simplify.js';
import { spansFinder } from './spans.js';
import { threads } from './threads.js';

export interface PatternOptions {
  /** One pattern each, or several with newlines between them; a line matches that matches any. */
  readonly patterns: readonly string[];
  readonly syntax: 'extended' | 'basic' | 'fixed';
  readonly ignoreCase: boolean;
  readonly wholeWord: boolean;
  readonly wholeLine: boolean;
  /** Lines end with NUL. */
  readonly zero: boolean;
  /** Steps that a pattern with back-references may take on a line; others take few anyway. */
  readonly mostSteps?: number;
}

/** What a pattern is where nobody says otherwise: extended, of any part of a line. */
export const plainPattern = (
  options: Pick<PatternOptions, 'patterns'> & Partial<PatternOptions>,
): PatternOptions => ({
  syntax: 'extended',
  ignoreCase: false,
  wholeWord: false,
  wholeLine: false,
  zero: false,
  ...options,
});

/** About a second. */
const MOST_STEPS = 2e7;

/** The patterns in the text of an option: one a line. */
export const patternsOfText = (text: string): string[] => text.split('\n');

/** The patterns in a file: one a line; none in an empty file. */
export const patternsOfFile = (text: string): string[] =>
  text === '' ? [] : (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');

const nodeOf = (options: PatternOptions): Node => {
  const { syntax, ignoreCase, wholeWord, wholeLine } = options;
  const all: Node[] = [];
  let firstGroup = 0;
  for (const pattern of options.patterns.flatMap(patternsOfText)) {
    if (syntax === 'fixed') all.push(sequenceOf(Array.from(pattern, (char) => literal(char, ignoreCase))));
    else {
      const { node, groups } = parse(pattern, { extended: syntax === 'extended', ignoreCase, firstGroup });
      all.push(node);
      firstGroup += groups;
    }
  }
  const any = choiceOf(all);
  if (wholeLine)
    return sequenceOf([{ kind: 'place', place: 'line-start' }, any, { kind: 'place', place: 'line-end' }]);
  if (wholeWord)
    return sequenceOf([
      { kind: 'place', place: 'no-word-before' },
      any,
      { kind: 'place', place: 'no-word-after' },
    ]);
  return any;
};

const NOTHING: Matcher = { next: () => -1, spans: () => [] };

const search =
  (find: Matcher['next']): Matcher['next'] =>
  (text, from) =>
    from < text.length ? find(text, from) : -1;

/** A function that is made when it is first called: most searches ask for no spans. */
const lazily = <Arguments extends unknown[], Result>(
  make: () => (...all: Arguments) => Result,
): ((...all: Arguments) => Result) => {
  let made: ((...all: Arguments) => Result) | undefined;
  return (...all) => {
    made ??= make();
    return made(...all);
  };
};

/** A matcher for the patterns; throws UserError, kind usage, for text that is no pattern. */
export const compilePattern = (options: PatternOptions): Matcher => {
  if (options.patterns.length === 0) return NOTHING;
  const node = nodeOf(options);
  const lineEnd = options.zero ? '\0' : '\n';
  const end = lineEnd.charCodeAt(0);

  if (!contains(node, ({ kind }) => kind === 'back')) {
    const plain = factor(withoutGroups(node));
    const lines = forLines(plain);
    const check = automaton(programOf(lines), end);
    const needed = neededByte(lines);
    return {
      ...(needed !== undefined && { needed }),
      next: search(lineFinder({ node: lines, isExact: true, check, lineEnd })),
      spans: lazily(() =>
        spansFinder(
          plain,
          end,
          lazily(() => threads(programOf(plain))),
        ),
      ),
    };
  }

  const { ignoreCase, mostSteps: budget = MOST_STEPS } = options;
  const match = backtracking(programOf(node), { ignoreCase, budget });
  const lines = forLines(factor(withoutGroups(withoutBacks(node))));
  const mayMatch = automaton(programOf(lines), end);
  const check = (text: string, from: number, to: number): number => {
    for (let line = from; line < to; ) {
      const at = mayMatch(text, line, to);
      if (at < 0) return -1;
      const begin = at === line ? line : text.lastIndexOf(lineEnd, at - 1) + 1;
      const newline = text.indexOf(lineEnd, at);
      const stop = newline < 0 || newline > to ? to : newline;
      if (match(text.slice(begin, stop), 0) !== undefined) return begin;
      line = stop + 1;
    }
    return -1;
  };
  return {
    next: search(lineFinder({ node: lines, isExact: false, check, lineEnd })),
    spans: spansFinder(node, end, match),
  };
};
