/** The same pattern in less. */

import { asciiOf, type CharSet } from './charset.js';
import { choiceOf, EMPTY, type Node, sequenceOf } from './node.js';

const isEmpty = (node: Node): boolean => node.kind === 'sequence' && node.parts.length === 0;

const partsOf = (node: Node): readonly Node[] => (node.kind === 'sequence' ? node.parts : [node]);

/** Maps what a node is made of. */
const mapInside = (node: Node, change: (node: Node) => Node): Node => {
  switch (node.kind) {
    case 'sequence':
      return sequenceOf(node.parts.map(change));
    case 'choice':
      return choiceOf(node.options.map(change));
    case 'repeat':
    case 'group':
      return { ...node, body: change(node.body) };
    default:
      return node;
  }
};

/** Without groups, for where nobody asks what they took. */
export const withoutGroups = (node: Node): Node =>
  node.kind === 'group' ? withoutGroups(node.body) : mapInside(node, withoutGroups);

/** What matches wherever the pattern does, and perhaps elsewhere: a back-reference is anything that its group could take. */
export const withoutBacks = (node: Node): Node => {
  const bodies = new Map<number, Node>();
  const anywhere = (inner: Node): Node => (inner.kind === 'place' ? EMPTY : mapInside(inner, anywhere));
  const replace = (inner: Node): Node => {
    if (inner.kind === 'back') return bodies.get(inner.index) as Node;
    const replaced = mapInside(inner, replace);
    if (replaced.kind !== 'group') return replaced;
    bodies.set(replaced.index, anywhere(replaced.body));
    return replaced.body;
  };
  return replace(node);
};

/** Whether no character is in two of the sets, if they are not equal. */
const excludeEachOther = (sets: readonly CharSet[]): boolean => {
  const owners = new Map<number, string>();
  for (const set of new Set(sets)) {
    if (typeof set.beyond === 'string') return false;
    for (const code of [...asciiOf(set), ...set.beyond]) {
      const owner = owners.get(code);
      if (owner !== undefined && owner !== set.key) return false;
      owners.set(code, set.key);
    }
  }
  return true;
};

/** `foo|bar|fob` as `fo(o|b)|bar`: the same, in the same order of preference, and thousands of words are not tried one by one. */
const factored = (words: readonly (readonly CharSet[])[], from: number): Node => {
  const options: Node[] = [];
  // An empty rest is preferred to all after it: nothing moves over it.
  let groups = new Map<string, (readonly CharSet[])[]>();
  const flush = (): void => {
    for (const group of groups.values()) {
      const [first = []] = group;
      let to = from + 1;
      if (group.length === 1) to = first.length;
      else while (first[to] !== undefined && group.every((word) => word[to]?.key === first[to]?.key)) to++;
      const common = first.slice(from, to).map((set): Node => ({ kind: 'set', set }));
      options.push(sequenceOf(group.length === 1 ? common : [...common, factored(group, to)]));
    }
    groups = new Map();
  };
  for (const word of words) {
    const first = word[from];
    if (first === undefined) {
      flush();
      options.push(EMPTY);
      continue;
    }
    const group = groups.get(first.key);
    if (group === undefined) groups.set(first.key, [word]);
    else group.push(word);
  }
  flush();
  return choiceOf(options);
};

const FEW_OPTIONS = 4;

/** Brings together what the options of a choice begin with, where they are words. */
export const factor = (node: Node): Node => {
  if (node.kind !== 'choice' || node.options.length <= FEW_OPTIONS) return mapInside(node, factor);
  const words: CharSet[][] = [];
  for (const option of node.options) {
    const word = partsOf(option).flatMap((part) => (part.kind === 'set' ? [part.set] : []));
    if (word.length !== partsOf(option).length) return mapInside(node, factor);
    words.push(word);
  }
  return excludeEachOther(words.flat()) ? factored(words, 0) : mapInside(node, factor);
};

/** Without what can be left out at an edge: wherever `.*foo+` matches, `foo` does. */
const trim = (node: Node, edge: 'first' | 'last'): Node => {
  switch (node.kind) {
    case 'choice': {
      const options = node.options.map((option) => trim(option, edge));
      return options.some(isEmpty) ? EMPTY : choiceOf(options);
    }
    case 'repeat':
      if (node.min === 0) return EMPTY;
      return node.min === 1 ? trim(node.body, edge) : { ...node, max: node.min };
    case 'sequence': {
      const parts = [...node.parts];
      while (parts.length > 0) {
        const part = trim((edge === 'first' ? parts.shift() : parts.pop()) as Node, edge);
        if (isEmpty(part)) continue;
        return sequenceOf(edge === 'first' ? [part, ...parts] : [...parts, part]);
      }
      return EMPTY;
    }
    default:
      return node;
  }
};

/** What matches in the same lines as a pattern without groups, though not at the same places in them. */
export const forLines = (node: Node): Node => trim(trim(node, 'first'), 'last');
