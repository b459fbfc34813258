/** Queries asked of a real Prometheus and of our engine, over the same samples. Needs Debian's prometheus. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { askAt, askRange, usePrometheus } from '../oracle/prometheus.js';
import { differences, type Outcome, outcomeOf, outcomeOfAnswer } from '../oracle/results.js';
import { asOpenMetrics, asSeriesSet, START, STEP, STEPS } from '../oracle/samples.js';

const QUERIES = readFileSync(new URL('../oracle/queries.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const END = START + (STEPS - 1) * STEP;

/** Off the grid of samples, since 2.42 still has windows that are closed on both sides. ms. */
const MOMENTS = [START + 4_507_321, START + 6_604_003, END - 2_999];

/** Steps that are no multiple of the samples' own, and that are; steps finer than the samples. */
const RANGES = [
  { start: START + 3_600_007, end: END - 100, step: 67_000 },
  { start: START + 1_007, end: END - 1, step: 300_000 },
  { start: END - 600_123, end: END - 7, step: 4_001 },
];

const prometheus = usePrometheus(asOpenMetrics);
const set = asSeriesSet();

const isEmpty = ({ type, table }: Outcome): boolean =>
  type === 'error' || (type !== 'string' && table.size === 0);

/** Queries with an answer that is not empty, at some moment. */
const answered = new Set<string>();

describe('answers as Prometheus does', () => {
  test.each(QUERIES)('%s', async (query) => {
    const found: string[] = [];
    const compare = (ours: Outcome, theirs: Outcome, when: string): void => {
      if (!isEmpty(theirs)) answered.add(query);
      found.push(...differences(ours, theirs).map((text) => `${when}: ${text}`));
    };
    for (const time of MOMENTS)
      compare(
        outcomeOf(query, set, { start: time, end: time, step: 0 }),
        outcomeOfAnswer(await askAt(prometheus(), query, time)),
        `at ${time - START}`,
      );
    // No range of texts or of range vectors.
    if (!query.startsWith('"'))
      for (const range of RANGES)
        compare(
          outcomeOf(query, set, range),
          outcomeOfAnswer(await askRange(prometheus(), query, range)),
          `every ${range.step}`,
        );
    expect(found.slice(0, 5)).toEqual([]);
  });

  test('to at least 250 queries with something in the answer', () => {
    expect(answered.size).toBeGreaterThanOrEqual(250);
  });
});
