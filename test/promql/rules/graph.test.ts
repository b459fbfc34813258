/** Orders in graphs: what is read comes first, and what reads each other stays together. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edges, knots, readersLast } from '../../../src/promql/rules/graph.js';

const graph = fc.integer({ min: 0, max: 7 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.nat(Math.max(0, size - 1)), { maxLength: 3 }), {
    minLength: size,
    maxLength: size,
  }),
);

/** Whether one can be reached from another, found by going everywhere. */
const reaches = (edges: Edges, from: number, to: number): boolean => {
  const reached = new Set<number>();
  for (const open = [from]; open.length > 0; )
    for (const next of edges[open.pop() as number] ?? [])
      if (!reached.has(next)) {
        reached.add(next);
        open.push(next);
      }
  return reached.has(to);
};

const LONG: Edges = Array.from({ length: 100_000 }, (_, node) => (node === 99_999 ? [] : [node + 1]));

describe('knots', () => {
  it('hold what reaches each other, and stand behind what they point to', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const found = knots(edges);
        expect(found.flat().sort()).toEqual([...edges.keys()]);
        const placeOf = (node: number): number => found.findIndex((members) => members.includes(node));
        for (const a of edges.keys())
          for (const b of edges.keys()) {
            const isOne = a === b || (reaches(edges, a, b) && reaches(edges, b, a));
            expect(placeOf(a) === placeOf(b)).toBe(isOne);
            if (!isOne && reaches(edges, a, b)) expect(placeOf(b)).toBeLessThan(placeOf(a));
          }
      }),
    );
  });

  it('are found however long a chain is', () => {
    expect(knots(LONG)).toHaveLength(100_000);
    expect(knots([...LONG.slice(0, -1), [0]])).toHaveLength(1);
  });
});

describe('an order', () => {
  it('has every node once, behind all that it points to and that does not point back', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const ordered = readersLast(edges);
        expect([...ordered].sort()).toEqual([...edges.keys()]);
        for (const [node, others] of edges.entries())
          for (const other of others)
            if (!reaches(edges, other, node))
              expect(ordered.indexOf(other)).toBeLessThan(ordered.indexOf(node));
      }),
    );
  });

  it('is found however long a chain is', () => {
    expect(readersLast(LONG)[0]).toBe(99_999);
  });
});
