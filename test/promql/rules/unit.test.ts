/** Unit tests of rules. The verdicts of unit/ are promtool's: test/system/promtool.test.ts asks it. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../../src/promql/rules/load.js';
import { loadUnitTests } from '../../../src/promql/rules/unit/load.js';
import { runTestGroup } from '../../../src/promql/rules/unit/run.js';
import { sysmon } from '../../world.js';

const FILES = fileURLToPath(new URL('../../fixtures/rules/unit/', import.meta.url));
const files = readdirSync(FILES).filter((name) => name.endsWith('.yml'));

describe('sysmon rules test', () => {
  it('has enough files of both kinds', () => {
    expect(files.filter((name) => name.startsWith('pass-')).length).toBeGreaterThanOrEqual(15);
    expect(files.filter((name) => name.startsWith('fail-')).length).toBeGreaterThanOrEqual(15);
  });

  it.each(files)('judges %s', async (name) => {
    const { code, stdout } = await sysmon(['rules', 'test', FILES + name]);
    expect(code, stdout).toBe(name.startsWith('pass-') ? 0 : 1);
  });
});

const RULES =
  'groups:\n- {name: g, rules: [{record: r, expr: x * 2}, {alert: A, expr: x > 1, annotations: {s: ""}}]}\n';

/** Failures of tests in a file; each test is a map without its input, which is `x` at 1, 2, 3 … */
const failuresOf = async (tests: readonly string[], head = ''): Promise<readonly string[]> => {
  const text = `${head}tests:\n${tests.map((one) => `- {input_series: [{series: x, values: 1+1x30}], ${one}}\n`).join('')}`;
  const loaded = await loadUnitTests(text, 'f.yml');
  expect(loaded.problems).toEqual([]);
  const { groups } = await loadRules(RULES, 'r.yml');
  return loaded.groups.flatMap((group) =>
    runTestGroup(group, groups, loaded).map((failure) =>
      failure.kind === 'error'
        ? failure.message
        : `${failure.subject} ${JSON.stringify(failure.got.map(({ value, labels }) => value ?? labels))}`,
    ),
  );
};

const expr = (query: string, time: string, ...values: readonly (number | string)[]): string =>
  `promql_expr_test: [{expr: '${query}', eval_time: ${time}, exp_samples: [${values.map((value) => `{labels: '${query}', value: ${value}}`).join()}]}]`;

describe('runTestGroup', () => {
  it('takes the interval of evaluation where a test names none', async () => {
    expect(await failuresOf([expr('x', '3m', 4), expr('x', '3m', 7)], '')).toEqual(['x [4]']);
    expect(await failuresOf([expr('x', '3m', 7)], 'evaluation_interval: 30s\n')).toEqual([]);
  });

  it('has no samples after the last evaluation, as promtool', async () => {
    expect(await failuresOf([`interval: 30s, ${expr('x', '90s', 3)}`])).toEqual([]);
  });

  it('begins when start_timestamp says', async () => {
    const at =
      'start_timestamp: 1700000000, promql_expr_test: [{expr: "timestamp(r)", eval_time: 1m, exp_samples: [{labels: "{}", value: 1700000060}]}]';
    expect(await failuresOf([at, at.replace('1700000000,', '"2023-11-14T22:13:20Z",')])).toEqual([]);
  });

  it('compares floats to the last bit, and beside each other where that is asked for', async () => {
    const near = (2 + 2 ** -51).toString();
    expect(await failuresOf([expr('r', '0s', near)])).toEqual(['r [2]']);
    expect(await failuresOf([expr('r', '0s', near)], 'fuzzy_compare: true\n')).toEqual([]);
    expect(await failuresOf([expr('r', '0s', 2.001)], 'fuzzy_compare: true\n')).toEqual(['r [2]']);
  });

  it('tells an empty annotation from none', async () => {
    const test = (annotations: string): string =>
      `alert_rule_test: [{alertname: A, eval_time: 1m, exp_alerts: [{exp_labels: {}${annotations}}]}]`;
    expect(await failuresOf([test(', exp_annotations: {s: ""}')])).toEqual([]);
    expect(await failuresOf([test('')])).toEqual(['A [[["alertname","A"]]]']);
  });

  it('does not try what would never end', async () => {
    await expect(failuresOf([expr('x', '100y', 1)])).rejects.toThrow(
      'a test at 100y needs more than 1000000 evaluations',
    );
  });

  it('says what cannot be evaluated', async () => {
    expect(
      await failuresOf(['promql_expr_test: [{expr: "x[5m]"}, {expr: "sum("}, {expr: "\'a\'"}]']),
    ).toEqual([
      'rule result is not a vector or scalar',
      '1:5: parse error: unclosed left parenthesis',
      'rule result is not a vector or scalar',
    ]);
  });
});

describe('loadUnitTests', () => {
  it.each([
    ['tests: [{inputs: []}]', '1:10: field inputs not found in a test'],
    ['tests: [{input_series: [{series: "x{", values: 1}]}]', /^1:34: series: expected a label/],
    ['tests: [{input_series: [{values: 1}]}]', /^1:25: series: expected a name/],
    ['tests: [{input_series: [{series: x, values: "1 +"}]}]', /^1:45: values: expected values/],
    ['tests: [{alert_rule_test: [{eval_time: 1m}]}]', /misses required attribute alertname/],
    [
      'tests: [{promql_expr_test: [{expr: x, exp_samples: [{value: "1"}]}]}]',
      '1:61: value: expected a number, not "1"',
    ],
    [
      'tests: [{promql_expr_test: [{expr: x, exp_samples: [{histogram: "{{}}"}]}]}]',
      /native histograms are not supported/,
    ],
    ['tests: [{interval: 5}]', '1:20: interval: not a valid duration string: "5"'],
    ['tests: [{start_timestamp: soon}]', /^1:27: start_timestamp: neither/],
    ['group_eval_order: [a, a]', '1:1: group name repeated in evaluation order: a'],
    ['fuzzy_compare: 1', '1:16: fuzzy_compare: expected true or false, not "1"'],
  ])('refuses %j', async (text, message) => {
    const { problems } = await loadUnitTests(text, 'f.yml');
    expect(problems.map(({ at, message: words }) => `${at.line}:${at.column}: ${words}`).join('\n')).toMatch(
      message,
    );
    expect(problems).toHaveLength(1);
  });
});
