/** What was meant by names of metrics that the log does not have. */

import type { Blind } from '../../core/alert.js';
import { nearestWord } from '../../core/nearest.js';
import type { SeriesSource } from '../../promql/series.js';

/** Rules ask for much that this machine does not have: only what differs by a slip was meant for something that it has. */
const SLIP = 3;

/** A slip in a short name makes another name. */
const slipIn = (name: string): number => Math.min(SLIP, name.length / 6);

/** Of a histogram or summary the family is known, and its parts have endings. */
const PART = /_(?:bucket|count|sum)$/;

const nearOf = (metric: string, names: readonly string[], known: ReadonlySet<string>): readonly string[] => {
  // It is there, at other times; or it is a pattern.
  if (known.has(metric) || known.has(metric.replace(PART, '')) || !/^[a-zA-Z_:][\w:]*$/.test(metric))
    return [];
  const total = `${metric}_total`;
  const near = known.has(total) ? total : nearestWord(metric, names, slipIn(metric));
  return near === undefined ? [] : [near];
};

/** The log is asked what it has only where something is missing: it takes as long as the check. */
export const withNear = async (source: SeriesSource, blind: readonly Blind[]): Promise<readonly Blind[]> => {
  if (blind.length === 0) return blind;
  const names = (await source.metrics()).map(({ name }) => name);
  const known = new Set(names);
  return blind.map((one) => {
    const near = [...new Set(one.metrics.flatMap((metric) => nearOf(metric, names, known)))];
    return near.length === 0 ? one : { ...one, near };
  });
};
