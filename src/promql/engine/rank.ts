/** Aggregations that need all values of a group at a step beside each other: topk, bottomk, quantile. */

import { goFloat } from '../../core/go-float.js';
import type { Annotator } from '../annotations.js';
import type { Aggregate } from '../ast.js';
import { quantileOf, warnOfQuantile } from '../functions/quantiles.js';
import { EvaluationError } from '../functions.js';
import type { Line, Scalar, Vector } from '../value.js';
import { type Group, groupsOf } from './aggregate.js';
import { vectorOf } from './lines.js';

interface Extremes {
  readonly least: number;
  readonly most: number;
  readonly nan: boolean;
}

const extremesOf = (values: Float64Array): Extremes => {
  let [least, most, nan] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false];
  for (const value of values) {
    if (Number.isNaN(value)) nan = true;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most, nan };
};

/** The members that have a value at a step, the first ones of the order before the others; NaN after all numbers. */
const ranked = (members: readonly Line[], step: number, sign: 1 | -1): Line[] =>
  members
    .filter(({ has }) => has[step])
    .sort((a, b) => {
      const left = a.values[step] as number;
      const right = b.values[step] as number;
      if (Number.isNaN(left) || Number.isNaN(right))
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
      return left === right ? 0 : left < right ? sign : -sign;
    });

const MAX_INT = 2 ** 63;

const checkCounts = ({ least, most, nan }: Extremes): void => {
  if (nan) throw new EvaluationError('Parameter value is NaN');
  if (least < -MAX_INT) throw new EvaluationError(`Scalar value ${goFloat(least, 'g')} underflows int64`);
  if (most >= MAX_INT) throw new EvaluationError(`Scalar value ${goFloat(most, 'g')} overflows int64`);
};

const firstOf = ({ members }: Group, counts: Float64Array, sign: 1 | -1): Line[] => {
  const kept = new Map<Line, Uint8Array>();
  for (let step = 0; step < counts.length; step++) {
    const count = Math.trunc(counts[step] as number);
    if (count < 1) continue;
    for (const line of ranked(members, step, sign).slice(0, count)) {
      const has = kept.get(line) ?? new Uint8Array(counts.length);
      has[step] = 1;
      kept.set(line, has);
    }
  }
  // At one step they come as they rank; over several there is no such order, and they stay as they were.
  const lines = counts.length === 1 ? [...kept.keys()] : members.filter((line) => kept.has(line));
  return lines.map((line) => ({ ...line, has: kept.get(line) as Uint8Array }));
};

export const topOrBottom = (node: Aggregate, vector: Vector, { values }: Scalar): Vector => {
  checkCounts(extremesOf(values));
  const sign = node.operator === 'topk' ? 1 : -1;
  return vectorOf(groupsOf(node, vector.lines).flatMap((group) => firstOf(group, values, sign)));
};

/** NaN first: a typed array sorts it to the end. */
const quantileAmong = (q: number, sorted: Float64Array): number => {
  const count = sorted.length;
  let numbers = count;
  while (numbers > 0 && Number.isNaN(sorted[numbers - 1])) numbers--;
  const nans = count - numbers;
  return quantileOf(q, count, (index) => (index < nans ? Number.NaN : (sorted[index - nans] as number)));
};

const quantileLine = ({ labels, dropName, members }: Group, qs: Float64Array): Line => {
  const values = new Float64Array(qs.length);
  const has = new Uint8Array(qs.length);
  const room = new Float64Array(members.length);
  for (let step = 0; step < qs.length; step++) {
    let count = 0;
    for (const line of members) if (line.has[step]) room[count++] = line.values[step] as number;
    if (count === 0) continue;
    values[step] = quantileAmong(qs[step] as number, room.subarray(0, count).sort());
    has[step] = 1;
  }
  return { labels, dropName, values, has };
};

export const quantile = (
  node: Aggregate,
  vector: Vector,
  { values: qs }: Scalar,
  annotator: Annotator,
): Vector => {
  const { least, most } = extremesOf(qs);
  for (const q of [Number.NaN, most, least])
    if (qs.includes(q)) warnOfQuantile(q, annotator, node.param ?? node);
  return vectorOf(groupsOf(node, vector.lines).map((group) => quantileLine(group, qs)));
};
