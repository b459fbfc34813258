/** The order of series for people: limits of buckets and quantiles are numbers. */

import type { Points, Result } from '../promql/engine.js';
import { compareLabels } from '../promql/labels.js';

const NUMBERS: ReadonlySet<string> = new Set(['le', 'quantile']);

const numberIn = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text.trim() === '' ? Number.NaN : Number(text);

const compareNumbers = (name: string, a: string, b: string): number => {
  if (!NUMBERS.has(name)) return 0;
  const [left, right] = [numberIn(a), numberIn(b)];
  // What is no number comes after all that are: then there is one order of all.
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left === right ? 0 : left - right < 0 ? -1 : 1;
};

const ordered = (series: readonly Points[]): Points[] =>
  [...series].sort((a, b) => compareLabels(a.labels, b.labels, compareNumbers));

/** A result whose series come by their labels, in that order. */
export const orderForPeople = (result: Result): Result =>
  (result.type === 'vector' || result.type === 'matrix') && result.series.length > 1
    ? { ...result, series: ordered(result.series) }
    : result;
