/** What a sample's numbers are called in Prometheus: families, labels, and the points of one moment. */

import { type Field, fieldOf, type Group } from './group.js';
import type { Row, Sample } from './sample.js';

export type FamilyType = 'counter' | 'gauge' | 'untyped';

/** All series of one name. */
export interface Family {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
}

export type Label = readonly [name: string, value: string];

export interface Series {
  readonly family: Family;
  /** By name, as Prometheus's client library orders them. */
  readonly labels: readonly Label[];
  /** `name{label="value"}`, escaped: tells series apart, and is how each of their lines begins. */
  readonly text: string;
}

/** Told of a point, and of the field that it is from. */
export type Visit = (series: Series, value: number, field: Field) => void;

/** Calls back with every point of a sample; remembers names from one sample to the next. */
export type Namer = (sample: Sample, visit: Visit) => void;

/** A field's side of a series: all that does not depend on the row. */
interface Naming {
  readonly field: Field;
  readonly family: Family;
  readonly constant: readonly Label[];
  /** Texts of the row that become labels. */
  readonly texts: readonly string[];
  readonly scale: number;
}

/** Names can come from a newer log's schema: they are made to fit the format, whatever they are. */
const metricName = (name: string): string =>
  name.replace(/[^a-zA-Z0-9_:]/g, '_').replace(/^(?=[0-9])/, '_') || '_';

const labelName = (name: string): string => metricName(name).replaceAll(':', '_');

const escapeValue = (value: string): string =>
  value.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`));

/** The name of a field that node_exporter does not have. */
const ownName = (group: Group, name: string, field: Field): string => {
  const own = `sysmon_${group.name}_${name}`;
  return field.kind !== 'counter' || own.endsWith('_total') ? own : `${own}_total`;
};

/** The name of the family a field's values belong to; of an open group, with its key for the name. */
export const fullName = (group: Group, name: string, field: Field): string =>
  metricName(field.prometheus?.name.replace('*', name) ?? ownName(group, name, field));

/** One help for a family, even where several fields feed it and each only knows its own part. */
const helpOf = (group: Group, name: string, field: Field): string => {
  const { prometheus } = field;
  const full = fullName(group, name, field);
  const feeding = Object.entries(group.fields).filter(
    ([key, one]) => one.prometheus !== undefined && fullName(group, key, one) === full,
  );
  if (prometheus !== undefined && feeding.length > 1) {
    const labels = Object.keys(prometheus.labels ?? {});
    return labels.length === 0 ? group.help : `${group.help}, by ${labels.join(' and ')}`;
  }
  return Object.hasOwn(group.fields, name) ? field.help : `${field.help}: ${name}`;
};

/** The family a field's values belong to. */
export const familyOf = (group: Group, name: string, field: Field): Family => ({
  name: fullName(group, name, field),
  type: field.prometheus?.type ?? (field.kind === 'counter' ? 'counter' : 'gauge'),
  help: helpOf(group, name, field),
});

const namingOf = (group: Group, name: string, field: Field): Naming => ({
  field,
  family: familyOf(group, name, field),
  constant: Object.entries(field.prometheus?.labels ?? {}),
  texts: field.prometheus?.texts ?? group.labels,
  scale: field.prometheus?.scale ?? 1,
});

/** Later labels win, so that a name stands once: what the field says is more exact than what the row is called. */
const labelsOf = (group: Group, row: Row, { texts, constant }: Naming): Label[] => {
  const labels = new Map<string, string>();
  row.id.forEach((value, index) => {
    labels.set(labelName(group.identity[index] ?? `id${index}`), value);
  });
  // A text that is not known is an empty label, which means the same as none.
  for (const name of texts) labels.set(labelName(name), row.texts[name] ?? '');
  for (const [name, value] of constant) labels.set(labelName(name), value);
  return [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
};

const seriesOf = (group: Group, row: Row, naming: Naming): Series => {
  const { family } = naming;
  const labels = labelsOf(group, row, naming);
  const inner = labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
  return { family, labels, text: inner === '' ? family.name : `${family.name}{${inner}}` };
};

/** As Prometheus's client library orders the series of a family: by the values of their labels. */
export const compareSeries = (a: Series, b: Series): number => {
  if (a.labels.length !== b.labels.length) return a.labels.length - b.labels.length;
  for (let index = 0; index < a.labels.length; index++) {
    const [, left] = a.labels[index] as Label;
    const [, right] = b.labels[index] as Label;
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
};

/** Info is known where one of the texts it shows is; where it shows none, it is always. */
const infoKnown = (row: Row, { texts }: Naming): boolean =>
  texts.length === 0 || texts.some((name) => row.texts[name] !== undefined);

/** What is known of one group between samples. */
interface Names {
  readonly fields: Map<string, Naming | undefined>;
  readonly infos: readonly (readonly [name: string, naming: Naming])[];
  /** Of the sample before: rows that are gone, such as processes that ended, are forgotten. */
  rows: ReadonlyMap<string, Map<string, Series>>;
}

const namesOf = (group: Group): Names => ({
  fields: new Map(),
  infos: Object.entries(group.fields)
    .filter(([, field]) => field.kind === 'info')
    .map(([name, field]) => [name, namingOf(group, name, field)]),
  rows: new Map(),
});

/** What a map has for a key, made and kept where it is not there yet. */
const entryOf = <Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown; has(key: Key): boolean },
  key: Key,
  make: () => Value,
): Value => {
  if (!map.has(key)) map.set(key, make());
  return map.get(key) as Value;
};

/**
 * Gives names to the numbers of samples: node_exporter's where it has one, `sysmon_<group>_<field>` for the rest. Lists
 * (the processes that use most) are left out: each of their rows would be a series of its own that ends in a moment.
 */
export const createNamer = (): Namer => {
  const groups = new WeakMap<Group, Names>();

  const visitRow = (group: Group, names: Names, row: Row, known: Map<string, Series>, visit: Visit): void => {
    const point = (name: string, naming: Naming, value: number): void => {
      visit(
        entryOf(known, name, () => seriesOf(group, row, naming)),
        value,
        naming.field,
      );
    };
    for (const [name, naming] of names.infos) if (infoKnown(row, naming)) point(name, naming, 1);
    for (const name in row.numbers) {
      const naming = entryOf(names.fields, name, () => {
        const field = fieldOf(group, name);
        return field === undefined || field.kind === 'info' ? undefined : namingOf(group, name, field);
      });
      if (naming !== undefined) point(name, naming, (row.numbers[name] as number) * naming.scale);
    }
  };

  return (sample, visit) => {
    for (const reading of sample.readings.values()) {
      if (!('rows' in reading) || reading.group.list === true) continue;
      const { group } = reading;
      const names = entryOf(groups, group, () => namesOf(group));
      const rows = new Map<string, Map<string, Series>>();
      for (const row of reading.rows) {
        const key = JSON.stringify([row.id, row.texts]);
        const known = rows.get(key) ?? names.rows.get(key) ?? new Map<string, Series>();
        rows.set(key, known);
        visitRow(group, names, row, known, visit);
      }
      names.rows = rows;
    }
  };
};
