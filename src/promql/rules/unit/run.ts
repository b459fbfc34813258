/** Running unit tests of rules: the same verdicts as promtool's, those of Prometheus 3. */

import { UserError } from '../../../exit.js';
import type { YamlPlace } from '../../../yaml.js';
import { ParseError } from '../../ast.js';
import { formatDuration } from '../../durations.js';
import { EvaluationError } from '../../functions.js';
import { type Labels, pairsOf } from '../../labels.js';
import { MemorySet } from '../../memory.js';
import { parse } from '../../parse.js';
import type { SeriesSet } from '../../series.js';
import { activeAt, type Sample } from '../alert-state.js';
import { seenUntil } from '../recorder.js';
import { momentsOf, type Replayed, replay } from '../replay.js';
import type { Pairs, RuleGroup } from '../rule.js';
import { samplesAt } from '../samples.js';
import type { AlertTest, ExprTest, TestGroup, UnitTestFile } from './load.js';

/** An alert or a sample, as text that can be compared and shown. */
export interface Shown {
  /** `{a="b"}` */
  readonly labels: Pairs;
  /** Of an alert. */
  readonly annotations?: Pairs;
  /** Of a sample. */
  readonly value?: number;
}

export type TestFailure =
  | {
      readonly kind: 'alert' | 'expr';
      readonly at: YamlPlace;
      /** The alert's name, or the expression. */
      readonly subject: string;
      /** ms after the start */
      readonly evalTime: number;
      readonly expected: readonly Shown[];
      readonly got: readonly Shown[];
    }
  | {
      /** Something could not be evaluated: a rule, by its name, or an expression. */
      readonly kind: 'error';
      readonly at: YamlPlace;
      readonly subject: string;
      readonly evalTime: number;
      readonly message: string;
    };

