/** What functions of whole vectors share: names that go, lines that become the same, arguments in their forms. */

import type { Call, Expr } from '../ast.js';
import { type Context, EvaluationError } from '../functions.js';
import { type Labels, withoutName } from '../labels.js';
import { quote } from '../strings.js';
import type { Line, Matrix, Scalar, Text, Value, Vector } from '../value.js';

export const SAME_LABELSET = 'vector cannot contain metrics with the same labelset';

/** A line of the same series with other values, its name gone or, with delayed names, about to go. */
export const unnamed = (
  { labels, dropName }: Pick<Line, 'labels' | 'dropName'>,
  context: Pick<Context, 'delayed'>,
  values: Float64Array,
  has: Uint8Array,
): Line =>
  context.delayed
    ? { labels, dropName: true, values, has }
    : { labels: withoutName(labels), dropName, values, has };

const join = (lines: readonly Line[]): Line => {
  const [first] = lines as readonly [Line];
  const values = first.values.slice();
  const has = first.has.slice();
  for (const line of lines.slice(1)) {
    for (let step = 0; step < has.length; step++) {
      if (line.has[step] === 0) continue;
      if (has[step] === 1) throw new EvaluationError(SAME_LABELSET);
      values[step] = line.values[step] as number;
      has[step] = 1;
    }
  }
  return { ...first, values, has };
};

/** What the engine does with all that comes from here: lines that have the same labels, and never a value at the same step, are one line. If they do have one, there is no answer. */
export const joinLines = (lines: readonly Line[]): readonly Line[] => {
  const byKey = new Map<string, Line[]>();
  for (const line of lines) {
    const same = byKey.get(line.labels.key);
    if (same === undefined) byKey.set(line.labels.key, [line]);
    else same.push(line);
  }
  if (byKey.size === lines.length) return lines;
  return [...byKey.values()].map((same) => (same.length === 1 ? (same[0] as Line) : join(same)));
};

/** The end of an annotation that is about one metric, where its name is known. */
export const ofMetric = (name: string): string => (name === '' ? '' : ` for metric name ${quote(name)}`);

/** A vector of one line, such as `vector(1)`. */
export const single = (labels: Labels, values: Float64Array, has: Uint8Array): Vector => ({
  type: 'vector',
  lines: [{ labels, dropName: false, values, has }],
});

/** An argument as it is without its parentheses, which is what Prometheus looks at. */
export const argumentOf = (call: Call, index: number): Expr => {
  let expr = call.args[index] as Expr;
  while (expr.kind === 'paren') expr = expr.expr;
  return expr;
};

// The parser has checked all types before a function is called.
export const vectorOf = (args: readonly Value[], index: number): Vector => args[index] as Vector;
export const matrixOf = (args: readonly Value[], index: number): Matrix => args[index] as Matrix;
export const scalarOf = (args: readonly Value[], index: number): Scalar => args[index] as Scalar;
export const textOf = (args: readonly Value[], index: number): string => (args[index] as Text).text;
