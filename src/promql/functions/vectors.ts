/** Between scalars and vectors, and the order of a vector. */

import type { Context, Implementation } from '../functions.js';
import { NO_LABELS } from '../labels.js';
import type { Line, Scalar, Value, Vector } from '../value.js';
import { scalarOf, single, unnamed, vectorOf } from './lines.js';
import { goMax, goMin } from './math.js';

const seconds = (times: Float64Array): Float64Array => times.map((time) => time / 1000);

const time = (_args: readonly Value[], { times }: Context): Scalar => ({
  type: 'scalar',
  values: seconds(times),
});

const pi = (_args: readonly Value[], { times }: Context): Scalar => ({
  type: 'scalar',
  values: new Float64Array(times.length).fill(Math.PI),
});

const vector = (args: readonly Value[], { times }: Context): Vector =>
  single(NO_LABELS, scalarOf(args, 0).values, new Uint8Array(times.length).fill(1));

/** The value of a vector that has just one; else NaN. */
const scalar = (args: readonly Value[], { times }: Context): Scalar => {
  const values = new Float64Array(times.length).fill(Number.NaN);
  const counts = new Uint32Array(times.length);
  for (const line of vectorOf(args, 0).lines)
    for (let step = 0; step < counts.length; step++) {
      if (line.has[step] === 0) continue;
      counts[step] = (counts[step] as number) + 1;
      values[step] = counts[step] === 1 ? (line.values[step] as number) : Number.NaN;
    }
  return { type: 'scalar', values };
};

/** The time of each value. Of a selector's samples the engine knows it; whatever else was made just now. */
const timestamp = (args: readonly Value[], context: Context): Vector => {
  const now = seconds(context.times);
  const lines = vectorOf(args, 0).lines.map((line) => unnamed(line, context, now, line.has));
  return { type: 'vector', lines };
};

/** With limits that exclude all there is nothing. */
const clamp = (args: readonly Value[], context: Context): Vector => {
  const least = scalarOf(args, 1).values;
  const most = scalarOf(args, 2).values;
  const lines = vectorOf(args, 0).lines.map((line) => {
    const values = new Float64Array(line.values.length);
    const has = new Uint8Array(line.has.length);
    for (let step = 0; step < has.length; step++) {
      const from = least[step] as number;
      const to = most[step] as number;
      if (line.has[step] === 0 || to < from) continue;
      values[step] = goMax(from, goMin(to, line.values[step] as number));
      has[step] = 1;
    }
    return unnamed(line, context, values, has);
  });
  return { type: 'vector', lines };
};

/** By value, NaN last either way. Of many steps there is no order: a range query shows its series by their labels. */
const sorted =
  (compare: (a: number, b: number) => number) =>
  (args: readonly Value[], { times }: Context): Vector => {
    const given = vectorOf(args, 0);
    if (times.length !== 1) return given;
    const shown = (line: Line): number => line.values[0] as number;
    const lines = given.lines
      .filter(({ has }) => has[0] === 1)
      .sort((one, other) => {
        const [a, b] = [shown(one), shown(other)];
        if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
        return a === b ? 0 : compare(a, b);
      });
    return { type: 'vector', lines };
  };

export const vectorFunctions: Readonly<Record<string, Implementation>> = {
  clamp: { kind: 'whole', call: clamp },
  pi: { kind: 'whole', call: pi },
  scalar: { kind: 'whole', call: scalar },
  // Not by difference, which is NaN between infinities.
  sort: { kind: 'whole', call: sorted((a, b) => (a < b ? -1 : 1)) },
  sort_desc: { kind: 'whole', call: sorted((a, b) => (a > b ? -1 : 1)) },
  time: { kind: 'whole', call: time },
  timestamp: { kind: 'whole', call: timestamp },
  vector: { kind: 'whole', call: vector },
};
