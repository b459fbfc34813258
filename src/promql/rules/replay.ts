/**
 * Rules over the past, as a Prometheus would have evaluated them: at every moment that is a multiple of their group's interval.
 * Rules that read nothing of what they write themselves cost one query for all moments.
 */

import type { EngineOptions, Moments } from '../engine.js';
import { EvaluationError } from '../functions.js';
import { type Labels, NO_LABELS } from '../labels.js';
import { parse } from '../parse.js';
import type { SeriesSet } from '../series.js';
import { expandTemplate, type Found, TemplateError } from '../template/index.js';
import { mapOf } from '../template/values.js';
import type { Episode, Expand, Sample } from './alert-state.js';
import { orderGroups, stagesOf } from './order.js';
import { openRecorder, type Recorder, seenUntil } from './recorder.js';
import type { AlertingRule, Pairs, Rule, RuleGroup } from './rule.js';
import { type Failure, openRun, type RuleRun } from './run.js';
import { samplesAt, visitMoments } from './samples.js';
import { type Answer, openAnswer, type Watched, watch } from './stepwise.js';

export interface ReplayOptions {
  /** ms since 1970, both included. */
  readonly since: number;
  readonly until: number;
  /** Of groups that name none, ms; a minute where not given. */
  readonly interval?: number;
  /** All groups at these moments, whatever their interval: since, since + this … */
  readonly lockstep?: number;
  /** The groups as they are given, rather than those first that others read from. */
  readonly asOrdered?: boolean;
  readonly externalLabels?: Labels;
  readonly externalUrl?: string;
  readonly engine?: EngineOptions;
}

export interface ReplayedAlert {
  readonly kind: 'alert';
  readonly rule: AlertingRule;
  readonly group: RuleGroup;
  readonly moments: Moments;
  readonly failures: readonly Failure[];
  /** In the order in which they began. Without `resolvedAt` they go on at the end. */
  readonly episodes: readonly Episode[];
  /** What an episode's annotations said at a moment, or said last before it; at the end where none is given. */
  readonly annotate: (episode: Episode, moment?: number) => Pairs;
}

export interface ReplayedRecord {
  readonly kind: 'record';
  readonly rule: Rule;
  readonly group: RuleGroup;
  readonly moments: Moments;
  readonly failures: readonly Failure[];
}

export type ReplayedRule = ReplayedAlert | ReplayedRecord;

export interface Replayed {
  /** In the order of the groups and rules given. */
  readonly rules: readonly ReplayedRule[];
  /** What was there, and what the rules wrote. */
  readonly set: SeriesSet;
}

const DEFAULT_INTERVAL = 60_000;

/** The moments at which a group is evaluated; the start is after the end where there is none. */
export const momentsOf = (
  { interval }: Pick<RuleGroup, 'interval'>,
  options: Pick<ReplayOptions, 'since' | 'until' | 'interval' | 'lockstep'>,
): Moments => {
  const { since, until, lockstep } = options;
  const step = lockstep ?? interval ?? options.interval ?? DEFAULT_INTERVAL;
  const start = lockstep === undefined ? Math.ceil(since / step) * step : since;
  return { start, end: start + Math.floor((until - start) / step) * step, step };
};

/** Evaluates group after group; gives how much is done in between, 0 to 1, so that the caller can show it or stop. */
export function* replaySteps(
  groups: readonly RuleGroup[],
  base: SeriesSet,
  options: ReplayOptions,
): Generator<number, Replayed> {
  const recorder = openRecorder(base);
  const engine: EngineOptions = {
    subqueryStep: options.lockstep ?? options.interval ?? DEFAULT_INTERVAL,
    ...options.engine,
  };
  const context: Context = { recorder, engine, options };
  const stages = stagesOf(options.asOrdered ? groups : orderGroups(groups));
  const runs = new Map<Rule, RuleRun>();
  const total = stages.reduce((sum, { rules }) => sum + rules.length, 0);
  let done = 0;
  for (const stage of stages) {
    const watched = watch(recorder);
    const opened = stage.rules.map((placed) => {
      const { start } = momentsOf(placed.group, options);
      return openRun(placed, start, watched.recorder, expandWith(placed.rule, context));
    });
    for (const run of opened) runs.set(run.rule, run);
    if (stage.stepwise) {
      for (const part of runStepwise(opened, watched, context)) yield (done + part * opened.length) / total;
    } else {
      for (const run of opened) for (const part of runAtOnce(run, context)) yield (done + part) / total;
    }
    done += opened.length;
    yield done / total;
  }
  const rules = groups.flatMap((group) =>
    group.rules.map((rule) => replayed(runs.get(rule) as RuleRun, momentsOf(group, options), context)),
  );
  return { rules, set: recorder };
}

