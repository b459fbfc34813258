/** What rules need of the past: for each rule and row a few points, not whole samples, so that a log can judge as it runs. */

import { fieldOf, type Group } from './group.js';
import { append, emptySeries, type Keeping, type Point, type Series } from './points.js';
import type { Measure, Rule } from './rule.js';
import type { Reading, Row, Sample } from './sample.js';

export interface History {
  /** Takes in the next sample. One that is older than those before, after the clock was set back, replaces them. */
  readonly add: (sample: Sample) => void;
  /** What is known of the rule's field in the row with this identity, oldest first, until the next sample; may begin before its window. */
  readonly points: (rule: Rule, id: readonly string[]) => readonly Point[];
  /** The newest reading of a group, however old, until the next sample is taken in. */
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

const keyOf = (id: readonly string[]): string =>
  id.length === 1 ? (id[0] as string) : id.length === 0 ? '' : id.join('\0');

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

/** Rows that have long gone. */
const forget = ({ rows, window }: Concern, now: number): void => {
  const from = now - Math.max(window, LOOKBACK * 1000);
  for (const [key, { points }] of rows) {
    const last = points.at(-1);
    if (last !== undefined && last.time < from) rows.delete(key);
  }
};

/** Rows seldom go, ms. */
const FORGET_EVERY = 600_000;

/** A rule, what is known of the rows it speaks of, and what its field is in the group as samples have it. */
interface Concern extends Keeping {
  readonly rule: Rule;
  readonly rows: Map<string, Series>;
  readonly ratio: Ratio | undefined;
  group: Group | undefined;
  /** Whether it has to know the past at all. */
  wanted: boolean;
  labels: readonly string[];
}

interface Latest {
  time: number;
  boot: string;
  reading: Reading;
}

/** The rules about a group. */
interface Concerned {
  readonly group: string;
  readonly concerns: Concern[];
  latest: Latest | undefined;
  /** When rows of it were last forgotten: of each group for itself, since they do not all come with the same samples. */
  forgotten: number;
}

const concernOf = (rule: Rule, rows: Map<string, Series>): Concern => {
  const { measure } = rule;
  const window = windowOf(measure);
  const ratio = isRatio(measure) ? measure : undefined;
  return {
    rule,
    rows,
    kind: measure.kind,
    ratio,
    against: ratio === undefined ? undefined : ratio.per === 'time' ? 'time' : 'counters',
    window: window * 1000,
    room: (window / FINENESS[measure.kind]) * 1000,
    group: undefined,
    wanted: true,
    onTick: true,
    labels: [],
  };
};

/** Looks up what a rule's field is; a log may describe a group anew. */
const describe = (concern: Concern, group: Group): void => {
  const { rule, kind, ratio } = concern;
  const field = fieldOf(group, rule.path.field);
  const onTick = field?.due === 'tick';
  concern.group = group;
  concern.onTick = onTick && ratio === undefined;
  concern.wanted = field !== undefined && !(onTick && kind === 'value');
  concern.labels = labelsOf(rule, group);
};

const addTo = (concern: Concern, group: Group, all: readonly Row[], sample: Sample): void => {
  if (concern.group !== group) describe(concern, group);
  if (!concern.wanted) return;
  const { rule, rows, ratio, labels } = concern;
  for (let index = 0; index < all.length; index++) {
    const row = all[index] as Row;
    const { numbers } = row;
    const value = ratio === undefined ? numberIn(numbers, rule.path.field) : sumOf(ratio.of, numbers);
    if (Number.isNaN(value)) continue;
    const per = ratio?.per ?? 'time';
    const whole = per === 'time' ? sample.time / 1000 : sumOf(per, numbers);
    if (Number.isNaN(whole)) continue;
    const key = keyOf(row.id);
    let series = rows.get(key);
    if (series === undefined) {
      series = emptySeries(row.texts);
      rows.set(key, series);
    }
    append(series, concern, sample, value, whole, hasSame(row.texts, series.texts, labels));
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
      concerned = { group, concerns: [], latest: undefined, forgotten: Number.NEGATIVE_INFINITY };
      groups.push(concerned);
    }
    concerned.concerns.push(concernOf(rule, rows));
  }

  return {
    add: (sample) => {
      const { time, boot } = sample;
      for (let place = 0; place < groups.length; place++) {
        const concerned = groups[place] as Concerned;
        const { concerns, latest } = concerned;
        const reading = sample.readings.get(concerned.group);
        if (reading === undefined) continue;
        if (latest === undefined) concerned.latest = { time, boot, reading };
        else {
          latest.time = time;
          latest.boot = boot;
          latest.reading = reading;
        }
        const forgets = Math.abs(time - concerned.forgotten) >= FORGET_EVERY;
        if (forgets) concerned.forgotten = time;
        for (let index = 0; index < concerns.length; index++) {
          const concern = concerns[index] as Concern;
          if ('rows' in reading) addTo(concern, reading.group, reading.rows, sample);
          if (forgets) forget(concern, time);
        }
      }
    },
    points: (rule, id) => known.get(rule)?.get(keyOf(id))?.points ?? [],
    latest: (group) => groups.find((one) => one.group === group)?.latest,
  };
};
