/** Labels as PromQL writes them, and what several series have in common. */

import { clean } from '../core/clean.js';
import { type Labels, labelOf, METRIC_NAME, onlyLabels, pairsOf, withoutLabels } from '../promql/labels.js';
import { isPlainLabel, isPlainMetric } from '../promql/strings.js';

/** Go's quotes as far as the text formats and PromQL need them; what cannot be seen stays, as in an exposition. */
const quote = (text: string): string =>
  `"${text.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`))}"`;

/** `name{label="value"}` exactly, as a selector would have it; `{}` where there is nothing to say. */
export const formatLabels = (labels: Labels): string => {
  const name = labelOf(labels, METRIC_NAME);
  const plain = isPlainMetric(name);
  const inner = pairsOf(labels)
    .filter(([key]) => key !== METRIC_NAME)
    .map(([key, value]) => `${isPlainLabel(key) ? key : quote(key)}=${quote(value)}`);
  if (name !== '' && !plain) inner.unshift(quote(name));
  const before = plain ? name : '';
  return inner.length === 0 && before !== '' ? before : `${before}{${inner.join(',')}}`;
};

/** The same where it is shown on a terminal. */
export const showLabels = (labels: Labels): string => clean(formatLabels(labels));

export interface Shared {
  /** What all of them have. */
  readonly common: Labels;
  /** The names of all others, ascending, the metric's first. */
  readonly names: readonly string[];
  /** Labels without those that all have. */
  readonly rest: (labels: Labels) => Labels;
}

/** What several series have in common; of one series, all. */
export const shareLabels = (all: readonly Labels[]): Shared => {
  const [first] = all;
  const known = new Set(all.flatMap(({ names }) => names));
  const same = new Set(
    [...known].filter((name) => {
      const value = labelOf(first as Labels, name);
      return all.every((labels) => labelOf(labels, name) === value);
    }),
  );
  return {
    common: onlyLabels(first ?? { names: [], values: [], key: '' }, same),
    // `__name__` is before all that people write, by its underscores.
    names: [...known].filter((name) => !same.has(name)).sort((a, b) => order(a, b)),
    rest: (labels) => withoutLabels(labels, same),
  };
};

const order = (a: string, b: string): number => {
  if (a === METRIC_NAME || b === METRIC_NAME) return a === b ? 0 : a === METRIC_NAME ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};
