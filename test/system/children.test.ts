/** Which programs sysmon starts on Linux: none; one for network mounts, which serves every sample, and one for a check's sensors. Needs strace. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../logs/bench-log.js';
import { procfsWith } from './procfs.js';
import { has, run, SYSMON, samplesOf } from './sysmon.js';

interface Traced {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Programs started, Node itself left out. */
  readonly programs: readonly string[];
  /** Processes begun, threads left out. */
  readonly processes: readonly string[];
}

const trace = (...words: readonly string[]): Traced => {
  const file = join(temporaryFolder(), 'trace');
  const calls = 'trace=execve,execveat,fork,vfork,clone,clone3';
  const { status, stdout, stderr } = run('strace', [
    ...['-f', '-qq', '-s', '200', '-e', calls, '-e', 'signal=none', '-o', file],
    ...[process.execPath, SYSMON, ...words],
  ]);
  // A call that another thread interrupts is told in two lines, of which the second has no arguments.
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.includes(' resumed>'));
  const [own, ...programs] = lines.filter((line) => /\bexecve(at)?\(/.test(line));
  expect(own).toContain(process.execPath);
  const processes = lines.filter(
    (line) => /\b(fork|vfork|clone3?)\(/.test(line) && !line.includes('CLONE_THREAD'),
  );
  return { status, stdout, stderr, programs, processes };
};

const NONE = { programs: [], processes: [] };

describe.skipIf(process.platform !== 'linux' || !has('strace'))('on Linux', () => {
  const often = ['--interval', '100ms', '--detail-interval', '100ms'];

  test('a log starts no program', () => {
    const file = join(temporaryFolder(), 'sysmon.log');
    // Rotation and compression are no reason for one either.
    const words = ['--count', '10', '--max-size', '20000', '--process', 'node', '--process-arguments'];
    const { status, programs, processes } = trace('log', '--file', file, ...often, ...words);
    expect({ status, programs, processes }).toEqual({ status: 0, ...NONE });
    expect(readdirSync(join(file, '..')).filter((name) => name.endsWith('.gz')).length).toBeGreaterThan(0);
    const checked = trace('check', '--file', file, '--log-age', '1h', '--cpu', '101');
    expect(checked).toMatchObject({ status: 0, ...NONE });
  });

  test.each([
    ['by default', []],
    [
      'of everything but sensors',
      ['--defaults', '--cpu', '--disk', '--inodes', '--network-errors', '--process', 'node'],
    ],
    ['as JSON', ['--json']],
  ])('a check %s starts no program', (_, words) => {
    const traced = trace('check', '--missing', 'ok', ...words);
    expect([0, 1, 2]).toContain(traced.status);
    expect(traced).toMatchObject(NONE);
  });

  test('a check of a sensor starts one, which may hang in its place', () => {
    const sysfs = temporaryFolder();
    const chip = join(sysfs, 'class/hwmon/hwmon0');
    mkdirSync(chip, { recursive: true });
    writeFileSync(join(chip, 'temp1_input'), '42000\n');
    writeFileSync(join(chip, 'temp2_input'), '43000\n');
    const { status, programs, processes } = trace('check', '--temperature', '80', '--sysfs', sysfs);
    expect(status).toBe(0);
    expect(programs).toHaveLength(1);
    expect(programs[0]).toContain('sensor-child.js');
    expect(processes).toHaveLength(1);
  });

  const withNetworkMount = (): { readonly procfs: string; readonly mountpoint: string } => {
    const mountpoint = temporaryFolder();
    const table = readFileSync('/proc/self/mountinfo', 'utf8');
    const line = `999 1 0:99 / ${mountpoint} rw,relatime - nfs4 server:/export rw,vers=4.2\n`;
    const file = join(temporaryFolder(), 'mountinfo');
    writeFileSync(file, table + line);
    return { procfs: procfsWith(file), mountpoint };
  };

  test('with a network mount it is one, for all samples', () => {
    const { procfs, mountpoint } = withNetworkMount();
    const { status, stdout, programs, processes } = trace(
      ...['log', '--file', '-', '--procfs', procfs, '--count', '5', ...often],
    );
    expect(status).toBe(0);
    const spaces = samplesOf(stdout).map(({ filesystem }) => filesystem[mountpoint]);
    expect(spaces).toHaveLength(5);
    for (const space of spaces) {
      expect(space).toMatchObject({ fstype: 'nfs4', device_error: 0 });
      expect(space.size_bytes).toBeGreaterThan(0);
    }
    expect(programs).toHaveLength(1);
    expect(programs[0]).toContain('statfs-child.js');
    expect(processes).toHaveLength(1);
  });

  test('a check with a network mount starts one', () => {
    const { procfs, mountpoint } = withNetworkMount();
    const { status, programs, processes } = trace(
      ...['check', '--procfs', procfs, '--disk', `${mountpoint}=101`, '--cpu', '101'],
    );
    expect(status).toBe(0);
    expect(programs).toHaveLength(1);
    expect(processes).toHaveLength(1);
  });
});
