/**
 * Samples, in the order of their times, as series with their ends. Prometheus writes a staleness marker where a scrape is without a
 * series that was in the one before, or where there was no scrape; what stands in the log tells the same:
 *
 * - A field is missing in a record in which it was due: its series ends at that time. What is due in the detail only is not
 *   expected in the records between.
 * - Nothing was recorded for longer than rates may cross (three intervals), or the recorder was stopped and no sample
 *   came within its interval: nothing is known of that time, so all series end one interval after the last sample. The same holds for
 *   the time between the last sample and the end of what was asked for.
 * - A sample that does not say how soon another one follows, as the first one of `log --count 1`, is followed by no end: for such,
 *   and for samples as rare as the lookback, Prometheus's five minutes of lookback decide. From cron each sample tells
 *   how long ago the one before was, and no stop is recorded, so that a run which is a little late breaks nothing.
 */

import type { Due, Group } from '../../core/group.js';
import type { Reading } from '../../core/sample.js';
import { longestRate } from '../../core/schedule.js';
import type { Label } from '../../core/series-names.js';
import { type Labels, labelOf, labelsFrom, METRIC_NAME } from '../../promql/labels.js';
import type { Selection, Series } from '../../promql/series.js';
import { Column, Timeline } from './columns.js';
import { RowColumns } from './row-columns.js';
import { Stencil } from './stencil.js';
import { type Demand, type Demanded, JOB, UP } from './wanted.js';

/** A group in a record: parsed, or its numbers alone. */
export type Found = Reading | Stencil;

/** What a record says that series are about. */
export type Moment =
  | {
      readonly kind: 'sample';
      readonly time: number;
      readonly host: string;
      readonly interval: number | undefined;
      readonly detail: boolean;
      /** Of the groups that were wanted. */
      readonly readings: ReadonlyMap<string, Found>;
      readonly demand: Demand;
    }
  | { readonly kind: 'stop'; readonly time: number; readonly host: string };

type SampleMoment = Extract<Moment, { kind: 'sample' }>;

export interface Gathering {
  /** Takes the next one. False where it is older than one of its host before: then they have to be sorted first. */
  readonly take: (moment: Moment) => boolean;
  /** What came of it, once. */
  readonly finish: () => readonly Series[];
}

/** A series of a group, to be looked for in its records; `null` where nobody asked for it. */
type Known = Column | null;

interface OneHost {
  readonly name: string;
  readonly timelines: Readonly<Record<Due, Timeline>>;
  readonly rows: Map<string, RowColumns>;
  /** Those that have not ended, by group; `up` beside them. */
  readonly live: Map<string, Column[]>;
  up: Known | undefined;
  last: { readonly time: number; readonly interval: number | undefined } | undefined;
  stopped: boolean;
  records: number;
}

/** How Prometheus calls a label of a target's own that is called like one it gives. */
const OURS: ReadonlyMap<string, string> = new Map([
  ['instance', 'exported_instance'],
  ['job', 'exported_job'],
]);

const labelsIn = (host: string, name: string, labels: readonly Label[]): Labels =>
  labelsFrom([
    ...labels.map(([key, value]) => [OURS.get(key) ?? key, value] as const),
    ['instance', host],
    ['job', JOB],
    [METRIC_NAME, name],
  ]);

export const matches = ({ matchers }: Selection, labels: Labels): boolean =>
  matchers.every((matcher) => matcher.matches(labelOf(labels, matcher.name)));

/** Beside the names of groups, which are none of this kind. */
const OF_UP = '';

const openHost = (name: string): OneHost => ({
  name,
  timelines: { tick: new Timeline(), detail: new Timeline() },
  rows: new Map(),
  live: new Map(),
  up: undefined,
  last: undefined,
  stopped: false,
  records: 0,
});

/** When all that is known of a host ended, where nothing more was recorded until `time`; undefined where it did not. */
const silenceUntil = ({ last, stopped }: OneHost, time: number): number | undefined => {
  if (last?.interval === undefined) return undefined;
  const patience = stopped ? last.interval : longestRate(last.interval);
  return time - last.time > patience * 1000 ? last.time + Math.max(1, last.interval * 1000) : undefined;
};

