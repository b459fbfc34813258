/** Rules evaluated over the log up to now: a replay as far back as their states need. */

import type { AlertFound, AlertsFound } from '../../core/alert.js';
import { formatDuration } from '../../core/duration.js';
import type { EngineOptions } from '../../promql/engine.js';
import { labelOf, METRIC_NAME, pairsOf } from '../../promql/labels.js';
import type { Matcher } from '../../promql/matcher.js';
import { selectorsIn } from '../../promql/parts.js';
import type { Episode } from '../../promql/rules/alert-state.js';
import { neededPast, selectionsOfGroups } from '../../promql/rules/needs.js';
import { areLooped } from '../../promql/rules/order.js';
import { openWriters } from '../../promql/rules/reads.js';
import { type Replayed, type ReplayedAlert, type ReplayOptions, replay } from '../../promql/rules/replay.js';
import type { Rule, RuleGroup } from '../../promql/rules/rule.js';
import type { Selection, SeriesSet, SeriesSource } from '../../promql/series.js';
import { unitOf } from '../query/unit.js';
import { withNear } from './near.js';
import { meaningOf, type Severities } from './severity.js';
import { openShort, withDistances } from './short.js';

export interface AlertsWanted {
  readonly groups: readonly RuleGroup[];
  readonly severities: Severities;
  /** ms since 1970. */
  readonly now: number;
  /** Before this moment nothing is asked for, even to learn how long an alert has been firing, ms since 1970. */
  readonly lookback: number;
  /** When somebody looked before, ms since 1970: what fired and ended since is wanted too. */
  readonly before?: number;
  /** When the newest of all samples was taken, where nothing that was loaded says so, ms since 1970. */
  readonly newest: () => number | undefined;
  readonly replay: Omit<ReplayOptions, 'since' | 'until'>;
}

export interface Evaluated {
  readonly found: AlertsFound;
  readonly replayed: Replayed;
}

/** After this a value is gone, as in Prometheus. */
const LOOKBACK = 5 * 60_000;

/** Every sample of the log, of the vitals and of what is scraped, has one of these. */
export const UP: readonly Matcher[] = [
  { name: METRIC_NAME, operator: '=', value: 'up', matches: (value) => value === 'up' },
];

const isAlert = (rule: Replayed['rules'][number]): rule is ReplayedAlert => rule.kind === 'alert';

const isOver = ({ resolvedAt }: Episode): boolean => resolvedAt !== undefined;

/** Metrics of a rule's expression, those that other rules record included. */
const metricsOf = ({ expr }: Rule): readonly string[] => [
  ...new Set(
    selectorsIn(expr).map(({ name, matchers }) => name || matchers.map(({ value }) => value).join()),
  ),
];

/** Rules whose metrics were never heard of, in the time that was looked at. One that says so itself by absent() is none of them. */
export const blindRules = (
  rules: readonly ReplayedAlert[],
  all: readonly Rule[],
  set: SeriesSet,
  until: number,
) => {
  const known = new Map<Rule, boolean>();
  const writers = openWriters(all, (rule) => rule);
  /** Whether a rule has something to go by; what others record counts where they do. */
  const sees = (rule: Rule): boolean => {
    const before = known.get(rule);
    if (before !== undefined) return before;
    // For those that read themselves.
    known.set(rule, false);
    const selectors = selectorsIn(rule.expr);
    const found =
      selectors.length === 0 ||
      selectors.some(
        ({ matchers }) =>
          set.select({ matchers, since: Number.NEGATIVE_INFINITY, until }).length > 0 ||
          writers(matchers).some((other) => other !== rule && sees(other)),
      );
    known.set(rule, found);
    return found;
  };
  return rules
    .filter(({ rule, episodes }) => episodes.length === 0 && !sees(rule))
    .map(({ rule }) => ({ rule, metrics: metricsOf(rule) }));
};

/** When the newest of all samples was taken; undefined where there are none. */
const newestIn = (set: SeriesSet, until: number): number | undefined => {
  let newest: number | undefined;
  for (const { times } of set.select({ matchers: [], since: Number.NEGATIVE_INFINITY, until }))
    if (times.length > 0)
      newest = Math.max(newest ?? Number.NEGATIVE_INFINITY, times[times.length - 1] as number);
  return newest;
};

const upNow = (now: number): Selection => ({ matchers: UP, since: now - LOOKBACK, until: now });

/**
 * Why nothing is known of now; undefined where something is. A log that has ended, if only for a few intervals, looks to rules
 * as if all were well, or all were gone.
 */
const stalenessOf = (set: SeriesSet, { now, newest }: AlertsWanted): string | undefined => {
  const isLive = set.select(upNow(now)).some(({ times, ends }) => {
    const last = times.at(-1) ?? Number.NEGATIVE_INFINITY;
    return last >= now - LOOKBACK && last > (ends.at(-1) ?? 0);
  });
  if (isLive) return undefined;
  const last = newestIn(set, now) ?? newest();
  return last === undefined
    ? 'there are no new samples'
    : `the newest sample is ${formatDuration(Math.round((now - last) / 1000))} old`;
};

/** Why nothing is known yet: the log began after all moments at which rules are evaluated. Undefined where that is not so. */
const youthOf = (set: SeriesSet, { rules }: Replayed, now: number): string | undefined => {
  const begins = set.select(upNow(now)).flatMap(({ times }) => times[0] ?? []);
  const evaluated = Math.max(...rules.map(({ moments }) => moments.end));
  const began = Math.min(...begins);
  if (rules.length === 0 || begins.length === 0 || began <= evaluated) return undefined;
  const next = Math.min(...rules.map(({ moments }) => moments.end + moments.step));
  const seconds = (ms: number): string => formatDuration(Math.max(1, Math.round(ms / 1000)));
  return `the log began ${seconds(now - began)} ago, and rules are evaluated for the first time in ${seconds(next - now)}`;
};

