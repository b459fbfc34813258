/** Aggregations that keep a few numbers for each group and step: a walk over all values, line by line. */

import type { Aggregate, AggregateOperator } from '../ast.js';
import { type Labels, onlyLabels, withoutLabels, withoutName } from '../labels.js';
import type { Line, Vector } from '../value.js';
import { addTo } from './compensated.js';
import { vectorOf } from './lines.js';

/** The labels of the group that a series belongs to. */
export const groupingOf = ({
  grouping,
  without,
}: Pick<Aggregate, 'grouping' | 'without'>): ((labels: Labels) => Labels) => {
  const names = new Set(grouping);
  return without
    ? (labels) => withoutName(withoutLabels(labels, names))
    : (labels) => onlyLabels(labels, names);
};

export interface Group {
  readonly labels: Labels;
  /** Of the first line that is in it. */
  readonly dropName: boolean;
  readonly members: Line[];
}

export const groupsOf = (node: Pick<Aggregate, 'grouping' | 'without'>, lines: readonly Line[]): Group[] => {
  const labelsFor = groupingOf(node);
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const labels = labelsFor(line.labels);
    const group = groups.get(labels.key);
    if (group === undefined) groups.set(labels.key, { labels, dropName: line.dropName, members: [line] });
    else group.members.push(line);
  }
  return [...groups.values()];
};

/** Of each step: how many values there were so far, and what is known of them. */
interface State {
  readonly counts: Float64Array;
  readonly values: Float64Array;
  /** What the rounding of `values` has lost, or the sum of squares of deviations. */
  readonly extras: Float64Array;
  /** 1 where a mean is kept rather than a sum, which would be too large. */
  readonly means: Uint8Array;
}

/** Takes in one more value, the `count`th at this step (from 1). */
type Add = (state: State, step: number, value: number, count: number) => void;

const addUp: Add = (state, step, value, count) => {
  if (count === 1) state.values[step] = value;
  else addTo(state.values, state.extras, step, value);
};

/** As Prometheus: the sum over the count, or, where the sum would overflow, a mean that each value moves. */
const average: Add = (state, step, value, count) => {
  const { values, extras, means } = state;
  if (count === 1) {
    values[step] = value;
    return;
  }
  const sum = values[step] as number;
  const lost = extras[step] as number;
  if (!means[step]) {
    addTo(values, extras, step, value);
    if (Math.abs(values[step] as number) !== Number.POSITIVE_INFINITY) return;
    means[step] = 1;
    values[step] = sum / (count - 1);
    extras[step] = lost / (count - 1);
  }
  const mean = values[step] as number;
  // An infinite mean stays what it is, unless by the opposite infinity or NaN.
  if (Math.abs(mean) === Number.POSITIVE_INFINITY && (value === mean || Number.isFinite(value))) return;
  const part = (count - 1) / count;
  values[step] = part * mean;
  extras[step] = part * (extras[step] as number);
  addTo(values, extras, step, value / count);
};

/** Welford's way: mean in `values`, squared deviations in `extras`. */
const deviate: Add = ({ values, extras }, step, value, count) => {
  if (count === 1) {
    values[step] = value;
    extras[step] = Number.isFinite(value) ? 0 : Number.NaN;
    return;
  }
  const before = value - (values[step] as number);
  const mean = (values[step] as number) + before / count;
  values[step] = mean;
  extras[step] = (extras[step] as number) + before * (value - mean);
};

/** NaN gives way to any number. */
const extreme =
  (beats: (value: number, held: number) => boolean): Add =>
  ({ values }, step, value, count) => {
    const held = values[step] as number;
    if (count === 1 || beats(value, held) || Number.isNaN(held)) values[step] = value;
  };

type Simple = Exclude<AggregateOperator, 'topk' | 'bottomk' | 'quantile' | 'count_values'>;

interface Way {
  readonly add: Add;
  readonly end: (state: State, step: number) => number;
}

const counting: Add = () => {};
const held = (state: State, step: number): number => state.values[step] as number;
const variance = ({ extras, counts }: State, step: number): number =>
  (extras[step] as number) / (counts[step] as number);

const WAYS: Readonly<Record<Simple, Way>> = {
  sum: { add: addUp, end: ({ values, extras }, step) => (values[step] as number) + (extras[step] as number) },
  avg: {
    add: average,
    end: ({ values, extras, means, counts }, step) => {
      const over = means[step] ? 1 : (counts[step] as number);
      return (values[step] as number) / over + (extras[step] as number) / over;
    },
  },
  count: { add: counting, end: ({ counts }, step) => counts[step] as number },
  group: { add: counting, end: () => 1 },
  min: { add: extreme((value, least) => value < least), end: held },
  max: { add: extreme((value, most) => value > most), end: held },
  stdvar: { add: deviate, end: variance },
  stddev: { add: deviate, end: (state, step) => Math.sqrt(variance(state, step)) },
};

const collapse = ({ labels, dropName, members }: Group, { add, end }: Way, count: number): Line => {
  const state: State = {
    counts: new Float64Array(count),
    values: new Float64Array(count),
    extras: new Float64Array(count),
    means: new Uint8Array(count),
  };
  for (const { has, values } of members) {
    for (let step = 0; step < count; step++) {
      if (!has[step]) continue;
      const so = (state.counts[step] as number) + 1;
      state.counts[step] = so;
      add(state, step, values[step] as number, so);
    }
  }
  const values = new Float64Array(count);
  const has = new Uint8Array(count);
  for (let step = 0; step < count; step++) {
    if (!state.counts[step]) continue;
    values[step] = end(state, step);
    has[step] = 1;
  }
  return { labels, dropName, values, has };
};

export const aggregate = (node: Aggregate, operator: Simple, vector: Vector, count: number): Vector =>
  vectorOf(groupsOf(node, vector.lines).map((group) => collapse(group, WAYS[operator], count)));
