/** Rule files, and what is wrong with them. The verdicts of files/ are promtool's: test/system/promtool.test.ts asks it. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/exit.js';
import { loadRules } from '../../../src/promql/rules/load.js';
import { mutated } from './mutations.js';

const FILES = fileURLToPath(new URL('../../fixtures/rules/files/', import.meta.url));
const files = readdirSync(FILES);

/** Problems as lines: `3:5: message`. */
const problemsIn = async (text: string): Promise<readonly string[]> => {
  try {
    const { problems } = await loadRules(text, 'f.yml');
    return problems.map(({ at, message }) => `${at.line}:${at.column}: ${message}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.message];
  }
};

const rule = (...lines: readonly string[]): string =>
  `groups:\n- name: g\n  rules:\n  - ${lines.join('\n    ')}\n`;

describe('loadRules', () => {
  it('has both kinds of files', () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
    expect(new Set(files.map((name) => name.split('-')[0]))).toEqual(new Set(['good', 'bad']));
  });

  // What is no UTF-8 is refused where the file is read.
  it.each(files.filter((name) => name !== 'bad-not-utf8.yml'))('judges %s', async (name) => {
    const problems = await problemsIn(readFileSync(FILES + name, 'utf8'));
    expect(problems.length > 0 ? 'bad' : 'good', problems.join('\n')).toBe(name.split('-')[0]);
  });

  it('gives groups and rules', async () => {
    const { groups } = await loadRules(
      [
        'groups:',
        '- name: g',
        '  interval: 1m30s',
        '  query_offset: 10s',
        '  limit: 3',
        '  labels: {a: group, b: group}',
        '  rules:',
        '  - alert: A',
        '    expr: up == 0',
        '    for: 2m',
        '    keep_firing_for: 90s',
        '    labels: {b: rule, n: 1.50, t: true}',
        '    annotations: {s: "{{ $value }}"}',
        '  - record: r',
        '    expr: 1',
      ].join('\n'),
      'f.yml',
    );
    expect(groups).toMatchObject([
      {
        file: 'f.yml',
        name: 'g',
        interval: 90_000,
        queryOffset: 10_000,
        limit: 3,
        rules: [
          {
            kind: 'alert',
            name: 'A',
            query: 'up == 0',
            for: 120_000,
            keepFiringFor: 90_000,
            labels: [
              ['a', 'group'],
              ['b', 'rule'],
              ['n', '1.50'],
              ['t', 'true'],
            ],
            annotations: [['s', '{{ $value }}']],
            at: { line: 8, column: 5 },
          },
          {
            kind: 'record',
            name: 'r',
            query: '1',
            labels: [
              ['a', 'group'],
              ['b', 'group'],
            ],
          },
        ],
      },
    ]);
  });

  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      rule('alert: A', 'exp: up'),
      [
        '4:5: group "g", rule 1, "A": field \'expr\' must be set in rule',
        '5:5: field exp not found in a rule',
      ],
    ],
    [rule('expr: up'), ['4:5: group "g", rule 1, "": one of \'record\' or \'alert\' must be set']],
    [
      rule('record: r', 'alert: A', 'expr: up'),
      ['5:5: group "g", rule 1, "A": only one of \'record\' and \'alert\' must be set'],
    ],
    [
      rule('record: r', 'expr: up', 'for: 5m'),
      ['6:5: group "g", rule 1, "r": invalid field \'for\' in recording rule'],
    ],
    [
      rule('record: r', 'expr: up', 'keep_firing_for: 5m'),
      ['6:5: group "g", rule 1, "r": invalid field \'keep_firing_for\' in recording rule'],
    ],
    [
      rule('record: r', 'expr: up', 'labels: {__name__: x}'),
      ['6:14: group "g", rule 1, "r": invalid label name: __name__'],
    ],
    [
      rule('record: "r{a=1}"', 'expr: up'),
      [
        '4:5: group "g", rule 1, "r{a=1}": braces present in the recording rule name; should it be in expr?: r{a=1}',
      ],
    ],
    [rule('alert: A', 'expr: up', 'for: 5'), ['6:10: for: not a valid duration string: "5"']],
    // A place within the expression, in each way of writing it.
    [
      rule('alert: A', 'expr: sum(up) by'),
      [
        '5:21: group "g", rule 1, "A": could not parse expression: 1:11: parse error: unexpected end of input in grouping opts, expected "("',
      ],
    ],
    [
      rule('alert: A', 'expr: |', '  up ==', '    foo bar'),
      [
        '7:13: group "g", rule 1, "A": could not parse expression: 2:7: parse error: unexpected identifier "bar"',
      ],
    ],
    [
      rule('alert: A', 'expr: "up } 1"'),
      [
        '5:15: group "g", rule 1, "A": could not parse expression: 1:4: parse error: unexpected character: \'}\'',
      ],
    ],
    [
      rule('alert: A', 'expr: up', 'annotations:', '  a: ok', '  b: "{{ foo }}"'),
      ['8:7: group "g", rule 1, "A": annotation "b": template: __alert_A:1: function "foo" not defined'],
    ],
    ['groups:\n- name: a\n- name: a\n', ['3:3: groupname: "a" is repeated in the same file']],
    ['groups:\n- interval: 5m\n', ['2:3: Groupname must not be empty']],
    [
      'groups:\n- name: a\n  limit: x\n  intervall: 5m\n',
      ['3:10: limit: expected a whole number, not "x"', '4:3: field intervall not found in a rule group'],
    ],
    ['foo: 1\n', ['1:1: field foo not found in a rule file']],
  ];
  it.each(cases)('names what is wrong with %j, and where', async (text, expected) => {
    expect(await problemsIn(text)).toEqual(expected);
  });

  it('suggests the word that was meant', async () => {
    const { problems } = await loadRules(rule('alert: A', 'expr: up', 'annotation: {a: b}'), 'f.yml');
    expect(problems[0]?.hint).toBe('Did you mean annotations?');
  });

  it('says what older servers and readers would not take', async () => {
    const { problems, oddities } = await loadRules(
      `${rule('record: a-b', 'expr: up', 'labels: {c.d: e}')}---\nx: y\n`,
      'f.yml',
    );
    expect(problems).toEqual([]);
    expect(oddities.map(({ message }) => message)).toEqual([
      'a second document begins here, which Prometheus does not read',
      'group "g", rule 1, "a-b": invalid label name before Prometheus 3: c.d',
      'group "g", rule 1, "a-b": invalid recording rule name before Prometheus 3: a-b',
    ]);
  });

  it('ends with rules or with reasons, whatever it is given', async () => {
    const texts = files.map((name) => readFileSync(FILES + name, 'latin1'));
    await fc.assert(
      fc.asyncProperty(mutated(texts), async (text) => {
        await problemsIn(text);
      }),
      { numRuns: 500 },
    );
  });
});
