import fc from 'fast-check';
import { describe, test } from 'vitest';
import { naive } from './naive.js';
import {
  anyValue,
  denseOf,
  fill,
  finiteValue,
  rangeOf,
  type Windows,
  windowAt,
  windowsOf,
} from './windowed.js';

const expected = (name: string, windows: Windows, args: readonly number[]): (number | undefined)[] => {
  const { starts, ends, steps } = rangeOf(windows);
  return Array.from(steps, (now, step) =>
    naive[name]?.(
      {
        samples: windowAt(windows, now),
        start: starts[step] as number,
        end: ends[step] as number,
        now,
      },
      ...args,
    ),
  );
};

/** How far a result may be from the right one, for a window: a part of what was added up in it. */
const scaleOf = (windows: Windows, step: number): number =>
  windowAt(windows, windows.start + step * windows.step).reduce(
    (most, { value }) => Math.max(most, Number.isFinite(value) ? Math.abs(value) : 0),
    0,
  );

const hold = (
  name: string,
  values: fc.Arbitrary<number>,
  args: readonly number[],
  isNear: (one: number, other: number, scale: number) => boolean,
): void =>
  fc.assert(
    fc.property(windowsOf(values), (windows) => {
      const wanted = expected(name, windows, args);
      fill(name, windows, args).forEach((one, step) => {
        const other = wanted[step];
        if (Object.is(one, other) || (one === 0 && other === 0)) return;
        if (one !== undefined && other !== undefined && isNear(one, other, scaleOf(windows, step))) return;
        throw new Error(`at step ${step}: ${one}, not ${other}`);
      });
    }),
    { numRuns: 30, endOnFailure: true },
  );

const never = (): boolean => false;

describe('the same as window by window', () => {
  test.each([
    ['changes'],
    ['count_over_time'],
    ['delta'],
    ['idelta'],
    ['irate'],
    ['last_over_time'],
    ['max_over_time'],
    ['min_over_time'],
    ['present_over_time'],
    ['quantile_over_time', 0.3],
    ['quantile_over_time', 0],
    ['quantile_over_time', 1],
    ['quantile_over_time', -1],
    ['quantile_over_time', Number.NaN],
    ['resets'],
  ] as [string, ...number[]][])('%s %s', (name, ...args) => hold(name, anyValue, args, never));

  const near =
    (part: number) =>
    (one: number, other: number, scale: number): boolean =>
      Math.abs(one - other) <= part * Math.max(scale, Math.abs(other));

  test.each([
    ['avg_over_time', anyValue, 1e-15],
    ['avg_over_time', finiteValue, 1e-15],
    ['increase', anyValue, 1e-12],
    ['rate', anyValue, 1e-12],
    ['sum_over_time', anyValue, 1e-15],
    ['sum_over_time', finiteValue, 1e-15],
  ] as const)('%s within rounding', (name, values, part) => hold(name, values, [], near(part)));

  const square =
    (part: number) =>
    (one: number, other: number, scale: number): boolean =>
      Math.abs(one - other) <=
      part * Math.abs(other) + 1e-15 * scale * Math.sqrt(other) + 1e-30 * scale * scale + 1e-300;

  test('stdvar_over_time', () => {
    hold('stdvar_over_time', anyValue, [], square(1e-9));
    hold('stdvar_over_time', finiteValue, [], square(1e-9));
  });
  test('stddev_over_time', () =>
    hold(
      'stddev_over_time',
      anyValue,
      [],
      (one, other, scale) => Math.abs(one - other) <= 1e-9 * Math.abs(other) + 1e-13 * scale + 1e-150,
    ));
});

describe('windows that overlap give the same as each by itself', () => {
  const holdAlone = (
    name: string,
    windows: fc.Arbitrary<Windows>,
    args: readonly number[],
    isNear: (one: number, other: number, scale: number) => boolean,
  ): void =>
    fc.assert(
      fc.property(windows, (given) => {
        fill(name, given, args).forEach((one, step) => {
          const alone = { ...given, start: given.start + step * given.step, count: 1 };
          const [other] = fill(name, alone, args);
          if (Object.is(one, other) || (one === 0 && other === 0)) return;
          if (one !== undefined && other !== undefined && isNear(one, other, scaleOf(given, step))) return;
          throw new Error(`at step ${step}: ${one}, not ${other}`);
        });
      }),
      { numRuns: 4, endOnFailure: true },
    );

  const within =
    (part: number) =>
    (one: number, other: number, scale: number): boolean =>
      Math.abs(one - other) <= part * Math.max(scale, Math.abs(other));

  test.each([['changes'], ['max_over_time'], ['min_over_time'], ['quantile_over_time', 0.9], ['resets']])(
    '%s %s',
    (name, ...args) => holdAlone(name, denseOf(anyValue), args as number[], () => false),
  );

  const values = { any: anyValue, finite: finiteValue };
  test.each([
    ['avg_over_time', 'any', 1e-15],
    ['avg_over_time', 'finite', 1e-15],
    ['deriv', 'any', 1e-10],
    ['deriv', 'finite', 1e-10],
    ['predict_linear', 'any', 1e-6, 3600],
    ['predict_linear', 'finite', 1e-6, 3600],
    ['increase', 'any', 1e-13],
    ['rate', 'finite', 1e-13],
    ['stddev_over_time', 'any', 1e-13],
    ['stdvar_over_time', 'any', 1e-10],
    ['sum_over_time', 'any', 1e-15],
    ['sum_over_time', 'finite', 1e-15],
  ] as const)('%s of %s values', (name, kind, part, ...args) =>
    holdAlone(name, denseOf(values[kind]), args as number[], within(part)),
  );
});
