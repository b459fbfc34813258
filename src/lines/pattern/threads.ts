/**
 * Where a line matches, in one pass over its characters whatever the pattern: all ways at once, in the order in which a pattern prefers them
 * (Pike's way of running one). It knows no back-references.
 */

import type { CharSet } from './charset.js';
import type { Place } from './node.js';
import { EDGE, isPlace, type Program, sideOf } from './program.js';
import { takesTooLong } from './too-long.js';
import { characterAt, codeOf, lengthOf } from './utf8.js';

/** Start and end of the first match at or after an offset; undefined where there is none. */
export type FindMatch = (line: string, from: number) => readonly [number, number] | undefined;

const [DONE, TAKE, FORK, CHECK, PASS] = [0, 1, 2, 3, 4];

/** The steps in arrays of numbers, which is what makes them quick to walk. */
const compact = ({ steps }: Program) => {
  const kinds = new Uint8Array(steps.length);
  const targets = new Int32Array(steps.length);
  const others = new Int32Array(steps.length);
  for (const [index, step] of steps.entries()) {
    if (step.do === 'done') continue;
    targets[index] = step.to;
    if (step.do === 'take') [kinds[index], others[index]] = [TAKE, step.set];
    else if (step.do === 'fork') [kinds[index], others[index]] = [FORK, step.or];
    else kinds[index] = step.do === 'check' ? CHECK : PASS;
  }
  return { kinds, targets, others };
};

/** The sets that a match begins with a character of; undefined where it need not. */
const firstSets = ({ steps, start, sets }: Program): CharSet[] | undefined => {
  const reached = new Set([start]);
  for (const at of reached) {
    const step = steps[at];
    if (step?.do === 'fork') reached.add(step.to).add(step.or);
    else if (step?.do !== 'take') return undefined;
  }
  return [...reached].flatMap((at) => {
    const step = steps[at];
    return step?.do === 'take' ? [sets[step.set] as CharSet] : [];
  });
};

/** Ten seconds; a line of a megabyte with a match at each byte, which looks to the line's end each time, would take hours. */
const MOST_CHARACTERS = 2e8;

/** Throws UserError where the matches of a line make it be gone over too often, beyond so many characters. */
export const threads = (program: Program, mostCharacters = MOST_CHARACTERS): FindMatch => {
  const { steps, start, sets } = program;
  const { kinds, targets, others } = compact(program);
  const places = steps.map((step) => (step.do === 'check' ? step.place : 'line-start'));
  const asksSides = kinds.includes(CHECK);
  const marks = new Uint32Array(steps.length);
  let mark = 0;
  // A step is put on the stack once or twice: by the two ways that can lead to it before it is marked.
  const stack = new Int32Array(2 * steps.length + 2);
  // Threads in order: the step each is at, and where it began.
  let waiting = new Int32Array(steps.length + 1);
  let begins = new Int32Array(steps.length + 1);
  let nextWaiting = new Int32Array(steps.length + 1);
  let nextBegins = new Int32Array(steps.length + 1);
  const first = firstSets(program);
  // For all matches of a line together.
  let left = 0;
  const canBegin = (code: number): boolean => first === undefined || first.some((set) => set.has(code));
  return (line, from) => {
    let found: [number, number] | undefined;
    let [many, nextMany] = [0, 0];
    if (from === 0) left = mostCharacters + 4 * line.length;
    let before = from === 0 ? EDGE : sideOf(codeBefore(line, from));
    for (let at = from; ; ) {
      if (--left < 0) takesTooLong();
      const isInside = at < line.length;
      const character = isInside ? characterAt(line, at) : -1;
      const code = isInside ? codeOf(character) : -1;
      const after = isInside && asksSides ? sideOf(code) : EDGE;
      if (found === undefined && (canBegin(code) || !isInside)) {
        waiting[many] = start;
        begins[many++] = at;
      }
      mark++;
      walk: for (let thread = 0; thread < many; thread++) {
        const begin = begins[thread] as number;
        let height = 0;
        stack[height++] = waiting[thread] as number;
        while (height > 0) {
          const here = stack[--height] as number;
          if (marks[here] === mark) continue;
          marks[here] = mark;
          const kind = kinds[here];
          const to = targets[here] as number;
          if (kind === TAKE) {
            if (!sets[others[here] as number]?.has(code)) continue;
            nextWaiting[nextMany] = to;
            nextBegins[nextMany++] = begin;
          } else if (kind === FORK) {
            stack[height++] = others[here] as number;
            stack[height++] = to;
          } else if (kind === DONE) {
            // What comes later is liked less.
            found = [begin, at];
            break walk;
          } else if (kind === PASS || isPlace(places[here] as Place, before, after)) stack[height++] = to;
        }
      }
      if (!isInside || (found !== undefined && nextMany === 0)) return found;
      [waiting, nextWaiting] = [nextWaiting, waiting];
      [begins, nextBegins] = [nextBegins, begins];
      [many, nextMany] = [nextMany, 0];
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
