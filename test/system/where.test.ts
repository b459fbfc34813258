/**
 * `--where` held against jq, over lines made at random and a sysmon log: the same lines. Loki's logcli, the other peer, is packaged neither by Debian
 * nor for npm; what its documentation says is in test/lines/where/where.test.ts.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has, run, runSysmon } from './sysmon.js';

const text = fc.constantFrom(
  'web-1',
  'web-2',
  'Error: a "b"',
  'error',
  'é',
  '',
  'a\nb',
  '91',
  '{"cpu":{"used_percent":99}}',
);
const number = fc.oneof(fc.integer({ min: -5, max: 105 }), fc.double({ min: 0, max: 100, noNaN: true }));
const percent = fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: fc.constant(null) });

const record = fc.record(
  {
    level: fc.constantFrom(30, 40, 50),
    host: text,
    msg: text,
    memory: fc.record({ used_percent: number }),
    cpu: fc.record({ user_percent: number, used_percent: percent }, { requiredKeys: [] }),
    filesystem: fc.dictionary(
      fc.constantFrom('/', '/var', '/srv'),
      fc.record({ device: text, used_percent: number }),
    ),
    status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constant('503')),
    nested: fc.record({ cpu: fc.record({ used_percent: number }) }),
  },
  { requiredKeys: ['level'] },
);

/** Expressions, and the same in jq's language; `is` is true of a number that passes. */
const PAIRS: readonly (readonly [where: string, jq: string])[] = [
  ['cpu.used_percent > 90', '.cpu.used_percent | is(. > 90)'],
  ['cpu_used_percent > 90', '.cpu.used_percent | is(. > 90)'],
  ['cpu.used_percent <= 10 or cpu.used_percent != 50', '.cpu.used_percent | is(. <= 10 or . != 50)'],
  ['filesystem[/var].used_percent >= 80', '.filesystem["/var"].used_percent | is(. >= 80)'],
  ['filesystem__var_used_percent < 20', '.filesystem["/var"].used_percent | is(. < 20)'],
  ['filesystem.used_percent > 90', 'any(.filesystem[]?; .used_percent > 90)'],
  ['filesystem.device = "web-1"', 'any(.filesystem[]?; .device == "web-1")'],
  ['host = "web-1"', '.host == "web-1"'],
  ['host != "web-1"', '.host != "web-1"'],
  ['host = ""', '(.host // "") == ""'],
  ['host = `Error: a "b"`', String.raw`.host == "Error: a \"b\""`],
  ['host =~ "(?i)err.*"', '(.host // "") | test("^(?:err.*)$"; "is")'],
  ['host !~ "web-[0-9]"', '(.host // "") | test("^(?:web-[0-9])$") | not'],
  ['host = "é", level >= 40', '.host == "é" and .level >= 40'],
  ['status >= 500 and status < 510', '.status | (numbers, (strings | tonumber)) | . >= 500 and . < 510'],
  [
    '(level = 50 or host = "error") and memory.used_percent > 20',
    '(.level == 50 or .host == "error") and (.memory.used_percent | is(. > 20))',
  ],
  [
    'level = 50 or host = "error" and memory.used_percent > 20',
    '.level == 50 or (.host == "error" and (.memory.used_percent | is(. > 20)))',
  ],
];

const parse = (lines: string): readonly unknown[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

describe.skipIf(!has('jq'))('--where', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sysmon-where-'));
    file = join(folder, 'a.log');
    const records = fc.sample(record, 4000).map((one, seq) => JSON.stringify({ ...one, seq }));
    writeFileSync(file, `${records.join('\n')}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(PAIRS)('%s', (where, filter) => {
    const program = `def is(f): if type == "number" then f else false end; select(${filter})`;
    const expected = parse(
      run('jq', ['-c', program, file], { env: { ...process.env, LC_ALL: 'C.UTF-8' } }).stdout,
    );
    const found = runSysmon('grep', '--format', 'json', '--where', where, file);
    expect(found.stderr).toBe('');
    expect(expected.length).toBeGreaterThan(0);
    expect(parse(found.stdout)).toEqual(expected);
    expect(runSysmon('grep', '-c', '--format', 'json', '--where', where, file).stdout).toBe(
      `${expected.length}\n`,
    );
  });

  it("reads sysmon's own log", () => {
    const log = join(folder, 'sysmon.log');
    expect(runSysmon('log', '--file', log, '--count', '5', '--interval', '100ms').status).toBe(0);
    const total = '.memory.total_bytes | . != null and . > 1000000';
    const expected = parse(run('jq', ['-c', `select(${total})`, log]).stdout);
    expect(expected.length).toBe(5);
    for (const where of ['memory.total_bytes > 1MB', 'memory_total_bytes > 1MB', 'memory.total_bytes > 1e6'])
      expect(parse(runSysmon('grep', '--where', where, log).stdout)).toEqual(expected);
  });
});
