/** promtool's own test data: the same verdicts, but for what Prometheus 3 changed. */

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sysmon } from '../world.js';

const FILES = 'test/fixtures/promtool';
const file = (name: string): string => join(FILES, `${name}.yml`);

const folder = mkdtempSync(join(tmpdir(), 'sysmon-promtool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines of failures, by test; or why nothing was run. */
const test = async (path: string) => {
  const { code, stdout } = await sysmon(['rules', 'test', path, '--json']);
  const [{ errors, tests }] = JSON.parse(stdout).files;
  const failures = tests.flatMap((one: { failures: { line: number; subject: string; kind: string }[] }) =>
    one.failures.map(({ line, subject, kind }) => `${line} ${kind} ${subject}`),
  );
  return { code, errors, failures };
};

describe('unit tests', () => {
  it.each(['at-modifier-test', 'long-period', 'negative-offset-test'])('%s passes', async (name) => {
    expect(await test(file(name))).toEqual({ code: 0, errors: [], failures: [] });
  });

  it('failing fails where promtool says', async () => {
    const { code, failures } = await test(file('failing'));
    expect([code, failures]).toEqual([
      1,
      ['20 alert Test', '13 expr test', '33 alert InstanceDown', '36 alert AlwaysFiring'],
    ]);
  });

  it.each([
    ['bad-input-series', [/:3:17: series: expected a label such as/], []],
    ['bad-promql', [], [/^\d+ error /]],
    ['bad-rules-error-test', [], [/^\d+ error /]],
    ['bad-rules-syntax-test', [/bad-rules-syntax\.yml:\d+:\d+: .*could not parse expression/], []],
  ])('%s fails', async (name, errors, failures) => {
    const result = await test(file(name));
    expect(result).toEqual({
      code: 1,
      errors: errors.map((one) => expect.stringMatching(one)),
      failures: failures.map((one) => expect.stringMatching(one)),
    });
  });

  // Windows are open on the left since 3.0: one sample fewer, and a value is gone when it is five minutes old.
  it('unittest fails where windows are not closed any more, and nowhere else', async () => {
    expect(await test(file('unittest'))).toEqual({
      code: 1,
      errors: [],
      failures: [
        '45 expr timestamp(test_missing)',
        '67 expr count_over_time(fixed_data[1h])',
        '137 expr job:test:count_over_time1m',
        '148 expr job:test:count_over_time1m',
      ],
    });
    copyFileSync(file('rules'), join(folder, 'rules.yml'));
    const text = readFileSync(file('unittest'), 'utf8');
    const changed = text
      .replace('eval_time: 5m\n', 'eval_time: 4m59s\n')
      .replaceAll('value: 61\n', 'value: 60\n');
    writeFileSync(join(folder, 'unittest.yml'), changed);
    expect(await test(join(folder, 'unittest.yml'))).toEqual({ code: 0, errors: [], failures: [] });
  });
});

describe('rules', () => {
  it.each([
    ['rules', 0],
    ['rules_duplicates', 0],
    ['prometheus-rules.lint', 0],
    ['at-modifier', 0],
    ['negative-offset', 0],
    ['bad-rules-error', 0],
    ['bad-rules-syntax', 1],
  ])('%s ends with %d', async (name, code) => {
    expect((await sysmon(['rules', 'lint', file(name)])).code).toBe(code);
  });

  it.each([['rules_duplicates'], ['prometheus-rules.lint']])('%s has twins', async (name) => {
    const { code, stdout } = await sysmon(['rules', 'lint', '--strict', file(name)]);
    expect([code, stdout]).toEqual([3, expect.stringContaining('[duplicate-rules]')]);
  });
});
