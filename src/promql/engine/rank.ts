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

/** Whether one goes before the other in a heap: what is to give way first, NaN before all numbers. */
type Less = (one: number, other: number) => boolean;

const LESS: Readonly<Record<'topk' | 'bottomk', Less>> = {
  topk: (one, other) => Number.isNaN(one) || one < other,
  bottomk: (one, other) => Number.isNaN(one) || one > other,
};

/**
 * The best members at a step, the best first. Which of equals stay is told by the heap that Prometheus has, and by Go's
 * container/heap: a new one does not replace its equal, but of equals that are there any may be at the top, and give way.
 */
const best = (members: readonly Line[], step: number, most: number, less: Less): readonly Line[] => {
  const heap: Line[] = [];
  const own = (line: Line): number => line.values[step] as number;
  const isLess = (one: number, other: number): boolean =>
    less(own(heap[one] as Line), own(heap[other] as Line));
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other] as Line, heap[one] as Line];
  };
  const rise = (): void => {
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isLess(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const child = left + 1 < heap.length && isLess(left + 1, left) ? left + 1 : left;
      if (!isLess(child, at)) return;
      swap(child, at);
      at = child;
    }
  };
  for (const line of members) {
    if (!line.has[step]) continue;
    const value = own(line);
    if (heap.length < most) {
      heap.push(line);
      rise();
      continue;
    }
    const top = own(heap[0] as Line);
    if (Number.isNaN(value) || !less(top, value)) continue;
    heap[0] = line;
    sink();
  }
  return heap.sort((a, b) => {
    const [one, other] = [own(a), own(b)];
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return one === other ? 0 : less(one, other) ? 1 : -1;
  });
};

const MAX_INT = 2 ** 63;

const checkCounts = ({ least, most, nan }: Extremes): void => {
  if (nan) throw new EvaluationError('Parameter value is NaN');
  if (least < -MAX_INT) throw new EvaluationError(`Scalar value ${goFloat(least, 'g')} underflows int64`);
  if (most >= MAX_INT) throw new EvaluationError(`Scalar value ${goFloat(most, 'g')} overflows int64`);
};

const bestOf = ({ members }: Group, counts: Float64Array, less: Less): Line[] => {
  const kept = new Map<Line, Uint8Array>();
  for (let step = 0; step < counts.length; step++) {
    const count = Math.trunc(counts[step] as number);
    if (count < 1) continue;
    for (const line of best(members, step, count, less)) {
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
  const less = LESS[node.operator as 'topk' | 'bottomk'];
  return vectorOf(groupsOf(node, vector.lines).flatMap((group) => bestOf(group, values, less)));
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
