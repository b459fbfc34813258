/** Rules evaluated over a time of the past: what they would have done. */

import type { Backtest, PastAlert, PastFailures, PastRule, Stretch } from '../../core/backtest.js';
import type { Expr } from '../../promql/ast.js';
import { labelOf, pairsOf } from '../../promql/labels.js';
import { selectorsIn } from '../../promql/parts.js';
import type { Episode } from '../../promql/rules/alert-state.js';
import { neededPast, selectionsOfGroups } from '../../promql/rules/needs.js';
import { areLooped } from '../../promql/rules/order.js';
import { openWriters } from '../../promql/rules/reads.js';
import { type Replayed, type ReplayedAlert, replaySteps } from '../../promql/rules/replay.js';
import type { Rule, RuleGroup } from '../../promql/rules/rule.js';
import type { SeriesSet, SeriesSource } from '../../promql/series.js';
import { distanceOf } from '../../promql/short-window.js';
import { blindRules, UP } from './evaluate.js';
import type { RuleSet } from './rule-set.js';
import { meaningOf, type Severities } from './severity.js';
import { openShort } from './short.js';

export interface PastWanted {
  readonly groups: readonly RuleGroup[];
  /** Alerting rules that are told of. */
  readonly isWanted: (rule: Rule) => boolean;
  readonly severities: Severities;
  /** ms since 1970, ends included. */
  readonly since: number;
  readonly until: number;
  /** Before this moment there is nothing to evaluate, ms since 1970. */
  readonly oldest: number | undefined;
  readonly log: string;
  /** What the server's configuration says of all rules. */
  readonly replay: RuleSet['replay'];
  /** What is being done, and how much of that is done, 0 to 1. */
  readonly onProgress: (what: string, part: number) => void;
  /** Lets others run. */
  readonly breathe: () => Promise<void>;
  /** Seconds of a clock. */
  readonly clock: () => number;
}

/** Others may run so often, in seconds. */
const SLICE = 0.05;

/** The rules that are wanted, and all that they read. Groups without any are left out. */
const neededGroups = (
  groups: readonly RuleGroup[],
  isWanted: (rule: Rule) => boolean,
): readonly RuleGroup[] => {
  const all = groups.flatMap(({ rules }) => rules);
  const writers = openWriters(all, (rule) => rule);
  const needed = new Set(all.filter((rule) => rule.kind === 'alert' && isWanted(rule)));
  for (const reader of needed)
    for (const { matchers } of selectorsIn(reader.expr))
      for (const rule of writers(matchers)) needed.add(rule);
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }))
    .filter(({ rules }) => rules.length > 0);
};

/** Samples that are missing for less than this are no gap, however often the others come. */
const SHORT = 120_000;

/** Times without samples, told by the moments of all samples. */
export const gapsIn = (times: Float64Array, since: number, until: number): readonly Stretch[] => {
  const all = Float64Array.from(times.filter((time) => time >= since && time <= until)).sort();
  if (all.length === 0) return until > since ? [{ from: since, to: until }] : [];
  const least = Math.max(SHORT, 3 * distanceOf(all));
  const gaps: Stretch[] = [];
  let before = since;
  for (const time of [...all, until]) {
    if (time - before > least) gaps.push({ from: before, to: time });
    before = time;
  }
  return gaps;
};

const timesOf = (set: SeriesSet): Float64Array => {
  const series = set.select({
    matchers: UP,
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
  });
  if (series.length === 1) return (series[0] as (typeof series)[0]).times;
  const all = new Set<number>();
  for (const { times } of series) for (const time of times) all.add(time);
  return Float64Array.from(all);
};

/** Whether a rule alerts on what is too little, as far as the outermost comparison says it. */
const isBelow = (expr: Expr): boolean => {
  if (expr.kind === 'paren') return isBelow(expr.expr);
  if (expr.kind !== 'binary') return false;
  if (expr.operator === '<' || expr.operator === '<=') return expr.lhs.kind !== 'number';
  if (expr.operator === '>' || expr.operator === '>=') return expr.lhs.kind === 'number';
  return ['and', 'or', 'unless'].includes(expr.operator) && isBelow(expr.lhs);
};

