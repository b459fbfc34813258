/** Expressions that are right by grammar and types, as text: what a person might write, and what none would. */

import * as fc from 'fast-check';

const pick = (all: string): fc.Arbitrary<string> => fc.constantFrom(...all.split(' '));
const blank = fc.constantFrom('', ' ', '', '\n', '\t ', ' # c\n');
/** Joined with nothing, or with blanks and comments between. */
const spaced = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.flatMap((part) => [typeof part === 'string' ? fc.constant(part) : part, blank]))
    .map((all) => all.join(''));

const metric = pick('foo bar a:b _x http_requests_total sum start END by offset and group :x topk without');
const label = pick('a b le job on by sum bool instance group_left atan2 start and');
const duration = pick('5m 1h30m 90s 1y 2w3d 100ms 1d1ms 10s');
const number = pick('1 0 2. .5 1.5 1e3 1E-2 0x1F 010 09 Inf inf NaN nan 1_000 12.34e6 100');
const text = fc.oneof(
  pick('"a" \'b\' `c` "" "\\n" "\\x41" "\\u00e9" "é" "a\\"b" \'a"b\' `a\\b` "\\101"'),
  fc.string({ maxLength: 5 }).map((one) => JSON.stringify(one)),
);
const regexp = pick('"a.*" "x|y" "[0-9]+" "5.." ".+" "(a|b)c" "" "(?i:z)"');

const matcher = fc.oneof(
  fc.tuple(label, pick('= !='), text).map((all) => all.join('')),
  fc.tuple(label, pick('=~ !~'), regexp).map((all) => all.join(' ')),
  fc.tuple(pick('"a.b" "é" "x"'), pick('= !='), text).map((all) => all.join('')),
);
const matchers = fc
  .tuple(fc.array(matcher, { maxLength: 3 }), fc.boolean())
  .map(([all, comma]) => `{${all.join(', ')}${comma && all.length > 0 ? ',' : ''}}`);
const grouping = fc
  .tuple(fc.array(label, { maxLength: 3 }), fc.boolean())
  .map(([all, comma]) => `(${all.join(',')}${comma && all.length > 0 ? ',' : ''})`);

const when = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      {
        weight: 1,
        arbitrary: pick('offset@5m offset@-1h offset@60 OFFSET@1d offset@-30').map(
          (all) => ` ${all.replace('@', ' ')}`,
        ),
      },
    ),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: pick('@5 @1.5 @-3 @start() @end() @1e3') },
    ),
    fc.boolean(),
  )
  .map(([offset, at, order]) => (order ? offset + at : at + offset));

const selector = fc.oneof(
  metric,
  fc.tuple(metric, matchers).map((all) => all.join('')),
  fc
    .tuple(pick('{job="a" {"my.metric" {__name__=~"x.*" {"m",a="b"'), fc.array(matcher, { maxLength: 2 }))
    .map(([first, rest]) => `${[first, ...rest].join(', ')}}`),
);

type Kinds = {
  readonly scalar: string;
  readonly vector: string;
  readonly matrix: string;
};

const vectorMatching = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.tuple(pick('on ignoring ON'), grouping).map((all) => ` ${all.join('')} `) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        pick('on ignoring'),
        pick('(a) (b,job) ()'),
        pick('group_left group_right GROUP_LEFT'),
        pick('(x) () (le,y)'),
      )
      .map((all) => ` ${all.join(' ')} `),
  },
);
const arithmetic = pick('+ - * / % ^ atan2');
const comparison = pick('== != < > <= >=');

const { scalar, vector, matrix } = fc.letrec<Kinds>((tie) => ({
  scalar: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(number, duration),
    spaced('(', tie('scalar'), ')'),
    spaced(pick('+ -'), tie('scalar')),
    fc.tuple(tie('scalar'), arithmetic, tie('scalar')).map((all) => all.join(' ')),
    fc.tuple(tie('scalar'), comparison, tie('scalar')).map(([a, sign, b]) => `(${a} ${sign} bool ${b})`),
    spaced('scalar', '(', tie('vector'), ')'),
    pick('time() pi()'),
  ),
  vector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(selector, when).map((all) => all.join('')),
    spaced('(', tie('vector'), ')'),
    spaced(pick('+ -'), '(', tie('vector'), ')'),
    fc
      .tuple(tie('vector'), arithmetic, vectorMatching, tie('vector'))
      .map(([a, sign, how, b]) => `(${a} ${sign}${how} ${b})`),
    fc
      .tuple(tie('vector'), comparison, pick('bool '), vectorMatching, tie('vector'))
      .map(([a, sign, bool, how, b]) => `(${a} ${sign} ${bool}${how} ${b})`),
    fc
      .tuple(
        tie('vector'),
        pick('and or unless AND'),
        fc.oneof(
          fc.constant(''),
          grouping.map((all) => `on ${all}`),
        ),
        tie('vector'),
      )
      .map((all) => all.join(' ')),
    fc
      .tuple(tie('scalar'), fc.oneof(arithmetic, comparison), tie('vector'))
      .map(([a, sign, b]) => `(${a} ${sign} (${b}))`),
    fc
      .tuple(
        pick('sum avg MAX count group stddev'),
        fc.oneof(
          fc.constant(''),
          fc.tuple(pick('by without BY'), grouping).map((all) => ` ${all.join('')} `),
        ),
        tie('vector'),
      )
      .map(([name, by, inner]) => `${name}${by}(${inner})`),
    fc
      .tuple(
        pick('topk bottomk quantile'),
        tie('scalar'),
        tie('vector'),
        fc.oneof(
          fc.constant(''),
          fc.tuple(pick('by without'), grouping).map((all) => ` ${all.join('')}`),
        ),
      )
      .map(([name, k, inner, by]) => `${name}(${k}, ${inner})${by}`),
    fc.tuple(text, tie('vector')).map(([name, inner]) => `count_values(${name}, ${inner})`),
    spaced(pick('rate increase max_over_time last_over_time'), '(', tie('matrix'), ')'),
    spaced(pick('abs floor sort absent'), '(', tie('vector'), ')'),
    spaced('round', '(', tie('vector'), ',', tie('scalar'), ')'),
    spaced('label_join', '(', tie('vector'), ',', text, ',', text, ')'),
    spaced('vector', '(', tie('scalar'), ')'),
    pick('hour() month()'),
  ),
  matrix: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(selector, fc.oneof(duration, pick('600 .5 2')), when)
      .map(([one, range, at]) => `${one}[${range}]${at}`),
    fc
      .tuple(tie('vector'), duration, fc.oneof(fc.constant(''), duration, pick('30 1')), when)
      .map(([one, range, step, at]) => `(${one})[${range}:${step}]${at}`),
  ),
}));

export const randomExpression: fc.Arbitrary<string> = fc.oneof(vector, scalar, vector, matrix);

/** One that has been hurt: cut, doubled, changed in one place. Most of these are wrong. */
export const hurtExpression: fc.Arbitrary<string> = fc
  .tuple(
    randomExpression,
    fc.nat(),
    fc.nat(6),
    fc.constantFrom(
      ...'(){}[],:@+-*=!~"\'`#5m.a_\\ \n',
      'by',
      ' and ',
      'offset ',
      '5',
      '[5m]',
      '()',
      '\u00e9',
      '\u{1f600}',
    ),
  )
  .map(([one, place, length, put]) => {
    const at = place % (one.length + 1);
    return one.slice(0, at) + (place % 3 === 0 ? '' : put) + one.slice(at + (place % 2 === 0 ? length : 0));
  });
