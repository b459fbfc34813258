/** What was evaluated, as points for whoever shows it. */

import type { Expr } from '../ast.js';
import { SAME_LABELSET } from '../functions/lines.js';
import { EvaluationError } from '../functions.js';
import { compareLabels, NO_LABELS, withoutName } from '../labels.js';
import type { Line, Range, Value, Vector } from '../value.js';
import { vectorOf } from './lines.js';
import type { Points, Result } from './types.js';

type Bare<T> = T extends unknown ? Omit<T, 'annotations'> : never;

const byLabels = (points: Points[]): Points[] => points.sort((a, b) => compareLabels(a.labels, b.labels));

/** Names that were to go at the end go. */
const cleaned = <T extends Line | Range>(one: T): T =>
  one.dropName ? { ...one, labels: withoutName(one.labels), dropName: false } : one;

const pointsOf = ({ labels, values, has }: Line, times: Float64Array): Points =>
  has.indexOf(0) < 0
    ? { labels, times, values }
    : { labels, times: times.filter((_, step) => has[step]), values: values.filter((_, step) => has[step]) };

/** The windows of an instant query: they have one step. */
const windowPoints = (ranges: readonly Range[]): Points[] => {
  const points = ranges.map(cleaned).map(({ labels, times, values, from, to }): Points => {
    const [first, after] = [from[0] as number, to[0] as number];
    return { labels, times: times.slice(first, after), values: values.slice(first, after) };
  });
  if (new Set(points.map(({ labels }) => labels.key)).size < points.length)
    throw new EvaluationError(SAME_LABELSET);
  return points;
};

const ORDERED: ReadonlySet<string> = new Set(['sort', 'sort_desc', 'sort_by_label', 'sort_by_label_desc']);

/** Whether the order in which the series of an instant query come says something. */
export const isOrdered = (expr: Expr): boolean => {
  if (expr.kind === 'paren') return isOrdered(expr.expr);
  if (expr.kind === 'call') return ORDERED.has(expr.name);
  return expr.kind === 'aggregate' && (expr.operator === 'topk' || expr.operator === 'bottomk');
};

const NAMES = { string: 'string', matrix: 'range vector' } as const;

export const resultOf = (expr: Expr, value: Value, times: Float64Array, instant: boolean): Bare<Result> => {
  const time = times[0] as number;
  if (!instant && (value.type === 'string' || value.type === 'matrix')) {
    const name = NAMES[value.type];
    throw new EvaluationError(
      `invalid expression type "${name}" for range query, must be Scalar or instant Vector`,
    );
  }
  switch (value.type) {
    case 'string':
      return { type: 'string', time, text: value.text };
    case 'matrix':
      return { type: 'matrix', series: byLabels(windowPoints(value.ranges)) };
    case 'scalar':
      if (instant) return { type: 'scalar', time, value: value.values[0] as number };
      return { type: 'matrix', series: [{ labels: NO_LABELS, times, values: value.values }] };
    case 'vector': {
      const { lines }: Vector = vectorOf(value.lines.map(cleaned));
      const points = lines.map((line) => pointsOf(line, times));
      if (!instant) return { type: 'matrix', series: byLabels(points) };
      return { type: 'vector', series: isOrdered(expr) ? points : byLabels(points) };
    }
  }
};
