/** `sysmon rules`: what it prints, and how it ends. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sysmon } from '../world.js';

let folder: string;
const at = (name: string): string => join(folder, name);

const RULES = `groups:
- name: g
  rules:
  - alert: A
    expr: x > 5
    for: 2m
    labels: {severity: page}
    annotations: {s: "v {{ $value }}"}
`;
const TESTS = (exp: string): string => `rule_files: [rules/*.yml]
tests:
- name: slow
  interval: 1m
  input_series: [{series: 'x{a="b"}', values: 1+1x20}]
  alert_rule_test:
  - eval_time: 7m
    alertname: A
    exp_alerts: [${exp}]
- name: quick
  promql_expr_test: [{expr: vector(1), exp_samples: [{labels: '{}', value: 1}]}]
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sysmon-rules-'));
  const write = (name: string, text: string): void => writeFileSync(at(name), text);
  write('good.yml', RULES);
  write('odd.yml', RULES.replace('    labels: {severity: page}\n', ''));
  write('bad.yml', RULES.replace('x > 5', 'x >').replace('for: 2m', 'fore: 2m'));
  write('broken.yml', 'groups: [\n');
  write(
    'pass.yml',
    TESTS('{exp_labels: {a: b, severity: page}, exp_annotations: {s: v 8}}').replace('rules/*', 'go*d'),
  );
  write('fail.yml', TESTS('{exp_labels: {a: b}}').replace('rules/*', 'good'));
  write('none.yml', TESTS('').replace('rules/*.yml', 'nothing-*.yml'));
  write('badrules.yml', TESTS('').replace('rules/*', 'bad'));
  writeFileSync(at('latin.yml'), Buffer.from('groups: # \xe9\n', 'latin1'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** With the folder's name left out. */
const call = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await sysmon(['rules', ...words]);
  return { code, text: (stdout + stderr).replaceAll(`${folder}/`, '') };
};

describe('sysmon rules lint', () => {
  it('says how many rules there are', async () => {
    expect(await call('lint', at('good.yml'))).toEqual({
      code: 0,
      text: 'Checking good.yml\n  SUCCESS: 1 rule found\n',
    });
  });

  it('warns, and ends with 3 for it where that is asked for', async () => {
    const text = `Checking odd.yml
  SUCCESS: 1 rule found, 1 warning
  warning odd.yml:4:5: A: no label severity: sysmon check counts it as a warning [no-severity]
      labels: { severity: critical }
`;
    expect(await call('lint', at('odd.yml'))).toEqual({ code: 0, text });
    expect(await call('lint', '--strict', at('odd.yml'))).toEqual({ code: 3, text });
    expect((await call('lint', '--strict', at('good.yml'))).code).toBe(0);
    expect((await call('lint', '--strict', at('odd.yml'), at('bad.yml'))).code).toBe(1);
  });

  it('keeps to the width of a terminal', async () => {
    const { stdout } = await sysmon(['rules', 'lint', at('odd.yml')], { terminal: true, columns: 60 });
    expect(stdout.replaceAll(`${folder}/`, '')).toMatch(/\n {4}[^\n]*counts it as a warning/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(60);
  });

  it('shows all errors of all files', async () => {
    expect(await call('lint', at('bad.yml'), at('broken.yml'), at('latin.yml'), at('no.yml'))).toEqual({
      code: 1,
      text: `Checking bad.yml
  FAILED: 2 errors
  error bad.yml:5:14: group "g", rule 1, "A": could not parse expression: 1:4: parse error: unexpected end of input
  error bad.yml:6:5: field fore not found in a rule
      Did you mean for?

Checking broken.yml
  FAILED: 1 error
  error broken.yml:1:9: "[" has no end

Checking latin.yml
  FAILED: 1 error
  error latin.yml: it is no UTF-8 text

Checking no.yml
  FAILED: 1 error
  error no.yml: no such file or directory
`,
    });
  });

  it('knows which windows are too short where the interval is known', async () => {
    writeFileSync(at('short.yml'), RULES.replace('x > 5', 'rate(x_total[20s]) > 5'));
    expect((await call('lint', at('short.yml'))).text).not.toContain('short-window');
    expect((await call('lint', '--scrape-interval', '15s', at('short.yml'))).text).toContain(
      'Make it [1m] or more',
    );
  });

  it('gives JSON', async () => {
    const { code, stdout } = await sysmon(['rules', 'lint', '--json', at('bad.yml'), at('odd.yml')]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        {
          file: at('bad.yml'),
          rules: 0,
          errors: [
            { line: 5, column: 14 },
            { line: 6, hint: 'Did you mean for?' },
          ],
          warnings: [],
        },
        {
          file: at('odd.yml'),
          rules: 1,
          errors: [],
          warnings: [{ code: 'no-severity', line: 4, column: 5 }],
        },
      ],
    });
  });
});