const alertOf = (episode: Episode, annotate: ReplayedAlert['annotate']): PastAlert => {
  const { labels, pendingSince, firingSince, resolvedAt, sinceAtLeast, values } = episode;
  let [least, most] = [Number.NaN, Number.NaN];
  for (const value of values) {
    // What is no number is neither.
    if (!(value >= least)) least = Number.isNaN(value) ? least : value;
    if (!(value <= most)) most = Number.isNaN(value) ? most : value;
  }
  return {
    labels: pairsOf(labels).filter(([name]) => name !== 'alertname'),
    annotations: annotate(episode, firingSince),
    pendingAt: pendingSince,
    sinceAtLeast,
    ...(firingSince === undefined ? {} : { firingAt: firingSince }),
    ...(resolvedAt === undefined ? {} : { resolvedAt }),
    first: episode.valueAtFire ?? (values[0] as number),
    last: episode.lastValue,
    least,
    most,
  };
};

const isAlert = (rule: Replayed['rules'][number]): rule is ReplayedAlert => rule.kind === 'alert';

const failuresOf = (
  { rules }: Replayed,
  { since, until }: Pick<PastWanted, 'since' | 'until'>,
): readonly PastFailures[] =>
  rules.flatMap(({ rule, group, failures }) => {
    const within = failures.filter(({ at }) => at >= since && at <= until);
    const [first] = within;
    if (first === undefined) return [];
    const { at: time, message } = first;
    return [{ rule: rule.name, group: group.name, count: within.length, time, message }];
  });

/** What rules say that read themselves may go back as far as anything; so long, ms, is looked at least. */
const LOOPED_PAST = 86_400_000;

/** How long before a moment the evaluation has to begin for what is said of it, ms. */
const pastOf = (groups: readonly RuleGroup[], replay: RuleSet['replay']): number =>
  neededPast(groups, replay) + (areLooped(groups) ? LOOPED_PAST : 0);

/** Evaluates the rules from as long before the time as their states need. */
export const evaluatePast = async (source: SeriesSource, wanted: PastWanted): Promise<Backtest> => {
  const { since, until, oldest, isWanted, severities, onProgress, breathe, clock, log } = wanted;
  const groups = neededGroups(wanted.groups, isWanted);
  const options = {
    ...wanted.replay,
    since: Math.max(since - pastOf(groups, wanted.replay), oldest ?? 0),
    until,
  };
  const selections = [...selectionsOfGroups(groups, options), { matchers: UP, since, until }];
  const set = await source.load(selections, { onProgress: (part) => onProgress('reading the log', part) });

  const steps = replaySteps(groups, set, options);
  let replayed: Replayed | undefined;
  for (let last = clock(); replayed === undefined; ) {
    const { done, value } = steps.next();
    if (done) replayed = value;
    else if (clock() - last > SLICE) {
      onProgress('evaluating rules', value);
      await breathe();
      last = clock();
    }
  }

  const alerting = replayed.rules.filter(isAlert).filter(({ rule }) => isWanted(rule));
  const all = groups.flatMap(({ rules }) => rules);
  const shortOf = openShort(all, set);
  const blind = new Map(blindRules(alerting, all, set, until).map(({ rule, metrics }) => [rule, metrics]));
  const rules = alerting.map(({ rule, group, episodes, annotate }): PastRule => {
    const severity = rule.labels.find(([name]) => name === 'severity')?.[1];
    const metrics = episodes.length === 0 ? blind.get(rule) : undefined;
    const short = shortOf(rule);
    // A template says it alert by alert, and labels of series may.
    const told = episodes[0] === undefined ? severity : labelOf(episodes[0].labels, 'severity');
    return {
      name: rule.name,
      group: group.name,
      file: group.file,
      line: rule.at.line,
      severity: told || undefined,
      state: meaningOf(told || undefined, severities),
      for: rule.for,
      below: isBelow(rule.expr),
      alerts: episodes
        .filter(({ resolvedAt, pendingSince }) => (resolvedAt ?? until) >= since && pendingSince <= until)
        .map((episode) => alertOf(episode, annotate)),
      ...(metrics === undefined ? {} : { blind: metrics }),
      ...(short === undefined ? {} : { short }),
    };
  });
  return {
    log,
    since,
    until,
    rules,
    failures: failuresOf(replayed, wanted),
    gaps: gapsIn(timesOf(set), since, until),
  };
};
