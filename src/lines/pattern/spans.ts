/** Where in a line a pattern matches: the leftmost match, and there the branch that stands first. */

import { expressionOf, powerOf } from './native.js';
import { contains, type Node } from './node.js';
import type { FindMatch } from './threads.js';
import { characterAt, lengthOf } from './utf8.js';

/** Steps that V8 may need on a line at worst; beyond, the threads do it, which is ten times slower and never more than that. */
const MOST_STEPS = 5e7;

/** V8's expression for a line; undefined where it would not be right or could take long. */
const nativeMatch = (node: Node, lineEnd: number): ((line: string) => RegExp | undefined) => {
  const power = powerOf(node);
  if (!Number.isFinite(power)) return () => undefined;
  const longest = MOST_STEPS ** (1 / (power + 1));
  const isPlace = (inner: Node) => inner.kind === 'place' && !inner.place.startsWith('line-');
  const anywhere = contains(node, isPlace) ? undefined : expressionOf(node, { lineEnd, isAscii: false });
  if (anywhere !== undefined) return (line) => (line.length > longest ? undefined : anywhere);
  // Words and classes are ASCII's to V8, as long as it is not told to read bytes as something else.
  const inAscii = expressionOf(node, { lineEnd, isAscii: true });
  return (line) => (line.length > longest || /[\x80-\xff]/.test(line) ? undefined : inAscii);
};

/** Matches of a pattern in a line; `find` where V8 is not sure to find them in time. */
export const spansFinder = (node: Node, lineEnd: number, find: FindMatch) => {
  const native = nativeMatch(node, lineEnd);
  return (line: string): readonly number[] => {
    const spans: number[] = [];
    const expression = native(line);
    for (let from = 0; from <= line.length; ) {
      let [begin, end] = [-1, -1];
      if (expression === undefined) [begin, end] = find(line, from) ?? [-1, -1];
      else {
        expression.lastIndex = from;
        const found = expression.exec(line);
        if (found !== null) [begin, end] = [found.index, found.index + found[0].length];
      }
      if (begin < 0) break;
      if (end > begin) spans.push(begin, end);
      from = end > begin ? end : end + (end < line.length ? lengthOf(characterAt(line, end)) : 1);
    }
    return spans;
  };
};
