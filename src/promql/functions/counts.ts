/** Range functions that need no more of a window than how many samples it has, or what has changed between them. */

import type { Implementation, OverTime } from '../functions.js';

/** What a window of at least one sample gives, from its first sample and the first after it. */
type Ends = (values: Float64Array, from: number, to: number) => number;

const ofEnds =
  (value: Ends): OverTime =>
  ({ values, from, to }, _windows, _args, out) => {
    for (let step = 0; step < from.length; step++) {
      const first = from[step] as number;
      const after = to[step] as number;
      if (after === first) continue;
      out.values[step] = value(values, first, after);
      out.has[step] = 1;
    }
  };

/** How often something holds between two samples beside each other, both in the window: the difference of two counts from the start. */
const countOf =
  (holds: (before: number, value: number) => boolean): OverTime =>
  (range, windows, args, out, context) => {
    const { values } = range;
    const counts = new Uint32Array(values.length);
    for (let index = 1; index < counts.length; index++)
      counts[index] =
        (counts[index - 1] as number) + (holds(values[index - 1] as number, values[index] as number) ? 1 : 0);
    const difference = ofEnds((_values, from, to) => (counts[to - 1] as number) - (counts[from] as number));
    difference(range, windows, args, out, context);
  };

const hasChanged = (before: number, value: number): boolean =>
  before !== value && !(Number.isNaN(before) && Number.isNaN(value));

export const countFunctions: Readonly<Record<string, Implementation>> = {
  changes: { kind: 'over time', fill: countOf(hasChanged) },
  count_over_time: { kind: 'over time', fill: ofEnds((_values, from, to) => to - from) },
  last_over_time: {
    kind: 'over time',
    fill: ofEnds((values, _from, to) => values[to - 1] as number),
    keepsName: true,
  },
  present_over_time: { kind: 'over time', fill: ofEnds(() => 1) },
  resets: { kind: 'over time', fill: countOf((before, value) => value < before) },
};
