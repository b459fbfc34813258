/** A few hours of the week as a unit test of rules, in promtool's form; what our replay says of them is what it expects. */

import { type Labels, labelOf, METRIC_NAME, pairsOf } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';
import type { Point } from '../../src/promql/notation.js';
import { parse } from '../../src/promql/parse.js';
import { activeAt } from '../../src/promql/rules/alert-state.js';
import { selectionsOfGroups } from '../../src/promql/rules/needs.js';
import { type Replayed, type ReplayedAlert, replay } from '../../src/promql/rules/replay.js';
import type { RuleGroup } from '../../src/promql/rules/rule.js';
import { samplesAt } from '../../src/promql/rules/samples.js';
import type { Series, SeriesSet } from '../../src/promql/series.js';
import { WEEK_BEGINS } from './plan.js';

const MINUTE = 60_000;

/**
 * ms between evaluations. Samples, and the steps of subqueries, are a minute apart; evaluations are a millisecond more, so that
 * after the first of them no window begins where a sample or a step is. There alone Prometheus 2 sees other windows than
 * Prometheus 3: its windows are closed on both sides. A rule that is `for: 2m` still takes three evaluations.
 */
const EVALUATION = MINUTE + 1;

export interface Excerpt {
  readonly name: string;
  /** Seconds since the week began, whole minutes. */
  readonly from: number;
  readonly until: number;
  /** Makes something happen that does not in the week. */
  readonly bend?: (name: string, value: number, minute: number, labels: Labels) => number;
}

