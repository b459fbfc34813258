/**
 * A follower on a real file system against a writer and a rotator who may do a step between any two system calls of the follower, and against
 * programs that run beside it: 10,000 rotations, each line exactly once and in order. What the world leaves out is said in test/lines/follow/model.test.ts.
 */

import { spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFollower } from '../../src/lines/follow/index.js';
import { realWorld } from '../../src/world.js';
import { followWorld } from '../lines/follow/follow-world.js';
import { hooked } from '../lines/follow/hooked.js';
import { type Disk, openWorld, seeded } from '../lines/follow/world.js';

const realDisk: Disk = {
  open: (path) => openSync(path, 'a'),
  close: closeSync,
  write: writeSync,
  rename: renameSync,
  copy: copyFileSync,
  truncate: (path) => truncateSync(path),
  unlink: unlinkSync,
  exists: existsSync,
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sysmon-follow-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { clock } = realWorld(process);

/** The world does its steps while the follower sleeps too. */
const restless = (call: () => void) => ({
  ...clock,
  sleep: async (ms: number, signal?: AbortSignal) => {
    const until = clock.monotonic() + ms / 1000;
    while (clock.monotonic() < until && signal?.aborted !== true) {
      for (let i = 0; i < 10; i++) call();
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
});

const ROTATIONS = 5000;

describe.each([
  ['events', true],
  ['polling', false],
])('on a real file system, with %s', (_, events) => {
  it(`gives each line once and in order, over ${ROTATIONS} rotations`, async () => {
    const path = join(folder, 'app.log');
    const random = seeded(events ? 1 : 2);
    const world = openWorld(realDisk, path, random, ROTATIONS);
    let call = (): void => {};
    const counts = await followWorld(world, path, ROTATIONS, random, {
      events,
      pollSeconds: 0.002,
      clock: restless(() => call()),
      fileSystem: hooked(() => call()),
      onCall: (given) => {
        call = given;
      },
    });
    for (const kind of ['rename', 'copytruncate', 'truncate', 'delete'])
      expect(counts[kind]).toBeGreaterThan(500);
    expect(counts['restart']).toBeGreaterThan(20);
    expect(world.lines()).toBeGreaterThan(ROTATIONS);
  });
});

/** Writes lines one by one, and rotates by renaming whenever it likes: nothing waits for anybody. */
const WRITER = `
const fs = require('node:fs');
const [path, rotations] = process.argv.slice(1);
const kept = [];
let fd = fs.openSync(path, 'a');
let line = 0;
for (let i = 0; i < Number(rotations); i++) {
  for (let j = 0; j < 1 + (i * 7) % 60; j++) fs.writeSync(fd, line++ + (j % 3 === 0 ? ' ' + 'y'.repeat(j * 50) : '') + '\\n');
  fs.renameSync(path, path + '-20261121T' + String(i).padStart(6, '0'));
  if (i % 2) fs.closeSync(fs.openSync(path, 'a'));
  fs.writeSync(fd, line++ + ' after the name had gone\\n');
  fs.closeSync(fd);
  fd = fs.openSync(path, 'a');
  if (i % 5 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}
fs.writeSync(fd, 'end ' + line + '\\n');
`;

describe.each([
  ['events', true],
  ['polling', false],
])('beside a program that rotates, with %s', (_, events) => {
  it('gives each line once and in order', async () => {
    const path = join(folder, 'app.log');
    closeSync(openSync(path, 'a'));
    const follower = openFollower({
      files: [{ path }],
      by: 'name',
      retry: true,
      pass: 'lines',
      events,
      pollSeconds: 0.01,
      clock,
    });
    let isWritten = false;
    let next = 0;
    let found = 0;
    let end = '';
    for await (const item of follower) {
      // Only now is it sure to know the first file.
      if (item.kind === 'idle' && !isWritten) {
        isWritten = true;
        spawn(process.execPath, ['-e', WRITER, path, '1000'], { stdio: 'inherit' });
      }
      if (item.kind === 'happening' && item.happening.what === 'found') found++;
      if (item.kind !== 'bytes') continue;
      for (const line of Buffer.from(item.bytes)
        .toString()
        .split(/(?<=\n)/)) {
        if (line.startsWith('end')) end = line;
        else if (Number(/^(\d+)(?: .*)?\n$/.exec(line)?.[1]) !== next++)
          throw new Error(`${next - 1}: ${line}`);
      }
      if (end !== '') follower.finish();
    }
    expect(end).toBe(`end ${next}\n`);
    expect(next).toBeGreaterThan(10_000);
    // It was too quick for a follower that knows only what the name leads to.
    expect(found).toBeGreaterThan(0);
  });
});