export const gatherSeries = (selections: readonly Selection[]): Gathering => {
  const hosts = new Map<string, OneHost>();
  const columns = new Map<string, Column>();

  const hostOf = (name: string): OneHost => {
    const known = hosts.get(name) ?? openHost(name);
    hosts.set(name, known);
    return known;
  };

  const columnFor = (host: OneHost, labels: Labels, due: Due): Known => {
    const known = columns.get(labels.key);
    if (known !== undefined) return known;
    if (!selections.some((selection) => matches(selection, labels))) return null;
    const column = new Column(labels, due, host.timelines[due]);
    columns.set(labels.key, column);
    return column;
  };

  const put = (host: OneHost, group: string, column: Column, time: number, value: number): void => {
    if (column.seen === -1 || !column.live) {
      const live = host.live.get(group);
      if (live === undefined) host.live.set(group, [column]);
      else live.push(column);
      column.live = true;
    }
    column.seen = host.records;
    column.add(time, value);
  };

  /** Ends those of a group, due now, that this record is without. */
  const sweep = (host: OneHost, group: string, isDue: Readonly<Record<Due, boolean>>, time: number): void => {
    const live = host.live.get(group);
    if (live === undefined) return;
    let gone = false;
    for (let index = 0; index < live.length; index++) {
      const column = live[index] as Column;
      if (column.seen === host.records || column.last >= time || !isDue[column.due]) continue;
      column.end(time);
      gone = true;
    }
    if (gone)
      host.live.set(
        group,
        live.filter((column) => column.live),
      );
  };

  const endAll = (host: OneHost, time: number): void => {
    for (const live of host.live.values()) for (const column of live) column.end(time);
    host.live.clear();
  };

  const takeUp = (host: OneHost, time: number): void => {
    if (host.up === undefined) host.up = columnFor(host, labelsIn(host.name, UP, []), 'tick');
    if (host.up !== null) put(host, OF_UP, host.up, time, 1);
  };

  const rowsFor = (host: OneHost, group: Group, { fields }: Demanded): RowColumns => {
    const known = host.rows.get(group.name);
    // Another file may describe it in another way.
    if (known?.group === group) return known;
    const rows = new RowColumns(group, fields, ({ family, labels }, due) =>
      columnFor(host, labelsIn(host.name, family.name, labels), due),
    );
    host.rows.set(group.name, rows);
    return rows;
  };

  const takeReadings = (host: OneHost, { time, readings, demand }: SampleMoment): void => {
    for (const demanded of demand.groups) {
      const { name, due } = demanded;
      const reading = readings.get(name);
      if (reading === undefined || !('rows' in reading)) continue;
      const rows = rowsFor(host, reading.group, demanded);
      const take = (column: Column, value: number): void => put(host, name, column, time, value);
      if (reading instanceof Stencil) rows.follow(reading, due, take);
      else rows.visit(reading.rows, due, take);
    }
    // Not before all were seen: two groups may have a series in common.
    for (const { name, due } of demand.groups) sweep(host, name, due, time);
  };

  return {
    take: (moment) => {
      const { time } = moment;
      const host = hostOf(moment.host);
      if (host.last !== undefined && time < host.last.time) return false;
      if (moment.kind === 'stop') {
        host.stopped = true;
        return true;
      }
      const silence = silenceUntil(host, time);
      if (silence !== undefined) endAll(host, silence);
      host.records++;
      host.timelines.tick.add(time);
      if (moment.detail) host.timelines.detail.add(time);
      if (moment.demand.up) takeUp(host, time);
      takeReadings(host, moment);
      host.last = { time, interval: moment.interval };
      host.stopped = false;
      return true;
    },
    finish: () => {
      for (const host of hosts.values())
        for (const live of host.live.values())
          for (const column of live) {
            // As far as somebody looks, whatever else was asked for.
            const until = selections.reduce(
              (latest, selection) =>
                selection.until > latest && matches(selection, column.labels) ? selection.until : latest,
              Number.NEGATIVE_INFINITY,
            );
            const silence = silenceUntil(host, until);
            if (silence !== undefined) column.end(silence);
          }
      return [...columns.values()].filter(({ count }) => count > 0).map((column) => column.series());
    },
  };
};