interface Row {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

/** Moments of the week would be moments since 1970, which is where a unit test begins. */
const MOMENTS = new Set(['node_time_seconds', 'node_boot_time_seconds']);

const pointsOf = ({ labels, times, values, ends }: Series, excerpt: Excerpt): readonly Point[] => {
  const { from, until, bend } = excerpt;
  const name = labelOf(labels, METRIC_NAME);
  const begin = (WEEK_BEGINS + from) * 1000;
  const moved = MOMENTS.has(name) ? begin / 1000 : 0;
  const byTime = new Map(Array.from(times, (time, index) => [time, values[index] as number]));
  return Array.from({ length: (until - from) / 60 + 1 }, (_, minute): Point => {
    const time = begin + minute * MINUTE;
    const value = byTime.get(time);
    if (value !== undefined) return bend?.(name, value - moved, minute, labels) ?? value - moved;
    return ends.some((end) => end > time - MINUTE && end <= time) ? 'stale' : 'none';
  });
};

/** What the rules read of the hours, minute by minute. */
const rowsOf = (set: SeriesSet, groups: readonly RuleGroup[], excerpt: Excerpt): readonly Row[] => {
  const times = { since: (WEEK_BEGINS + excerpt.from) * 1000, until: (WEEK_BEGINS + excerpt.until) * 1000 };
  const found = new Map<string, Row>();
  for (const selection of selectionsOfGroups(groups, times))
    for (const series of set.select(selection)) {
      const points = pointsOf(series, excerpt);
      if (points.some((point) => typeof point === 'number'))
        found.set(series.labels.key, { labels: series.labels, points });
    }
  return [...found.values()];
};

const setOf = (rows: readonly Row[]): SeriesSet => {
  const set = new MemorySet();
  for (const { labels, points } of rows)
    points.forEach((point, index) => {
      if (point === 'stale') set.end(labels, index * MINUTE);
      else if (point !== 'none') set.append(labels, index * MINUTE, point);
    });
  return set;
};

const quoted = (text: string): string => JSON.stringify(text);

const numberText = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf';

const labelsText = (labels: Labels): string =>
  `${labelOf(labels, METRIC_NAME)}{${pairsOf(labels)
    .filter(([name]) => name !== METRIC_NAME)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(',')}}`;

const seriesText = ({ labels, points }: Row): string =>
  `      - series: ${quoted(labelsText(labels))}
        values: '${points.map((point) => (point === 'none' ? '_' : point)).join(' ')}'
`;

const alertsOf = ({ rules }: Replayed): readonly ReplayedAlert[] =>
  rules.flatMap((one) => (one.kind === 'alert' ? [one] : []));

/** Between an evaluation and the next. */
const after = (evaluation: number): number => evaluation * EVALUATION + MINUTE / 2;

/** Evaluations to look at: where something begins or ends, those before, and some in between. */
const evaluationsOf = (replayed: Replayed, count: number): readonly number[] => {
  const turns = alertsOf(replayed)
    .flatMap(({ episodes }) => episodes)
    .flatMap(({ pendingSince, firingSince, resolvedAt }) => [pendingSince, firingSince, resolvedAt])
    .filter((time) => time !== undefined)
    .map((time) => time / EVALUATION);
  const even = Array.from({ length: 20 }, (_, index) => Math.floor((index * count) / 20));
  return [...new Set([...turns, ...turns.map((turn) => turn - 1), ...even])]
    .filter((evaluation) => evaluation >= 0)
    .sort((a, b) => a - b);
};

const exprText = (query: string, evaluation: number, set: SeriesSet): string => {
  const time = after(evaluation);
  const samples = samplesAt({ query, expr: parse(query) }, set, time, {});
  const expected = samples
    .map(
      ({ labels, value }) =>
        `\n          - labels: ${quoted(labelsText(labels))}\n            value: ${numberText(value)}`,
    )
    .join('');
  return `      - expr: ${quoted(query)}
        eval_time: ${time}ms
        exp_samples:${expected === '' ? ' []' : expected}
`;
};

const pairsText = (pairs: readonly (readonly [string, string])[]): string =>
  `{${pairs.map(([name, value]) => `${quoted(name)}: ${quoted(value)}`).join(', ')}}`;

const alertText = (name: string, evaluation: number, alerts: readonly ReplayedAlert[]): string => {
  const moment = evaluation * EVALUATION;
  const expected = alerts
    .filter(({ rule }) => rule.name === name)
    .flatMap((one) =>
      activeAt(one.episodes, moment)
        .filter(({ state }) => state === 'firing')
        .map(({ episode }) => {
          const labels = pairsOf(episode.labels).filter(([label]) => label !== 'alertname');
          return `
          - exp_labels: ${pairsText(labels)}
            exp_annotations: ${pairsText(one.annotate(episode, moment))}`;
        }),
    )
    .join('');
  return `      - eval_time: ${after(evaluation)}ms
        alertname: ${name}
        exp_alerts:${expected === '' ? ' []' : expected}
`;
};

export interface UnitTest {
  readonly text: string;
  /** The names of alerts that fire in it. */
  readonly firing: ReadonlySet<string>;
  /** How many evaluations ALERTS is asked about. */
  readonly looks: number;
}

/** The excerpt as a file of unit tests for the rules of a file. */
export const unitTestOf = (
  set: SeriesSet,
  groups: readonly RuleGroup[],
  ruleFile: string,
  excerpt: Excerpt,
): UnitTest => {
  const rows = rowsOf(set, groups, excerpt);
  const count = Math.floor(((excerpt.until - excerpt.from) * 1000) / EVALUATION);
  const options = { since: 0, until: count * EVALUATION, lockstep: EVALUATION };
  const replayed = replay(groups, setOf(rows), options);
  const failed = replayed.rules.flatMap(({ failures }) => failures);
  if (failed.length > 0) throw new Error(JSON.stringify(failed[0]));

  const alerts = alertsOf(replayed);
  const looks = evaluationsOf(replayed, count);
  const names = [
    ...new Set(alerts.filter(({ episodes }) => episodes.length > 0).map(({ rule }) => rule.name)),
  ];
  const records = groups.flatMap(({ rules }) => rules).filter(({ kind }) => kind === 'record');
  const exprs = [
    ...looks.map((evaluation) => exprText('ALERTS', evaluation, replayed.set)),
    // Sums of many floats end in other digits in Prometheus 2.
    ...records.flatMap(({ name }) =>
      looks
        .filter((_, index) => index % 5 === 0)
        .map((evaluation) => exprText(`round(${name}, 0.001)`, evaluation, replayed.set)),
    ),
    // All evaluations, those too that were not looked at.
    exprText('count_over_time(ALERTS[1d])', count, replayed.set),
  ];
  const text = `rule_files: [${ruleFile}]
evaluation_interval: ${EVALUATION}ms
tests:
  - interval: 1m
    name: ${excerpt.name}
    input_series:
${rows.map(seriesText).join('')}    alert_rule_test:${names.length === 0 ? ' []' : ''}
${looks
  .filter((_, index) => index % 2 === 0)
  .flatMap((evaluation) => names.map((name) => alertText(name, evaluation, alerts)))
  .join('')}    promql_expr_test:
${exprs.join('')}`;
  const firing = alerts.filter(({ episodes }) =>
    episodes.some(({ firingSince }) => firingSince !== undefined),
  );
  return { text, firing: new Set(firing.map(({ rule }) => rule.name)), looks: looks.length };
};
