/** What of a log some selections can be about, told by names alone: which groups, in which records, of which times. */

import type { Due, Field, Group } from '../../core/group.js';
import { fullName } from '../../core/series-names.js';
import { METRIC_NAME } from '../../promql/labels.js';
import type { Matcher } from '../../promql/matcher.js';
import type { Selection } from '../../promql/series.js';
import type { TimeRange } from '../time-index.js';

/** The job of all that comes from this log, as node_exporter's usually is called. */
export const JOB = 'node';

/** The name of the series that says that a sample was taken at all. */
export const UP = 'up';

/** What is wanted of a group: times by when a field is due, and which fields. */
export interface WantedOf extends Readonly<Record<Due, readonly TimeRange[]>> {
  /** By their keys in the group, the open one's too. */
  readonly fields: ReadonlySet<string>;
}

export interface Wanted {
  readonly groups: ReadonlyMap<string, WantedOf>;
  readonly up: readonly TimeRange[];
}

type Groups = ReadonlyMap<string, Group>;

/** What a field's series are called; of an open field, what all their names begin with. */
interface Name {
  readonly key: string;
  readonly text: string;
  readonly open: boolean;
  readonly due: Due;
}

const nameOf = (group: Group, key: string, field: Field): Name => {
  if (key !== '*') return { key, text: fullName(group, key, field), open: false, due: field.due };
  const { prometheus } = field;
  if (prometheus !== undefined && !prometheus.name.includes('*'))
    return { key, text: fullName(group, key, field), open: false, due: field.due };
  // Made to fit the format, a name has as many characters as before, or one more at its front.
  const whole = fullName(group, '', field);
  const before = prometheus === undefined ? `sysmon_${group.name}_`.length : prometheus.name.indexOf('*');
  return { key, text: whole.slice(0, before), open: true, due: field.due };
};

const known = new WeakMap<Group, readonly Name[]>();

const namesOf = (group: Group): readonly Name[] => {
  const names =
    known.get(group) ?? Object.entries(group.fields).map(([key, field]) => nameOf(group, key, field));
  known.set(group, names);
  return names;
};

const mayBe = (matchers: readonly Matcher[], { text, open }: Name): boolean =>
  matchers.every((matcher) => {
    if (!open) return matcher.matches(text);
    return matcher.operator !== '=' || matcher.value.startsWith(text);
  });

/** Whether a time is in one of them. */
export const within = (ranges: readonly TimeRange[], time: number): boolean => {
  for (let index = 0; index < ranges.length; index++) {
    const { since, until } = ranges[index] as TimeRange;
    if (time >= since && time <= until) return true;
  }
  return false;
};

/** Ranges that touch, or share times, as one. */
export const joinRanges = (ranges: readonly TimeRange[]): readonly TimeRange[] => {
  const joined: TimeRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.since - b.since)) {
    const last = joined.at(-1);
    if (last === undefined || range.since > last.until) joined.push(range);
    else if (range.until > last.until) joined[joined.length - 1] = { since: last.since, until: range.until };
  }
  return joined;
};

/** Selections that series of this log can answer at all. */
export const ofThisJob = (selections: readonly Selection[]): readonly Selection[] =>
  selections.filter(
    ({ matchers, since, until }) =>
      since <= until && matchers.every(({ name, matches }) => name !== 'job' || matches(JOB)),
  );

/** What a selection says of the name, and when. */
interface NameSelection {
  readonly range: TimeRange;
  readonly matchers: readonly Matcher[];
}

/** What selections can be about, in a file whose records these groups describe. */
export const planFor = (selections: readonly Selection[], groups: Groups): Wanted => {
  const all = selections.map(
    ({ matchers, since, until }): NameSelection => ({
      range: { since, until },
      matchers: matchers.filter(({ name }) => name === METRIC_NAME),
    }),
  );
  // Mostly names are told exactly, and there are hundreds of fields.
  const exact = new Map<string, NameSelection[]>();
  const others: NameSelection[] = [];
  for (const one of all) {
    const [first] = one.matchers;
    if (first?.operator !== '=') others.push(one);
    else exact.set(first.value, [...(exact.get(first.value) ?? []), one]);
  }
  const candidates = ({ text, open }: Name): readonly NameSelection[] =>
    open ? all : exact.has(text) ? [...(exact.get(text) ?? []), ...others] : others;
  const wanted = new Map<string, WantedOf>();
  for (const group of groups.values()) {
    if (group.list === true) continue;
    const ranges: Record<Due, TimeRange[]> = { tick: [], detail: [] };
    const fields = new Set<string>();
    for (const name of namesOf(group)) {
      for (const { range, matchers } of candidates(name)) {
        if (!mayBe(matchers, name)) continue;
        fields.add(name.key);
        if (!ranges[name.due].includes(range)) ranges[name.due].push(range);
      }
    }
    if (fields.size > 0)
      wanted.set(group.name, { tick: joinRanges(ranges.tick), detail: joinRanges(ranges.detail), fields });
  }
  const up = all.filter(({ matchers }) => matchers.every(({ matches }) => matches(UP)));
  return { groups: wanted, up: joinRanges(up.map(({ range }) => range)) };
};

/** A group that a record has to be looked at for, and which of its fields. */
export interface Demanded {
  readonly name: string;
  readonly fields: ReadonlySet<string>;
  /** Those that are due and wanted. */
  readonly due: Readonly<Record<Due, boolean>>;
}

/** What is wanted of one record. */
export interface Demand {
  readonly groups: readonly Demanded[];
  readonly up: boolean;
}

const demandAt = ({ groups, up }: Wanted, time: number, isDetail: boolean): Demand => {
  const demanded: Demanded[] = [];
  for (const [name, { tick, detail, fields }] of groups) {
    const due = { tick: within(tick, time), detail: isDetail && within(detail, time) };
    if (due.tick || due.detail) demanded.push({ name, fields, due });
  }
  return { groups: demanded, up: within(up, time) };
};

/** Tells what is wanted of a record of a time. It is the same until the next time at which something begins or ends to be wanted. */
export const demandsOf = (wanted: Wanted): ((time: number, detail: boolean) => Demand) => {
  const ranges = [...wanted.groups.values()].flatMap(({ tick, detail }) => [...tick, ...detail]);
  const edges = [...ranges, ...wanted.up].flatMap(({ since, until }) => [since, until]).sort((a, b) => a - b);
  let [after, before] = [Number.NaN, Number.NaN];
  const known: { tick?: Demand; detail?: Demand } = {};
  return (time, detail) => {
    if (!(time > after && time < before)) {
      // An edge itself belongs to what begins or ends there.
      if (edges.includes(time)) return demandAt(wanted, time, detail);
      after = edges.findLast((edge) => edge < time) ?? Number.NEGATIVE_INFINITY;
      before = edges.find((edge) => edge > time) ?? Number.POSITIVE_INFINITY;
      delete known.tick;
      delete known.detail;
    }
    if (detail) known.detail ??= demandAt(wanted, time, true);
    else known.tick ??= demandAt(wanted, time, false);
    return (detail ? known.detail : known.tick) as Demand;
  };
};
