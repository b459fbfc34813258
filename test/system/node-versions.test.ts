/** The same build under every Node it is for, and under older ones. Installs them from the npm package `node`. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { recordsOf, run, SYSMON } from './sysmon.js';

const folder = mkdtempSync(join(tmpdir(), 'sysmon-nodes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Installs a Node and gives a way to run sysmon under it. */
const install = (version: string) => {
  const prefix = join(folder, version);
  const words = ['install', '--prefix', prefix, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = run('npm', [...words, `node@${version}`]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const node = join(prefix, 'node_modules', 'node', 'bin', 'node');
  expect(run(node, ['--version']).stdout).toMatch(new RegExp(`^v${version}\\.`));
  return (...args: readonly string[]) => run(node, [SYSMON, ...args]);
};

test.each(['20', '22', '24', '26'])(
  'Node %s runs every command, without a warning',
  (version) => {
    const sysmon = install(version);
    expect(sysmon('--version')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
    expect(sysmon('--help')).toMatchObject({ status: 0, stderr: '' });

    const piped = sysmon('log', '--count', '2', '--interval', '100ms', '--file', '-');
    expect(piped).toMatchObject({ status: 0, stderr: '' });
    expect(recordsOf(piped.stdout).filter(({ msg }) => msg === 'sample')).toHaveLength(2);

    const file = join(folder, `${version}.log`);
    const words = ['--file', file, '--count', '10', '--interval', '50ms', '--max-size', '20000'];
    expect(sysmon('log', ...words)).toEqual({ status: 0, stdout: '', stderr: '' });

    const live = sysmon('check', '--cpu', '101', '--disk', '--memory', '101');
    expect(live).toMatchObject({ stderr: '' });
    expect([0, 1, 2]).toContain(live.status);
    expect(sysmon('check', '--file', file, '--log-age', '1h', '--format', 'nagios')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^SYSMON OK - .*\|.*\n$/),
      stderr: '',
    });
    expect(sysmon('check', '--nonsense').status).toBe(3);

    const exported = sysmon('export', file, '--last');
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    expect(exported.stdout).toContain('\nnode_memory_MemTotal_bytes ');
    for (const format of ['openmetrics', 'json', 'csv'])
      expect(sysmon('export', file, '--format', format)).toMatchObject({ status: 0, stderr: '' });
  },
  120_000,
);

test.each(['16', '18'])(
  'Node %s gets one line',
  (version) => {
    const sysmon = install(version);
    const line = expect.stringMatching(/^sysmon: needs Node\.js 20 or later, and this is \d[\d.]+: .+\n$/);
    expect(sysmon('check')).toEqual({ status: 3, stdout: '', stderr: line });
    for (const words of [['--version'], ['log', '--count', '1'], []])
      expect(sysmon(...words)).toEqual({ status: 1, stdout: '', stderr: line });
  },
  120_000,
);
