/** A check that evaluates rule files over the log. */

import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeClock, sysmon } from '../world.js';
import { MINUTE, RULES, START, useTank, writeTankLog } from './tank-log.js';

const { folder, log, rules, check } = useTank();

const withRules = (text: string): void => writeFileSync(rules, text);

describe('sysmon check --rules', () => {
  test('is well where nothing fires, and shows what is pending', async () => {
    const { code, stdout } = await check(10);
    expect([code, stdout.split('\n')[0]]).toEqual([0, `OK - the one rule is quiet (rules over ${log})`]);
    const pending = await check(22);
    expect(pending.code).toBe(0);
    expect(pending.stdout).toMatch(/^OK - the one rule does not fire yet; 1 pending /);
    expect(pending.stdout).toMatch(
      /^pending {2}TankFull \(instance test-host, job node, side left\) .* 2m /m,
    );
  });

  test('ends with what the severity means, and says since when and what', async () => {
    const { code, stdout } = await check(27);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^CRITICAL - TankFull \(instance test-host, job node, side left\) 0\.877 \(/);
    expect(stdout).toMatch(/^CRITICAL .* 0\.877 {2}2m +The left tank is 87\.7% full$/m);
  });

  test.each([
    ['critical', [], 2],
    ['error', [], 2],
    ['warning', [], 1],
    ['something', [], 1],
    ['info', [], 0],
    ['info', ['--severity-map', 'info=warning'], 1],
    ['page', ['--severity-map', 'page=1,x=2'], 1],
  ] as const)('severity %s with %j is %d', async (severity, words, code) => {
    withRules(RULES.replace('SEVERITY', severity));
    expect((await check(27, ...words)).code).toBe(code);
  });

  test.each([
    ['node_tank_level * 281474976.7', '2.469e+10'],
    ['node_tank_level * 11402', '1e+06'],
    ['node_tank_level / 1e7', '8.77e-06'],
    ['node_tank_level * 0', '0'],
    ['node_tank_level / 0', '+Inf'],
    ['node_tank_level * 11400', '999800'],
  ])('says %s in four digits', async (expr, value) => {
    withRules(
      `groups: [{name: g, rules: [{alert: A, expr: '${expr.replace('level', 'level{side="left"}')}'}]}]`,
    );
    expect((await check(27)).stdout).toMatch(` ${value} `);
  });

  test('knows since when as far as it may look back', async () => {
    expect((await check(60, '--lookback', '30m')).stdout).toMatch(/ 0\.91 {2}5m /);
    // It needs no more than ten minutes of the past, in which it was pending and firing all the time.
    const at = await check(60, '--json', '--lookback', '1s');
    expect(JSON.parse(at.stdout).alerts.active[0]).toMatchObject({ name: 'TankFull', phase: 'firing' });
  });

  test('shows itself to programs', async () => {
    const { code, stdout } = await check(27, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'critical',
      verdicts: [],
      alerts: {
        rules: 1,
        active: [
          {
            name: 'TankFull',
            phase: 'firing',
            state: 'critical',
            severity: 'page',
            labels: { side: 'left', instance: 'test-host', job: 'node' },
            annotations: { summary: 'The left tank is 87.7% full' },
            since: START + 25 * MINUTE,
            sinceAtLeast: false,
            group: 'tanks',
            line: 8,
          },
        ],
      },
    });
    expect((await check(27, '--format', 'nagios')).stdout).toBe(
      'SYSMON CRITICAL - TankFull (instance test-host, job node, side left) 0.877 | alerts_firing=1 alerts_pending=0\n',
    );
  });

  test('does not call well what it cannot know', async () => {
    const late = await check(200);
    expect([late.code, late.stdout]).toEqual([
      3,
      expect.stringMatching(/^UNKNOWN - the newest sample is 2h20m old/),
    ]);
    withRules('groups: [{ name: g, rules: [{ alert: A, expr: nothing_here > 1 }] }]');
    const blind = await check(27);
    expect([blind.code, blind.stdout]).toEqual([
      3,
      expect.stringMatching(
        /^UNKNOWN - of the one rule no metric is known .*without data: A \(nothing_here\)/s,
      ),
    ]);
    withRules(
      'groups: [{ name: g, rules: [{ alert: A, expr: node_tank_level + on(job) node_tank_level > 1 }] }]',
    );
    const failed = await check(27);
    expect([failed.code, failed.stdout]).toEqual([
      3,
      expect.stringMatching(/^UNKNOWN - A: found duplicate series/),
    ]);
  });

  test('says that it is too early where no rule was evaluated yet', async () => {
    const young = join(folder, 'young.log');
    writeTankLog(young, 15, 2);
    const { code, stdout } = await sysmon(['check', '--rules', rules, '--file', young], {
      clock: fakeClock(START + 35_000),
    });
    expect([code, stdout]).toEqual([
      3,
      `UNKNOWN - the log began 20s ago, and rules are evaluated for the first time in 25s (rules over ${young})\n`,
    ]);
  });

  test('names some of the rules without data, and all with -v', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    withRules(
      `groups: [{ name: g, rules: [${['{ alert: Up, expr: up == 0 }', ...names.map((name) => `{ alert: A${name}, expr: no_such_${name} > 1 }`)].join(', ')}] }]`,
    );
    expect((await check(27)).stdout).toMatch(/Af \(no_such_f\); and 2 more rules, which --verbose names$/m);
    expect((await check(27, '-v')).stdout).toMatch(/Ah \(no_such_h\)$/m);
  });

  test('judges thresholds besides where they are asked for', async () => {
    const old = join(folder, 'old');
    writeFileSync(old, '');
    utimesSync(old, START / 1000, START / 1000);
    const { code, stdout } = await check(10, '--file-age', `${old}=1m,2m`);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^CRITICAL - .*; the one rule is quiet \(/);
  });

  test('takes the rule files of a prometheus.yml, its interval and its labels', async () => {
    const config = join(folder, 'prometheus.yml');
    writeFileSync(
      config,
      'global: { evaluation_interval: 30s, external_labels: { region: eu } }\nrule_files: [other-*.yml]\n',
    );
    writeFileSync(
      join(folder, 'other-1.yml'),
      'groups: [{ name: g, rules: [{ alert: Left, expr: "max by (side) (node_tank_level) > 80", for: 30s, annotations: { a: "{{ $externalLabels.region }}" } }] }]',
    );
    const { code, stdout } = await sysmon(['check', '--prometheus-config', config, '--file', log, '--json'], {
      clock: fakeClock(START + 27 * MINUTE),
    });
    expect(code).toBe(1);
    // Evaluated every half minute, it fires half a minute after it began.
    expect(JSON.parse(stdout).alerts.active).toMatchObject([
      { name: 'Left', phase: 'firing', since: START + 20.5 * MINUTE, annotations: { a: 'eu' } },
    ]);
    writeFileSync(config, 'global: {}\n');
    const none = await sysmon(['check', '--prometheus-config', config, '--file', log]);
    expect([none.code, none.stderr]).toEqual([3, expect.stringMatching(/names no rule_files/)]);
  });

  test('passes over what is not about rules in a prometheus.yml, but no slip', async () => {
    const config = join(folder, 'full.yml');
    const text = `
global: { query_log_file: /q, rule_query_offset: 2m }
remote_write: [{ url: "http://elsewhere" }]
alerting: { alertmanagers: [] }
rule_files: [full-rules.yml]
scrape_configs: [{ job_name: a, relabel_configs: [{ action: drop }], kubernetes_sd_configs: [] }]
`;
    writeFileSync(config, text);
    writeFileSync(
      join(folder, 'full-rules.yml'),
      `groups:
- { name: late, rules: [{ alert: Late, expr: "max(node_tank_level) > 80" }] }
- { name: now, query_offset: 0s, rules: [{ alert: Now, expr: "max(node_tank_level) > 80" }] }
`,
    );
    const run = () =>
      sysmon(['check', '--prometheus-config', config, '--file', log, '--json'], {
        clock: fakeClock(START + 25 * MINUTE),
      });
    // The one looks two minutes back, and so fires two minutes later.
    expect(JSON.parse((await run()).stdout).alerts.active).toMatchObject([
      { name: 'Now', since: START + 20 * MINUTE },
      { name: 'Late', since: START + 22 * MINUTE },
    ]);
    writeFileSync(config, text.replace('remote_write', 'remote_wirte'));
    expect(await run()).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/field remote_wirte not found/),
    });
  });

  test('reads a file once that is named twice, and says where there are no alerts', async () => {
    const { stdout } = await check(27, '--rules', join(folder, '.', 'rules.yml'), join(folder, 'rul*.yml'));
    expect(stdout.match(/^CRITICAL {2}TankFull/gm)).toHaveLength(1);
    withRules('');
    expect(await check(27)).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^UNKNOWN - there are no alerting rules /),
    });
  });

  test('takes rule files from the configuration, several of them', async () => {
    const config = join(folder, 'sysmon.yml');
    writeFileSync(join(folder, 'second.yml'), 'groups: [{ name: h, rules: [{ alert: Up, expr: up == 1 }] }]');
    writeFileSync(config, `check:\n  rules: [${rules}, ${join(folder, 'second.yml')}]\n`);
    const { stdout } = await sysmon(['check', '--config', config, '--file', log, '--json'], {
      clock: fakeClock(START + 27 * MINUTE),
    });
    expect(JSON.parse(stdout).alerts.rules).toBe(2);
  });

  test('refuses what is wrong, and says where', async () => {
    withRules('groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: "up +"\n');
    const bad = await check(10);
    expect([bad.code, bad.stderr]).toEqual([
      3,
      expect.stringMatching(/rules\.yml:5:\d+: .*unexpected end of input/),
    ]);
    const map = await check(10, '--severity-map', 'page');
    expect([map.code, map.stderr]).toEqual([
      3,
      expect.stringMatching(/"page" is no severity and what it means/),
    ]);
    const alone = await sysmon(['check', '--on-change']);
    expect([alone.code, alone.stderr]).toEqual([3, expect.stringMatching(/--on-change needs --rules FILE/)]);
  });
});
