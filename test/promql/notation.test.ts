/** Series as tests write them. */

import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/exit.js';
import { pairsOf } from '../../src/promql/labels.js';
import { readMetric, readPoints, readSeries } from '../../src/promql/notation.js';

describe('readPoints', () => {
  it.each([
    ['', []],
    ['1', [1]],
    ['1 2  3', [1, 2, 3]],
    ['0+10x3', [0, 10, 20, 30]],
    ['5-2x2', [5, 3, 1]],
    ['-1+0.5x2', [-1, -0.5, 0]],
    ['+4 -2-3x1', [4, -2, -5]],
    ['7x2', [7, 7, 7]],
    // Zero and five more: no hexadecimal number.
    ['0x5', [0, 0, 0, 0, 0, 0]],
    ['1x0', [1]],
    ['_', ['none']],
    ['_x3 1', ['none', 'none', 'none', 1]],
    ['_x0', []],
    ['stale', ['stale']],
    ['stalex1', ['stale', 'stale']],
    ['NaN Inf -Inf +Inf inf', [Number.NaN, Infinity, -Infinity, Infinity, Infinity]],
    ['1e3 .5 1. 2e-1', [1000, 0.5, 1, 0.2]],
    ['0+0.1x3', [0, 0.1, 0.2, 0.30000000000000004]],
  ] as const)('reads %j', (text, points) => {
    expect(readPoints(text)).toEqual(points);
  });

  it.each([
    '1 + 2',
    'x',
    '1+x3',
    '1xa',
    '1x-1',
    '1,2',
    '_1',
    '{{count:1}}',
    '1x1000000000',
    'stale1',
    '1+1x2+3',
  ])('refuses %j', (text) => {
    expect(() => readPoints(text)).toThrow(UserError);
  });
});

describe('readMetric', () => {
  it.each([
    ['up', { __name__: 'up' }],
    ['', {}],
    ['{}', {}],
    [' up { } ', { __name__: 'up' }],
    ['a:b{c="d"}', { __name__: 'a:b', c: 'd' }],
    [`x{a="1", b='2',c=\`3\`,}`, { __name__: 'x', a: '1', b: '2', c: '3' }],
    ['x{a="q\\"\\n}"}', { __name__: 'x', a: 'q"\n}' }],
    ['{"my.name", "my.label"="v"}', { __name__: 'my.name', 'my.label': 'v' }],
    ['{__name__="up"}', { __name__: 'up' }],
  ])('reads %j', (text, labels) => {
    expect(Object.fromEntries(pairsOf(readMetric(text)))).toEqual(labels);
  });

  it.each([
    'x{a=b}',
    'x{a="b"',
    'x{a!="b"}',
    'x y',
    'x{a="b"}}',
    '1x',
    'x{"a","b"}',
    'x{"y"}',
    'x{a="b" c="d"}',
  ])('refuses %j', (text) => {
    expect(() => readMetric(text)).toThrow(UserError);
  });
});

describe('readSeries', () => {
  it('reads labels, then values', () => {
    const { labels, points } = readSeries('x{a="b c"} 1+1x2 _');
    expect(Object.fromEntries(pairsOf(labels))).toEqual({ __name__: 'x', a: 'b c' });
    expect(points).toEqual([1, 2, 3, 'none']);
    expect(() => readSeries('x{a="b"}1')).toThrow('a blank stands before the values');
  });
});
