import { describe, expect, it } from 'vitest';
import { type Expr, ParseError, UnsupportedError } from '../../src/promql/ast.js';
import { parse } from '../../src/promql/parse.js';
import { print } from '../../src/promql/print.js';

/** The tree's shape: every operator with its operands in parentheses. */
const shape = (expr: Expr): string => {
  switch (expr.kind) {
    case 'binary':
      return `(${shape(expr.lhs)} ${expr.operator} ${shape(expr.rhs)})`;
    case 'unary':
      return `(${expr.operator}${shape(expr.expr)})`;
    default:
      return print(expr);
  }
};

const failure = (query: string): unknown => {
  try {
    return parse(query);
  } catch (error) {
    return error;
  }
};

describe('operators', () => {
  it.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['-1 ^ 2', '(-(1 ^ 2))'],
    ['-a ^ 2', '(-(a ^ 2))'],
    ['-a * 2', '((-a) * 2)'],
    ['-1 * 2', '(-1 * 2)'],
    ['2 ^ -1', '(2 ^ -1)'],
    ['2 ^ -a * b', '((2 ^ (-a)) * b)'],
    ['- -a', '(-(-a))'],
    ['1 + 2 % 3 atan2 4', '(1 + ((2 % 3) atan2 4))'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a > b + 1', '(a > (b + 1))'],
    ['a == b > c', '((a == b) > c)'],
    ['-a offset 5m', '(-a offset 5m)'],
    ['a + b offset 5m', '(a + b offset 5m)'],
    ['a ^ b @ 5', '(a ^ b @ 5.000)'],
    ['A AND B', '(A and B)'],
  ])('%s', (query, expected) => {
    expect(shape(parse(query))).toBe(expected);
  });

  it('match one to one where nothing is said, many to many in sets, and not at all with a scalar', () => {
    expect(parse('a + b')).toMatchObject({
      matching: { card: 'one-to-one', on: false, labels: [], include: [] },
    });
    expect(parse('a and on(x) b')).toMatchObject({
      matching: { card: 'many-to-many', on: true, labels: ['x'] },
    });
    expect(parse('a + 1')).not.toHaveProperty('matching');
    expect(parse('a * on(x, y) group_left(z) b')).toMatchObject({
      matching: { card: 'many-to-one', on: true, labels: ['x', 'y'], include: ['z'] },
    });
    expect(parse('a * ignoring(x) group_right b')).toMatchObject({
      matching: { card: 'one-to-many', on: false, labels: ['x'], include: [] },
    });
    expect(parse('a > bool 1')).toMatchObject({ bool: true, type: 'vector' });
    expect(parse('1 > bool 2')).toMatchObject({ bool: true, type: 'scalar' });
  });
});

