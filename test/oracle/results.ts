/** Results of queries, brought to one form and held against each other. */

import { evaluate, type Moments, type Result } from '../../src/promql/engine.js';
import { pairsOf } from '../../src/promql/labels.js';
import { parse } from '../../src/promql/parse.js';
import type { SeriesSet } from '../../src/promql/series.js';
import type { Answer } from './prometheus.js';

/** Series by their labels as JSON; of each, values by ms. A scalar is a series without labels. */
export type Table = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface Outcome {
  readonly type: string;
  readonly table: Table;
  readonly text?: string;
  readonly error?: string;
}

const keyOf = (labels: Iterable<readonly [string, string]>): string =>
  JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));

const numberOf = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

type Point = readonly [seconds: number, value: string];

interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
}

const pointsOf = (points: readonly Point[]): ReadonlyMap<number, number> =>
  new Map(points.map(([seconds, value]) => [Math.round(seconds * 1000), numberOf(value)]));

export const outcomeOfAnswer = ({ status, error, data }: Answer): Outcome => {
  if (status === 'error' || data === undefined)
    return { type: 'error', table: new Map(), error: error ?? '' };
  const { resultType: type, result } = data;
  if (type === 'string') return { type, table: new Map(), text: (result as Point)[1] };
  if (type === 'scalar') return { type, table: new Map([['[]', pointsOf([result as Point])]]) };
  const series = result as readonly ApiSeries[];
  return {
    type,
    table: new Map(
      series.map(({ metric, value, values }) => [
        keyOf(Object.entries(metric)),
        pointsOf(values ?? (value === undefined ? [] : [value])),
      ]),
    ),
  };
};

const outcomeOfResult = (result: Result): Outcome => {
  const { type } = result;
  if (type === 'string') return { type, table: new Map(), text: result.text };
  if (type === 'scalar') return { type, table: new Map([['[]', new Map([[result.time, result.value]])]]) };
  return {
    type,
    table: new Map(
      result.series.map(({ labels, times, values }) => [
        keyOf(pairsOf(labels)),
        new Map(Array.from(times, (time, index) => [time, values[index] as number])),
      ]),
    ),
  };
};

/** What our engine makes of it; what it refuses is an error, a crash is thrown. */
export const outcomeOf = (query: string, set: SeriesSet, moments: Moments): Outcome => {
  try {
    return outcomeOfResult(evaluate(query, parse(query), set, moments));
  } catch (error) {
    if (!/^(ParseError|UnsupportedError|EvaluationError)$/.test((error as Error).constructor.name))
      throw error;
    return { type: 'error', table: new Map(), error: (error as Error).message };
  }
};

/** Sums are made in another order, and with compensation: the last digits may differ. */
const CLOSE = 1e-9;

/** `scale` is how large the numbers are that went into it: what is left of a difference of large ones is known no better. */
const isClose = (a: number, b: number, scale: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= CLOSE * Math.max(Math.abs(a), Math.abs(b), scale);

/** What differs, in words; nothing where they are the same. */
export const differences = (ours: Outcome, theirs: Outcome, scale = 1e-12): readonly string[] => {
  if ((ours.type === 'error') !== (theirs.type === 'error'))
    return [`ours: ${ours.error ?? ours.type}, theirs: ${theirs.error ?? theirs.type}`];
  if (ours.type !== theirs.type) return [`ours is a ${ours.type}, theirs a ${theirs.type}`];
  if (ours.text !== theirs.text) return [`ours: ${ours.text}, theirs: ${theirs.text}`];
  const found: string[] = [];
  for (const key of new Set([...ours.table.keys(), ...theirs.table.keys()])) {
    const [mine, other] = [ours.table.get(key), theirs.table.get(key)];
    if (mine === undefined || other === undefined) {
      found.push(`${key}: only ${mine === undefined ? 'theirs' : 'ours'}`);
      continue;
    }
    for (const time of new Set([...mine.keys(), ...other.keys()])) {
      const [a, b] = [mine.get(time), other.get(time)];
      if (a === undefined || b === undefined || !isClose(a, b, scale))
        found.push(`${key} at ${time}: ${a}, theirs ${b}`);
    }
  }
  return found;
};

/** Which series of several an error names first is left to hash maps. */
const withoutSeries = (error: string): string =>
  error
    .replace(/^invalid parameter "query": /, '')
    .replace(/\{[^{}]*\}/g, '{}')
    .replace(/\[.*\]/, '[]');

/** The same for what cannot be evaluated: in which words they say so. */
export const errorDifferences = (ours: Outcome, theirs: Outcome): readonly string[] => {
  if (ours.error === undefined || theirs.error === undefined) return [];
  const same = withoutSeries(ours.error) === withoutSeries(theirs.error);
  return same ? [] : [`ours: ${ours.error}, theirs: ${theirs.error}`];
};
