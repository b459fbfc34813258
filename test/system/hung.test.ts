/** Parts of the machine that never answer: sampling goes on without them, and a run still ends. */

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../logs/bench-log.js';
import { procfsWith } from './procfs.js';
import { has, isRoot, run, runSysmon, SYSMON, samplesOf } from './sysmon.js';

/** A sysfs with one chip that has one sensor. */
const sensor = (): { readonly sysfs: string; readonly input: string } => {
  const sysfs = temporaryFolder();
  const chip = join(sysfs, 'class/hwmon/hwmon0');
  mkdirSync(chip, { recursive: true });
  writeFileSync(join(chip, 'name'), 'coretemp\n');
  return { sysfs, input: join(chip, 'temp1_input') };
};

const PACE = ['--file', '-', '--count', '12', '--interval', '200ms'];

test.skipIf(!has('strace'))(
  'a sensor whose driver hangs is told as failed, and read again once it answers',
  () => {
    const { sysfs, input } = sensor();
    writeFileSync(input, '42000\n');
    // The first read of the file takes three seconds.
    const delay = [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-P',
      input,
      '-e',
      'inject=read,pread64:delay_enter=3s:when=1',
    ];
    // strace counts by thread: with a second one, a later read could be somebody's first again.
    const oneThread = ['env', 'UV_THREADPOOL_SIZE=1', process.execPath];
    const { status, stdout } = run('strace', [
      ...delay,
      ...oneThread,
      SYSMON,
      'log',
      '--sysfs',
      sysfs,
      ...PACE,
    ]);
    expect(status).toBe(0);
    const samples = samplesOf(stdout);
    expect(samples).toHaveLength(12);
    const reasons = samples.map(({ failed }) => failed?.['hwmon']);
    expect(reasons[0]).toBe('no answer within 2 s');
    expect(reasons[1]).toMatch(/^no answer for \d s$/);
    expect(reasons.at(-1)).toBeUndefined();
    expect(samples.at(-1)?.['hwmon']).toEqual({ coretemp: { temp1: { celsius: 42 } } });
    // The others do not wait with it.
    for (const { cpu, memory, failed } of samples) {
      expect(memory.used_percent).toBeGreaterThan(0);
      expect(cpu).toBeDefined();
      expect(Object.keys(failed ?? {}).filter((group) => !group.startsWith('hwmon'))).toEqual([]);
    }
  },
);

test('what waits for a writer that never comes does not hold a run', () => {
  const { sysfs, input } = sensor();
  expect(run('mkfifo', [input]).status).toBe(0);
  const { status, stdout } = runSysmon('log', '--sysfs', sysfs, ...PACE);
  expect(status).toBe(0);
  expect(samplesOf(stdout).map(({ hwmon }) => hwmon)).toEqual(Array(12).fill({}));
}, 20_000);

const canHang = isRoot && existsSync('/dev/fuse') && has('python3');

/** Runs sysmon beside a mount of this user that never answers. */
const besideMount = (user: string) => {
  const mountpoint = temporaryFolder();
  // Else it is the first process's mounts that count, and that one does not see this.
  const procfs = procfsWith('/proc/self/mountinfo');
  const program = new URL('programs/hang-mount.py', import.meta.url).pathname;
  const beside = (...words: readonly string[]) =>
    run('python3', [program, mountpoint, user, process.execPath, SYSMON, ...words, '--procfs', procfs], {
      timeout: 60_000,
    });
  return { mountpoint, beside };
};

test.skipIf(!canHang).each([
  // Python gives the number of a signal as a negative code.
  ['check', ['check', '--temperature', '80'], 3],
  ['a run of one sample', ['log', '--file', '-', '--count', '1'], 256 - 15],
])('%s ends though a sensor never answers', (_, words, code) => {
  const { mountpoint, beside } = besideMount('0');
  const { sysfs, input } = sensor();
  symlinkSync(join(mountpoint, 'none'), input);
  const { status, stdout } = beside(...words, '--sysfs', sysfs);
  expect(status).toBe(code);
  expect(stdout).toContain('no answer within 2 s');
});

test.skipIf(!canHang)('a mount that lets in only its own user is no number, and no worry to others', () => {
  const { mountpoint, beside } = besideMount('4242');
  const { status, stdout } = beside('log', '--file', '-', '--count', '1');
  expect(status).toBe(0);
  expect(samplesOf(stdout)[0]?.filesystem[mountpoint]).toEqual({
    device: 'server:/export',
    fstype: 'fuse.sshfs',
    aside: 'private',
    readonly: 0,
    device_error: 1,
  });
  expect(beside('check', '--disk', '101').status).toBe(0);
  expect(beside('check', '--disk', `${mountpoint}=80,90`).status).toBe(3);
});

test.skipIf(!canHang)('a network mount that hangs has no numbers, the others have, and the run ends', () => {
  const { mountpoint, beside } = besideMount('0');
  const { status, stdout } = beside('log', ...PACE);
  expect(status).toBe(0);
  const samples = samplesOf(stdout);
  expect(samples).toHaveLength(12);
  for (const { filesystem } of samples) {
    expect(filesystem[mountpoint]).toEqual({
      device: 'server:/export',
      fstype: 'fuse.sshfs',
      readonly: 0,
      device_error: 1,
    });
    expect(filesystem['/'].size_bytes).toBeGreaterThan(0);
  }
  const checked = beside('check', '--disk', `${mountpoint}=80,90`, '--missing', 'ok');
  expect(checked.status).toBe(0);
  expect(beside('check', '--disk', `${mountpoint}=80,90`).status).toBe(3);
});