describe('files of rules and tests', () => {
  it('may be named by patterns that no shell filled in', async () => {
    const { code, text } = await call('lint', at('[go]*d*.yml'), at('good.yml'));
    expect([code, text.match(/^Checking .*/gm)]).toEqual([0, ['Checking good.yml', 'Checking odd.yml']]);
    expect((await call('test', at('pa?s.yml'))).code).toBe(0);
    expect(await call('lint', at('zzz*.yml'))).toMatchObject({
      code: 1,
      text: expect.stringContaining('error zzz*.yml: no file matches\n'),
    });
  });

  it('are told apart', async () => {
    expect(await call('test', at('good.yml'))).toMatchObject({
      code: 1,
      text: expect.stringMatching(
        /WARNING: these are rules, and no tests of them: sysmon rules lint good\.yml\n/,
      ),
    });
    const tests = await call('test', at('pass.yml'));
    expect(tests.text).not.toContain('WARNING');
  });

  it('say that no test has the name asked for', async () => {
    expect(await call('test', at('pass.yml'), '--run', 'swift')).toEqual({
      code: 0,
      text: 'Unit testing pass.yml\n  WARNING: no test has such a name\n  SUCCESS: 0 tests passed\n',
    });
  });
});

describe('sysmon rules test', () => {
  it('passes', async () => {
    expect(await call('test', at('pass.yml'))).toEqual({
      code: 0,
      text: 'Unit testing pass.yml\n  SUCCESS: 2 tests passed\n',
    });
  });

  it('shows what differs', async () => {
    expect(await call('test', at('fail.yml'), at('pass.yml'))).toEqual({
      code: 1,
      text: `Unit testing fail.yml
  FAILED: 1 of 2 tests
    fail.yml:7: slow: alertname A, time 7m
      - {a="b", alertname="A"}
      + {a="b", alertname="A", severity="page"}
      +   s: "v 8"

Unit testing pass.yml
  SUCCESS: 2 tests passed
`,
    });
  });

  it('runs only what is asked for', async () => {
    expect(await call('test', '--run', '^qu', at('fail.yml'))).toEqual({
      code: 0,
      text: 'Unit testing fail.yml\n  SUCCESS: 1 test passed\n',
    });
    expect((await call('test', '--run', '^qu', '--run', 'slow', at('fail.yml'))).code).toBe(1);
    expect(await call('test', '--run', '(', at('fail.yml'))).toMatchObject({ code: 2 });
  });

  it('fails where the rules do not load, and says where no rules are', async () => {
    expect(await call('test', at('badrules.yml'))).toMatchObject({
      code: 1,
      text: expect.stringContaining('    bad.yml:5:14: group "g", rule 1, "A": could not parse'),
    });
    expect((await call('test', at('none.yml'))).text).toContain(
      'WARNING: no file match pattern nothing-*.yml',
    );
    expect(await call('test', at('no.yml'))).toMatchObject({ code: 1 });
  });

  it('gives JSON', async () => {
    const { stdout } = await sysmon(['rules', 'test', '--json', at('fail.yml')]);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        {
          passed: false,
          tests: [
            {
              name: 'slow',
              passed: false,
              failures: [{ kind: 'alert', subject: 'A', evalTimeSeconds: 420, line: 7 }],
            },
            { name: 'quick', passed: true, failures: [] },
          ],
        },
      ],
    });
  });
});

describe('sysmon rules', () => {
  it('explains itself', async () => {
    expect(await call()).toMatchObject({
      code: 2,
      text: expect.stringContaining('lint [options] <files...>'),
    });
    expect(await call('lint', '--help')).toMatchObject({
      code: 0,
      text: expect.stringContaining('--strict'),
    });
    expect(await call('nothing')).toMatchObject({
      code: 2,
      text: "sysmon rules: unknown command 'nothing'\n",
    });
    expect(await call('lint')).toMatchObject({
      code: 2,
      text: "sysmon rules: missing required argument 'files'\n  See: sysmon rules lint --help\n",
    });
  });
});
