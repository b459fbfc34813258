import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expr } from '../../src/promql/ast.js';
import { parse } from '../../src/promql/parse.js';
import { print } from '../../src/promql/print.js';
import { randomExpression } from './random-expression.js';

describe('printing', () => {
  it.each([
    ['sum by()(x)', 'sum(x)'],
    ['sum without()(x)', 'sum without () (x)'],
    ['sum(x)by(a,"b.c")', 'sum by (a, "b.c") (x)'],
    ['topk(5,x)', 'topk(5, x)'],
    ['count_values("v",x)', 'count_values("v", x)'],
    ['a+on(b)group_left(c)d', 'a + on (b) group_left (c) d'],
    ['a+ignoring()group_right d', 'a + ignoring () group_right () d'],
    ['a>bool 1', 'a > bool 1'],
    ['a and on()b', 'a and on () b'],
    ['a and ignoring()b', 'a and b'],
    ['foo{b="c",a=~"x"}', 'foo{a=~"x",b="c"}'],
    ['{__name__="foo"}', '{__name__="foo"}'],
    ['{"foo"}', '{__name__="foo"}'],
    ['{"a.b"="c\\n",x="y"}', '{"a.b"="c\\n",x="y"}'],
    ['a[300] offset 60', 'a[5m] offset 1m'],
    ['a offset -90m @ 1.5', 'a @ 1.500 offset -1h30m'],
    ['a[1d] @ start()', 'a[1d] @ start()'],
    ['(a)[14d:]', '(a)[2w:]'],
    ['a[13d:1m] offset 1y', 'a[13d:1m] offset 1y'],
    ['1e21', '1000000000000000000000'],
    ['1e-7', '0.0000001'],
    ['inf', '+Inf'],
    ['5m', '5m'],
    ['-5m', '-5m'],
    ['-a', '-a'],
    ['- -a', '--a'],
    ['"a\\"\\x00é\\u200b"', '"a\\"\\x00é\\u200b"'],
    ['Inf ^ 2', 'Inf ^ 2'],
    ['rate( foo [5m] ) # why', 'rate(foo[5m])'],
  ])('%s', (query, expected) => {
    expect(print(parse(query))).toBe(expected);
  });

  it('loses nothing', () => {
    /** A tree without places, and matchers without functions. */
    const bare = (expr: Expr): unknown =>
      JSON.parse(
        JSON.stringify(expr, (key, value) => {
          if (key === 'start' || key === 'end') return undefined;
          if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
          // The order of matchers is no part of the meaning.
          return key === 'matchers' ? [...value].map((one) => JSON.stringify(one)).sort() : value;
        }),
      );
    fc.assert(
      fc.property(randomExpression, (query) => {
        const expr = parse(query);
        const printed = print(expr);
        expect(bare(parse(printed)), printed).toEqual(bare(expr));
        expect(print(parse(printed))).toBe(printed);
      }),
      { numRuns: 400 },
    );
  });
});
