import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/core/group.js';
import type { Range } from '../../src/core/range.js';
import { parseRange } from '../../src/core/range.js';
import type { Rule, State, Verdict } from '../../src/core/rule.js';
import { thresholdRules } from '../../src/core/threshold.js';
import { formatCheckNagios, formatLabel } from '../../src/formats/check-nagios.js';
import { parsePerformanceData } from './performance-data.js';
import { reportOn, troubled, verdictWith } from './reporting.js';

const format = (verdicts: readonly Verdict[], state: State = 'ok', summary = 'fine'): string =>
  formatCheckNagios({
    time: 0,
    host: '',
    source: '',
    verdicts,
    summary,
    state: state as Exclude<State, 'not judged'>,
  });

it('is the line a plugin prints', () => {
  const rules = thresholdRules({
    options: [
      { name: 'cpu', value: '80,95' },
      { name: 'disk', value: '80,~:90' },
      { name: 'process', value: 'nginx' },
    ],
  });
  const long = `/srv/${'data/'.repeat(12)}db`;
  expect(formatCheckNagios(reportOn(rules, troubled))).toBe(
    `SYSMON CRITICAL - cpu 96.2 %: postgres 71 %; disk ${long} 93.3 %; ` +
      'disk /mnt/nfs: it could not be read; and 1 more' +
      ` | cpu=96.2%;80;95;0;100 'disk /'=22.1%;80;~:90;0;100 'disk ${long}'=93.25%;80;~:90;0;100\n`,
  );
});

describe('a datum', () => {
  it.each([
    ['percent', 5, false, 'x=5%;;;0;100'],
    ['bytes', 1e21, false, 'x=1000000000000000000000B'],
    ['seconds', 1e-7, false, 'x=0.0000001s'],
    ['count', 3, true, 'x=3c'],
    ['celsius', -4.5, false, 'x=-4.5'],
    ['per_second', 2, false, 'x=2'],
  ] as [Unit, number, boolean, string][])('in %s', (unit, value, counter, text) => {
    expect(format([verdictWith('x', value, { unit, counter })])).toBe(`SYSMON OK - fine | ${text}\n`);
  });

  it('has its limits', () => {
    const verdict = verdictWith('x', 1);
    const limits = { critical: parseRange('@~:5') };
    expect(format([{ ...verdict, rule: { ...verdict.rule, limits } }])).toBe(
      'SYSMON OK - fine | x=1;;@~:5\n',
    );
  });

  it('has a series of its own for what it is now, where it cannot be judged yet', () => {
    const { value: _, ...open } = verdictWith('cpu', 1, {
      unit: 'percent',
      newest: 97.5,
      state: 'not judged',
    });
    const limits = { warning: parseRange('80') };
    expect(format([{ ...open, rule: { ...open.rule, limits } }])).toBe(
      "SYSMON OK - fine | 'cpu now'=97.5%;;;0;100\n",
    );
  });

  it('has no limit that holds on another condition only', () => {
    const [rule] = thresholdRules({ options: [{ name: 'disk' }] }) as [Rule];
    const { path, ...more } = verdictWith('', 12, { unit: 'percent' });
    expect(format([{ ...more, rule, path: { ...path, id: ['/'] } }])).toContain("'disk /'=12%;90;;0;100");
  });

  it('keeps its name when a directory gets a filesystem of its own', () => {
    const [rule] = thresholdRules({ options: [{ name: 'disk', value: '/var=80,90' }] }) as [Rule];
    for (const id of ['/', '/var']) {
      const verdict = { ...verdictWith('', 12, { unit: 'percent' }), rule };
      expect(format([{ ...verdict, path: { ...verdict.path, id: [id] } }])).toContain(
        "| 'disk /var'=12%;80;90",
      );
    }
  });

  it('has no more decimals than it means', () => {
    const verdict = verdictWith('x', 100 / 3, { unit: 'percent' });
    const measure = { kind: 'average', seconds: 60 } as const;
    expect(format([{ ...verdict, rule: { ...verdict.rule, measure } }])).toContain('x=33.333%');
  });

  it('is left out where the value is not known', () => {
    const { value: _, ...unknown } = verdictWith('x', 1);
    expect(format([unknown, verdictWith('y', Infinity), verdictWith('z', Number.NaN)], 'unknown')).toBe(
      'SYSMON UNKNOWN - fine\n',
    );
  });
});

it.each([
  ['cpu', 'cpu'],
  ['/var', '/var'],
  ['disk /var', "'disk /var'"],
  ["it's", "'it''s'"],
  ['a=b', 'a_b'],
  ['a|b', 'a/b'],
  ['a\nb', "'a\\nb'"],
  ['', '_'],
])('label %j is %s', (name, label) => {
  expect(formatLabel(name)).toBe(label);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom(..."'=| ;%abc\n\t\u001b"), minLength: 1 }),
);
const anyNumber = fc.double({ noNaN: true });
const anyRange: fc.Arbitrary<Range> = fc
  .tuple(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map(([a, b]) => ({ start: Math.min(a, b) + 0, end: Math.max(a, b) + 0, inside: false }));
const anyVerdict = fc
  .record({
    name: anyText,
    value: anyNumber,
    range: anyRange,
    counter: fc.boolean(),
    unit: fc.constantFrom<Unit>('percent', 'bytes', 'seconds', 'count', 'celsius', 'boolean', 'ratio'),
  })
  .map(({ name, value, range, unit, counter }) => {
    const verdict = verdictWith(name, value, { unit, counter });
    return { ...verdict, rule: { ...verdict.rule, limits: { warning: range } } };
  });

it('is accepted by a strict parser, whatever names and values there are', () => {
  fc.assert(
    fc.property(fc.array(anyVerdict), anyText, (verdicts, summary) => {
      const line = format(verdicts, 'warning', summary);
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      const [text = '', data = '', ...more] = line.slice(0, -1).split(/ ?\| ?/);
      expect(text.startsWith('SYSMON WARNING - ')).toBe(true);
      expect(more).toEqual([]);
      const parsed = parsePerformanceData(data);
      const finite = verdicts.filter(({ value }) => Number.isFinite(value));
      expect(parsed.map(({ value }) => value)).toEqual(finite.map(({ value = 0 }) => value + 0));
      expect(parsed.map(({ warning }) => parseRange(warning))).toEqual(
        finite.map(({ rule }) => rule.limits.warning),
      );
      expect(new Set(parsed.map(({ label }) => label)).size).toBe(parsed.length);
    }),
  );
});
