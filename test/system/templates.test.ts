/** The templates of test/promql/template/cases.ts, filled in by promtool: it has to make the same of them. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CASES, MISTAKES } from '../promql/template/cases.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What promtool says of an alert with one annotation and what it should be. */
const judge = (template: string, made: string): { readonly code: number | null; readonly text: string } => {
  const labels = { job: 'api', instance: 'web-1:9100', path: '/a b' };
  writeFileSync(
    join(folder, 'rules.yml'),
    stringify({
      groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'up > 0', annotations: { text: template } }] }],
    }),
  );
  writeFileSync(
    join(folder, 'test.yml'),
    stringify({
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          external_labels: { region: 'eu' },
          input_series: [
            { series: 'up{job="api",instance="web-1:9100",path="/a b"}', values: '1234567 1234567' },
          ],
          alert_rule_test: [
            {
              eval_time: '1m',
              alertname: 'A',
              exp_alerts: [{ exp_labels: labels, exp_annotations: { text: made } }],
            },
          ],
        },
      ],
    }),
  );
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(folder, 'test.yml')], {
    encoding: 'utf8',
  });
  return { code: status, text: `${stdout}${stderr}` };
};

describe('promtool makes the same', () => {
  test.each(CASES)('of %s', (template, made) => {
    const { code, text } = judge(template, made);
    expect(text).toContain('SUCCESS');
    expect(code).toBe(0);
  });

  test.each(MISTAKES)('nothing of %s', (template, message) => {
    const { code, text } = judge(template, 'nothing');
    expect(code).not.toBe(0);
    expect(text.replace(/\\"/g, '"')).toContain(message);
  });
});
