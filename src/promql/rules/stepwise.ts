/**
 * Rules that need what they themselves or others wrote the moment before are evaluated moment by moment. What of them does not
 * depend on that is evaluated over all moments at once: nearly all of it, since most of the time nothing was written.
 */

import type { Expr } from '../ast.js';
import { type EngineOptions, evaluate, type Moments, type Points, selectionsOf } from '../engine.js';
import { EvaluationError } from '../functions.js';
import { partsOf, selectorsIn } from '../parts.js';
import type { SeriesSet } from '../series.js';
import type { Line, Value } from '../value.js';
import type { Sample } from './alert-state.js';
import type { Placed } from './order.js';
import { canRead, looksElsewhere } from './reads.js';
import { type Recorder, seenUntil } from './recorder.js';
import type { Rule } from './rule.js';
import { samplesAt, visitMoments } from './samples.js';

/** A recorder that knows when something was written through it last. */
export interface Watched {
  readonly recorder: Recorder;
  /** ms since 1970; before all times where nothing was. */
  readonly lastWrite: () => number;
}

export const watch = (recorder: Recorder): Watched => {
  let last = Number.NEGATIVE_INFINITY;
  return {
    recorder: {
      ...recorder,
      write: (labels, time, value) => {
        if (time > last) last = time;
        recorder.write(labels, time, value);
      },
    },
    lastWrite: () => last,
  };
};

/** What a rule's expression gives at a moment, asked in ascending order; throws an EvaluationError. */
export type Answer = (time: number) => readonly Sample[];

/** Any moment does, as long as nothing before 1970 is asked for. */
const NOW = { start: 2 ** 42, end: 2 ** 42, step: 0 };

/** How far back an expression sees what rules write, ms. */
const reachOf = (expr: Expr, writers: readonly Rule[], engine: EngineOptions): number =>
  selectionsOf(expr, NOW, engine)
    .filter(({ matchers }) => writers.some((rule) => canRead(matchers, rule)))
    .reduce((reach, { since }) => Math.max(reach, NOW.start - since), 0);

/** The largest parts of an expression, looked at at its own moments, that see nothing of what rules write. */
const foreignParts = (expr: Expr, writers: readonly Rule[]): readonly Expr[] => {
  const selectors = selectorsIn(expr);
  if (selectors.length === 0 || expr.kind === 'subquery' || expr.type === 'matrix') return [];
  const isForeign = !selectors.some(({ matchers }) => writers.some((rule) => canRead(matchers, rule)));
  if (isForeign && (expr.type === 'vector' || expr.type === 'scalar')) return [expr];
  return partsOf(expr).flatMap((part) => foreignParts(part, writers));
};

/** The value of a part at a step, asked in ascending order. */
type PartAt = (time: number) => Value;

const partAt = (type: Expr['type'], series: readonly Points[]): PartAt => {
  const next = new Uint32Array(series.length);
  return (time) => {
    const lines: Line[] = [];
    series.forEach(({ labels, times, values }, which) => {
      let at = next[which] as number;
      while (at < times.length && (times[at] as number) < time) at++;
      next[which] = at;
      if (times[at] !== time) return;
      lines.push({ labels, dropName: false, values: values.subarray(at, at + 1), has: ONE });
    });
    return type === 'scalar'
      ? { type: 'scalar', values: (lines[0] as Line).values }
      : { type: 'vector', lines };
  };
};

const ONE = Uint8Array.of(1);

/** Parts over all moments; those that fail at one of them are left to be evaluated with the rest. */
const openParts = (
  { query, expr }: Rule,
  writers: readonly Rule[],
  set: SeriesSet,
  moments: Moments,
  engine: EngineOptions,
): ReadonlyMap<Expr, PartAt> => {
  const parts = new Map<Expr, PartAt>();
  // Names that go late are known to the whole only.
  if (engine.delayedNames) return parts;
  for (const part of foreignParts(expr, writers)) {
    try {
      const result = evaluate(query, part, set, moments, engine);
      if (result.type === 'matrix') parts.set(part, partAt(part.type, result.series));
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
    }
  }
  return parts;
};

const NOTHING: readonly Sample[] = [];

/** What the rule gives at each moment as long as nothing is written: samples, or why there are none. */
const silentAnswers = (
  rule: Rule,
  set: SeriesSet,
  moments: Moments,
  engine: EngineOptions,
): ReadonlyMap<number, readonly Sample[] | string> => {
  const answers = new Map<number, readonly Sample[] | string>();
  visitMoments(rule, set, moments, engine, {
    step: (time, samples) => {
      if (samples.length > 0) answers.set(time, samples);
    },
    fail: (time, message) => answers.set(time, message),
  });
  return answers;
};

/** `moments` are those of the evaluations, as the rule looks at them; nothing of what `stage` writes is there yet. */
export const openAnswer = (
  { rule, group }: Placed,
  stage: readonly Placed[],
  moments: Moments,
  { recorder, lastWrite }: Watched,
  engine: EngineOptions,
): Answer => {
  const seenAt = (time: number): SeriesSet => seenUntil(recorder, time + group.queryOffset);
  const whole: Answer = (time) => samplesAt(rule, seenAt(time), time, engine);
  // What these look at is not what a query over all moments would.
  if (moments.end <= moments.start || looksElsewhere(rule.expr)) return whole;
  const writers = stage.map((placed) => placed.rule);
  const reach = reachOf(rule.expr, writers, engine);
  const silent = silentAnswers(rule, recorder, moments, engine);
  let parts: ReadonlyMap<Expr, PartAt> | undefined;
  return (time) => {
    if (lastWrite() < time - reach) {
      const answer = silent.get(time) ?? NOTHING;
      if (typeof answer === 'string') throw new EvaluationError(answer);
      return answer;
    }
    // They begin with what is known, whatever was written since: it is none of theirs.
    parts ??= openParts(rule, writers, recorder, moments, engine);
    const given = new Map([...parts].map(([part, at]) => [part, at(time)]));
    return samplesAt(rule, seenAt(time), time, { ...engine, given });
  };
};
