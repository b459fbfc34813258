/**
 * A follower on a real file system against a writer and a rotator who may do a step between any two system calls of the follower, and against
 * programs that run beside it: 10,000 rotations, each line exactly once and in order. What the world leaves out is said in test/lines/follow/model.test.ts.
 */

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
import { type FileSystem, realFileSystem } from '../../src/lines/follow/file-system.js';
import { realWorld } from '../../src/world.js';
import { followWorld } from '../lines/follow/follow-world.js';
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

/** Calls back before each call. */
const hooked = (call: () => void): FileSystem => {
  const before =
    <A extends unknown[], R>(original: (...args: A) => R) =>
    (...args: A): R => {
      call();
      return original(...args);
    };
  const { open, close, stat, fstat, read, list } = realFileSystem;
  return {
    ...realFileSystem,
    open: before(open),
    close: before(close),
    stat: before(stat),
    fstat: before(fstat),
    read: before(read),
    list: before(list),
  };
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
