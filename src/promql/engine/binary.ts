/** Binary operators where at least one side is a scalar, and the choice between the others. */

import type { Binary } from '../ast.js';
import type { Line, Scalar, Value, Vector } from '../value.js';
import { renamed, vectorOf } from './lines.js';
import { matchVectors } from './match.js';
import { isComparison, operation } from './operators.js';
import { combineSets } from './sets.js';

const ofScalars = ({ operator }: Binary, lhs: Scalar, rhs: Scalar): Scalar => {
  const count = lhs.values.length;
  // A comparison between scalars has `bool`, always: the parser sees to it.
  const operate = operation(operator, true);
  const values = new Float64Array(count);
  for (let step = 0; step < count; step++)
    values[step] = operate(lhs.values[step] as number, rhs.values[step] as number) as number;
  return { type: 'scalar', values };
};

/** A comparison that filters always keeps the vector's value, on whichever side it stands. */
const withScalar = (
  { operator, bool }: Binary,
  vector: Vector,
  scalar: Scalar,
  swapped: boolean,
  delayed: boolean,
): Vector => {
  const operate = operation(operator, bool);
  const filters = isComparison(operator) && !bool;
  const lines = vector.lines.map((line): Line => {
    const count = line.has.length;
    const values = new Float64Array(count);
    const has = new Uint8Array(count);
    for (let step = 0; step < count; step++) {
      if (!line.has[step]) continue;
      const own = line.values[step] as number;
      const other = scalar.values[step] as number;
      const result = swapped ? operate(other, own) : operate(own, other);
      if (result === undefined) continue;
      values[step] = filters ? own : result;
      has[step] = 1;
    }
    return { ...(filters ? line : renamed(line, delayed)), values, has };
  });
  return vectorOf(lines);
};

export const binary = (node: Binary, lhs: Value, rhs: Value, delayed: boolean): Value => {
  if (lhs.type === 'scalar' && rhs.type === 'scalar') return ofScalars(node, lhs, rhs);
  if (lhs.type === 'vector' && rhs.type === 'scalar') return withScalar(node, lhs, rhs, false, delayed);
  if (lhs.type === 'scalar' && rhs.type === 'vector') return withScalar(node, rhs, lhs, true, delayed);
  if (lhs.type !== 'vector' || rhs.type !== 'vector')
    throw new Error(`no ${node.operator} between ${lhs.type} and ${rhs.type}: the parser lets none through`);
  if (node.operator === 'and' || node.operator === 'or' || node.operator === 'unless')
    return combineSets(node.operator, lhs, rhs, node.matching);
  return matchVectors(node, lhs, rhs, delayed);
};
