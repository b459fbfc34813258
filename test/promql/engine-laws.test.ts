/** What every evaluation holds to, whatever the data: laws that Prometheus's scripts do not spell out. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expr } from '../../src/promql/ast.js';
import { evaluate, type Moments, type Points, type Result, selectionsOf } from '../../src/promql/engine.js';
import { labelsFrom } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';
import { parse } from '../../src/promql/parse.js';
import type { Selection } from '../../src/promql/series.js';

const MINUTE = 60_000;

const at = (time: number): Moments => ({ start: time, end: time, step: 0 });

const run = (query: string, set: MemorySet, moments: Moments): Result =>
  evaluate(query, parse(query), set, moments);

interface Drawn {
  readonly gap: number;
  readonly value: number;
  readonly isEnd: boolean;
}

const point: fc.Arbitrary<Drawn> = fc.record({
  gap: fc.integer({ min: 1, max: 200_000 }),
  value: fc.integer({ min: 0, max: 1000 }),
  isEnd: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
});

const labelPairs = (index: number): [string, string][] => [
  ['__name__', index % 3 === 2 ? 'other_total' : 'm_total'],
  ['i', String(index)],
  ['g', index % 2 === 0 ? 'even' : 'odd'],
];

/** A few series with samples at odd times, from 0 on, some of which end in between. */
const sets: fc.Arbitrary<MemorySet> = fc
  .array(fc.array(point, { maxLength: 20 }), { minLength: 1, maxLength: 5 })
  .map((all) => {
    const set = new MemorySet();
    all.forEach((points, index) => {
      const labels = labelsFrom(labelPairs(index));
      let time = 0;
      for (const { gap, value, isEnd } of points) {
        time += gap;
        if (isEnd) set.end(labels, time);
        else set.append(labels, time, value);
      }
    });
    return set;
  });

const grids: fc.Arbitrary<Moments> = fc
  .record({
    start: fc.integer({ min: 0, max: 20 * MINUTE }),
    step: fc.integer({ min: 1000, max: 5 * MINUTE }),
    count: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ start, step, count }) => ({ start, step, end: start + step * (count - 1) }));

const QUERIES = [
  'm_total',
  '-m_total',
  '{g="even"}',
  'm_total offset 90s',
  'm_total @ 300',
  'm_total - on(i) m_total @ 300',
  'rate(m_total[5m])',
  'max_over_time(m_total[3m:20s])',
  'sum_over_time(m_total[3m:] offset 1m)',
  'max_over_time(rate(m_total[2m])[5m:45s] @ 500)',
  'sum by (g) (m_total)',
  'avg without (i) ({g!=""})',
  'stddev(m_total)',
  'min(m_total) + max(m_total)',
  'quantile(0.3, m_total)',
  'topk(2, m_total)',
  'bottomk by (g) (1, m_total)',
  'count_values("v", m_total)',
  'm_total > 500',
  '500 >= bool m_total',
  'm_total and on(g) other_total > 100',
  'm_total or other_total',
  'm_total unless on(g) other_total',
  'm_total * on(g) group_left sum by (g) (other_total)',
  'timestamp(m_total)',
  'time() - timestamp(m_total)',
  'scalar(sum(m_total)) + m_total',
  'absent(m_total)',
  'count_over_time(m_total[150s])',
  'predict_linear(m_total[5m] @ 600, 60)',
  'year(m_total @ 600)',
];

type Seen = ReadonlyMap<string, ReadonlyMap<number, number>>;

const pointsOf = (series: readonly Points[]): Seen =>
  new Map(
    series.map(({ labels, times, values }) => [
      labels.key,
      new Map([...times].map((time, index) => [time, values[index] as number])),
    ]),
  );

const seriesOf = (result: Result): readonly Points[] =>
  result.type === 'vector' || result.type === 'matrix' ? result.series : [];

const NEAR = 1e-9;

const isNear = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= NEAR * Math.max(1, Math.abs(b));

/** Points that are not the same, as text; none where all are. Compared by hand, since thousands of them are. */
const differences = (got: Seen, wanted: Seen): string[] => {
  const found: string[] = [];
  for (const [key, points] of got)
    for (const time of points.keys())
      if (!wanted.get(key)?.has(time)) found.push(`${key} at ${time} is too much`);
  for (const [key, points] of wanted)
    for (const [time, value] of points) {
      const own = got.get(key)?.get(time);
      if (own === undefined || !isNear(own, value)) found.push(`${key} at ${time}: ${own} for ${value}`);
    }
  return found;
};

const expectSame = (got: Seen, wanted: Seen): void => {
  expect(differences(got, wanted)).toEqual([]);
};

const momentsOf = ({ start, end, step }: Moments): number[] => {
  const all: number[] = [];
  for (let time = start; time <= end; time += step) all.push(time);
  return all;
};

