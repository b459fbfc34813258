/** Series that grow, as the engine sees them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsFrom } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';
import { parse } from '../../src/promql/parse.js';
import type { Series } from '../../src/promql/series.js';

const select = (set: MemorySet, selector: string): readonly Series[] => {
  const expr = parse(selector);
  return expr.kind === 'vectorSelector' ? set.select(expr) : [];
};

const labels = (name: string, i: string) =>
  labelsFrom([
    ['__name__', name],
    ['i', i],
  ]);

describe('a set in memory', () => {
  it('has what matches all', () => {
    const set = new MemorySet();
    for (const name of ['a', 'b']) for (const i of ['1', '2', '']) set.append(labels(name, i), 0, 1);
    const found = (selector: string): string[] =>
      select(set, selector).map(({ labels: { values } }) => values.join());
    expect(found('a')).toEqual(['a,1', 'a,2', 'a']);
    expect(found('a{i="1"}')).toEqual(['a,1']);
    expect(found('a{i!="1"}')).toEqual(['a,2', 'a']);
    expect(found('a{i=""}')).toEqual(['a']);
    expect(found('{i=~"2|3"}')).toEqual(['a,2', 'b,2']);
    expect(found('{__name__=~"a|b", i="1"}')).toEqual(['a,1', 'b,1']);
    expect(found('{__name__!="a", i="1"}')).toEqual(['b,1']);
    expect(found('c')).toEqual([]);
    set.clear();
    expect(found('a')).toEqual([]);
  });

  it('keeps times ascending and each once, whatever comes when', () => {
    const step = fc.record({ time: fc.integer({ min: 0, max: 12 }), value: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const set = new MemorySet();
        const wanted = new Map<number, number | null>();
        for (const { time, value } of steps) {
          if (value === null) set.end(labels('a', '1'), time);
          else set.append(labels('a', '1'), time, value);
          wanted.set(time, value);
        }
        const sorted = [...wanted].sort(([a], [b]) => a - b);
        const [series] = select(set, 'a');
        const samples = sorted.filter(([, value]) => value !== null);
        expect([...(series?.times ?? [])]).toEqual(samples.map(([time]) => time));
        expect([...(series?.values ?? [])]).toEqual(samples.map(([, value]) => value));
        expect([...(series?.ends ?? [])]).toEqual(
          sorted.filter(([, value]) => value === null).map(([time]) => time),
        );
      }),
    );
  });

  it('does not change what it gave', () => {
    const set = new MemorySet();
    for (let time = 0; time < 10; time++) set.append(labels('a', '1'), time, time);
    const [before] = select(set, 'a');
    for (let time = 10; time < 100; time++) set.append(labels('a', '1'), time, time);
    set.append(labels('a', '1'), 3, -1);
    expect([...(before?.values ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
