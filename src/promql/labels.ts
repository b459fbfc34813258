/** Labels of a series. The metric's name is one of them, as in Prometheus. */

import { compareTexts, isPlainLabel, isPlainMetric, quote } from './strings.js';

export const METRIC_NAME = '__name__';

export interface Labels {
  /** Ascending. */
  readonly names: readonly string[];
  /** Beside their names. None is empty: an empty label is the same as none. */
  readonly values: readonly string[];
  /** The same for equal labels, and for those only. */
  readonly key: string;
}

const make = (names: readonly string[], values: readonly string[]): Labels => {
  let key = '';
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const value = values[index] as string;
    // With the lengths, no text can look as two.
    key += `${name.length}.${value.length}:${name}${value}`;
  }
  return { names, values, key };
};

export const NO_LABELS: Labels = make([], []);

/** Labels from pairs in any order; the last one of a name stands. */
export const labelsFrom = (pairs: Iterable<readonly [name: string, value: string]>): Labels => {
  const sorted = [...new Map(pairs)]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => compareTexts(a, b));
  return make(
    sorted.map(([name]) => name),
    sorted.map(([, value]) => value),
  );
};

/** Empty where there is no such label. */
export const labelOf = (labels: Labels, name: string): string => {
  const index = labels.names.indexOf(name);
  return index < 0 ? '' : (labels.values[index] as string);
};

const filter = (labels: Labels, keep: (name: string) => boolean): Labels => {
  if (labels.names.every(keep)) return labels;
  const names: string[] = [];
  const values: string[] = [];
  labels.names.forEach((name, index) => {
    if (!keep(name)) return;
    names.push(name);
    values.push(labels.values[index] as string);
  });
  return make(names, values);
};

export const onlyLabels = (labels: Labels, names: ReadonlySet<string>): Labels =>
  filter(labels, (name) => names.has(name));

export const withoutLabels = (labels: Labels, names: ReadonlySet<string>): Labels =>
  filter(labels, (name) => !names.has(name));

/** Type and unit belong to the name, and go with it, as in Prometheus. */
const NAMING: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

export const withoutName = (labels: Labels): Labels => filter(labels, (name) => !NAMING.has(name));

/** With one of them set, or taken away where the value is empty. */
export const withLabel = (labels: Labels, name: string, value: string): Labels => {
  if (labelOf(labels, name) === value) return labels;
  const pairs = labels.names.map((one, index) => [one, labels.values[index] as string] as const);
  return labelsFrom([...pairs, [name, value]]);
};

export const pairsOf = (labels: Labels): readonly (readonly [name: string, value: string])[] =>
  labels.names.map((name, index) => [name, labels.values[index] as string]);

/** Smaller first: by the first name or value in which they differ; of two that agree so far, the shorter. Values may have an order of their own, 0 where they have none. */
export const compareLabels = (
  a: Labels,
  b: Labels,
  compareValues?: (name: string, a: string, b: string) => number,
): number => {
  const shared = Math.min(a.names.length, b.names.length);
  for (let index = 0; index < shared; index++) {
    const [left, right] = [a.names[index] as string, b.names[index] as string];
    if (left !== right) return compareTexts(left, right);
    const [mine, other] = [a.values[index] as string, b.values[index] as string];
    if (mine !== other) return compareValues?.(left, mine, other) || compareTexts(mine, other);
  }
  return a.names.length - b.names.length;
};

/** As Prometheus shows a series: `name{a="b", c="d"}`. A name that PromQL would not read bare is in quotes, in the braces. */
export const formatLabels = (labels: Labels): string => {
  const name = labelOf(labels, METRIC_NAME);
  const bare = isPlainMetric(name);
  const inside = name === '' || bare ? [] : [quote(name)];
  for (const [label, value] of pairsOf(labels))
    if (label !== METRIC_NAME) inside.push(`${isPlainLabel(label) ? label : quote(label)}=${quote(value)}`);
  if (inside.length === 0) return name === '' ? '{}' : name;
  return `${bare ? name : ''}{${inside.join(', ')}}`;
};
