/** In a control group of its own, as a container has it: its limits are all there is. */

import { type ChildProcess, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../logs/bench-log.js';
import { type Ended, isRoot, run, SYSMON, samplesOf } from './sysmon.js';

const ROOT = '/sys/fs/cgroup';
const MIB = 2 ** 20;
const LIMIT = 512 * MIB;
const CORES = 0.5;

/** Where the kernel has its groups for a controller, version 1; undefined where that is not bound to version 1. */
const mountOf = (controller: string): string | undefined => {
  const mount = join(ROOT, controller);
  return existsSync(join(mount, 'cgroup.procs')) ? realpathSync(mount) : undefined;
};

const writable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const MEMORY = mountOf('memory');
const CPU = mountOf('cpu');
const hasMemory = isRoot && MEMORY !== undefined && writable(MEMORY);
const hasQuota = isRoot && CPU !== undefined && existsSync(join(CPU, 'cpu.cfs_quota_us')) && writable(CPU);

const made: string[] = [];
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended;
  }
  for (const folder of made.splice(0)) {
    // The kernel lets go of the last process a moment after it has ended.
    for (let tries = 0; existsSync(folder) && tries < 50; tries++) {
      try {
        rmdirSync(folder);
      } catch {
        await sleep(20);
      }
    }
    expect(existsSync(folder)).toBe(false);
  }
});

const NAME = `sysmon-test-${process.pid}`;

/** A group of one controller: its files are written, and its folder is given. */
const makeGroup = (mount: string, files: Readonly<Record<string, string>>): string => {
  const folder = join(mount, NAME);
  if (!made.includes(folder)) {
    mkdirSync(folder);
    made.push(folder);
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

/** Goes into the groups itself and then runs the program, so that all the program has is theirs. */
const ENTER = `
const { writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const [groups, ...words] = process.argv.slice(1);
for (const group of groups.split(':')) writeFileSync(group + '/cgroup.procs', String(process.pid));
process.exitCode = spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 70;
`;

const runIn = (groups: readonly string[], ...words: readonly string[]): Ended =>
  run(process.execPath, ['-e', ENTER, groups.join(':'), SYSMON, ...words]);

const logIn = (groups: readonly string[], ...words: readonly string[]) => {
  const { status, stdout, stderr } = runIn(groups, 'log', '--file', '-', '--top', '0', ...words);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return samplesOf(stdout);
};

test.runIf(hasMemory)('a limit of 512 MiB is the total, and what is used is the group’s own', () => {
  const group = makeGroup(MEMORY ?? '', { 'memory.limit_in_bytes': `${LIMIT}` });
  const samples = logIn([group], '--count', '2', '--interval', '200ms');
  expect(samples).toHaveLength(2);
  for (const { memory } of samples) {
    expect(memory).toMatchObject({ limited_by: `cgroup /${NAME}`, total_bytes: LIMIT });
    expect(memory.used_bytes + memory.available_bytes).toBe(LIMIT);
    // Two Node processes and nothing else: the machine beside them has far more in use.
    expect(memory.used_bytes).toBeGreaterThan(10 * MIB);
    expect(memory.used_percent).toBeCloseTo((memory.used_bytes / LIMIT) * 100, 1);
    expect(memory).not.toHaveProperty('free_bytes');
  }
  expect(samples[0]?.['cgroup']).toMatchObject({ path: `/${NAME}`, memory_limit_bytes: LIMIT });
  // What node_exporter tells is the machine’s all the same.
  expect(samples[0]?.['meminfo'].MemTotal_bytes).toBeGreaterThan(LIMIT);
});

test.runIf(hasMemory)('a check says of which group its shares are, read now or from the log', () => {
  const group = makeGroup(MEMORY ?? '', { 'memory.limit_in_bytes': `${LIMIT}` });
  const file = join(temporaryFolder(), 'log');
  const logged = runIn([group], 'log', '--file', file, '--count', '2', '--interval', '200ms');
  expect(logged).toEqual({ status: 0, stdout: '', stderr: '' });
  const words = ['check', '--verbose', '--format', 'json', '--memory', '1,99'];
  const now = runIn([group], ...words);
  const from = run(process.execPath, [SYSMON, ...words, '--file', file]);
  for (const { status, stdout } of [now, from]) {
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.any(String) });
    const { source, verdicts } = JSON.parse(stdout);
    expect(source).toContain(`within the limits of cgroup /${NAME}`);
    // Two Node processes are some 2 to 40 % of 512 MiB.
    expect(verdicts[0]).toMatchObject({ path: 'memory.used_percent', state: 'warning' });
    expect(verdicts[0].value).toBeLessThan(50);
  }
  expect(run(process.execPath, [SYSMON, ...words]).stdout).not.toContain(NAME);
});

test.runIf(hasMemory)('a limit that is above what the machine has is none', () => {
  const group = makeGroup(MEMORY ?? '', { 'memory.limit_in_bytes': `${1024 ** 5}` });
  const [sample] = logIn([group], '--count', '1');
  expect(sample?.['memory']).not.toHaveProperty('limited_by');
  expect(sample?.['memory'].total_bytes).toBe(sample?.['meminfo'].MemTotal_bytes);
  expect(sample?.['memory'].total_bytes).toBeGreaterThan(freemem());
});

test.runIf(hasQuota)('with a quota of half a CPU, all of that half is 100 %', async () => {
  const cpu = makeGroup(CPU ?? '', {
    'cpu.cfs_period_us': '100000',
    'cpu.cfs_quota_us': `${CORES * 100_000}`,
  });
  const groups = [
    ...new Set([cpu, ...[mountOf('cpuacct')].flatMap((mount) => (mount ? makeGroup(mount, {}) : []))]),
  ];
  const spinner = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  started.push(spinner);
  for (const group of groups) writeFileSync(join(group, 'cgroup.procs'), `${spinner.pid}`);
  // Who looks on is in the same group and held back with the spinner: ticks are far enough apart not to be late for it.
  const samples = logIn(groups, '--count', '3', '--interval', '2s');
  const last = samples.at(-1);
  expect(last?.['cpu']).toMatchObject({ limited_by: `cgroup /${NAME}`, limit_cores: CORES });
  expect(last?.['cpu'].used_percent).toBeGreaterThan(80);
  expect(last?.['cpu'].used_percent).toBeLessThanOrEqual(100);
  expect(samples[0]?.['cgroup'].cpu_limit_cores).toBe(CORES);
  expect(last?.['cgroup'].cpu_throttled_percent).toBeGreaterThan(50);
  expect(last?.['cgroup'].cpu_used_percent).toBeGreaterThan(40);
  expect(last?.['cgroup'].cpu_used_percent).toBeLessThan(65);
});