export const replay = (groups: readonly RuleGroup[], base: SeriesSet, options: ReplayOptions): Replayed => {
  const steps = replaySteps(groups, base, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
};

interface Context {
  readonly recorder: Recorder;
  readonly engine: EngineOptions;
  readonly options: ReplayOptions;
}

const shifted = ({ start, end, step }: Moments, by: number): Moments => ({
  start: start + by,
  end: end + by,
  step,
});

/** Steps between two times that the caller can stop it. */
const STEPS = 2500;

function* runAtOnce(run: RuleRun, { recorder, engine, options }: Context): Generator<number> {
  const { queryOffset } = run.group;
  const { start, end, step } = momentsOf(run.group, options);
  for (let from = start; from <= end; from += STEPS * step) {
    const moments = { start: from, end: Math.min(end, from + (STEPS - 1) * step), step };
    visitMoments(run.rule, recorder, shifted(moments, -queryOffset), engine, {
      step: (time, samples) => run.step(time + queryOffset, samples),
      fail: (time, message) => run.fail(time + queryOffset, message),
    });
    yield Math.min(1, (from - start) / (end - start || 1));
  }
}

function* runStepwise(
  runs: readonly RuleRun[],
  watched: Watched,
  { engine, options }: Context,
): Generator<number> {
  const all = new Set<number>();
  const placed = runs.map((run) => {
    const moments = momentsOf(run.group, options);
    for (let moment = moments.start; moment <= moments.end; moment += moments.step) all.add(moment);
    const looked = shifted(moments, -run.group.queryOffset);
    return { run, ...moments, answer: openAnswer(run, runs, looked, watched, engine) };
  });
  const moments = [...all].sort((a, b) => a - b);
  let done = 0;
  for (const moment of moments) {
    engine.signal?.throwIfAborted();
    for (const { run, start, end, step, answer } of placed) {
      if (moment < start || moment > end || (moment - start) % step !== 0) continue;
      stepOnce(run, moment, answer);
    }
    if (++done % 100 === 0) yield done / moments.length;
  }
}

const stepOnce = (run: RuleRun, moment: number, answer: Answer): void => {
  let samples: readonly Sample[];
  try {
    samples = answer(moment - run.group.queryOffset);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    run.fail(moment, error.message);
    return;
  }
  run.step(moment, samples);
};

/** How texts of a rule are filled in. What cannot be filled in says why, as Prometheus has it. */
const expandWith = (rule: Rule, { recorder, engine, options }: Context): Expand => {
  const externalLabels = mapOf(options.externalLabels ?? NO_LABELS);
  const externalURL = options.externalUrl ?? '';
  const name = `__alert_${rule.name}`;
  return (text, { labels, value }, moment) => {
    if (!text.includes('{{')) return text;
    const query = (asked: string): readonly Found[] => {
      const asRule = { query: asked, expr: parse(asked) };
      return samplesAt(asRule, seenUntil(recorder, moment), moment, engine).map((one) => ({
        Labels: mapOf(one.labels),
        Value: one.value,
      }));
    };
    try {
      return expandTemplate(
        text,
        { labels: mapOf(labels), externalLabels, externalURL, value },
        { name, query, now: moment },
      );
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return `<error expanding template: ${error.message}>`;
    }
  };
};

const replayed = (run: RuleRun, moments: Moments, context: Context): ReplayedRule => {
  const { rule, group, failures, alerts } = run;
  if (rule.kind === 'record' || alerts === undefined)
    return { kind: 'record', rule, group, moments, failures };
  const expand = expandWith(rule, context);
  const annotate = (episode: Episode, moment = Number.POSITIVE_INFINITY): Pairs => {
    let index = episode.times.length - 1;
    while (index > 0 && (episode.times[index] as number) > moment) index--;
    const at = episode.times[index] as number;
    const sample: Sample = { labels: episode.source, value: episode.values[index] as number };
    return rule.annotations.map(([name, text]) => [name, expand(text, sample, at)] as const);
  };
  return { kind: 'alert', rule, group, moments, failures, episodes: alerts.episodes, annotate };
};
