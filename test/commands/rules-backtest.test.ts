/** `sysmon rules backtest`: what rules would have done over a log that is written here. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gapsIn } from '../../src/commands/alerts/past.js';
import { gauge, group } from '../../src/core/group.js';
import { type Reading, row, type Sample } from '../../src/core/sample.js';
import { encodeRecord } from '../../src/logs/codec.js';
import { createLineMaker } from '../../src/logs/line.js';
import type { LogRecord } from '../../src/logs/record.js';
import { fakeClock, sysmon, type TestWorldOptions } from '../world.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-backtest-'));
const zone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'UTC';
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const HOST = { host: 'web-1' };
const START = Date.parse('2026-11-20T22:00:00Z');
const HOUR = 60;
const MINUTES = 4 * HOUR;
const END = START + MINUTES * 60_000;

const tank = group({
  name: 'tank',
  help: 'Each tank',
  identity: ['side'],
  fields: { level: gauge('count', 'How full') },
});

/** The left one is too full for 31 minutes of the second hour, the right one at the end, and for a moment in between. */
const levelAt = (side: string, minute: number): number => {
  if (side === 'left') return minute >= HOUR && minute <= HOUR + 30 ? 80 + (minute - HOUR) : 10;
  return minute >= MINUTES - 20 || minute === 100 ? 95 : 20;
};

/** Forty minutes without any samples. */
const isMissing = (minute: number): boolean => minute > 130 && minute < 170;

const recordAt = (minute: number): LogRecord => {
  const time = START + minute * 60_000;
  const reading: Reading = {
    group: tank,
    rows: ['left', 'right'].map((side) => row([side], { level: levelAt(side, minute) })),
  };
  const sample: Sample = {
    time,
    ...HOST,
    boot: 'b',
    interval: 60,
    detail: true,
    readings: new Map([['tank', reading]]),
  };
  return { kind: 'sample', time, ...HOST, sample };
};

const lineOf = await createLineMaker(encodeRecord);
const log = join(folder, 'sysmon.log');
writeFileSync(
  log,
  [
    { kind: 'schema', time: START, ...HOST, v: 1, groups: [tank] } satisfies LogRecord,
    ...Array.from({ length: MINUTES + 1 }, (_, minute) => minute)
      .filter((minute) => !isMissing(minute))
      .map(recordAt),
  ]
    .map((record, index) => lineOf(record, index + 1))
    .join(''),
);

const file = join(folder, 'tank.yml');
writeFileSync(
  file,
  `groups:
- name: tank
  rules:
  - record: tank:level
    expr: sysmon_tank_level
  - alert: TankFull
    expr: tank:level > 70
    for: 5m
    labels: {severity: critical}
    annotations: {summary: '{{ $labels.side }} is at {{ $value }}'}
  - alert: TankEmpty
    expr: sysmon_tank_level < 5
  - alert: PumpDown
    expr: pump_running == 0
  - alert: Filling
    expr: deriv(sysmon_tank_level[1m]) > 0
  - alert: Strange
    expr: sysmon_tank_level * on (instance) sysmon_tank_level > 1e9
`,
);

const backtest = (words: readonly string[], options: TestWorldOptions = {}) =>
  sysmon(['rules', 'backtest', ...words], { clock: fakeClock(END + 4000), ...options });