const sorted = (pairs: Pairs): Pairs => [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

const keyOf = ({ labels, annotations }: Shown): string => JSON.stringify([labels, annotations ?? []]);

const inOrder = (shown: readonly Shown[]): readonly Shown[] =>
  shown
    .map(({ labels, annotations, ...rest }) => ({
      labels: sorted(labels),
      ...(annotations && { annotations: sorted(annotations) }),
      ...rest,
    }))
    .map((one) => ({ one, key: keyOf(one) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ one }) => one);

/** The next larger or smaller float has a bit pattern beside it. */
const neighbours = (a: number, b: number): boolean => {
  if (!Number.isFinite(a) || !Number.isFinite(b) || Math.sign(a) !== Math.sign(b)) return false;
  const [left, right] = new BigInt64Array(Float64Array.of(a, b).buffer);
  const apart = (left as bigint) - (right as bigint);
  return apart === 1n || apart === -1n;
};

const agree = (expected: readonly Shown[], got: readonly Shown[], fuzzy: boolean): boolean =>
  expected.length === got.length &&
  expected.every((one, index) => {
    const other = got[index] as Shown;
    if (keyOf(one) !== keyOf(other)) return false;
    const [a, b] = [one.value ?? 0, other.value ?? 0];
    // NaN equals nothing, there as here.
    return a === b || (fuzzy && neighbours(a, b));
  });

const inputOf = ({ series, interval, start }: TestGroup): SeriesSet => {
  const last = new Map(series.map((one) => [one.labels.key, one]));
  const set = new MemorySet();
  for (const { labels, points } of last.values())
    points.forEach((point, index) => {
      const time = start + index * interval;
      if (point === 'stale') set.end(labels, time);
      else if (point !== 'none') set.append(labels, time, point);
    });
  return set;
};

/** The groups in which their names stand in `group_eval_order`; those that it does not name first. */
const ordered = (groups: readonly RuleGroup[], order: readonly string[]): readonly RuleGroup[] =>
  [...groups].sort((a, b) => Math.max(0, order.indexOf(a.name)) - Math.max(0, order.indexOf(b.name)));

/** Two years of minutes: more than that is a slip of the keyboard. */
const MOST_EVALUATIONS = 1_000_000;

/** Evaluates the rules over the test's series, and compares with what it expects. */
export const runTestGroup = (
  group: TestGroup,
  rules: readonly RuleGroup[],
  { evaluationInterval, groupOrder, fuzzy }: UnitTestFile,
): readonly TestFailure[] => {
  const latest = Math.max(0, ...[...group.alerts, ...group.exprs].map(({ evalTime }) => evalTime));
  const options = {
    since: group.start,
    until: group.start + latest,
    lockstep: evaluationInterval,
    externalLabels: group.externalLabels,
    externalUrl: group.externalUrl,
    asOrdered: groupOrder.length > 0,
  };
  if (latest / evaluationInterval > MOST_EVALUATIONS)
    throw new UserError(
      `a test at ${formatDuration(latest)} needs more than ${MOST_EVALUATIONS} evaluations`,
    );
  const { end: lastMoment } = momentsOf({ interval: undefined }, options);
  // Nothing that comes after the last evaluation is there for what is asked in the end.
  const base = seenUntil(inputOf(group), lastMoment);
  const replayed = replay(groupOrder.length > 0 ? ordered(rules, groupOrder) : rules, base, options);
  const errors = firstErrors(replayed, group);
  if (errors.length > 0) return errors;
  const context = { replayed, fuzzy, start: group.start, evaluationInterval };
  return [
    ...[...group.alerts].sort((a, b) => a.evalTime - b.evalTime).map((test) => checkAlerts(test, context)),
    ...group.exprs.map((test) => checkExpr(test, seenUntil(replayed.set, lastMoment), context)),
  ].filter((failure) => failure !== undefined);
};

/** All rules that failed at the first moment at which any did: the test ends there. */
const firstErrors = ({ rules }: Replayed, { start, at }: TestGroup): readonly TestFailure[] => {
  const first = Math.min(...rules.map(({ failures }) => failures[0]?.at ?? Number.POSITIVE_INFINITY));
  return rules
    .filter(({ failures }) => failures[0]?.at === first)
    .map(({ rule, failures }) => ({
      kind: 'error',
      at,
      subject: rule.name,
      evalTime: first - start,
      message: failures[0]?.message ?? '',
    }));
};

interface Context {
  readonly replayed: Replayed;
  readonly fuzzy: boolean;
  readonly start: number;
  readonly evaluationInterval: number;
}

const checkAlerts = (test: AlertTest, context: Context): TestFailure | undefined => {
  const { replayed, fuzzy, start, evaluationInterval } = context;
  // What the evaluation before or at that time said.
  const moment = start + Math.floor(test.evalTime / evaluationInterval) * evaluationInterval;
  const got = inOrder(
    replayed.rules.flatMap((one): readonly Shown[] => {
      if (one.kind === 'record' || one.rule.name !== test.alertname) return [];
      return activeAt(one.episodes, moment)
        .filter(({ state }) => state === 'firing')
        .map(({ episode }) => ({
          labels: pairsOf(episode.labels),
          annotations: one.annotate(episode, moment),
        }));
    }),
  );
  const expected = inOrder(test.expected);
  if (agree(expected, got, fuzzy)) return undefined;
  return { kind: 'alert', at: test.at, subject: test.alertname, evalTime: test.evalTime, expected, got };
};

const shownSample = ({ labels, value }: { readonly labels: Labels; readonly value: number }): Shown => ({
  labels: pairsOf(labels),
  value,
});

const checkExpr = (
  { at, evalTime, query, expected }: ExprTest,
  set: SeriesSet,
  { fuzzy, start, evaluationInterval }: Context,
): TestFailure | undefined => {
  let samples: readonly Sample[];
  try {
    const rule = { query, expr: parse(query) };
    samples = samplesAt(rule, set, start + evalTime, { subqueryStep: evaluationInterval });
  } catch (error) {
    if (!(error instanceof EvaluationError || error instanceof ParseError)) throw error;
    return { kind: 'error', at, subject: query, evalTime, message: error.message };
  }
  const got = inOrder(samples.map(shownSample));
  const wanted = inOrder(expected.map(shownSample));
  if (agree(wanted, got, fuzzy)) return undefined;
  return { kind: 'expr', at, subject: query, evalTime, expected: wanted, got };
};
