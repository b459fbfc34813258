/** Scrapes of one target → the fields of their lines: a key with everything, then what changed. See record.ts. */

import type { FamilyEntry, FamilyText, Scrape, TargetText } from './record.js';
import { POWERS, placesOf, textOf, unitsOf } from './scale.js';

/** The fields of a line, in the order in which they are written. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Encoder {
  /** The number of a series for `encode`. `labels` are those beside the target's, `__name__` among them. */
  readonly seriesOf: (family: FamilyText, labels: Readonly<Record<string, string>>) => number;
  /** What the line says. Nothing is taken for written until `commit`, so that it may be asked for again. */
  readonly encode: (scrape: Scrape, asKey: boolean) => Fields;
  readonly commit: () => void;
  /** Raised when numbers given before are no more those of their series: whoever keeps them asks anew. */
  readonly edition: () => number;
}

interface Slot {
  readonly family: FamilyText;
  readonly labels: Readonly<Record<string, string>>;
  /** In the table; -1 where it is not in it. */
  position: number;
  value: number;
  /** -1 where the value is no whole number of decimal places. */
  places: number;
  units: number;
  /** Whether it had a sample in the last scrape that had any. */
  isThere: boolean;
  /** The same, as they will be once the line is written. */
  next: { position: number; value: number; places: number; units: number; stamp: number | undefined };
  /** The encoding that saw it last. */
  seen: number;
}

/** Position of the first of so many that follow each other, how many, ms after the scrape. */
type Stamps = readonly [position: number, count: number, since: number];

type Change = number | string | null | readonly [number];

/** So many that are gone are kept to come back, beside as many as there are. */
const KEPT = 100;

/** Fewer unchanged ones in a row are written one by one: `0,0` is not longer than `[2]`. */
const SHORTEST_RUN = 3;

const identityOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.keys(labels)
      .sort()
      .flatMap((name) => [name, labels[name] as string]),
  );

const numberOrText = (value: number): number | string =>
  Number.isFinite(value) && !Object.is(value, -0) ? value : textOf(value);

/** Families in the order in which their first series come; the table's order is theirs. */
const entriesOf = (
  slots: readonly Slot[],
): { readonly entries: readonly FamilyEntry[]; readonly ordered: readonly Slot[] } => {
  const byFamily = new Map<string, Slot[]>();
  for (const slot of slots) {
    const known = byFamily.get(slot.family.name);
    if (known === undefined) byFamily.set(slot.family.name, [slot]);
    else known.push(slot);
  }
  const entries = [...byFamily.values()].map((members) => {
    const { name, type, help, unit } = (members.at(-1) as Slot).family;
    return {
      name,
      type,
      ...(help === '' ? {} : { help }),
      ...(unit === '' ? {} : { unit }),
      series: members.map(({ labels }) => {
        const { __name__: own, ...others } = labels;
        return own === name ? others : labels;
      }),
    };
  });
  return { entries, ordered: [...byFamily.values()].flat() };
};

/** Sets what comes next; gives the value in full or as a difference. */
const changeOf = (slot: Slot, value: number): number | string => {
  const { next } = slot;
  if (slot.position >= 0 && Object.is(value, slot.value)) return 0;
  next.value = value;
  if (slot.position >= 0 && slot.places >= 0) {
    const units = unitsOf(value, slot.places);
    const difference = units === undefined ? Number.NaN : units - slot.units;
    if (units !== undefined && Number.isSafeInteger(difference) && slot.units + difference === units) {
      next.units = units;
      return difference;
    }
  }
  setWhole(slot, value);
  return textOf(value);
};

const setWhole = ({ next }: Slot, value: number): void => {
  next.value = value;
  next.places = placesOf(value);
  next.units = next.places < 0 ? 0 : Math.round(value * (POWERS[next.places] as number));
};

