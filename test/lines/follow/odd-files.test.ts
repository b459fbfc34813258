/** What is no plain file, may not be read, or is not told of; and many at once. */

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realFileSystem } from '../../../src/lines/follow/file-system.js';
import { openFollower } from '../../../src/lines/follow/index.js';
import { realWorld } from '../../../src/world.js';
import { type Collected, collect } from './collect.js';

let folder: string;
let log: string;
const running: Collected[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sysmon-follow-'));
  log = join(folder, 'app.log');
});

afterEach(async () => {
  for (const each of running.splice(0)) await each.abort();
  rmSync(folder, { recursive: true, force: true });
});

const start = (...args: Parameters<typeof collect>): Collected => {
  const collected = collect(...args);
  running.push(collected);
  return collected;
};

const failing = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

describe('following', () => {
  it('reads a FIFO through one writer after the other', async () => {
    execFileSync('mkfifo', [log]);
    const seen = start([log]);
    for (const text of ['one\n', 'two\n']) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const writer = openSync(log, 'w');
      writeSync(writer, text);
      closeSync(writer);
      await seen.until(() => seen.text(log).endsWith(text));
    }
    expect(seen.text(log)).toBe('one\ntwo\n');
  });

  it('reads a character device', async () => {
    const seen = start(['/dev/null'], { by: 'descriptor' });
    await seen.finish();
    expect(seen.happenings).toEqual([]);
  });

  it.each(['ENOSPC', 'EMFILE'])('polls where the system has no watches left: %s', async (code) => {
    writeFileSync(log, 'one\n');
    const seen = start([log], {
      pollSeconds: 0.01,
      fileSystem: { ...realFileSystem, watch: failing(code) },
    });
    await seen.until(() => seen.text(log) === 'one\n');
    expect(seen.polling).toEqual([code]);
    appendFileSync(log, 'two\n');
    await seen.until(() => seen.text(log) === 'one\ntwo\n');
  });

  it('polls where the file system tells nothing', async () => {
    writeFileSync(log, 'one\n');
    const seen = start([log], { pollSeconds: 0.01, fileSystem: { ...realFileSystem, tells: () => false } });
    await seen.until(() => seen.text(log) === 'one\n');
    expect(seen.polling).toEqual(['ENOTSUP']);
    appendFileSync(log, 'two\n');
    await seen.until(() => seen.text(log) === 'one\ntwo\n');
  });

  it('goes on where it was when a permission is lost and comes back', async () => {
    writeFileSync(log, 'one\n');
    let mode = 0o100644;
    const seen = start([log], {
      events: false,
      pollSeconds: 0.01,
      fileSystem: {
        ...realFileSystem,
        stat: (path) => {
          const status = realFileSystem.stat(path);
          return status && { ...status, mode };
        },
        fstat: (fd) => ({ ...realFileSystem.fstat(fd), mode }),
        open: (path) => (mode === 0o100000 ? failing('EACCES')() : realFileSystem.open(path)),
      },
    });
    await seen.until(() => seen.text(log) === 'one\n');
    mode = 0o100000;
    await seen.until(() => seen.happenings.length === 1);
    appendFileSync(log, 'two\n');
    mode = 0o100644;
    await seen.until(() => seen.text(log) === 'one\ntwo\n' && seen.happenings.length === 2);
    expect(seen.happenings).toEqual([
      { what: 'inaccessible', code: 'EACCES', givenUp: false },
      { what: 'accessible', same: true },
    ]);
  });

  it('says that a file cannot be read, and ends where nothing else is left', async () => {
    writeFileSync(log, 'one\n');
    const seen = start([log], { retry: false, fileSystem: { ...realFileSystem, read: failing('EIO') } });
    await seen.ended;
    expect(seen.happenings).toEqual([{ what: 'unreadable', code: 'EIO', givenUp: true }]);
  });

  it('gives what it had read when the file was truncated before it could look again', async () => {
    writeFileSync(log, 'one\n');
    let isArmed = false;
    const seen = start([log], {
      fileSystem: {
        ...realFileSystem,
        read: (fd, into, length, position) => {
          const count = realFileSystem.read(fd, into, length, position);
          if (isArmed && position === 4 && count > 0) {
            isArmed = false;
            writeFileSync(log, 'new\n');
          }
          return count;
        },
      },
    });
    await seen.until(() => seen.text(log) === 'one\n');
    isArmed = true;
    appendFileSync(log, 'two\n');
    await seen.until(() => seen.text(log) === 'one\ntwo\nnew\n');
  });

  it('waits a little for the end of a line before it goes on to the next file, raw', async () => {
    writeFileSync(log, 'one\npart');
    const seen = start([log], { pass: 'raw' });
    await seen.until(() => seen.text(log) === 'one\npart');
    const old = openSync(log, 'a');
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'next\n');
    await seen.until(() => seen.happenings.length === 1);
    writeSync(old, 'ial\n');
    closeSync(old);
    await seen.until(() => seen.text(log) === 'one\npartial\nnext\n');
  });

  it('gives every file its turn', async () => {
    const small = join(folder, 'small.log');
    writeFileSync(log, `${'x'.repeat(99)}\n`.repeat(50_000));
    writeFileSync(small, 'one\n');
    const order: string[] = [];
    const seen = openFollower({
      files: [{ path: log }, { path: small }],
      by: 'name',
      retry: true,
      pass: 'lines',
      events: true,
      clock: realWorld(process).clock,
    });
    for await (const item of seen) {
      if (item.kind === 'bytes') order.push(item.file.path === log ? 'large' : 'small');
      if (item.kind === 'idle') break;
    }
    expect(order.indexOf('small')).toBeLessThan(2);
    expect(order.length).toBeGreaterThan(15);
  });

  it('takes one watch for a directory, and leaves no descriptor open', async () => {
    const paths = Array.from({ length: 50 }, (_, i) => join(folder, `${i}.log`));
    for (const path of paths) writeFileSync(path, 'x\n');
    const before = readdirSync('/proc/self/fd').length;
    let watches = 0;
    const seen = start(paths, {
      fileSystem: {
        ...realFileSystem,
        watch: (...args) => {
          watches++;
          return realFileSystem.watch(...args);
        },
      },
    });
    await seen.until(() => paths.every((path) => seen.text(path) === 'x\n'));
    appendFileSync(paths[49] as string, 'y\n');
    await seen.until(() => seen.text(paths[49] as string) === 'x\ny\n');
    await seen.abort();
    expect(watches).toBe(1);
    // The first watch ever opens the system's own descriptor, once.
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 1);
  });
});
