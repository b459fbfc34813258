/** Where a line matches a pattern with back-references: one way after the other, up to a number of steps. */

import { foldedCase } from './fold.js';
import { EDGE, isPlace, type Program, sideOf } from './program.js';
import { codeBefore, type FindMatch } from './threads.js';
import { takesTooLong } from './too-long.js';
import { characterAt, codeOf, lengthOf } from './utf8.js';

export interface BacktrackOptions {
  readonly ignoreCase: boolean;
  /** Steps that may be spent on one search of a line. */
  readonly budget: number;
}

/** Throws UserError where a line takes more steps than the budget. */
export const backtracking = (program: Program, { ignoreCase, budget }: BacktrackOptions): FindMatch => {
  const { steps, start, sets, slots } = program;

  /** Index behind as much of the line at `at` as is equal to a part of it; -1 where it is not. */
  const behindSame = (line: string, begin: number, end: number, at: number): number => {
    const length = end - begin;
    if (!ignoreCase) return line.startsWith(line.slice(begin, end), at) ? at + length : -1;
    let other = at;
    for (let one = begin; one < end; ) {
      if (other >= line.length) return -1;
      const [a, b] = [characterAt(line, one), characterAt(line, other)];
      const equal =
        a < 0 || b < 0
          ? line[one] === line[other]
          : a === b || foldedCase(codeOf(a)) === foldedCase(codeOf(b));
      if (!equal) return -1;
      one += lengthOf(a);
      other += lengthOf(b);
    }
    return other;
  };

  return (line, from) => {
    let left = budget;
    for (let begin = from; begin <= line.length; ) {
      const saved = new Int32Array(slots).fill(-1);
      // Ways not gone yet: step and offset; or, with a step below zero, a slot to put back.
      const others = [start, begin];
      while (others.length > 0) {
        let at = others.pop() as number;
        let here = others.pop() as number;
        if (here < 0) {
          saved[~here] = at;
          continue;
        }
        for (;;) {
          if (--left < 0) takesTooLong();
          const step = steps[here];
          if (step === undefined) break;
          if (step.do === 'done') return [begin, at];
          if (step.do === 'take') {
            if (at >= line.length) break;
            const character = characterAt(line, at);
            if (!sets[step.set]?.has(codeOf(character))) break;
            at += lengthOf(character);
          } else if (step.do === 'fork') others.push(step.or, at);
          else if (step.do === 'save') {
            others.push(~step.slot, saved[step.slot] as number);
            saved[step.slot] = at;
          } else if (step.do === 'progress') {
            if (saved[step.slot] === at) {
              here = step.or;
              continue;
            }
          } else if (step.do === 'repeat') {
            const [open, close] = [saved[step.group] as number, saved[step.group + 1] as number];
            if (open < 0 || close < open) break;
            at = behindSame(line, open, close, at);
            if (at < 0) break;
          } else {
            const before = at === 0 ? EDGE : sideOf(codeBefore(line, at));
            const after = at === line.length ? EDGE : sideOf(codeOf(characterAt(line, at)));
            if (!isPlace(step.place, before, after)) break;
          }
          here = step.to;
        }
      }
      begin += begin < line.length ? lengthOf(characterAt(line, begin)) : 1;
    }
    return undefined;
  };
};