describe('literals', () => {
  it.each([
    ['2.', 2],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['0x1F', 31],
    ['010', 8],
    ['09', 9],
    ['1_000', 1000],
    ['+InF', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['nAn', Number.NaN],
    ['5m', 300],
    ['1h30m', 5400],
    ['-100ms', -0.1],
    ['-0', -0],
    ['+-1', -1],
  ])('%s is %d', (query, value) => {
    expect(parse(query)).toMatchObject({ kind: 'number', type: 'scalar', value });
  });

  it.each([
    [`"a\\nb"`, 'a\nb'],
    [`'a"b'`, 'a"b'],
    ['`a\\nb`', 'a\\nb'],
    ['`a\nb`', 'a\nb'],
    [`"\\x41\\101\\u00e9\\U0001F600"`, 'AAé😀'],
    // Bytes that make one character.
    [`"\\xc3\\xa9\\303\\251"`, 'éé'],
    [`"\\xff"`, '\ufffd'],
  ])('%s is a text', (query, value) => {
    expect(parse(query)).toMatchObject({ kind: 'string', type: 'string', value });
  });
});

describe('selectors', () => {
  const matchersOf = (query: string): string[] => {
    const expr = parse(query);
    return expr.kind === 'vectorSelector'
      ? expr.matchers.map(({ name, operator, value }) => name + operator + value)
      : [];
  };

  it.each([
    ['foo', ['__name__=foo']],
    ['foo{a="b",c!="d",}', ['a=b', 'c!=d', '__name__=foo']],
    ['{"my.metric", "a.b"=~"c.*"}', ['__name__=my.metric', 'a.b=~c.*']],
    ['{on="x", by="y", 	bool="z"}', ['on=x', 'by=y', 'bool=z']],
    ['{__name__=~"a.*", __name__!~"ab"}', ['__name__=~a.*', '__name__!~ab']],
    ['sum{a="b"}', ['a=b', '__name__=sum']],
    ['a:b:c', ['__name__=a:b:c']],
    [':x', ['__name__=:x']],
  ])('%s', (query, expected) => {
    expect(matchersOf(query)).toEqual(expected);
  });

  it.each([
    'and',
    'by',
    'count',
    'end',
    'limitk',
    'offset',
    'quantile',
    'start',
    'SUM',
    'unless',
    'without',
    'step',
  ])('%s is a name where a name can be', (name) => {
    expect(parse(name)).toMatchObject({ kind: 'vectorSelector', name });
  });

  it('look where they are told to', () => {
    expect(parse('a offset 5m')).toMatchObject({ offset: 300_000 });
    expect(parse('a offset -60')).toMatchObject({ offset: -60_000 });
    expect(parse('a offset 1.001')).toMatchObject({ offset: 1001 });
    expect(parse('a @ 123.4567')).toMatchObject({ at: 123_457 });
    expect(parse('a @ -1.0005')).toMatchObject({ at: -1001 });
    expect(parse('a @ end() offset 1m')).toMatchObject({ at: 'end', offset: 60_000 });
    expect(parse('a[600] offset 1m @ START()')).toMatchObject({
      kind: 'matrixSelector',
      range: 600_000,
      selector: { at: 'start', offset: 60_000 },
    });
    expect(parse('(a + b)[5m:] @ 1 offset 1m')).toMatchObject({
      kind: 'subquery',
      range: 300_000,
      at: 1000,
      offset: 60_000,
    });
    expect(parse('a[5m:30]')).toMatchObject({ kind: 'subquery', step: 30_000 });
    expect(parse('a[5m:]')).not.toHaveProperty('step');
  });

  it('match', () => {
    const expr = parse('foo{a=~"x.*", b!~"y|z"}');
    if (expr.kind !== 'vectorSelector') throw new Error('no selector');
    const [a, b] = expr.matchers;
    expect(['x', 'xy', 'ax', ''].map((value) => a?.matches(value))).toEqual([true, true, false, false]);
    expect(['y', 'z', 'yz', ''].map((value) => b?.matches(value))).toEqual([false, false, true, true]);
  });
});

describe('aggregations', () => {
  it.each(['sum by (a, "b.c", on) (x)', 'sum (x) by (a, "b.c", on,)', 'SUM BY(a,"b.c",on)(x)'])(
    '%s',
    (query) => {
      expect(parse(query)).toMatchObject({
        kind: 'aggregate',
        operator: 'sum',
        grouping: ['a', 'b.c', 'on'],
        without: false,
      });
    },
  );

  it('have a parameter', () => {
    expect(parse('topk(3, x) without ()')).toMatchObject({
      operator: 'topk',
      param: { value: 3 },
      expr: { name: 'x' },
      without: true,
      grouping: [],
    });
    expect(parse('count_values("v", x)')).toMatchObject({ param: { value: 'v' } });
    expect(parse('sum(x)')).not.toHaveProperty('param');
  });
});

describe('places', () => {
  it('are where things stand', () => {
    const query = ' sum( rate(foo{a="b"}[5m] offset 1m) ) by (c) > 1';
    const expr = parse(query);
    const said = ({ start, end }: Expr): string => query.slice(start, end);
    if (expr.kind !== 'binary' || expr.lhs.kind !== 'aggregate' || expr.lhs.expr.kind !== 'call')
      throw new Error('another tree');
    expect(said(expr)).toBe(query.trim());
    expect(said(expr.lhs)).toBe('sum( rate(foo{a="b"}[5m] offset 1m) ) by (c)');
    expect(said(expr.lhs.expr)).toBe('rate(foo{a="b"}[5m] offset 1m)');
    expect(said(expr.lhs.expr.args[0] as Expr)).toBe('foo{a="b"}[5m] offset 1m');
    expect(said(expr.rhs)).toBe('1');
  });

  it('are told in bytes, line by line', () => {
    expect(failure('"é" +\n"é" + foo{')).toMatchObject({
      message: '2:12: parse error: unexpected end of input inside braces',
      reason: 'unexpected end of input inside braces',
    });
  });
});

describe('what sysmon does not have', () => {
  it.each([
    'limitk(1, a)',
    'histogram_count(a)',
    'info(a)',
    'start()',
    'a[5m+1m]',
    'a[(5m)]',
    'a offset (5m)',
    'a offset step()',
    'a offset +step()',
    'a offset -(1s + 2s)',
    'a offset -min(5s, step() + 8s)',
    'a[step()]',
    'a[5m:range()]',
    'a anchored',
    'a[5m] Smoothed @ 5',
    'a + fill(0) b',
    'a * on(x) group_right() fill_left(-1) b',
    'a </ 5',
    'a >/ bool b',
  ])('%s is refused by name', (query) => {
    const error = failure(query);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toMatch(/does not have$/);
  });

  it('is not the same as a mistake', () => {
    expect(failure('nonsense(a)')).toBeInstanceOf(ParseError);
    expect(failure('nonsense(a)')).not.toBeInstanceOf(UnsupportedError);
  });
});

describe('depth', () => {
  it.each([
    ['parentheses', '('.repeat(10_000)],
    ['parentheses that are closed', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['signs', `${'-'.repeat(10_000)}a`],
    ['powers', `${'a^'.repeat(10_000)}a`],
    ['sums', `${'a+'.repeat(10_000)}a`],
    ['calls', `${'abs('.repeat(10_000)}a${')'.repeat(10_000)}`],
    ['aggregations', `${'sum('.repeat(10_000)}a${')'.repeat(10_000)}`],
    ['subqueries', `a${'[5m:]'.repeat(10_000)}`],
  ])('of %s has a limit', (_, query) => {
    expect(failure(query)).toMatchObject({ reason: expect.stringMatching(/nested|subquery is only/) });
  });

  it('is enough for people and their generators', () => {
    expect(parse(Array.from({ length: 900 }, (_, index) => `m${index}`).join(' or ')).kind).toBe('binary');
    expect(parse(`${'abs('.repeat(400)}a${')'.repeat(400)}`).kind).toBe('call');
  });
});
