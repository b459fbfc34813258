/** What an evaluation does with its options, and when it gives up. */

import { describe, expect, it } from 'vitest';
import { type EngineOptions, evaluate, type Moments, type Points } from '../../src/promql/engine.js';
import { labelsFrom } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';
import { parse } from '../../src/promql/parse.js';

const at = (time: number): Moments => ({ start: time, end: time, step: 0 });

/** One sample at 0. */
const one = (): MemorySet => {
  const set = new MemorySet();
  set.append(labelsFrom([['__name__', 'm_total']]), 0, 1);
  return set;
};

const seriesOf = (query: string, moments: Moments, options: EngineOptions = {}): readonly Points[] => {
  const result = evaluate(query, parse(query), one(), moments, options);
  return result.type === 'vector' || result.type === 'matrix' ? result.series : [];
};

describe('an evaluation', () => {
  it('ends when it is aborted', () => {
    const signal = AbortSignal.abort(new Error('enough'));
    expect(() => seriesOf('m_total', at(0), { signal })).toThrow('enough');
  });

  it('has no room for more steps than memory', () => {
    const message = 'query processing would load too many samples into memory in query execution';
    expect(() => seriesOf('max_over_time(m_total[1000d:1ms])', at(0))).toThrow(message);
    expect(() => seriesOf('m_total', { start: 0, end: 1e12, step: 1 })).toThrow(message);
  });

  it('drops names at once, unless told to do so at the end', () => {
    const valuesOf = (delayedNames: boolean): unknown => {
      const query = 'label_replace(m_total * 2, "was", "$1", "__name__", "(.+)")';
      return seriesOf(query, at(0), { delayedNames }).map(({ labels }) => labels.values);
    };
    expect(valuesOf(false)).toEqual([[]]);
    expect(valuesOf(true)).toEqual([['m_total']]);
  });

  it('looks at whole series for labels that have become the same, where Prometheus does and names go at once', () => {
    const set = new MemorySet();
    set.append(
      labelsFrom([
        ['__name__', 'a'],
        ['i', '1'],
      ]),
      0,
      1,
    );
    set.append(
      labelsFrom([
        ['__name__', 'b'],
        ['i', '1'],
      ]),
      600_000,
      2,
    );
    const run = (query: string, delayedNames: boolean): number => {
      const moments = { start: 0, end: 600_000, step: 600_000 };
      const result = evaluate(query, parse(query), set, moments, { delayedNames });
      return result.type === 'matrix' ? result.series.length : 0;
    };
    for (const query of ['-{i="1"}', 'max_over_time({i="1"}[1m])']) {
      expect(() => run(query, false)).toThrow('vector cannot contain metrics with the same labelset');
      expect(run(query, true)).toBe(1);
    }
    expect(run('abs({i="1"})', false)).toBe(1);
    expect(run('label_replace({i="1"}, "__name__", "x", "i", "1")', false)).toBe(1);
  });

  it('looks after names have gone for what a match may give once only', () => {
    const set = new MemorySet();
    for (const name of ['a', 'b', 'one'])
      set.append(
        labelsFrom([
          ['__name__', name],
          ['i', '1'],
          ['of', name === 'one' ? 'one' : 'many'],
        ]),
        0,
        1,
      );
    const query = '{of="many"} == bool on (i) group_left one';
    const run = (delayedNames: boolean) => () => evaluate(query, parse(query), set, at(0), { delayedNames });
    expect(run(false)).toThrow(/: grouping labels must ensure unique matches$/);
    expect(run(true)).toThrow('vector cannot contain metrics with the same labelset');
  });

  it('looks back as far as it is told', () => {
    const found = (lookback: number): number => seriesOf('m_total', at(1000), { lookback }).length;
    expect([found(1000), found(1001)]).toEqual([0, 1]);
  });

  it('evaluates subqueries at the step it is told', () => {
    const [points] = seriesOf('count_over_time(m_total[1m:])', at(59_000), { subqueryStep: 10_000 });
    expect([...(points?.values ?? [])]).toEqual([6]);
  });
});
