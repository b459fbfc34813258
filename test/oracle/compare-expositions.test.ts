import { expect, test } from 'vitest';
import { compareExpositions, type Exposition, readExposition } from './compare-expositions.js';

const read = (text: string): Exposition => readExposition(text, (family) => family.startsWith('node_'));

const exposition = (counter: number, gauge: number, rest = ''): Exposition =>
  read(`# HELP node_c_total C
# TYPE node_c_total counter
node_c_total{a="x y"} ${counter}
# TYPE node_g gauge
node_g ${gauge}
go_threads 4
${rest}`);

const compare = (before: Exposition, other: Exposition, after: Exposition) =>
  compareExpositions(before, other, after, (family) => (family === 'node_g' ? 2 : 0));

test('what lies between agrees', () => {
  const result = compare(exposition(5, 5), exposition(6, 3), exposition(6, 8));
  expect(result).toEqual({
    asked: 2,
    given: ['node_c_total{a="x y"}', 'node_g'],
    missing: [],
    wrong: [],
    extra: [],
  });
});

test('what does not is wrong: a value, a counter beyond, a type, a series that comes or goes', () => {
  expect(compare(exposition(5, 5), exposition(7, 2.9), exposition(6, 8)).wrong).toEqual([
    'node_c_total{a="x y"} is 7, ours 5 before and 6 after',
    'node_g is 2.9, ours 5 before and 8 after',
  ]);
  expect(compare(exposition(6, 5), exposition(6, 5), exposition(5, 5)).wrong).toHaveLength(1);
  const typed = read('# TYPE node_g untyped\nnode_g 5\n');
  expect(compare(exposition(5, 5), typed, exposition(5, 5)).wrong).toEqual([
    'node_g is of type gauge, not untyped',
  ]);
  expect(compare(typed, exposition(5, 5), exposition(5, 5)).wrong).toEqual([
    'node_c_total{a="x y"} is only given after',
  ]);
  expect(compare(exposition(5, Number.NaN), exposition(5, 5), exposition(5, Number.NaN)).wrong).toHaveLength(
    1,
  );
});

test('what we lack is missing; what only we have is extra, or wrong in a family that both have', () => {
  const more = 'node_g{of="us"} 1\n# TYPE node_ours gauge\nnode_ours 1\n';
  const lacking = compare(read(''), exposition(5, 5), read(''));
  expect(lacking.missing).toEqual(['node_c_total{a="x y"}', 'node_g']);
  const ours = exposition(5, 5, more);
  const result = compare(ours, exposition(5, 5), ours);
  expect(result.extra).toEqual(['node_ours']);
  expect(result.wrong).toEqual(['node_g{of="us"} is given by us only, of a family that both have']);
});
