/** What rules need of the past: for each rule and row a few points, not whole samples, so that a log can judge as it runs. */

import { fieldOf, type Group } from './group.js';
import type { Measure, Rule } from './rule.js';
import type { Reading, Row, Sample } from './sample.js';

export interface Point {
  /** ms since 1970. */
  readonly time: number;
  readonly boot: string;
  /** As recorded; of an `increase`, a `share` and an `each` how much the counters have grown since the first point. */
  readonly value: number;
  /** Of a `share` and an `each`: the same of the counters it is compared with. */
  readonly whole?: number;
  /** Seconds that it stands for: the interval between samples, less where the one before was nearer. */
  readonly covers: number | undefined;
  /** Seconds since the point before; undefined at the first. */
  readonly gap: number | undefined;
  /** Samples merged into it. */
  readonly count: number;
}

/** A counter, and how much it has grown since the first point. */
interface Growth {
  raw: number;
  total: number;
}

interface Series {
  readonly points: Point[];
  readonly part: Growth;
  /** What a `share` or an `each` compares it with. */
  readonly whole: Growth;
  /** Texts of the row at the last point. */
  texts: Row['texts'];
}

export interface History {
  /** Takes in the next sample. One that is older than those before, after the clock was set back, replaces them. */
  readonly add: (sample: Sample) => void;
  /** What is known of the rule's field in the row with this identity, oldest first; may begin before its window. */
  readonly points: (rule: Rule, id: readonly string[]) => readonly Point[];
  /** The newest reading of a group, however old. */
  readonly latest: (
    group: string,
  ) => { readonly time: number; readonly boot: string; readonly reading: Reading } | undefined;
}

/** How long a value that is recorded once a minute stands for now, s: Prometheus's lookback. */
export const LOOKBACK = 300;

/** A window is kept in about so many points: enough to be exact where it matters, and no burden at 1 ms. */
export const FINENESS: Readonly<Record<Measure['kind'], number>> = {
  value: 1,
  average: 600,
  share: 60,
  each: 60,
  lowest: 60,
  throughout: Number.POSITIVE_INFINITY,
  increase: 60,
  'empty in': 60,
  changed: 60,
};

export const windowOf = (measure: Measure): number => ('seconds' in measure ? measure.seconds : 0);

type Ratio = Extract<Measure, { readonly kind: 'share' | 'each' }>;

export const isRatio = (measure: Measure): measure is Ratio =>
  measure.kind === 'share' || measure.kind === 'each';

const keyOf = (id: readonly string[]): string => (id.length === 1 ? (id[0] as string) : id.join('\0'));

const mergedValue = (kind: Measure['kind'], last: Point, next: Point): number => {
  if (kind === 'average')
    return (last.value * last.count + next.value * next.count) / (last.count + next.count);
  return kind === 'lowest' ? Math.min(last.value, next.value) : next.value;
};

const merge = (kind: Measure['kind'], last: Point, next: Point): Point => {
  const count = last.count + next.count;
  return {
    ...next,
    value: mergedValue(kind, last, next),
    covers: last.covers === undefined || next.covers === undefined ? undefined : last.covers + next.covers,
    gap: last.gap === undefined || next.gap === undefined ? undefined : last.gap + next.gap,
    count,
  };
};

/** How a counter goes on from the reading before: one `new` to us may have counted for long, one `reset` counts from 0. */
type Succession = 'same' | 'reset' | 'new';

/** How much a counter grew between two readings: after a reset, and after a boot, it has grown from 0 (Prometheus's `increase`). */
const grown = (now: number, before: number, succession: Succession): number =>
  succession === 'new' ? 0 : succession === 'same' && now >= before ? now - before : now;

const grow = (growth: Growth, now: number, succession: Succession): number => {
  growth.total += grown(now, growth.raw, succession);
  growth.raw = now;
  return growth.total;
};

/** Texts of a row that make another counter of the one that a rule is about when they change, as labels do in Prometheus. */
const labelsOf = ({ path, measure }: Rule, group: Group): readonly string[] =>
  fieldOf(group, isRatio(measure) ? (measure.of[0] ?? path.field) : path.field)?.prometheus?.texts ??
  group.labels;

const hasSame = (texts: Row['texts'], others: Row['texts'], names: readonly string[]): boolean => {
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    if (texts[name] !== others[name]) return false;
  }
  return true;
};

/** NaN where there is none; rows of old samples may have texts among their numbers. */
const numberIn = (numbers: Row['numbers'], name: string): number => {
  const value: unknown = numbers[name];
  return typeof value === 'number' ? value : Number.NaN;
};

/** NaN where one is missing. */
const sumOf = (names: readonly string[], numbers: Row['numbers']): number => {
  let sum = 0;
  for (let index = 0; index < names.length; index++) sum += numberIn(numbers, names[index] as string);
  return sum;
};

/** What a row has of a rule: its value, or the counters of a ratio, summed up. Undefined where one is missing. */
const valuesOf = (
  { path, measure }: Rule,
  { numbers }: Row,
  time: number,
): { readonly value: number; readonly whole?: number } | undefined => {
  if (!isRatio(measure)) {
    const value = numberIn(numbers, path.field);
    return Number.isNaN(value) ? undefined : { value };
  }
  const value = sumOf(measure.of, numbers);
  const whole = measure.per === 'time' ? time / 1000 : sumOf(measure.per, numbers);
  return Number.isNaN(value) || Number.isNaN(whole) ? undefined : { value, whole };
};

/** Points before a window that may wait to be forgotten together: moving all the others costs more than they do. */
const IDLE = 32;

