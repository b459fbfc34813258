/** Why a query gave nothing: what is not there at all, not at that time, or not with these labels. */

import { formatDuration } from '../../core/duration.js';
import { nearestWord } from '../../core/nearest.js';
import { sayAge } from '../../core/too-short.js';
import { formatMoment } from '../../formats/plot-times.js';
import { formatLabels } from '../../formats/query-labels.js';
import type { Expr, VectorSelector } from '../../promql/ast.js';
import type { Moments } from '../../promql/engine.js';
import { labelOf, METRIC_NAME } from '../../promql/labels.js';
import type { Matcher } from '../../promql/matcher.js';
import { allParts, selectorsIn } from '../../promql/parts.js';
import type { Selection, Series } from '../../promql/series.js';
import { pairWindows, shortWindow } from '../../promql/short-window.js';
import type { OpenSeries } from '../series-source.js';

export interface EmptyQuery {
  readonly expr: Expr;
  readonly moments: Moments;
  /** What was loaded for it. */
  readonly selections: readonly Selection[];
  readonly series: OpenSeries;
  readonly now: number;
}

/** Values in a list before it is cut short. */
const NAMED = 6;

const list = (names: readonly string[]): string => {
  const more = names.length - NAMED;
  const shown = (more > 1 ? names.slice(0, NAMED) : names).join(', ');
  return more > 1 ? `${shown} and ${more} more` : shown;
};

/** The name that a selector asks for, in front of its braces or in them. */
const nameOf = ({ matchers }: VectorSelector): Matcher | undefined =>
  matchers.find(({ name, operator }) => name === METRIC_NAME && operator === '=');

const write = ({ name, operator, value }: Matcher): string => `${name}${operator}${JSON.stringify(value)}`;

/** Which of the labels is to blame, and what there is instead. */
const blameMatcher = (name: string, matchers: readonly Matcher[], there: readonly Series[]): string => {
  for (const matcher of matchers) {
    if (there.some(({ labels }) => matcher.matches(labelOf(labels, matcher.name)))) continue;
    const values = [...new Set(there.map(({ labels }) => labelOf(labels, matcher.name)))].sort();
    const known = new Set(there.flatMap(({ labels }) => labels.names));
    if (!known.has(matcher.name)) {
      const near = nearestWord(matcher.name, known);
      const names = [...known].filter((one) => one !== METRIC_NAME);
      return `${name} has no label ${matcher.name}${near === undefined ? `; it has ${list(names)}` : `; did you mean ${near}?`}`;
    }
    const others = list(values.map((value) => JSON.stringify(value)));
    return `no ${name} has ${write(matcher)}; ${matcher.name} is ${others}`;
  }
  const all = matchers.map(write).join(',');
  return `no ${name} has all of {${all}}; there is ${list(there.map(({ labels }) => formatLabels(labels)))}`;
};

const hasPoint = ({ times }: Series, since: number, until: number): boolean =>
  times.some((time) => time >= since && time <= until);

/** Whether it was seen to be gone after its last point by then. */
const isGone = ({ times, ends }: Series, until: number): boolean => {
  const last = times.findLast((time) => time <= until);
  return last !== undefined && ends.some((end) => end > last && end <= until);
};

/** What Prometheus keeps of alerts; here the log is replayed for them. */
const OF_RULES = new Set(['ALERTS', 'ALERTS_FOR_STATE']);

const PART = /_(?:bucket|count|sum)$/;

