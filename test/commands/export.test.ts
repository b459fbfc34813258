import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { counter, type Group, gauge, group } from '../../src/core/group.js';
import { type Reading, row, type Sample } from '../../src/core/sample.js';
import { encodeRecord } from '../../src/logs/codec.js';
import { createLineMaker } from '../../src/logs/line.js';
import type { LogRecord } from '../../src/logs/record.js';
import { main } from '../../src/main.js';
import { GROUPS } from '../../src/vitals/index.js';
import { parseExposition } from '../formats/parse-exposition.js';
import { fakeClock, sysmon, testWorld } from '../world.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Groups that only this log's schema knows: an export needs nothing but the log.
const wheel = group({
  name: 'wheel',
  help: 'Each wheel',
  identity: ['side'],
  fields: {
    pressure: gauge('count', 'Of the air'),
    turns: counter('count', 'Turns', { due: 'detail', prometheus: 'node_wheel_turns_total' }),
  },
});
const top = group({ name: 'top_wheel', help: 'Fastest', list: true, fields: { pid: gauge('count', 'Pid') } });

const START = Date.parse('2026-11-21T12:00:00Z');
const HOST = { host: 'web-1' };

const sampleAt = (seconds: number, ...readings: readonly Reading[]): LogRecord => {
  const time = START + seconds * 1000;
  const sample: Sample = {
    time,
    ...HOST,
    boot: 'b',
    interval: 5,
    readings: new Map(readings.map((reading) => [reading.group.name, reading])),
  };
  return { kind: 'sample', time, ...HOST, sample };
};

const RECORDS: readonly LogRecord[] = [
  { kind: 'schema', time: START, ...HOST, v: 1, groups: [wheel, top] },
  { kind: 'start', time: START, ...HOST, boot: 'b', interval: 5, version: '1', pid: 7 },
  sampleAt(
    0,
    {
      group: wheel,
      rows: [row(['left'], { pressure: 2.5, turns: 1_000_000 }), row(['right'], { pressure: 2, turns: 3 })],
    },
    { group: top, rows: [row([], { pid: 3 })] },
  ),
  { kind: 'gap', time: START + 4000, ...HOST, reason: 'late', seconds: 1, missed: 1 },
  sampleAt(5, { group: wheel, rows: [row(['left'], { pressure: 2.25 })] }),
  { kind: 'stop', time: START + 6000, ...HOST, reason: 'SIGTERM' },
];

const lineOf = await createLineMaker(encodeRecord);
const LINES = RECORDS.map((record, index) => lineOf(record, index + 1));
const log = join(folder, 'log');
writeFileSync(log, LINES.join(''));

