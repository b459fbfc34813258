/** absent and absent_over_time: a value where there is none, with the labels that it would have. */

import type { Expr } from '../ast.js';
import type { Context, Implementation } from '../functions.js';
import { type Labels, labelsFrom, METRIC_NAME, NO_LABELS } from '../labels.js';
import type { Value, Vector } from '../value.js';
import { argumentOf, matrixOf, single, vectorOf } from './lines.js';

/**
 * Labels that a selector demands to be equal to something. One that it names again is left out, even if it says the same again;
 * but an `=` after matchers of other kinds counts. So it is in Prometheus, for queries that have relied on it.
 */
const labelsOfAbsent = (expr: Expr): Labels => {
  const selector = expr.kind === 'matrixSelector' ? expr.selector : expr;
  if (selector.kind !== 'vectorSelector') return NO_LABELS;
  const labels = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, operator, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === '=' && !seen.has(name)) {
      labels.set(name, value);
      seen.add(name);
    } else labels.delete(name);
  }
  return labelsFrom(labels);
};

const absentAt = (present: Uint8Array, context: Context): Vector => {
  const has = present.map((there) => 1 - there);
  if (!has.includes(1)) return { type: 'vector', lines: [] };
  return single(labelsOfAbsent(argumentOf(context.call, 0)), new Float64Array(has.length).fill(1), has);
};

const absent = (args: readonly Value[], context: Context): Vector => {
  const present = new Uint8Array(context.times.length);
  for (const { has } of vectorOf(args, 0).lines)
    for (let step = 0; step < present.length; step++) if (has[step] === 1) present[step] = 1;
  return absentAt(present, context);
};

const absentOverTime = (args: readonly Value[], context: Context): Vector => {
  const present = new Uint8Array(context.times.length);
  for (const { from, to } of matrixOf(args, 0).ranges)
    for (let step = 0; step < present.length; step++)
      if ((to[step] as number) > (from[step] as number)) present[step] = 1;
  return absentAt(present, context);
};

export const absentFunctions: Readonly<Record<string, Implementation>> = {
  absent: { kind: 'whole', call: absent },
  absent_over_time: { kind: 'whole', call: absentOverTime },
};
