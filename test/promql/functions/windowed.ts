/** Functions over ranges called as the engine calls them, and the windows they are called with. */

import fc from 'fast-check';
import { openAnnotator } from '../../../src/promql/annotations.js';
import type { Call, StringLiteral } from '../../../src/promql/ast.js';
import { implementationOf } from '../../../src/promql/functions/index.js';
import type { Context } from '../../../src/promql/functions.js';
import { labelsFrom } from '../../../src/promql/labels.js';
import type { Range } from '../../../src/promql/value.js';

export interface Sample {
  /** ms */
  readonly time: number;
  readonly value: number;
}

export interface Windows {
  readonly samples: readonly Sample[];
  /** Of the steps, ms. */
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly range: number;
  readonly offset: number;
}

export const stepsOf = ({ start, step, count }: Windows): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => start + index * step);

/** An argument whose place in the text is the function's name and what follows. */
const argument: StringLiteral = { kind: 'string', type: 'string', value: '', start: 5, end: 6 };

export const contextOf = (
  times: Float64Array,
  call: Partial<Call> = {},
  delayed = false,
): Context & { readonly annotator: ReturnType<typeof openAnnotator> } => ({
  times,
  delayed,
  annotator: openAnnotator('rate(some_query[5m])'),
  call: {
    kind: 'call',
    type: 'vector',
    name: 'any',
    args: [argument, argument, argument],
    start: 0,
    end: 10,
    ...call,
  },
});

/** The first sample after each of these times, which ascend. */
const firstsAfter = (times: Float64Array, moments: Float64Array): Uint32Array => {
  let index = 0;
  return Uint32Array.from(moments, (moment) => {
    while (index < times.length && (times[index] as number) <= moment) index++;
    return index;
  });
};

export const rangeOf = (windows: Windows, name = 'some_total') => {
  const { samples, range, offset } = windows;
  const steps = stepsOf(windows);
  const times = Float64Array.from(samples, ({ time }) => time);
  const ends = steps.map((time) => time - offset);
  const starts = ends.map((end) => end - range);
  const series: Range = {
    labels: labelsFrom([['__name__', name]]),
    dropName: false,
    times,
    values: Float64Array.from(samples, ({ value }) => value),
    from: firstsAfter(times, starts),
    to: firstsAfter(times, ends),
  };
  return { series, starts, ends, steps };
};

/** A value a step; undefined where there is none. */
export const fill = (
  name: string,
  windows: Windows,
  args: readonly number[] = [],
  context: Context = contextOf(stepsOf(windows)),
): (number | undefined)[] => {
  const implementation = implementationOf(name);
  if (implementation?.kind !== 'over time') throw new Error(`${name} is not over time`);
  const { series, starts, ends, steps } = rangeOf(windows);
  const out = { values: new Float64Array(steps.length), has: new Uint8Array(steps.length) };
  const columns = args.map((arg) => new Float64Array(steps.length).fill(arg));
  implementation.fill(series, { starts, ends }, columns, out, context);
  return Array.from(out.values, (value, step) => (out.has[step] === 1 ? value : undefined));
};

/** The samples of a window, which is open on the left. */
export const windowAt = ({ samples, range, offset }: Windows, time: number): readonly Sample[] =>
  samples.filter((one) => one.time > time - offset - range && one.time <= time - offset);

const gaps = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(5000, 5000, 5000, 5001, 4990) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 200_000 }) },
);

/** Samples with gaps, and windows that overlap from not at all to nearly wholly, some beside all samples. */
export const windowsOf = (value: fc.Arbitrary<number>, most = 120): fc.Arbitrary<Windows> =>
  fc
    .record({
      points: fc.array(fc.record({ gap: gaps, value }), { maxLength: most, size: 'max' }),
      begin: fc.integer({ min: 0, max: 1e9 }),
      lead: fc.integer({ min: -300_000, max: 300_000 }),
      step: fc.constantFrom(1, 1000, 5000, 7500, 60_000, 300_000),
      count: fc.integer({ min: 1, max: 80 }),
      range: fc.constantFrom(1, 5000, 12_345, 60_000, 300_000, 900_000),
      offset: fc.constantFrom(0, 0, 0, 60_000, -60_000),
    })
    .map(({ points, begin, lead, ...rest }) => {
      let time = begin;
      const samples = points.map(({ gap, value: one }) => {
        time += gap;
        return { time, value: one };
      });
      return { samples, start: begin + lead, ...rest };
    });

/** Windows of which each holds many samples of the one before. */
export const denseOf = (value: fc.Arbitrary<number>): fc.Arbitrary<Windows> =>
  fc
    .record({
      values: fc.array(value, { minLength: 80, maxLength: 120, size: 'max' }),
      gap: fc.constantFrom(4999, 5000, 2000),
      begin: fc.integer({ min: 0, max: 1e9 }),
      step: fc.constantFrom(900, 1500, 5000),
      range: fc.constantFrom(400_000, 477_777, 600_000),
    })
    .map(({ values, gap, begin, ...rest }) => ({
      samples: values.map((one, index) => ({ time: begin + index * gap, value: one })),
      start: begin + rest.range * 0.75,
      count: 120,
      offset: 0,
      ...rest,
    }));

export const anyValue: fc.Arbitrary<number> = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }) },
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 20 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
  },
);

export const finiteValue: fc.Arbitrary<number> = fc.oneof(
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 1e12, max: 1e12 + 9 }),
);