export const createEncoder = (target: TargetText): Encoder => {
  let slots: Slot[] = [];
  const numbers = new Map<string, number>();
  let edition = 0;
  /** Of the lines so far. */
  let table: readonly Slot[] = [];
  let key = Number.NaN;
  let count = 0;
  /** Of the line that is not written yet. */
  let pending:
    | {
        readonly table: readonly Slot[];
        readonly isKey: boolean;
        readonly time: number;
        readonly up: boolean;
      }
    | undefined;
  let turn = 0;
  let wasUp = false;
  /** Whether most of the table is gone. */
  let isCrowded = false;

  const seriesOf: Encoder['seriesOf'] = (family, labels) => {
    const text = identityOf(labels);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const place = { position: -1, value: Number.NaN, places: -1, units: 0 };
    slots.push({ family, labels, ...place, isThere: false, next: { ...place, stamp: undefined }, seen: -1 });
    numbers.set(text, slots.length - 1);
    return slots.length - 1;
  };

  /** Notes what each series has now; gives those that have something, in the order of the scrape. */
  const look = ({ series, values, stamps }: Scrape): readonly Slot[] => {
    turn++;
    const seen: Slot[] = [];
    for (let index = 0; index < series.length; index++) {
      const slot = slots[series[index] as number] as Slot;
      if (slot.seen === turn) continue;
      slot.seen = turn;
      const { next } = slot;
      next.position = slot.position;
      next.value = values[index] as number;
      next.places = slot.places;
      next.units = slot.units;
      next.stamp = stamps?.[index];
      seen.push(slot);
    }
    return seen;
  };

  const headOf = (scrape: Scrape, isKey: boolean, added: number): Record<string, unknown> => {
    const up = scrape.error === undefined;
    return {
      target: target.name,
      key: isKey ? scrape.time : key,
      n: isKey ? 0 : count + 1,
      up: up ? 1 : 0,
      ...(up ? {} : { error: scrape.error }),
      seconds: scrape.seconds,
      scraped: scrape.scraped ?? scrape.series.length,
      added,
    };
  };

  const stampsOf = (inOrder: readonly Slot[], time: number): { readonly stamps?: readonly Stamps[] } => {
    const stamps: [number, number, number][] = [];
    for (const { seen, next } of inOrder) {
      if (seen !== turn || next.stamp === undefined) continue;
      const since = next.stamp - time;
      const last = stamps.at(-1);
      if (last?.[2] === since && last[0] + last[1] === next.position) last[1]++;
      else stamps.push([next.position, 1, since]);
    }
    return stamps.length === 0 ? {} : { stamps };
  };

  const encodeKey = (scrape: Scrape): Fields => {
    const seen = look(scrape);
    // What failed says nothing of the series, and goes on from those there were.
    const listed = scrape.error === undefined ? seen : table;
    const { entries, ordered } = entriesOf(listed);
    const values = ordered.map((slot, position) => {
      const value = slot.seen === turn ? slot.next.value : slot.value;
      slot.next.position = position;
      setWhole(slot, value);
      return numberOrText(value);
    });
    const absent = ordered.flatMap(({ seen: at, isThere }, index) => (at === turn || isThere ? [] : [index]));
    const added = seen.reduce((sum, { isThere }) => sum + (isThere && wasUp ? 0 : 1), 0);
    pending = { table: ordered, isKey: true, time: scrape.time, up: scrape.error === undefined };
    return {
      ...headOf(scrape, true, added),
      ...(target.interval === undefined ? {} : { interval: target.interval }),
      labels: target.labels,
      ...(absent.length === 0 ? {} : { absent }),
      ...stampsOf(ordered, scrape.time),
      metrics: entries,
      values,
    };
  };

  const encodeChanges = (scrape: Scrape): Fields => {
    const seen = look(scrape);
    const isUp = scrape.error === undefined;
    const { entries, ordered: fresh } = entriesOf(seen.filter(({ position }) => position < 0));
    fresh.forEach((slot, index) => {
      slot.next.position = table.length + index;
    });
    const changes: Change[] = [];
    let run = 0;
    let added = 0;
    const endRun = (): void => {
      if (run >= SHORTEST_RUN) changes.push([run]);
      else for (let index = 0; index < run; index++) changes.push(0);
      run = 0;
    };
    const put = (change: Change): void => {
      endRun();
      changes.push(change);
    };
    const next = fresh.length === 0 ? table : [...table, ...fresh];
    for (const slot of isUp ? next : []) {
      if (slot.seen !== turn) {
        if (slot.isThere) put(null);
        else run++;
        continue;
      }
      if (!slot.isThere || !wasUp) added++;
      const change = changeOf(slot, slot.next.value);
      // What is back is written, even where it has not changed: else it would be taken for gone still.
      if (change !== 0) put(change);
      else if (slot.isThere) run++;
      else {
        setWhole(slot, slot.value);
        put(textOf(slot.value));
      }
    }
    pending = { table: next, isKey: false, time: scrape.time, up: isUp };
    return {
      ...headOf(scrape, false, added),
      ...(entries.length === 0 ? {} : { new: entries }),
      ...(isUp ? stampsOf(next, scrape.time) : {}),
      changes,
    };
  };

  /** Forgets series that did not come back. */
  const forget = (): void => {
    const live = table.length;
    if (slots.length <= 2 * live + KEPT) return;
    slots = [...table];
    numbers.clear();
    for (const [index, { labels }] of slots.entries()) numbers.set(identityOf(labels), index);
    edition++;
  };

  const commit = (): void => {
    if (pending === undefined) return;
    const { table: next, isKey, time, up } = pending;
    pending = undefined;
    if (isKey) for (const slot of table) slot.position = -1;
    let there = 0;
    for (const slot of next) {
      if (slot.seen === turn || isKey) {
        slot.position = slot.next.position;
        slot.value = slot.next.value;
        slot.places = slot.next.places;
        slot.units = slot.next.units;
      }
      if (up) slot.isThere = slot.seen === turn;
      if (slot.isThere) there++;
    }
    for (const slot of table) if (slot.position < 0) slot.isThere = false;
    wasUp = up;
    isCrowded = next.length > 2 * there + KEPT;
    table = next;
    if (isKey) key = time;
    count = isKey ? 0 : count + 1;
    if (isKey) forget();
  };

  return {
    seriesOf,
    encode: (scrape, asKey) =>
      asKey || isCrowded || Number.isNaN(key) ? encodeKey(scrape) : encodeChanges(scrape),
    commit,
    edition: () => edition,
  };
};
