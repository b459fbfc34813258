/** What the numbers of a field are like: how many, how large. Durations and sizes written as texts are numbers too, each kind for itself. */

import type { Value } from '../line.js';
import { amountOf } from '../where/amounts.js';
import type { AmountKind } from '../where/expression.js';
import { addNumber, type Distribution, mergeDistribution, openDistribution, quantiles } from './quantiles.js';

/** Plain data, so that workers can hand it over. */
export interface Tally {
  /** Durations in nanoseconds, sizes in bytes. */
  readonly kinds: Readonly<Record<AmountKind, Distribution>>;
  /** Values that are no numbers. */
  others: number;
  /** Lines that have no such field. */
  absent: number;
}

export interface Summary {
  readonly kind: AmountKind;
  readonly count: number;
  readonly min: number;
  readonly average: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Quantiles are within 0.1 %: there were too many numbers to keep them all. */
  readonly approximate: boolean;
}

export const openTally = (): Tally => ({
  kinds: { number: openDistribution(), duration: openDistribution(), bytes: openDistribution() },
  others: 0,
  absent: 0,
});

/** `2` is a number whatever its field is called; of texts `5m` is a duration, as in expressions. */
const KINDS: readonly AmountKind[] = ['number', 'duration', 'bytes'];

const addValue = (tally: Tally, value: Value): void => {
  for (const kind of KINDS) {
    const amount = amountOf(value, kind, '');
    if (amount === undefined) continue;
    if (!Number.isFinite(amount)) break;
    addNumber(tally.kinds[kind], amount);
    return;
  }
  tally.others++;
};

/** Adds the values that a line has under a name: each of them, or one line without any. */
export const addToTally = (tally: Tally, values: readonly Value[]): void => {
  let any = false;
  for (const value of values) {
    if (value === null) continue;
    any = true;
    addValue(tally, value);
  }
  if (!any) tally.absent++;
};

/** Adds what another has. */
export const mergeTally = (tally: Tally, more: Tally): void => {
  for (const kind of KINDS) mergeDistribution(tally.kinds[kind], more.kinds[kind]);
  tally.others += more.others;
  tally.absent += more.absent;
};

/** One for each kind of number that there were; durations in seconds. */
export const summarizeTally = (tally: Tally): readonly Summary[] =>
  KINDS.flatMap((kind) => {
    const distribution = tally.kinds[kind];
    const { count, sum, min, max, exact } = distribution;
    if (count === 0) return [];
    const [p50, p95, p99] = quantiles(distribution, [0.5, 0.95, 0.99]) as [number, number, number];
    const scale = kind === 'duration' ? 1e9 : 1;
    return [
      {
        kind,
        count,
        min: min / scale,
        average: sum / count / scale,
        p50: p50 / scale,
        p95: p95 / scale,
        p99: p99 / scale,
        max: max / scale,
        approximate: exact === undefined,
      },
    ];
  });
