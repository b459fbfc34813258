/** What a line must hold to match: texts that are found fast, so that few lines have to be looked at closely. */

import { asciiOf, type CharSet } from './charset.js';
import { type Node, sequenceOf } from './node.js';

/** One of these stands in each line that matches. */
export interface Need {
  readonly options: readonly (readonly CharSet[])[];
  /** How seldom that should be, in bits. */
  readonly bits: number;
}

const MOST_OPTIONS = 64;
const LONGEST = 32;

/** How much it tells that a character is of the set. */
export const bitsOfSet = (set: CharSet): number => {
  if (typeof set.beyond === 'string') return 0;
  const members = asciiOf(set).length;
  // Beyond ASCII there is seldom anything at all.
  return members === 0 ? 8 : Math.max(0, 4.5 - Math.log2(members));
};
const bitsOf = (word: readonly CharSet[]): number => word.reduce((sum, set) => sum + bitsOfSet(set), 0);

/** The same of what a match begins with. */
export const firstBits = (node: Node): number => {
  switch (node.kind) {
    case 'set':
      return bitsOfSet(node.set);
    case 'choice':
      return Math.min(...node.options.map(firstBits));
    case 'sequence': {
      const first = node.parts.find(({ kind }) => kind !== 'place');
      return first === undefined ? 0 : firstBits(first);
    }
    case 'repeat':
      return node.min === 0 ? 0 : firstBits(node.body);
    default:
      return 0;
  }
};

const best = (needs: readonly Need[]): Need | undefined =>
  needs.reduce<Need | undefined>(
    (most, need) => (most === undefined || need.bits > most.bits ? need : most),
    undefined,
  );

/** All that a pattern without groups needs. */
export const needsOf = (node: Node): Need[] => {
  const needs: Need[] = [];
  let run: CharSet[] = [];
  const flush = (): void => {
    const word = run.slice(0, LONGEST);
    if (word.length > 0) needs.push({ options: [word], bits: bitsOf(word) });
    run = [];
  };
  const take = (set: CharSet): void => {
    if (bitsOfSet(set) > 0) run.push(set);
    else flush();
  };
  for (const part of node.kind === 'sequence' ? node.parts : [node]) {
    if (part.kind === 'set') take(part.set);
    else if (part.kind === 'repeat' && part.body.kind === 'set' && part.min > 0) {
      for (let times = 0; times < Math.min(part.min, LONGEST); times++) take(part.body.set);
      if (part.max === part.min) continue;
      flush();
      take(part.body.set);
    } else if (part.kind === 'repeat' && part.min > 0) {
      flush();
      needs.push(...needsOf(part.body));
    } else if (part.kind === 'choice') {
      flush();
      const each = part.options.map((option) => best(needsOf(option)));
      const options = each.flatMap((need) => need?.options ?? []);
      if (each.includes(undefined) || options.length > MOST_OPTIONS) continue;
      const least = Math.min(...each.map((need) => need?.bits ?? 0));
      needs.push({ options, bits: least - Math.log2(options.length) });
    } else if (part.kind !== 'place') flush();
  }
  flush();
  return needs.sort((a, b) => b.bits - a.bits);
};

/** A need as a pattern. */
export const nodeOfNeed = (need: Need): Node => ({
  kind: 'choice',
  options: need.options.map((word) => sequenceOf(word.map((set) => ({ kind: 'set', set })))),
});
