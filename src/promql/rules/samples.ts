/** What a rule's expression gives at each moment, from one query over all of them. */

import { type EngineOptions, evaluate, type Moments, type Points, type Result } from '../engine.js';
import { EvaluationError } from '../functions.js';
import { NO_LABELS } from '../labels.js';
import type { SeriesSet } from '../series.js';
import type { Sample } from './alert-state.js';
import type { Rule } from './rule.js';

/** At one moment; throws an EvaluationError. */
export const samplesAt = (
  rule: Pick<Rule, 'query' | 'expr'>,
  set: SeriesSet,
  time: number,
  options: EngineOptions,
): readonly Sample[] => {
  const result = evaluate(rule.query, rule.expr, set, { start: time, end: time, step: 0 }, options);
  switch (result.type) {
    case 'scalar':
      return [{ labels: NO_LABELS, value: result.value }];
    case 'vector':
      return result.series.map(({ labels, values }) => ({ labels, value: values[0] as number }));
    default:
      throw new EvaluationError('rule result is not a vector or scalar');
  }
};

export interface Visitor {
  readonly step: (moment: number, samples: readonly Sample[]) => void;
  readonly fail: (moment: number, message: string) => void;
}

/** More steps at once cost memory, and gain nothing. */
const MOST_STEPS = 10_000;

/** Visits every moment in order. Where one of them cannot be evaluated, the others are all the same. */
export const visitMoments = (
  rule: Rule,
  set: SeriesSet,
  moments: Moments,
  options: EngineOptions,
  visitor: Visitor,
): void => {
  if (moments.end < moments.start) return;
  const { start, end, step } = moments;
  const count = step === 0 ? 1 : Math.floor((end - start) / step) + 1;
  const halve = (): void => {
    const middle = start + Math.floor(count / 2) * step;
    visitMoments(rule, set, { start, end: middle - step, step }, options, visitor);
    visitMoments(rule, set, { start: middle, end, step }, options, visitor);
  };
  if (count > MOST_STEPS) {
    halve();
    return;
  }
  if (count === 1 || rule.expr.type === 'matrix' || rule.expr.type === 'string') {
    for (let time = start, left = count; left > 0; time += step, left--)
      visitOne(rule, set, time, options, visitor);
    return;
  }
  let result: Result;
  try {
    result = evaluate(rule.query, rule.expr, set, moments, options);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    halve();
    return;
  }
  if (result.type !== 'matrix') throw new Error(`a range query gave a ${result.type}`);
  walk(result.series, start, step, count, visitor);
};

const visitOne = (
  rule: Rule,
  set: SeriesSet,
  time: number,
  options: EngineOptions,
  visitor: Visitor,
): void => {
  let samples: readonly Sample[];
  try {
    samples = samplesAt(rule, set, time, options);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    visitor.fail(time, error.message);
    return;
  }
  visitor.step(time, samples);
};

const walk = (
  series: readonly Points[],
  start: number,
  step: number,
  count: number,
  { step: visit }: Visitor,
): void => {
  const next = new Uint32Array(series.length);
  for (let index = 0; index < count; index++) {
    const time = start + index * step;
    const samples: Sample[] = [];
    series.forEach(({ labels, times, values }, which) => {
      const at = next[which] as number;
      if (times[at] !== time) return;
      samples.push({ labels, value: values[at] as number });
      next[which] = at + 1;
    });
    visit(time, samples);
  }
};
