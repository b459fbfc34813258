/** A pattern as steps between states: what the engines walk. */

import { UserError } from '../../exit.js';
import type { CharSet } from './charset.js';
import { isWord } from './classes.js';
import { contains, type Node, type Place } from './node.js';

export type Step =
  /** Takes one character of the set. */
  | { readonly do: 'take'; readonly set: number; readonly to: number }
  /** Goes on at both, preferring the first. */
  | { readonly do: 'fork'; readonly to: number; readonly or: number }
  | { readonly do: 'check'; readonly place: Place; readonly to: number }
  | { readonly do: 'save'; readonly slot: number; readonly to: number }
  /** Takes what a group took. */
  | { readonly do: 'repeat'; readonly group: number; readonly to: number }
  /** Goes on with a loop where something was taken since the slot was saved, and behind it where not. */
  | { readonly do: 'progress'; readonly slot: number; readonly to: number; readonly or: number }
  | { readonly do: 'done' };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  readonly sets: readonly CharSet[];
  /** How many positions are saved. */
  readonly slots: number;
}

const MOST_STEPS = 300_000;

const isBack = (node: Node): boolean => node.kind === 'back';

/** The steps of a pattern, begun at its end; throws UserError where there would be too many. */
export const programOf = (pattern: Node): Program => {
  const steps: Step[] = [{ do: 'done' }];
  const sets: CharSet[] = [];
  const setAt = new Map<string, number>();
  // Only a back-reference asks where a group was.
  const remembers = contains(pattern, isBack);
  const slotOfGroup = new Map<number, number>();
  let slots = 0;

  const groupSlot = (index: number): number => {
    const slot = slotOfGroup.get(index) ?? slots;
    if (slot === slots) {
      slotOfGroup.set(index, slot);
      slots += 2;
    }
    return slot;
  };
  const add = (step: Step): number => {
    if (steps.length >= MOST_STEPS)
      throw new UserError('the pattern is too big', {
        kind: 'usage',
        hint: 'Ask for fewer repetitions, like {1,50} for {1,5000}.',
      });
    return steps.push(step) - 1;
  };
  const setIndex = (set: CharSet): number => {
    let index = setAt.get(set.key);
    if (index === undefined) {
      index = sets.push(set) - 1;
      setAt.set(set.key, index);
    }
    return index;
  };
  const fork = (preferred: number, other: number, lazy: boolean): number =>
    add(lazy ? { do: 'fork', to: other, or: preferred } : { do: 'fork', to: preferred, or: other });

  const loop = (body: Node, lazy: boolean, to: number): number => {
    const slot = slots++;
    // The fork is where the body ends, so it is known before the body is.
    const at = add({ do: 'done' });
    const end = remembers ? add({ do: 'progress', slot, to: at, or: to }) : at;
    const inner = stepsOf(body, end);
    const begin = remembers ? add({ do: 'save', slot, to: inner }) : inner;
    steps[at] = lazy ? { do: 'fork', to, or: begin } : { do: 'fork', to: begin, or: to };
    return at;
  };

  const stepsOf = (node: Node, to: number): number => {
    switch (node.kind) {
      case 'set':
        return add({ do: 'take', set: setIndex(node.set), to });
      case 'sequence':
        return node.parts.reduceRight((next, part) => stepsOf(part, next), to);
      case 'choice': {
        const entries = node.options.map((option) => stepsOf(option, to));
        return entries.reduceRight((other, entry) => fork(entry, other, false));
      }
      case 'repeat': {
        const { body, min, max, lazy } = node;
        let next = to;
        if (max === Number.POSITIVE_INFINITY) next = loop(body, lazy, to);
        else for (let left = max - min; left > 0; left--) next = fork(stepsOf(body, next), to, lazy);
        for (let left = min; left > 0; left--) next = stepsOf(body, next);
        return next;
      }
      case 'group': {
        if (!remembers) return stepsOf(node.body, to);
        const slot = groupSlot(node.index);
        const end = add({ do: 'save', slot: slot + 1, to });
        return add({ do: 'save', slot, to: stepsOf(node.body, end) });
      }
      case 'back':
        return add({ do: 'repeat', group: groupSlot(node.index), to });
      case 'place':
        return add({ do: 'check', place: node.place, to });
    }
  };
  const start = stepsOf(pattern, 0);
  return { steps, start, sets, slots };
};

/** What a place looks at on either side: a word's character, or the line's edge. */
export const OTHER = 0;
export const WORD = 1;
export const EDGE = 2;

/** Which of these a character is; what is none is no word. */
export const sideOf = (code: number): number => (code >= 0 && isWord(code) ? WORD : OTHER);

/** Whether a place is between these two. */
export const isPlace = (place: Place, before: number, after: number): boolean => {
  switch (place) {
    case 'line-start':
      return before === EDGE;
    case 'line-end':
      return after === EDGE;
    case 'boundary':
      return (before === WORD) !== (after === WORD);
    case 'no-boundary':
      return (before === WORD) === (after === WORD);
    case 'word-start':
      return before !== WORD && after === WORD;
    case 'word-end':
      return before === WORD && after !== WORD;
    case 'no-word-before':
      return before !== WORD;
    case 'no-word-after':
      return after !== WORD;
  }
};
