/** Rule files: a check that evaluates them beside a Node that does nothing, their unit tests beside promtool. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeLog } from './make-log.js';
import { isInstalled, SYSMON, withFolder } from './process.js';
import { race } from './start-up.js';

/** Alerts as everyone has them who runs node_exporter. */
const NODE_RULES = new URL('node-rules.yml', import.meta.url).pathname;
const CHECK_BOUND = 4;
const TESTED = 100;
/** s: longer than the runs take. */
const AHEAD = 600;

const BARE = [process.execPath, '-e', '0'];
const sysmon = (...words) => [process.execPath, SYSMON, ...words];

/** What fails is quick, and says nothing. */
const mustPass = ([program, ...args]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')}: ${stdout}${stderr}`);
};

/** One of a hundred: every third records what the next one alerts of. */
const ruleOf = (n) =>
  n % 3 === 0
    ? `      - record: instance:errors${n}:rate5m
        expr: sum by (instance) (rate(errors_total{kind="k${n}"}[5m]))
`
    : `      - alert: Errors${n}
        expr: ${n % 3 === 1 && n > 0 ? `instance:errors${n - 1}:rate5m` : `sum by (instance) (rate(errors_total{kind="k${n}"}[5m]))`} > 0.1
        for: 5m
        labels: { severity: warning }
        annotations:
          summary: '{{ $labels.instance }} fails {{ $value | humanize }} times a second'
`;

const testOf = (n) => `      - alertname: Errors${n}
        eval_time: 40m
        exp_alerts:
          - exp_labels: { severity: warning, instance: a }
            exp_annotations: { summary: 'a fails 500m times a second' }
`;

const seriesOf = (n) => `      - series: 'errors_total{kind="k${n}", instance="a"}'
        values: '0+30x60'
      - series: 'errors_total{kind="k${n}", instance="b"}'
        values: '0+3x60'
`;

const writeTests = (folder) => {
  const numbers = Array.from({ length: TESTED }, (_, n) => n);
  const rules = join(folder, 'rules.yml');
  const tests = join(folder, 'tests.yml');
  writeFileSync(rules, `groups:\n  - name: all\n    rules:\n${numbers.map(ruleOf).join('')}`);
  const asked = numbers.filter((n) => n % 3 !== 0);
  writeFileSync(
    tests,
    `rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
${numbers.map(seriesOf).join('')}    alert_rule_test:
${asked.map(testOf).join('')}`,
  );
  return tests;
};

export const measureRules = ({ quick }) =>
  withFolder(async (folder) => {
    const runs = quick ? 11 : undefined;
    const log = join(folder, 'sysmon.log');
    await makeLog(log, 1, 24, AHEAD);
    const check = sysmon('check', '--rules', NODE_RULES, '--file', log);
    const checked = race(check, BARE, runs);
    const rows = [
      {
        what: 'check --rules, 26 rules over a log of 24 hours, against node -e 0',
        ...checked,
        bound: String(CHECK_BOUND),
        holds: checked.ratio <= CHECK_BOUND,
      },
    ];
    const tests = writeTests(folder);
    const what = `rules test, ${TESTED} rules, against promtool`;
    const ours = sysmon('rules', 'test', tests);
    mustPass(ours);
    if (!isInstalled('promtool', '--version')) return [...rows, { what, ours: '', peer: 'not installed' }];
    const peer = ['promtool', 'test', 'rules', tests];
    mustPass(peer);
    return [...rows, { what, ...race(ours, peer, runs) }];
  });