/** What queries at each moment by itself give, put together. */
const byInstants = (query: string, set: MemorySet, moments: Moments): Seen => {
  const all = new Map<string, Map<number, number>>();
  for (const time of momentsOf(moments))
    for (const { labels, values } of seriesOf(run(query, set, at(time)))) {
      const points = all.get(labels.key) ?? new Map<number, number>();
      all.set(labels.key, points.set(time, values[0] as number));
    }
  return all;
};

const RUNS = { numRuns: 10 };

/** The same expression, with all that it selects from so long before. */
const movedBy = (expr: Expr, ms: number): Expr => {
  switch (expr.kind) {
    case 'vectorSelector':
    case 'subquery':
      return { ...expr, offset: expr.offset + ms };
    case 'matrixSelector':
      return { ...expr, selector: { ...expr.selector, offset: expr.selector.offset + ms } };
    case 'call':
      return { ...expr, args: expr.args.map((arg) => movedBy(arg, ms)) };
    case 'binary':
      return { ...expr, lhs: movedBy(expr.lhs, ms), rhs: movedBy(expr.rhs, ms) };
    case 'aggregate':
    case 'unary':
    case 'paren':
      return { ...expr, expr: movedBy(expr.expr, ms) };
    default:
      return expr;
  }
};

describe('a range query', () => {
  it.each(QUERIES)('is the instant queries at its steps: %s', (query) => {
    fc.assert(
      fc.property(sets, grids, (set, moments) =>
        expectSame(pointsOf(seriesOf(run(query, set, moments))), byInstants(query, set, moments)),
      ),
      RUNS,
    );
  });

  it.each(QUERIES.filter((query) => !/@|time/.test(query)))(
    'is moved by an offset of all that it selects: %s',
    (query) => {
      // A multiple of the steps of subqueries: what is inside them stays on its grid.
      const shift = 7 * MINUTE;
      const expr = parse(query);
      const moved = movedBy(expr, shift);
      fc.assert(
        fc.property(sets, grids, (set, { start, end, step }) => {
          const then = evaluate(query, expr, set, { start, end, step });
          const now = evaluate(query, moved, set, { start: start + shift, end: end + shift, step });
          const back = seriesOf(now).map((one) => ({ ...one, times: one.times.map((time) => time - shift) }));
          expectSame(pointsOf(back), pointsOf(seriesOf(then)));
        }),
        RUNS,
      );
    },
  );

  it('has the points of a subquery at the same steps', () => {
    fc.assert(
      fc.property(
        sets,
        fc.constantFrom(...QUERIES.filter((query) => !query.includes('scalar') && !query.includes('start'))),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 40 }),
        (set, query, seconds, count, first) => {
          const step = seconds * 1000;
          const start = (first + 1) * step;
          const end = start + (count - 1) * step;
          const subquery = `(${query})[${count * seconds}s:${seconds}s]`;
          expectSame(
            pointsOf(seriesOf(run(subquery, set, at(end)))),
            pointsOf(seriesOf(run(query, set, { start, end, step }))),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('an aggregation', () => {
  const same = (query: string, other: string): void =>
    fc.assert(
      fc.property(sets, grids, (set, moments) =>
        expectSame(
          pointsOf(seriesOf(run(query, set, moments))),
          pointsOf(seriesOf(run(other, set, moments))),
        ),
      ),
      { numRuns: 15 },
    );

  it.each([
    ['sum by () (rate(m_total[5m]))', 'sum(sum by (g) (rate(m_total[5m])))'],
    ['sum(m_total)', 'avg(m_total) * count(m_total)'],
    ['max(m_total)', 'max(topk(1, m_total))'],
    ['min by (g) (m_total)', 'min by (g) (bottomk by (g) (1, m_total))'],
    ['quantile(0, m_total)', 'min(m_total)'],
    ['quantile(1, m_total)', 'max(m_total)'],
    ['count(m_total)', 'sum(count_values("v", m_total))'],
    ['m_total', 'sum by (__name__, i, g) (m_total)'],
    ['m_total', '(m_total > 500) or (m_total <= 500)'],
    ['m_total unless m_total > 500', 'm_total <= 500'],
    ['m_total and m_total > 500', 'm_total > 500'],
    ['(m_total or other_total) * 2', 'm_total * 2 or other_total * 2'],
  ])('%s = %s', (query, other) => {
    same(query, other);
  });
});

describe('what is selected', () => {
  it.each(QUERIES)('is told beforehand: %s', (query) => {
    fc.assert(
      fc.property(sets, grids, (set, moments) => {
        const told = selectionsOf(parse(query), moments);
        const asked: Selection[] = [];
        const watching = {
          select: (selection: Selection) => {
            asked.push(selection);
            return set.select(selection);
          },
        };
        evaluate(query, parse(query), watching, moments);
        const isTold = ({ matchers, since, until }: Selection): boolean =>
          told.some(
            (one) =>
              one.since <= since &&
              until <= one.until &&
              one.matchers.map(({ name, value }) => `${name}${value}`).join() ===
                matchers.map(({ name, value }) => `${name}${value}`).join(),
          );
        expect(asked.filter((selection) => !isTold(selection))).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});