/** Forgets what lies before the window, but for one point from which growth is counted. */
const prune = (points: Point[], from: number): void => {
  let old = 0;
  while (old + 1 < points.length && (points[old + 1] as Point).time <= from) old++;
  if (old > IDLE || old === points.length - 1) points.splice(0, old);
};

const append = (
  series: Series,
  rule: Rule,
  sample: Sample,
  { value, whole }: { readonly value: number; readonly whole?: number },
  onTick: boolean,
  sameLabels: boolean,
): void => {
  const { points } = series;
  const { kind } = rule.measure;
  while (points.length > 0 && (points.at(-1) as Point).time >= sample.time) points.pop();
  const last = points.at(-1);
  const gap = last === undefined ? undefined : (sample.time - last.time) / 1000;
  const step = onTick ? sample.interval : undefined;
  const succession = last === undefined || !sameLabels ? 'new' : last.boot === sample.boot ? 'same' : 'reset';
  const counts = kind === 'increase' || isRatio(rule.measure);
  // Time goes on while the machine is off.
  const goesOn = isRatio(rule.measure) && rule.measure.per === 'time' && succession === 'reset';
  const covers = step === undefined ? undefined : Math.min(step, gap ?? step);
  const next: Point = {
    time: sample.time,
    boot: sample.boot,
    value: counts ? grow(series.part, value, succession) : value,
    ...(whole === undefined ? {} : { whole: grow(series.whole, whole, goesOn ? 'same' : succession) }),
    covers,
    gap,
    count: 1,
  };
  const room = (windowOf(rule.measure) / FINENESS[kind]) * 1000;
  const before = points.at(-2);
  if (last !== undefined && before !== undefined && last.boot === next.boot && next.time - before.time < room)
    points[points.length - 1] = merge(kind, last, next);
  else points.push(next);
  prune(points, sample.time - windowOf(rule.measure) * 1000);
};

/** Rows that have long gone. */
const forget = (rule: Rule, rows: Map<string, Series>, now: number): void => {
  const from = now - Math.max(windowOf(rule.measure), LOOKBACK) * 1000;
  for (const [key, { points }] of rows) {
    const last = points.at(-1);
    if (last !== undefined && last.time < from) rows.delete(key);
  }
};

/** Rows seldom go, ms. */
const FORGET_EVERY = 600_000;

/** A rule, what is known of the rows it speaks of, and what its field is in the group as samples have it. */
interface Concern {
  readonly rule: Rule;
  readonly rows: Map<string, Series>;
  group?: Group;
  /** Whether it has to know the past at all. */
  wanted: boolean;
  onTick: boolean;
  labels: readonly string[];
}

/** The rules about a group. */
interface Concerned {
  readonly group: string;
  readonly concerns: Concern[];
  /** When rows of it were last forgotten: of each group for itself, since they do not all come with the same samples. */
  forgotten: number;
}

/** Looks up what a rule's field is; a log may describe a group anew. */
const describe = (concern: Concern, group: Group): void => {
  const { path, measure } = concern.rule;
  const field = fieldOf(group, path.field);
  concern.group = group;
  concern.onTick = field?.due === 'tick';
  concern.wanted = field !== undefined && !(concern.onTick && measure.kind === 'value');
  concern.labels = labelsOf(concern.rule, group);
};

const addTo = (concern: Concern, reading: Reading, sample: Sample): void => {
  if (!('rows' in reading)) return;
  if (concern.group !== reading.group) describe(concern, reading.group);
  if (!concern.wanted) return;
  const { rule, rows, labels } = concern;
  const onTick = concern.onTick && !isRatio(rule.measure);
  for (let index = 0; index < reading.rows.length; index++) {
    const row = reading.rows[index] as Row;
    const values = valuesOf(rule, row, sample.time);
    if (values === undefined) continue;
    const key = keyOf(row.id);
    let series = rows.get(key);
    if (series === undefined) {
      series = { points: [], part: { raw: 0, total: 0 }, whole: { raw: 0, total: 0 }, texts: row.texts };
      rows.set(key, series);
    }
    append(series, rule, sample, values, onTick, hasSame(row.texts, series.texts, labels));
    series.texts = row.texts;
  }
};

export const openHistory = (all: readonly Rule[]): History => {
  const known = new Map<Rule, Map<string, Series>>(all.map((rule) => [rule, new Map()]));
  const groups: Concerned[] = [];
  for (const [rule, rows] of known) {
    const { group } = rule.path;
    let concerned = groups.find((one) => one.group === group);
    if (concerned === undefined) {
      concerned = { group, concerns: [], forgotten: Number.NEGATIVE_INFINITY };
      groups.push(concerned);
    }
    concerned.concerns.push({ rule, rows, wanted: true, onTick: true, labels: [] });
  }
  const newest = new Map<string, { time: number; boot: string; reading: Reading }>();

  return {
    add: (sample) => {
      for (let place = 0; place < groups.length; place++) {
        const concerned = groups[place] as Concerned;
        const { group, concerns } = concerned;
        const reading = sample.readings.get(group);
        if (reading === undefined) continue;
        newest.set(group, { time: sample.time, boot: sample.boot, reading });
        const forgets = Math.abs(sample.time - concerned.forgotten) >= FORGET_EVERY;
        if (forgets) concerned.forgotten = sample.time;
        for (let index = 0; index < concerns.length; index++) {
          const concern = concerns[index] as Concern;
          addTo(concern, reading, sample);
          if (forgets) forget(concern.rule, concern.rows, sample.time);
        }
      }
    },
    points: (rule, id) => known.get(rule)?.get(keyOf(id))?.points ?? [],
    latest: (group) => newest.get(group),
  };
};