export const labelsOfAlert = ({ labels }: Episode): AlertFound['labels'] =>
  pairsOf(labels).filter(([name]) => name !== 'alertname');

export const alertFrom = (
  { rule, group, annotate }: ReplayedAlert,
  episode: Episode,
  severities: Severities,
): AlertFound => {
  const firing = episode.firingSince !== undefined;
  const severity = labelOf(episode.labels, 'severity') || undefined;
  // By names alone: to ask the log what it knows of metrics takes longer than the check.
  const unit = unitOf(rule.expr, () => undefined);
  return {
    name: rule.name,
    group: group.name,
    file: group.file,
    line: rule.at.line,
    phase: firing ? 'firing' : 'pending',
    state: firing ? meaningOf(severity, severities) : 'ok',
    severity,
    labels: labelsOfAlert(episode),
    annotations: annotate(episode),
    value: episode.lastValue,
    ...(unit === undefined ? {} : { unit }),
    since: episode.firingSince ?? episode.pendingSince,
    sinceAtLeast: episode.sinceAtLeast,
    kept: episode.keepFiringSince !== undefined,
  };
};

const ORDER: readonly AlertFound['state'][] = ['critical', 'warning', 'ok'];

const byUrgency = (a: AlertFound, b: AlertFound): number =>
  (a.phase === b.phase ? 0 : a.phase === 'firing' ? -1 : 1) ||
  ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
  a.since - b.since;

interface Pass {
  readonly replayed: Replayed;
  readonly set: SeriesSet;
}

const run = async (source: SeriesSource, since: number, wanted: AlertsWanted): Promise<Pass> => {
  const options: ReplayOptions = { ...wanted.replay, since, until: wanted.now };
  const set = await source.load([...selectionsOfGroups(wanted.groups, options), upNow(wanted.now)]);
  return { replayed: replay(wanted.groups, set, options), set };
};

/** Whether something that is active now, or may be, began before the first moment that was looked at. */
const mayBeOlder = ({ rules }: Replayed, now: number): boolean =>
  rules.some(
    (one) =>
      isAlert(one) &&
      one.episodes.some(
        ({ sinceAtLeast, firingSince, resolvedAt }) =>
          sinceAtLeast &&
          (resolvedAt === undefined ||
            // It was pending as far as was seen. Had it been firing before, it would be kept so.
            (firingSince === undefined && now - resolvedAt < one.rule.keepFiringFor)),
      ),
  );

/**
 * Evaluates the rules. Of one that has been active for longer than its state needs, the log is asked again since when. What
 * rules say that read themselves, as one that lasts until a lower limit is reached, may go back as far as anything: those are
 * begun at the lookback.
 */
export const evaluateAlerts = async (source: SeriesSource, wanted: AlertsWanted): Promise<Evaluated> => {
  const { groups, severities, now, lookback } = wanted;
  const engine: EngineOptions | undefined = wanted.replay.engine;
  const past = neededPast(groups, { ...wanted.replay, ...(engine && { engine }) });
  // What was so when somebody looked before is to be exact as well.
  const needed = Math.min(now, wanted.before ?? now) - past;
  const since = areLooped(groups) ? Math.min(needed, lookback) : needed;
  let pass = await run(source, since, wanted);
  if (lookback < since && mayBeOlder(pass.replayed, now)) pass = await run(source, lookback, wanted);
  const { replayed, set } = pass;

  const alerting = replayed.rules.filter(isAlert);
  const alerts = alerting
    .flatMap((rule) =>
      rule.episodes.filter((one) => !isOver(one)).map((one) => alertFrom(rule, one, severities)),
    )
    .sort(byUrgency);
  const failures = replayed.rules.flatMap(({ rule, failures: all, moments }) => {
    const last = all.at(-1);
    return last === undefined || last.at < moments.end ? [] : [{ rule: rule.name, message: last.message }];
  });
  const all = groups.flatMap(({ rules }) => rules);
  // Windows of what others record count too.
  const shortOf = openShort(all, await withDistances(source, set, all, now));
  const short = alerting.flatMap(({ rule, episodes }) => {
    const window = episodes.length === 0 ? shortOf(rule) : undefined;
    return window === undefined ? [] : [{ rule, window }];
  });
  // Where samples come less often than a window is long, there may be none in it: that is no metric that nobody heard of.
  const isShort = new Set(short.map(({ rule }) => rule));
  const blind = blindRules(alerting, all, set, now).filter(({ rule }) => !isShort.has(rule));
  const isBlind = new Set(blind.map(({ rule }) => rule));
  const hasFailed = new Set(failures.map(({ rule }) => rule));
  const quiet = alerting.filter(
    ({ rule, episodes }) =>
      episodes.every(isOver) && !isShort.has(rule) && !isBlind.has(rule) && !hasFailed.has(rule.name),
  );
  const youth = youthOf(set, replayed, now);
  const stale = stalenessOf(set, wanted) ?? youth;
  return {
    replayed,
    found: {
      rules: alerting.length,
      alerts,
      failures,
      // Where nothing was evaluated yet, nothing was missed either.
      blind:
        youth === undefined
          ? await withNear(
              source,
              blind.map(({ rule, metrics }) => ({ rule: rule.name, metrics })),
            )
          : [],
      short: short.map(({ rule, window }) => ({ rule: rule.name, window })),
      quiet: quiet.map(({ rule }) => rule.name),
      ...(stale === undefined ? {} : { stale }),
    },
  };
};