const told = async (...words: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await backtest([file, '--file', log, ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

const at = (minute: number): number => START + minute * 60_000;

describe('sysmon rules backtest', () => {
  test('has a table of alerts, of rules, and what cannot be known', async () => {
    expect(
      await told(),
    ).toBe(`2026-11-20 22:00 to 2026-11-21 02:00, 5 alerting rules: 2 alerts of 1 rule fired
All with instance web-1, job node

alert                  severity  pending           fired             resolved          lasted  value  worst  last
TankFull (side left)   critical  2026-11-20 23:00  2026-11-20 23:05  2026-11-20 23:31     26m     85    110   110
TankFull (side right)  critical  2026-11-20 23:40  -                 2026-11-20 23:41       -     95     95    95
TankFull (side right)  critical  2026-11-21 01:40  2026-11-21 01:45  still firing       > 15m     95     95    95

rule      fired  only pending  firing for  longest
TankFull      2             1         41m      26m

Never active: TankEmpty, Filling, Strange
Without data: PumpDown (pump_running)
Window too short: Filling: deriv() over 1m needs two samples, and those of sysmon_tank_level are 1m apart
Failed: Strange, at 202 moments, first 2026-11-20 22:00: found duplicate series for the match group {instance="web-1"} on the right hand-side of the operation: [{__name__="sysmon_tank_level", instance="web-1", job="node", side="right"}, {__name__="sysmon_tank_level", instance="web-1", job="node", side="left"}];many-to-many matching not allowed: matching labels must be unique on one side
The log has no samples from 2026-11-21 00:10 to 00:50 (40m).
`);
  });

  test('draws a timeline, in letters where there is nothing else', async () => {
    const { stdout } = await backtest([file, '--file', log, '--only', 'Full'], {
      terminal: true,
      columns: 60,
      env: { NO_COLOR: '1' },
    });
    expect(stdout.split('\n').slice(-7)).toEqual([
      'TankFull (side left)  |.........#####.....???????..........',
      'TankFull (side right) |...............-...???????.......###',
      'samples               |...................???????..........',
      '                      ++--------+--------+-------+--------+',
      '                       22:00  23:00   Nov 21   01:00  02:00',
      '            . not active  - pending  # firing  ? no samples',
      '',
    ]);
  });

  test('has what was active before, and what says more', async () => {
    const text = await told(
      '--since',
      '2026-11-20T23:10:00Z',
      '--until',
      '2026-11-20T23:42:00Z',
      '--verbose',
    );
    expect(text).toContain('TankFull (side left)   critical  2026-11-20 23:00  2026-11-20 23:05');
    expect(text).toContain('2026-11-20 23:05  TankFull: left is at 85\n');
    // Clipped to the time that was asked for.
    expect(text).toContain('TankFull      1             1         21m      21m');
  });

  test('tells programs everything', async () => {
    const found = JSON.parse(await told('--json', '--only', '^Tank'));
    expect(found).toMatchObject({
      log,
      since: at(0),
      until: END,
      failed: [],
      gaps: [{ from: at(130), to: at(170) }],
    });
    expect(found.rules).toMatchObject([
      {
        name: 'TankFull',
        severity: 'critical',
        fired: 2,
        onlyPending: 1,
        firingSeconds: 41 * 60,
        longestSeconds: 26 * 60,
        line: 6,
      },
      { name: 'TankEmpty', fired: 0 },
    ]);
    expect(found.episodes[0]).toEqual({
      name: 'TankFull',
      state: 'resolved',
      severity: 'critical',
      labels: { instance: 'web-1', job: 'node', severity: 'critical', side: 'left' },
      annotations: { summary: 'left is at 85' },
      pendingAt: at(60),
      sinceAtLeast: false,
      firingAt: at(65),
      resolvedAt: at(91),
      firingSeconds: 26 * 60,
      value: 85,
      min: 80,
      max: 110,
      last: 110,
      group: 'tank',
      file,
      line: 6,
    });
    expect(found.episodes.map(({ state }: { state: string }) => state)).toEqual([
      'resolved',
      'resolved',
      'firing',
    ]);
  });

  test('may fail for an alert', async () => {
    const code = async (...words: readonly string[]) =>
      (await backtest([file, '--file', log, ...words])).code;
    expect(await code('--fail-on-alert')).toBe(3);
    expect(await code('--fail-on-alert', '--only', 'TankEmpty')).toBe(0);
    expect(await code('--fail-on-alert', '--until', '2026-11-20T23:01:00Z')).toBe(0);
  });

  test('says what is wrong with a call', async () => {
    const said = async (...words: readonly string[]) => {
      const { code, stderr } = await backtest(words);
      return [code, stderr.replaceAll(`${folder}/`, '')];
    };
    expect(await said(file, '--file', log, '--only', 'Pomp')).toEqual([
      2,
      'sysmon rules: --only: no alerting rule has such a name\n  There are TankFull, TankEmpty, PumpDown, Filling, Strange\n',
    ]);
    expect(
      await said(file, '--file', log, '--since', '2026-11-22T00:00Z', '--until', '2026-11-23T00:00Z'),
    ).toEqual([
      1,
      'sysmon rules: the log has no samples in this time\n  The log has samples from 2026-11-20 22:00 to 2026-11-21 02:00.\n',
    ]);
    expect(await said(file, '--file', log, '--since', '1h', '--until', '2h')).toEqual([
      2,
      'sysmon rules: --since is after --until\n',
    ]);
    expect((await said(join(folder, 'no.yml'), '--file', log))[1]).toBe(
      'sysmon rules: no.yml: no such file or directory\n',
    );
    expect((await said(file, '--only', '('))[0]).toBe(2);
  });
});

test('gaps are times much longer than the usual distance, and than two minutes', () => {
  const times = (...minutes: readonly number[]) => Float64Array.from(minutes, (minute) => minute * 60_000);
  const gaps = (all: Float64Array, until: number) =>
    gapsIn(all, 0, until * 60_000).map(({ from, to }) => [from / 60_000, to / 60_000]);
  expect(gaps(times(0, 1, 2, 3), 3)).toEqual([]);
  expect(gaps(times(0, 1, 2, 5, 6), 6)).toEqual([]);
  expect(gaps(times(0, 1, 2, 5.1, 6), 6)).toEqual([[2, 5.1]]);
  expect(gaps(times(0, 0.1, 0.2, 2.2, 2.3), 2.3)).toEqual([]);
  expect(gaps(times(10, 20, 30, 65), 100)).toEqual([
    [30, 65],
    [65, 100],
  ]);
  expect(gaps(times(4, 5, 6), 10)).toEqual([
    [0, 4],
    [6, 10],
  ]);
  expect(gaps(times(), 10)).toEqual([[0, 10]]);
});

describe('with a prometheus.yml', () => {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    join(folder, 'left.yml'),
    'groups: [{ name: g, rules: [{ alert: Left, expr: "sysmon_tank_level{side=\'left\'} >= 85", for: 2m, annotations: { a: "in {{ $externalLabels.region }}" } }] }]',
  );
  const episodesOf = async (...words: readonly string[]) =>
    JSON.parse((await backtest([...words, '--file', log, '--json'])).stdout).episodes;

  test('takes its rule files, its interval and its labels', async () => {
    writeFileSync(
      config,
      'global: { evaluation_interval: 2m, external_labels: { region: eu } }\nrule_files: [left*.yml]\n',
    );
    // From the 65th minute on it is too full; every other minute somebody looks.
    expect(await episodesOf('--prometheus-config', config)).toMatchObject([
      { name: 'Left', pendingAt: at(66), firingAt: at(68), annotations: { a: 'in eu' } },
    ]);
    expect(await episodesOf(join(folder, 'left.yml'))).toMatchObject([
      { name: 'Left', pendingAt: at(65), firingAt: at(67), annotations: { a: 'in ' } },
    ]);
  });

  test('needs some rules all the same', async () => {
    writeFileSync(config, 'global: {}\n');
    const none = await backtest(['--prometheus-config', config, '--file', log]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/names no rule_files/)]);
    const nothing = await backtest(['--file', log]);
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringMatching(/no rule file is named/)]);
  });
});
