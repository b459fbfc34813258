/** Finding the lines that match, the fastest way that is right. */

import type { FindLine } from './automaton.js';
import { asciiOf, type CharSet } from './charset.js';
import { expressionOf, waysOf } from './native.js';
import { bitsOfSet, firstBits, type Need, needsOf, nodeOfNeed } from './needs.js';
import { contains, type Node } from './node.js';
import { findByRarest, rarestIn } from './rare.js';

/** Offset in the first place at or behind `from` that has what is sought; -1 where none has. */
type Find = (text: string, from: number) => number;

const findExpression =
  (expression: RegExp): Find =>
  (text, from) => {
    expression.lastIndex = from;
    // It takes at least one character, so the last is in the line still.
    return expression.test(text) ? expression.lastIndex - 1 : -1;
  };

const findCharacter =
  (char: string): Find =>
  (text, from) =>
    text.indexOf(char, from);

/** A word of which each character can only be one; undefined where there is a choice. */
const plainWord = (word: readonly CharSet[]): string | undefined =>
  word.every((set) => set.beyond.length === 0 && asciiOf(set).length === 1)
    ? String.fromCharCode(...word.map((set) => asciiOf(set)[0] as number))
    : undefined;

/** The text that a pattern is, where it is nothing else. */
const plainText = (node: Node): string | undefined => {
  const parts = node.kind === 'sequence' ? node.parts : [node];
  const sets = parts.flatMap((part) => (part.kind === 'set' ? [part.set] : []));
  return sets.length === parts.length && sets.length > 1 ? plainWord(sets) : undefined;
};

const findNeed = (need: Need, lineEnd: number): Find | undefined => {
  const [word = [], ...others] = need.options;
  const plain = others.length === 0 ? plainWord(word) : undefined;
  if (plain?.length === 1) return findCharacter(plain);
  const expression = expressionOf(nodeOfNeed(need), { lineEnd, isAscii: false });
  if (expression === undefined) return undefined;
  const find = findExpression(expression);
  const isOne = plain !== undefined && plain !== '' && !plain.includes(String.fromCharCode(lineEnd));
  return isOne ? findByRarest(plain, find) : find;
};

/** More than these and V8 could take long at one place; or than one, where it cannot tell most places at a glance. */
const MOST_WAYS = 64;
const GLANCE_BITS = 2;
const LONGEST_WAY = 256;
/** Two letters: V8 then skips over most of a text. */
const ENOUGH_BITS = 7;
const LEAST_BITS = 3;
/** Lines looked at closely between two questions whether that is worth it, and characters a line has to be worth it. */
const LOOKS = 256;
const WORTH = 600;

/** The whole pattern as a search of V8's, where that can neither take long nor be wrong. */
const wholeExpression = (node: Node, lineEnd: number): Find | undefined => {
  const { ways, length } = waysOf(node);
  if (ways > (firstBits(node) < GLANCE_BITS ? 1 : MOST_WAYS)) return undefined;
  if (length > LONGEST_WAY || length === 0) return undefined;
  // A place between characters beyond ASCII is not V8's.
  if (contains(node, (inner) => inner.kind === 'place' && !inner.place.startsWith('line-'))) return undefined;
  const expression = expressionOf(node, { lineEnd, isAscii: false });
  // What can match nothing could be at a line's end.
  return expression === undefined || expression.test('') ? undefined : findExpression(expression);
};

const beginsLine = (node: Node): boolean => {
  const first = node.kind === 'sequence' ? node.parts[0] : node;
  return first?.kind === 'place' && first.place === 'line-start';
};

export interface LineFinderOptions {
  /** What matches in the same lines as the pattern, without groups; or, where `check` is exact and this is not, in more. */
  readonly node: Node;
  /** Whether a node is as exact as `check`. */
  readonly isExact: boolean;
  /** Which lines match. */
  readonly check: FindLine;
  readonly lineEnd: string;
}

/** A byte that stands in every line that matches, the most seldom that is known; undefined where there is a choice of all. */
export const neededByte = (node: Node): number | undefined => {
  const words = needsOf(node).flatMap(({ options: [word, ...others] }) =>
    word !== undefined && others.length === 0 ? (plainWord(word) ?? []) : [],
  );
  const all = words.join('');
  return all === '' ? undefined : all.charCodeAt(rarestIn(all));
};

/** A search for lines that match. */
export const lineFinder = ({ node, isExact, check, lineEnd }: LineFinderOptions): Find => {
  const end = lineEnd.charCodeAt(0);
  const needs = needsOf(node).filter(({ bits }) => bits >= LEAST_BITS);
  const [first] = needs;
  const isRare = first !== undefined && first.bits >= ENOUGH_BITS;
  // Where only a line's beginning is to be seen, the automaton leaves the rest out.
  const whole = isExact && (isRare || !beginsLine(node)) ? wholeExpression(node, end) : undefined;
  const isNarrow = !contains(node, (inner) => inner.kind === 'set' && bitsOfSet(inner.set) === 0);
  const plain = plainText(node);
  if (whole !== undefined && plain !== undefined && !plain.includes(lineEnd))
    return findByRarest(plain, whole);
  if (whole !== undefined && (first === undefined || (isNarrow && isRare))) return whole;
  const everyLine = whole ?? ((text: string, from: number) => check(text, from, text.length));
  const finds = needs.slice(0, 2).flatMap((need) => findNeed(need, end) ?? []);
  if (finds.length === 0) return everyLine;

  let isWorth = true;
  let looks = 0;
  let passed = 0;
  return (text, from) => {
    if (!isWorth) return everyLine(text, from);
    for (let line = from; line < text.length; ) {
      // A line that has all that is needed: each search goes on from the line of the one before.
      let newline = text.indexOf(lineEnd, line);
      for (let turn = 0, agreed = 0; agreed < finds.length; turn = (turn + 1) % finds.length) {
        const at = (finds[turn] as Find)(text, line);
        if (at < 0) return -1;
        agreed++;
        if (newline < 0 || at < newline) continue;
        line = text.lastIndexOf(lineEnd, at) + 1;
        newline = text.indexOf(lineEnd, at);
        agreed = 1;
      }
      const behind = newline < 0 ? text.length : newline + 1;
      passed += behind - from;
      if (++looks >= LOOKS) {
        isWorth = passed > LOOKS * WORTH;
        looks = 0;
        passed = 0;
      }
      const found = check(text, line, behind);
      if (found >= 0) return found;
      if (!isWorth) return behind < text.length ? everyLine(text, behind) : -1;
      line = behind;
      from = behind;
    }
    return -1;
  };
};
