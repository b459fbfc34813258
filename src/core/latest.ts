/** What is known now, from samples that each hold only a part of it: ticks, and once in a while the detail. */

import { isShown } from './aside.js';
import { type Field, fieldOf, type Group } from './group.js';
import type { Reading, Row, Sample } from './sample.js';
import { row, rowLike } from './sample.js';

const isDetail = (group: Group, name: string): boolean => fieldOf(group, name)?.due === 'detail';

const details = new WeakMap<Group, readonly Field[]>();

/** Asked of every group of every sample, and the same for all of them. */
const detailFields = (group: Group): readonly Field[] => {
  let fields = details.get(group);
  if (fields === undefined) {
    fields = Object.values(group.fields).filter(({ due }) => due === 'detail');
    details.set(group, fields);
  }
  return fields;
};

/** Whether a reading was one of those that have the detail. Texts may stand in every record, so they tell only where there are no numbers. */
const hasDetail = (group: Group, rows: readonly Row[]): boolean => {
  const detail = detailFields(group);
  if (detail.length === 0) return false;
  if (detail.some((field) => field.kind !== 'info'))
    return rows.some((one) => Object.keys(one.numbers).some((name) => isDetail(group, name)));
  const texts = detail.flatMap((field) => field.prometheus?.texts ?? group.labels);
  return rows.some((one) => texts.some((name) => one.texts[name] !== undefined));
};

const hasTick = (group: Group, one: Row): boolean =>
  Object.keys(one.numbers).some((name) => !isDetail(group, name));

/** The detail's numbers and texts below those of the newest reading. */
const merge = (group: Group, now: Row, detail: Row): Row => {
  const numbers: Record<string, number> = {};
  for (const name in detail.numbers)
    if (isDetail(group, name)) numbers[name] = detail.numbers[name] as number;
  return row(now.id, { ...numbers, ...now.numbers }, { ...detail.texts, ...now.texts });
};

/** Both readings as one. A row that is in no newest reading, although it should be, has gone: nothing is said of it. */
const combine = (
  group: Group,
  now: readonly Row[],
  detail: readonly Row[],
  isKept: (one: Row) => boolean,
): readonly Row[] => [
  ...now.map((one) => {
    const more = rowLike(detail, one.id);
    return more === undefined ? one : merge(group, one, more);
  }),
  // Some rows have nothing but detail, and so are missing between.
  ...detail.filter((one) => rowLike(now, one.id) === undefined && (!hasTick(group, one) || isKept(one))),
];

interface Known {
  newest: Reading;
  time: number;
  /** Rows that nobody looks at stand in its ticks too: where one is missing, it has gone. */
  asideInTicks: boolean;
  detail?: { readonly rows: readonly Row[]; readonly time: number };
}

/**
 * One sample with the newest value of every field, of samples in their order: a field that is due at every tick from its group's newest
 * reading, a detail field from the newest that had the detail, both at most `within` ms older than the newest sample
 * and of the same boot. Undefined where there are no samples. Devices that nobody looks at stand in the detail only:
 * `withAside` takes them from there, as old as they are.
 */
export const latest = (
  samples: Iterable<Sample>,
  within: number,
  { withAside = false } = {},
): Sample | undefined => {
  let last: Sample | undefined;
  let known = new Map<string, Known>();
  for (const sample of samples) {
    if (last !== undefined && (sample.boot !== last.boot || sample.host !== last.host)) known = new Map();
    last = sample;
    for (const [name, reading] of sample.readings) {
      const { time } = sample;
      const before = known.get(name);
      const isNew = 'rows' in reading && hasDetail(reading.group, reading.rows);
      const detail = isNew ? { rows: reading.rows, time } : before?.detail;
      const asideInTicks =
        before?.asideInTicks === true || (!isNew && 'rows' in reading && !reading.rows.every(isShown));
      known.set(name, { newest: reading, time, asideInTicks, ...(detail && { detail }) });
    }
  }
  if (last === undefined) return undefined;
  const oldest = last.time - within;
  const readings = new Map<string, Reading>();
  for (const [name, { newest, time, detail, asideInTicks }] of known) {
    if (time < oldest) continue;
    if (!('rows' in newest) || detail === undefined || detail.rows === newest.rows || detail.time < oldest)
      readings.set(name, newest);
    else {
      const { group, rows } = newest;
      const isKept = (one: Row): boolean => withAside && !asideInTicks && !isShown(one);
      readings.set(name, { group, rows: combine(group, rows, detail.rows, isKept) });
    }
  }
  return { ...last, readings };
};