interface Blame {
  /** `gone` is what was there, and had ended. */
  readonly what: 'name' | 'time' | 'gone' | 'labels';
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** What is wrong with one selector; undefined where there is data for it. */
const blame = async (
  selector: VectorSelector,
  { since, until }: Pick<Selection, 'since' | 'until'>,
  { series, moments }: EmptyQuery,
): Promise<Blame | undefined> => {
  const { source } = series;
  const named = nameOf(selector);
  const matchers = named === undefined ? selector.matchers : [named];
  const set = await source.load([{ matchers, since, until }]);
  const there = set.select({ matchers, since, until }).filter((one) => hasPoint(one, since, until));
  const name = named?.value ?? `{${selector.matchers.map(write).join(',')}}`;
  if (there.length > 0) {
    const fit = there.filter(({ labels }) =>
      selector.matchers.every((one) => one.matches(labelOf(labels, one.name))),
    );
    if (fit.length === 0) {
      const rest = selector.matchers.filter(({ name: label }) => label !== METRIC_NAME);
      return { what: 'labels', text: blameMatcher(name, rest, there) };
    }
    if (moments.step > 0 || !fit.every((one) => isGone(one, until))) return undefined;
    return { what: 'gone', text: `${name} is there no more at that time` };
  }
  const metrics = (await source.metrics()).map((metric) => metric.name);
  // Of a histogram or summary the family is known, and its parts have endings.
  if (named === undefined || metrics.includes(name) || metrics.includes(name.replace(PART, '')))
    return { what: 'time', text: `${name} has no value at that time` };
  if (metrics.includes(`${name}_bucket`))
    return {
      what: 'name',
      text: `${name} is a histogram, which has no values of its own`,
      hint: `Ask for its buckets, for example: histogram_quantile(0.95, rate(${name}_bucket[5m]))`,
    };
  if (OF_RULES.has(name))
    return {
      what: 'name',
      text: `${name} is there only while rules are evaluated`,
      hint: 'What fires now: sysmon check --rules FILE; what fired: sysmon rules backtest FILE',
    };
  const near = nearestWord(name, metrics) ?? metrics.find((one) => one.includes(name));
  return {
    what: 'name',
    text: `there is no metric ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
    ...(near === undefined && { hint: 'All that can be asked for: sysmon query --metrics' }),
  };
};

/** A window in which no series has two samples, though they come often enough at other times. */
const blameHole = async (
  expr: Expr,
  { series, selections }: Pick<EmptyQuery, 'series' | 'selections'>,
): Promise<readonly string[] | undefined> => {
  const set = await series.source.load(selections);
  for (const { call, window } of pairWindows(expr)) {
    const { selector, range } = window;
    const all = selections.flatMap((one) => set.select({ ...one, matchers: selector.matchers }));
    const enough = all.some(({ times }) =>
      times.some((time, at) => time - (times[at - 1] ?? Number.NEGATIVE_INFINITY) < range),
    );
    if (enough) continue;
    const words = formatDuration(range / 1000);
    return [
      `${call} needs two samples in its window, and ${selector.name || 'what it reads'} has no two within ${words}`,
      'Give it a longer window.',
    ];
  }
  return undefined;
};

/** How far back samples are looked for at least, ms. */
const PAST = 900_000;

/** A window that is too short for how far apart samples are: below twice of that it often has not two. */
const blameWindow = async (
  expr: Expr,
  { series, selections }: EmptyQuery,
): Promise<readonly string[] | undefined> => {
  const windows = pairWindows(expr);
  if (windows.length === 0) return undefined;
  const matchersOf = new Set(windows.map(({ window }) => window.selector.matchers));
  // A window with one sample does not tell how far away the next one is.
  const wider = selections
    .filter(({ matchers }) => matchersOf.has(matchers))
    .map((one) => ({ ...one, since: one.since - Math.max(PAST, one.until - one.since) }));
  const short = shortWindow(expr, await series.source.load(wider), 2);
  if (short === undefined) return blameHole(expr, { series, selections });
  const { call, metric, range, apart } = short;
  // Nothing is taken to the millisecond.
  const distance = formatDuration(apart < 1000 ? apart / 1000 : Math.round(apart / 1000));
  const window = formatDuration(range / 1000);
  const longer = formatDuration(Math.max(300, Math.ceil((4 * apart) / 60_000) * 60));
  return [
    `${call} needs two samples in its window of ${window}, and those of ${metric || 'what it reads'} are ${distance} apart`,
    `Give it a longer window, such as [${longer}].`,
  ];
};

const COMPARISONS = new Set<string>(['==', '!=', '<', '<=', '>', '>=']);

/** A log that does not reach to the time asked for. */
const outside = ({ series, moments, now }: EmptyQuery, since: number): readonly string[] | undefined => {
  const span = series.span();
  if (span === undefined) return [`${series.path} holds no samples`];
  const ago = (time: number): string => {
    const age = (now - time) / 1000;
    return `${age >= 1 ? ` ${sayAge(age)} ago,` : ''} at ${formatMoment(time, true)}`;
  };
  if (span.oldest > moments.end) return [`the log begins${ago(span.oldest)}`];
  if (span.newest >= since) return undefined;
  const last = formatMoment(span.newest, true);
  return [
    `the log ends${ago(span.newest)}`,
    moments.step === 0 ? `Ask for that time: --at '${last}'` : `Ask for a time up to then: --until '${last}'`,
  ];
};

const sayBlame = ({ text, hint }: Blame): readonly string[] => (hint === undefined ? [text] : [text, hint]);

/** The reason in words, and what to do about it in a second line where there is something. */
export const explainNothing = async (query: EmptyQuery): Promise<readonly string[]> => {
  const selectors = selectorsIn(query.expr);
  const since = query.selections.reduce((least, one) => Math.min(least, one.since), query.moments.start);
  const until = query.selections.reduce((most, one) => Math.max(most, one.until), Number.NEGATIVE_INFINITY);
  const found: Blame[] = [];
  for (const selector of selectors) {
    const one = await blame(selector, { since, until }, query);
    if (one !== undefined && !found.some(({ text }) => text === one.text)) found.push(one);
  }
  const missing = found.find(({ what }) => what === 'name');
  if (missing !== undefined) return sayBlame(missing);
  const late = found.find(({ what }) => what === 'time' || what === 'gone');
  const ended = late && outside(query, late.what === 'gone' ? query.moments.start : since);
  if (ended !== undefined) return ended;
  const [first] = found;
  if (first !== undefined) return sayBlame(first);
  const short = await blameWindow(query.expr, query);
  if (short !== undefined) return short;
  const compares = allParts(query.expr).some((one) => one.kind === 'binary' && COMPARISONS.has(one.operator));
  return [
    compares ? 'no series satisfies the condition' : 'what it asks for is there, but nothing is left of it',
  ];
};
