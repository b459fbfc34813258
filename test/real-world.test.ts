import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { realWorld } from '../src/world.js';

/** A process whose output is a stream that a test can break. */
const broken = (code: string) => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const other = { ...process, stdout, stderr } as unknown as NodeJS.Process;
  const world = () => realWorld(other, {});
  return { world, stdout, fail: () => stdout.emit('error', Object.assign(new Error(code), { code })) };
};

describe('an output', () => {
  test.each(['EPIPE', 'EIO'])('that nobody reads any more (%s) is gone, and that is no failure', (code) => {
    const { world, fail } = broken(code);
    const { stdout } = world();
    fail();
    expect([stdout.gone.aborted, stdout.failure()]).toEqual([true, undefined]);
  });

  test('that fails says why, and takes nothing more', () => {
    const { world, stdout: stream, fail } = broken('ENOSPC');
    const { stdout } = world();
    stdout.write('before');
    fail();
    stdout.write('after');
    expect(stdout.gone.aborted).toBe(true);
    expect(stdout.failure()).toMatchObject({ code: 'ENOSPC' });
    expect(String(stream.read())).toBe('before');
  });

  test('is listened to once, however many Worlds there are', () => {
    const { world, stdout } = broken('EPIPE');
    for (let count = 0; count < 50; count++) world().stdout.columns();
    expect(stdout.listenerCount('error')).toBe(1);
  });

  test('to a terminal that does not know its size has the usual one', () => {
    const { world, stdout: stream } = broken('EPIPE');
    const sized = (columns: number | undefined, rows: number | undefined) => {
      Object.assign(stream, { columns, rows });
      const { stdout } = world();
      return [stdout.columns(), stdout.rows()];
    };
    expect([sized(132, 50), sized(0, 0), sized(undefined, undefined)]).toEqual([
      [132, 50],
      [80, 24],
      [80, 24],
    ]);
  });

  test('waits for a slow reader, and not for one that is gone', async () => {
    const { world, stdout: stream, fail } = broken('EPIPE');
    const { stdout } = world();
    await stdout.drained();
    stdout.write('x'.repeat(1_000_000));
    let drained = 0;
    const first = stdout.drained().then(() => drained++);
    await new Promise((resolve) => setImmediate(resolve));
    expect(drained).toBe(0);
    stream.read();
    await first;
    stdout.write('x'.repeat(1_000_000));
    const second = stdout.drained();
    fail();
    await second;
    await stdout.drained();
  });
});

describe('an output without a stream', () => {
  /** An output to `fd`, and the stream that it should not need. */
  const direct = (fd: number) => {
    const stream = new PassThrough();
    const other = { ...process, stdout: stream } as unknown as NodeJS.Process;
    return { world: realWorld(other, { stdout: fd }), streamed: () => String(stream.read() ?? '') };
  };

  /** A pipe that is open at both ends. */
  const makePipe = (folder: string) => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  };

  const inFolder = (act: (folder: string) => void): void => {
    const folder = mkdtempSync(join(tmpdir(), 'sysmon-'));
    try {
      act(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('goes on where the file is, and all is written when it returns', () =>
    inFolder((folder) => {
      const path = join(folder, 'file');
      writeFileSync(path, 'before ');
      const fd = openSync(path, 'a');
      const { world, streamed } = direct(fd);
      world.stdout.write('täxt ');
      world.stdout.write(Buffer.from('bytes'));
      expect(readFileSync(path, 'utf8')).toBe('before täxt bytes');
      expect([world.isSettled(), world.stdout.isTerminal, streamed()]).toEqual([true, false, '']);
      closeSync(fd);
    }));

  test.skipIf(process.platform !== 'linux')('says at once that a disk is full', () => {
    const fd = openSync('/dev/full', 'w');
    const { world } = direct(fd);
    world.stdout.write('text');
    expect(world.stdout.failure()).toMatchObject({ code: 'ENOSPC' });
    expect([world.isSettled(), world.stdout.gone.aborted]).toEqual([true, true]);
    closeSync(fd);
  });

  test.skipIf(process.platform !== 'linux')(
    'waits for no reader of a pipe: what it does not take goes to the stream, in order',
    () =>
      inFolder((folder) => {
        const { reader, writer } = makePipe(folder);
        const { world, streamed } = direct(writer);
        world.stdout.write('first ');
        const long = 'x'.repeat(1_000_001);
        world.stdout.write(long);
        expect(world.isSettled()).toBe(false);
        const taken = Buffer.alloc(long.length);
        const size = readSync(reader, taken);
        expect(size).toBeGreaterThan(6);
        world.stdout.write(' last');
        expect(taken.toString('utf8', 0, size) + streamed()).toBe(`first ${long} last`);
        closeSync(reader);
        closeSync(writer);
      }),
  );

  test.skipIf(process.platform !== 'linux')('ends quietly when nobody reads the pipe', () =>
    inFolder((folder) => {
      const { reader, writer } = makePipe(folder);
      const { world } = direct(writer);
      world.stdout.write('text');
      closeSync(reader);
      world.stdout.write('more');
      expect([world.stdout.gone.aborted, world.stdout.failure(), world.isSettled()]).toEqual([
        true,
        undefined,
        true,
      ]);
      closeSync(writer);
    }),
  );
});

test('a sleep ends with its signal, and at once where that has come before', async () => {
  const { clock } = realWorld(process);
  const stop = new AbortController();
  const asleep = clock.sleep(2 ** 40, stop.signal);
  stop.abort();
  await asleep;
  await clock.sleep(2 ** 40, stop.signal);
});

test('garbage that has grown old is collected in a process that stays lean', async () => {
  const world = realWorld(process);
  // Whoever was lean before has its garbage collected at once: what others left is not to be measured.
  (await world.stayLean())();
  const undo = await world.stayLean();
  try {
    world.tidy();
    const before = process.memoryUsage().heapUsed;
    // Held until it has been seen, since V8 may look for garbage at any time.
    const held = Array.from({ length: 250_000 }, (_, at) => ({ at }));
    expect(process.memoryUsage().heapUsed - before).toBeGreaterThan(4e6);
    held.length = 0;
    world.tidy();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2e6);
  } finally {
    undo();
  }
});
