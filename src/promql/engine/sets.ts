/** `and`, `or`, `unless`: which values stay, by what the other side has at the same step. */

import type { Matching, SetOperator } from '../ast.js';
import type { Line, Vector } from '../value.js';
import { vectorOf } from './lines.js';
import { matchedLabels } from './signature.js';

/** Where any of the lines with the same matched labels has a value. */
const presence = (lines: readonly Line[], keyOf: (line: Line) => string): Map<string, Uint8Array> => {
  const present = new Map<string, Uint8Array>();
  for (const line of lines) {
    const key = keyOf(line);
    const has = present.get(key);
    if (has === undefined) present.set(key, line.has.slice());
    else
      for (let step = 0; step < has.length; step++)
        has[step] = (has[step] as number) | (line.has[step] as number);
  }
  return present;
};

/** Keeps values where the other side has one (1), or where it has none (0). */
const keep = (line: Line, other: Uint8Array | undefined, wanted: 0 | 1): Line => {
  if (other === undefined) return wanted === 0 ? line : { ...line, has: new Uint8Array(line.has.length) };
  return { ...line, has: line.has.map((here, step) => (here && other[step] === wanted ? 1 : 0)) };
};

export const combineSets = (
  operator: SetOperator,
  lhs: Vector,
  rhs: Vector,
  matching: Matching | undefined,
): Vector => {
  const matched = matchedLabels(matching);
  const keyOf = (line: Line): string => matched(line.labels).key;
  if (operator === 'or') {
    const left = presence(lhs.lines, keyOf);
    return vectorOf([...lhs.lines, ...rhs.lines.map((line) => keep(line, left.get(keyOf(line)), 0))]);
  }
  const right = presence(rhs.lines, keyOf);
  const wanted = operator === 'and' ? 1 : 0;
  return vectorOf(lhs.lines.map((line) => keep(line, right.get(keyOf(line)), wanted)));
};
