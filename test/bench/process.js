/** Starts what is measured, and reads from /proc what it uses. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const SYSMON = new URL('../../bin/sysmon.js', import.meta.url).pathname;

export const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
};

/** Whether a program is there to be compared with. */
export const isInstalled = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** Runs `use` with a process that lives as long as that takes; throws what the process says when it ended before. */
export const withProcess = async (program, args, use) => {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-2000);
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const failed = new Promise((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  try {
    const early = ended.then(() => {
      throw new Error(`${program} ended by itself: ${said}`);
    });
    return await Promise.race([use(child.pid), early, failed]);
  } finally {
    child.kill('SIGKILL');
    if (child.pid !== undefined) await ended;
  }
};

export const withSysmon = (args, use) => withProcess(process.execPath, [SYSMON, ...args], use);

export const withFolder = async (use) => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * CPU time of a process so far, s: the scheduler's own count in ns for each thread (Documentation/scheduler/sched-stats).
 * utime and stime of /proc/PID/stat have a grain of 10 ms, and getrusage() answers only once a child is gone, with its start-up
 * in it. What is measured here starts its threads once and keeps them.
 */
export const cpuSeconds = (pid) =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) =>
      sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e9,
    0,
  );

/** Resident memory of a process, bytes. */
export const residentBytes = (pid) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

/** Highest resident memory of a run, bytes: looked at until it ends. */
export const memoryOf = async (words) => {
  const [program, ...args] = words;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  let highest = 0;
  const timer = setInterval(() => {
    try {
      const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      highest = Math.max(highest, Number(kb ?? 0) * 1024);
    } catch {
      // It has ended.
    }
  }, 10);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  return highest;
};
