/**
 * Where a line matches, in one pass over its characters whatever the pattern: all ways at once, in the order in which a pattern prefers them
 * (Pike's way of running one). It knows no back-references.
 */

import { EDGE, isPlace, type Program, sideOf } from './program.js';
import { characterAt, codeOf, lengthOf } from './utf8.js';

/** Start and end of the first match at or after an offset; undefined where there is none. */
export type FindMatch = (line: string, from: number) => readonly [number, number] | undefined;

export const threads = (program: Program): FindMatch => {
  const { steps, start, sets } = program;
  const marks = new Uint32Array(steps.length);
  let mark = 0;
  const stack: number[] = [];
  return (line, from) => {
    let found: [number, number] | undefined;
    let waiting: number[] = [];
    let begins: number[] = [];
    let nextWaiting: number[] = [];
    let nextBegins: number[] = [];
    let before = from === 0 ? EDGE : sideOf(codeBefore(line, from));
    for (let at = from; ; ) {
      const character = at < line.length ? characterAt(line, at) : -1;
      const code = at < line.length ? codeOf(character) : -1;
      const after = at < line.length ? sideOf(code) : EDGE;
      if (found === undefined) {
        waiting.push(start);
        begins.push(at);
      }
      mark++;
      walk: for (let thread = 0; thread < waiting.length; thread++) {
        const begin = begins[thread] as number;
        stack.length = 0;
        stack.push(waiting[thread] as number);
        for (let here = stack.pop(); here !== undefined; here = stack.pop()) {
          if (marks[here] === mark) continue;
          marks[here] = mark;
          const step = steps[here];
          if (step === undefined) continue;
          if (step.do === 'done') {
            // What comes later is liked less.
            found = [begin, at];
            break walk;
          }
          if (step.do === 'fork') stack.push(step.or, step.to);
          else if (step.do === 'check') {
            if (isPlace(step.place, before, after)) stack.push(step.to);
          } else if (step.do !== 'take') stack.push(step.to);
          else if (sets[step.set]?.has(code)) {
            nextWaiting.push(step.to);
            nextBegins.push(begin);
          }
        }
      }
      if (at >= line.length || (found !== undefined && nextWaiting.length === 0)) return found;
      [waiting, nextWaiting] = [nextWaiting, waiting];
      [begins, nextBegins] = [nextBegins, begins];
      nextWaiting.length = 0;
      nextBegins.length = 0;
      before = after;
      at += lengthOf(character);
    }
  };
};

/** The character that ends before an offset; -1 where there is none that is valid. */
export const codeBefore = (line: string, at: number): number => {
  for (let length = 1; length <= 4 && length <= at; length++) {
    const character = characterAt(line, at - length);
    if (character >= 0 && lengthOf(character) === length) return codeOf(character);
  }
  return -1;
};
