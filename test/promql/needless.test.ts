import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/promql/engine.js';
import { labelsFrom } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';
import { parse } from '../../src/promql/parse.js';
import type { SeriesSet } from '../../src/promql/series.js';

const set = new MemorySet();
for (const name of ['a', 'b', 'c']) set.append(labelsFrom([['__name__', name]]), 1000, 1);

/** The metrics that were looked at. */
const selected = (text: string): readonly string[] => {
  const names: string[] = [];
  const watched: SeriesSet = {
    select: (selection) => {
      names.push(selection.matchers.map(({ value }) => value).join());
      return set.select(selection);
    },
  };
  evaluate(text, parse(text), watched, { start: 2000, end: 2000, step: 0 });
  return names;
};

describe('the right side of an and without a left side', () => {
  it.each([
    'a > 1 and predict_linear(b[1m], 24 * 3600) < 0',
    'a > 1 and b == 0 and c == 0',
    'a > 1 unless (avg_over_time(b[1m]) > 1)',
  ])('is left out: %s', (text) => {
    expect(selected(text)).toEqual(['a']);
  });

  it.each([
    ['a > 0 and b == 0', 2],
    ['a > 1 or b == 0', 2],
    // These may fail, or have something to note.
    ['a > 1 and rate(b[1m]) > 0', 2],
    ['a > 1 and b / c', 3],
    ['a > 1 and last_over_time({__name__=~"b|c"}[1m])', 2],
    ['a > 1 and sum(b)', 2],
  ])('is looked at all the same: %s', (text, count) => {
    expect(selected(text)).toHaveLength(count);
  });
});
