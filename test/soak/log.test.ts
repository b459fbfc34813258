/** An hour of recording at a hundred samples a second: nothing lost, nothing that grows. `SOAK_MINUTES` changes the hour. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openLog } from '../../src/logs/reader.js';
import { GROUPS } from '../../src/vitals/index.js';

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 60);
const GROWTH_KB = 5 * 1024;
const LOOKS = 20;
const LOOK_SECONDS = 1;

const residentKb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** What it holds for good: the least of a few looks, as a file that is being compressed takes some MB for a second. */
const settledKb = async (pid: number): Promise<number> => {
  let least = residentKb(pid);
  for (let look = 0; look < LOOKS; look++) {
    await sleep(LOOK_SECONDS);
    least = Math.min(least, residentKb(pid));
  }
  return least;
};

const sleep = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, seconds * 1000));

test(`${MINUTES} minutes of recording`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sysmon-soak-'));
  const file = join(folder, 'sysmon.log');
  const bin = fileURLToPath(new URL('../../bin/sysmon.js', import.meta.url));
  const options = [
    '--file',
    file,
    '--interval',
    '10ms',
    '--max-size',
    '10MB',
    '--max-total',
    '10GB',
    '--keep',
    '100000',
  ];
  const child = spawn(process.execPath, [bin, 'log', ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  try {
    const pid = child.pid as number;
    await sleep(60);
    const first = await settledKb(pid);
    let most = first;
    for (let minute = 2; minute < MINUTES; minute++) {
      await sleep(60 - LOOKS * LOOK_SECONDS);
      most = Math.max(most, await settledKb(pid));
    }
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const log = openLog(file, GROUPS);
    let seq = 0;
    let holes = 0;
    for (const record of log.records({})) {
      if (record.seq !== seq + 1) holes++;
      seq = record.seq as number;
    }
    log.close();
    expect(holes).toBe(0);
    expect(seq).toBeGreaterThan(MINUTES * 60 * 50);
    // Last, so that what it wrote is known whatever it took.
    expect(most - first).toBeLessThan(GROWTH_KB);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