const exported = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await sysmon(['export', log, ...words], {
    clock: fakeClock(START + 60_000),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

const LAST = `# HELP node_wheel_turns_total Turns
# TYPE node_wheel_turns_total counter
node_wheel_turns_total{side="left"} 1e+06
# HELP sysmon_wheel_pressure Of the air
# TYPE sysmon_wheel_pressure gauge
sysmon_wheel_pressure{side="left"} 2.25
`;

describe('sysmon export', () => {
  test('--last gives the newest value of everything that is still there', async () => {
    expect(await exported('--last')).toBe(LAST);
    expect(await exported('--last', '--format', 'prometheus')).toBe(LAST);
    expect(await exported('--last', '--format', 'openmetrics')).toBe(
      `${LAST.replace(/^# (HELP|TYPE) node_wheel_turns_total/gm, '# $1 node_wheel_turns')}# EOF\n`,
    );
    expect(await exported('--last', '--format', 'csv')).toBe(
      'time,wheel[left].turns,wheel[left].pressure\n2026-11-21T12:00:05.000Z,1000000,2.25\n',
    );
    expect(JSON.parse(await exported('--last', '--format', 'json'))).toMatchObject({
      msg: 'sample',
      seq: 5,
      wheel: { left: { turns: 1_000_000, pressure: 2.25 } },
    });
  });

  test('gives the records as they are in the log', async () => {
    expect(await exported('--format', 'json')).toBe(LINES.join(''));
    expect(await exported('--format', 'json', '--since', '57s')).toBe(LINES.slice(3).join(''));
  });

  test('gives all points of a range with their times', async () => {
    const families = parseExposition(await exported());
    expect(families.flatMap(({ series }) => series)).toEqual([
      { name: 'node_wheel_turns_total', labels: { side: 'left' }, value: 1e6, time: START },
      { name: 'node_wheel_turns_total', labels: { side: 'right' }, value: 3, time: START },
      { name: 'sysmon_wheel_pressure', labels: { side: 'left' }, value: 2.5, time: START },
      { name: 'sysmon_wheel_pressure', labels: { side: 'left' }, value: 2.25, time: START + 5000 },
      { name: 'sysmon_wheel_pressure', labels: { side: 'right' }, value: 2, time: START },
    ]);
    const [family] = parseExposition(await exported('--since', '2026-11-21T12:00:01Z', '--until', 'now'));
    expect(family?.series).toHaveLength(1);
  });

  test.each([
    ['prometheus', ''],
    ['openmetrics', '# EOF\n'],
    ['json', ''],
    ['csv', 'time\n'],
  ])('says that there is nothing of a range, in %s', async (format, stdout) => {
    const words = ['export', log, '--since', 'tomorrow', '--format', format];
    expect(await sysmon(words, { clock: fakeClock(START) })).toEqual({
      code: 0,
      stdout,
      stderr: `sysmon export: ${log} holds nothing of this time\n`,
    });
  });

  test('takes the log as an option as well', async () => {
    const words = ['export', '--file', log, '--last'];
    expect(await sysmon(words)).toEqual({ code: 0, stdout: LAST, stderr: '' });
    expect((await sysmon([...words, log])).stdout).toBe(LAST);
  });

  test('--last has one time: that of its newest values', async () => {
    const path = join(folder, 'clock');
    const time = (seconds: number): Reading => ({
      group: GROUPS.get('clock') as Group,
      rows: [row([], { time_seconds: START / 1000 + seconds })],
    });
    const speed = { group: wheel, rows: [row(['left'], { pressure: 1 })] };
    const shown = async (...records: readonly LogRecord[]) => {
      writeFileSync(path, [RECORDS[0] as LogRecord, ...records].map(lineOf).join(''));
      const { stdout } = await sysmon(['export', path, '--last']);
      return parseExposition(stdout).find(({ name }) => name === 'node_time_seconds')?.series[0]?.value;
    };
    expect(await shown(sampleAt(0, time(0.004), speed), sampleAt(30, speed))).toBe(START / 1000 + 30);
    // What was read at that very moment is exact.
    expect(await shown(sampleAt(0, time(0.004), speed))).toBe(START / 1000 + 0.004);
  });

  test('gives a table', async () => {
    expect(await exported('--format', 'csv')).toBe(
      [
        'time,wheel[left].pressure,wheel[left].turns,wheel[right].pressure,wheel[right].turns',
        '2026-11-21T12:00:00.000Z,2.5,1000000,2,3',
        '2026-11-21T12:00:05.000Z,2.25,,,',
        '',
      ].join('\n'),
    );
  });

  const foreign = join(folder, 'foreign');
  writeFileSync(foreign, 'hello\n');
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');

  test.each([
    [[join(folder, 'none'), '--last'], 1, /there is no log at .*none/],
    [[foreign], 1, /foreign is not a log of sysmon/],
    [[empty, '--last'], 1, /empty holds no samples/],
    [[folder], 1, /is a directory/],
    [[log, '--last', '--since', '2h'], 2, /--last.*cannot be used with.*--since/],
    [[log, '--since', 'soon'], 2, /soon.*yesterday 14:00/],
    [[log, '--since', '1h', '--until', '2h'], 2, /--since is later than --until/],
    [[log, '--format', 'xml'], 2, /xml.*prometheus, openmetrics, csv, json/],
    [[log, log], 2, /too many arguments/],
  ])('%j ends with %d and one clear line', async (words, code, message) => {
    const result = await sysmon(['export', ...words], { clock: fakeClock(START) });
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(result.stderr.split('\n')[0]).toMatch(message);
    expect(result.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });

  test('an archive alone is no log, and what to do with it is said', async () => {
    const archive = join(folder, 'old.gz');
    writeFileSync(archive, gzipSync(readFileSync(log)));
    const { code, stderr } = await sysmon(['export', archive]);
    expect([code, stderr.split('\n')[1]]).toEqual([1, expect.stringContaining('zcat')]);
  });

  test('an empty log has an empty export', async () => {
    const { code, stdout } = await sysmon(['export', empty]);
    expect([code, stdout]).toEqual([0, '']);
  });

  describe('of names that a terminal would act on', () => {
    const odd = join(folder, 'odd');
    const names = ['m\u001b]0;pwn\u0007', 'c\u009b31m'];
    const rows = names.map((name) => row([name], { pressure: 1 }));
    writeFileSync(odd, [RECORDS[0] as LogRecord, sampleAt(0, { group: wheel, rows })].map(lineOf).join(''));
    const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

    test.each(['prometheus', 'openmetrics', 'csv', 'json'])('%s shows none on a terminal', async (format) => {
      for (const last of [[], ['--last']]) {
        const { stdout } = await sysmon(['export', odd, '--format', format, ...last], { terminal: true });
        expect(stdout).toContain(']0;pwn');
        expect(stdout).not.toMatch(ACTS);
      }
    });

    test('a file gets the names as they are, and JSON with escapes', async () => {
      expect((await sysmon(['export', odd])).stdout).toContain(`side="${names[0]}"`);
      const { stdout } = await sysmon(['export', odd, '--format', 'json', '--last']);
      expect(stdout).not.toMatch(ACTS);
      expect(Object.keys(JSON.parse(stdout).wheel)).toEqual(names);
    });

    test('the log shows none to who looks at it', () => {
      expect(readFileSync(odd, 'utf8')).not.toMatch(ACTS);
    });

    test('a path is told without', async () => {
      const { stderr } = await sysmon(['export', join(folder, names[0] as string)]);
      expect(stderr).toContain('m\\x1b]0;pwn\\x07');
      expect(stderr).not.toMatch(ACTS);
    });
  });

  test('ends when nobody reads any more', async () => {
    const big = join(folder, 'big');
    const samples = Array.from({ length: 3000 }, (_, at) =>
      sampleAt(at, { group: wheel, rows: [row(['left'], { pressure: at })] }),
    );
    writeFileSync(big, [RECORDS[0] as LogRecord, ...samples].map(lineOf).join(''));
    const { world, stdout, closeStdout } = testWorld();
    let writes = 0;
    const write = (text: string | Uint8Array): void => {
      writes++;
      closeStdout();
      world.stdout.write(text);
    };
    const watched = { ...world, stdout: { ...world.stdout, write } };
    expect(await main(['export', big, '--format', 'json'], watched)).toBe(0);
    expect(writes).toBe(1);
    expect(stdout().length).toBeLessThan(100_000);
  });
});
