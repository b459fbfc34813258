/** What a log says of series, told in the plainest way: all of it decoded, named as everywhere, and sorted by time. */

import type { Due, Group } from '../../../src/core/group.js';
import type { Sample } from '../../../src/core/sample.js';
import { createNamer } from '../../../src/core/series-names.js';
import { openLog } from '../../../src/logs/reader.js';
import { type Labels, labelOf, labelsFrom } from '../../../src/promql/labels.js';
import type { Matcher } from '../../../src/promql/matcher.js';
import type { Selection, Series } from '../../../src/promql/series.js';

export const matcher = (name: string, operator: Matcher['operator'], value: string): Matcher => {
  const pattern = new RegExp(`^(?:${operator.endsWith('~') ? value : ''})$`, 'su');
  const matches = {
    '=': (text: string) => text === value,
    '!=': (text: string) => text !== value,
    '=~': (text: string) => pattern.test(text),
    '!~': (text: string) => !pattern.test(text),
  }[operator];
  return { name, operator, value, matches };
};

export interface NaiveSeries {
  readonly labels: Labels;
  readonly points: Map<number, number>;
  readonly ends: Set<number>;
  readonly due: Due;
  live: boolean;
  /** Two fields have this name, in one record or of another due: no telling which of them it is. */
  twice: boolean;
}

const OURS = new Map([
  ['instance', 'exported_instance'],
  ['job', 'exported_job'],
]);

/** All points of a sample: those of the detail count only where it has them. */
const pointsOf = (sample: Sample) => {
  const points: { readonly labels: Labels; readonly due: Due; readonly value: number }[] = [];
  const own = [
    ['instance', sample.host],
    ['job', 'node'],
  ] as const;
  createNamer()(sample, ({ family, labels }, value, { due }) => {
    if (due === 'detail' && sample.detail !== true) return;
    const renamed = labels.map(([name, text]) => [OURS.get(name) ?? name, text] as const);
    points.push({ labels: labelsFrom([...renamed, ...own, ['__name__', family.name]]), due, value });
  });
  points.push({ labels: labelsFrom([['__name__', 'up'], ...own]), due: 'tick', value: 1 });
  return points;
};

interface State {
  last?: Sample;
  stopped: boolean;
}

const silence = ({ last, stopped }: State, now: number): number | undefined => {
  if (last?.interval === undefined) return undefined;
  const after = stopped ? last.interval : Math.max(3 * last.interval, 1);
  return now - last.time > after * 1000 ? last.time + Math.max(1, last.interval * 1000) : undefined;
};

/** Every series of some times, matched afterwards. */
export const naiveSeries = (
  path: string,
  groups: ReadonlyMap<string, Group>,
  { matchers, since, until }: Selection,
): ReadonlyMap<string, NaiveSeries> => {
  const log = openLog(path, groups);
  const records = [...log.records({ since, until })].sort((a, b) => a.time - b.time);
  log.close();
  const all = new Map<string, NaiveSeries>();
  const states = new Map<string, State>();
  const endAll = (host: string, time: number): void => {
    for (const one of all.values()) {
      if (!one.live || labelOf(one.labels, 'instance') !== host) continue;
      one.live = false;
      one.ends.add(time);
    }
  };
  for (const record of records) {
    const state = states.get(record.host) ?? { stopped: false };
    states.set(record.host, state);
    if (record.kind === 'stop') state.stopped = true;
    if (record.kind !== 'sample') continue;
    const { sample } = record;
    const { time } = sample;
    const ended = silence(state, time);
    if (ended !== undefined) endAll(record.host, ended);
    const seen = new Set<string>();
    for (const { labels, due, value } of pointsOf(sample)) {
      const { key } = labels;
      const one = all.get(key) ?? {
        labels,
        due,
        points: new Map(),
        ends: new Set(),
        live: true,
        twice: false,
      };
      all.set(key, one);
      if (seen.has(key) || one.due !== due) one.twice = true;
      seen.add(key);
      one.points.set(time, value);
      one.ends.delete(time);
      one.live = true;
    }
    for (const [key, one] of all) {
      if (!one.live || seen.has(key) || one.points.has(time)) continue;
      if (labelOf(one.labels, 'instance') !== record.host) continue;
      if (one.due === 'detail' && sample.detail !== true) continue;
      one.live = false;
      one.ends.add(time);
    }
    state.last = sample;
    state.stopped = false;
  }
  for (const [host, state] of states) {
    const ended = silence(state, until);
    if (ended !== undefined) endAll(host, ended);
  }
  for (const [key, { labels }] of all)
    if (!matchers.every((one) => one.matches(labelOf(labels, one.name)))) all.delete(key);
  return all;
};

/** A series within some times, as what can be compared. */
export const within = (
  { times, values, ends }: Pick<Series, 'times' | 'values' | 'ends'>,
  { since, until }: Selection,
) => {
  const points = Array.from(times, (time, index) => [time, values[index]] as const).filter(
    ([time]) => time >= since && time <= until,
  );
  const first = points[0]?.[0] ?? Number.POSITIVE_INFINITY;
  return { points, ends: [...ends].filter((time) => time > first && time <= until) };
};
