/** What of a reading is recorded: the fields that are due, rounded. */

import type { Due, Group } from './group.js';
import { madeOf } from './made.js';
import type { Reading, Row } from './sample.js';

const POWERS = Array.from({ length: 16 }, (_, digits) => 10 ** digits);

const roundAt = (value: number, power: number): number => {
  // Most are whole; no new number is made of them.
  if ((value | 0) === value) return value + 0;
  const rounded = (value < 0 ? -Math.round(-value * power) : Math.round(value * power)) / power;
  return (Number.isFinite(rounded) ? rounded : value) + 0;
};

/** Half away from zero at `digits` decimals; never -0, so that text and number stay one thing. */
export const round = (value: number, digits: number): number => roundAt(value, POWERS[digits] as number);

/** Fields of a group that are due, and by what power of ten each is rounded; looked up for every value of every sample. */
interface Plan {
  readonly names: readonly string[];
  readonly powers: readonly number[];
  /** Of fields that the group does not name; undefined where it has none, or they are not due. */
  readonly open: number | undefined;
  /** A row without values; it is kept, and nobody looks at it: see `blankOf`. */
  readonly blank: Readonly<Record<string, undefined>>;
}

/**
 * V8 lays out alike what gets the same names in the same order. Where a name has only ever held fractions it keeps them
 * apart, and makes a copy at every look; an object that holds something else by these names prevents that for as long as it is there.
 */
const blankOf = (names: readonly string[]): Record<string, undefined> => {
  const blank: Record<string, undefined> = {};
  for (const name of names) blank[name] = undefined;
  return blank;
};

const planFor = (group: Group, due: Due): Plan => {
  const fields = Object.entries(group.fields)
    .filter(([, field]) => due === 'detail' || field.due === 'tick')
    .map(([name, { digits = 0 }]) => ({ name, power: POWERS[digits] as number }));
  const named = fields.filter(({ name }) => name !== '*');
  const names = named.map(({ name }) => name);
  return {
    names,
    blank: blankOf(names),
    powers: named.map(({ power }) => power),
    open: fields.find(({ name }) => name === '*')?.power,
  };
};

/** A group of which something is due at every tick, or all with the detail. */
export interface DueGroup {
  readonly group: Group;
  readonly due: Due;
  /** Made when it is first needed. */
  plan: Plan | undefined;
}

export const dueGroup = (group: Group, due: Due): DueGroup => ({ group, due, plan: undefined });

/** The row as it is recorded: only fields that are due and described, each rounded once and for all. */
const finishRow = (group: Group, { names, powers, open }: Plan, raw: Row): Row => {
  const numbers: Record<string, number> = {};
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const value = raw.numbers[name];
    if (value !== undefined) numbers[name] = roundAt(value, powers[index] as number);
  }
  if (open !== undefined)
    for (const name in raw.numbers)
      if (raw.numbers[name] !== undefined && !Object.hasOwn(group.fields, name))
        numbers[name] = roundAt(raw.numbers[name] as number, open);
  return { id: raw.id, texts: raw.texts, numbers };
};

const isEmpty = (one: Row): boolean => {
  for (const name in one.numbers) if (one.numbers[name] !== undefined) return false;
  return true;
};

const planIn = (due: readonly DueGroup[], group: Group): Plan | undefined => {
  for (let index = 0; index < due.length; index++) {
    const one = due[index] as DueGroup;
    if (one.group !== group) continue;
    one.plan ??= planFor(group, one.due);
    return one.plan;
  }
  return undefined;
};

/** The reading as it is recorded; undefined where its group is not due, and where it has rows, but nothing in them is due. */
export const finish = (reading: Reading, due: readonly DueGroup[]): Reading | undefined => {
  const { group } = reading;
  const plan = planIn(due, group);
  if (plan === undefined) return undefined;
  if (!('rows' in reading)) return reading;
  const { rows } = reading;
  const finished = madeOf(rows, (raw) => {
    const one = finishRow(group, plan, raw);
    // A row of texts alone is there for them; one whose numbers are not due now is not.
    return !isEmpty(one) || isEmpty(raw) ? one : undefined;
  });
  return finished.length === 0 && rows.length > 0 ? undefined : { group, rows: finished };
};
