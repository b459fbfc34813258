import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { gauge, group } from '../../src/core/group.js';
import { row, type Sample } from '../../src/core/sample.js';
import { encodeRecord } from '../../src/logs/codec.js';
import { createLineMaker } from '../../src/logs/line.js';
import type { LogRecord } from '../../src/logs/record.js';
import { fakeClock, sysmon } from '../world.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-check-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tank = group({
  name: 'tank',
  help: 'A tank',
  identity: ['side'],
  fields: { level: gauge('count', 'How full', { prometheus: 'node_tank_level' }) },
});

const START = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const HOST = { host: 'test-host' };

/** The left one is above 80 from the 20th to the 30th minute and from the 50th on, the right one never. */
const levelAt = (minute: number): number =>
  (minute >= 20 && minute < 30) || minute >= 50 ? 85 + minute / 10 : 40;

const sampleAt = (seconds: number): LogRecord => {
  const time = START + seconds * 1000;
  const rows = [row(['left'], { level: levelAt(seconds / 60) }), row(['right'], { level: 10 })];
  const sample: Sample = {
    time,
    ...HOST,
    boot: 'b',
    interval: 15,
    readings: new Map([['tank', { group: tank, rows }]]),
  };
  return { kind: 'sample', time, ...HOST, sample };
};

const lineOf = await createLineMaker(encodeRecord);
const log = join(folder, 'sysmon.log');
writeFileSync(
  log,
  [
    { kind: 'schema', time: START, ...HOST, v: 1, groups: [tank] } as LogRecord,
    ...Array.from({ length: 241 }, (_, index) => sampleAt(index * 15)),
  ]
    .map((record, index) => lineOf(record, index + 1))
    .join(''),
);

const RULES = `
groups:
  - name: tanks
    interval: 1m
    rules:
      - record: side:level:ratio
        expr: node_tank_level / 100
      - alert: TankFull
        expr: side:level:ratio > 0.8
        for: 5m
        labels: { severity: SEVERITY }
        annotations: { summary: 'The {{ $labels.side }} tank is {{ $value | humanizePercentage }} full' }
`;

const rules = join(folder, 'rules.yml');
let state: string;
beforeEach(() => {
  writeFileSync(rules, RULES.replace('SEVERITY', 'page'));
  state = mkdtempSync(join(folder, 'state-'));
});

const check = async (minute: number, ...words: readonly string[]) => {
  const { code, stdout, stderr } = await sysmon(
    ['check', '--rules', rules, '--file', log, '--state', state, ...words],
    { clock: fakeClock(START + minute * MINUTE) },
  );
  return { code, stdout, stderr };
};

const withRules = (text: string): void => writeFileSync(rules, text);

describe('sysmon check --rules', () => {
  test('is well where nothing fires, and shows what is pending', async () => {
    const { code, stdout } = await check(10);
    expect([code, stdout.split('\n')[0]]).toEqual([0, `OK - none of 1 rule fires (rules over ${log})`]);
    const pending = await check(22);
    expect(pending.code).toBe(0);
    expect(pending.stdout).toMatch(/^OK - none of 1 rule fires; 1 pending /);
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

  test('judges thresholds besides where they are asked for', async () => {
    const old = join(folder, 'old');
    writeFileSync(old, '');
    utimesSync(old, START / 1000, START / 1000);
    const { code, stdout } = await check(10, '--file-age', `${old}=1m,2m`);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^CRITICAL - .*; none of 1 rule fires \(/);
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

describe('--on-change', () => {
  test('tells what began and what ended, once', async () => {
    const told = async (minute: number): Promise<readonly (string | number | undefined)[]> => {
      const { code, stdout } = await check(minute, '--on-change');
      return [code, stdout.split('\n')[2]];
    };
    expect(await told(10)).toEqual([0, undefined]);
    expect(await told(26)).toEqual([
      2,
      'CRITICAL  TankFull (instance test-host, job node, side left) is 0.876, for 1m: The left tank is 87.6% full',
    ]);
    expect(await told(28)).toEqual([2, undefined]);
    expect(await told(35)).toEqual([
      0,
      'ended     TankFull (instance test-host, job node, side left) is 0.4, was 0.875, lasted 5m',
    ]);
    expect(await told(36)).toEqual([0, undefined]);
  });

  test('tells what fired and ended between two runs', async () => {
    await check(10, '--on-change');
    const { stdout } = await check(40, '--on-change');
    expect(stdout).toMatch(/^ended {5}TankFull .* is 0\.4, was 0\.875, lasted 5m$/m);
  });

  test('says once that the log has ended, and remembers what fired until it goes on', async () => {
    await check(56, '--on-change');
    expect((await check(200, '--on-change')).stdout).toMatch(/^UNKNOWN - the newest sample is/);
    expect((await check(201, '--on-change')).stdout).toBe('');
    const again = await check(58, '--on-change', '--json');
    expect(JSON.parse(again.stdout).alerts.changes).toEqual([]);
  });

  test('refuses a memory that is none', async () => {
    const { stdout } = await check(10, '--on-change', '--json');
    expect(stdout).toBe('');
    const [file = ''] = readdirSync(state);
    writeFileSync(join(state, file), '{}');
    const { code, stderr } = await check(10, '--on-change');
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/is not what this version of sysmon remembers alerts in/),
    ]);
  });
});
