/** What sysmon exports, read by Prometheus's own tool. Needs Debian's prometheus package. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SYSMON = new URL('../../bin/sysmon.js', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'sysmon-promtool-'));
const log = join(folder, 'log');

const run = (command: string, words: readonly string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(command, words, {
    encoding: 'utf8',
    input,
    maxBuffer: 256 * 1024 ** 2,
  });
  return { status, stdout, stderr };
};

const sysmon = (...words: readonly string[]): string => {
  const { status, stdout, stderr } = run(process.execPath, [SYSMON, ...words]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};

beforeAll(() => {
  // Small files, so that the range goes over several of them.
  const pace = ['--count', '40', '--interval', '50ms', '--detail-interval', '500ms', '--max-size', '60000'];
  sysmon('log', '--file', log, ...pace);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([[['--last']], [[]]])('promtool reads the text format of export %j', (words) => {
  const { status, stderr } = run('promtool', ['check', 'metrics'], sysmon('export', log, ...words));
  // 3 is for what promtool would name otherwise; node_exporter's own names are among that, ours must not be.
  expect([0, 3]).toContain(status);
  expect(stderr.split('\n').filter((line) => !line.startsWith('node_') && line !== '')).toEqual([]);
});

test('promtool makes blocks of the OpenMetrics format, with every point in them', () => {
  const text = sysmon('export', log, '--format', 'openmetrics');
  const file = join(folder, 'all.om');
  const data = join(folder, 'data');
  writeFileSync(file, text);
  const made = run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, data]);
  expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' });
  // `tsdb dump` does not open a database without a write-ahead log.
  mkdirSync(join(data, 'wal'));
  const dumped = run('promtool', ['tsdb', 'dump', data]).stdout.trim().split('\n');
  const points = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(points.length).toBeGreaterThan(1000);
  expect(dumped).toHaveLength(points.length);
});
