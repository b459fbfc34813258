import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { realWorld } from '../src/world.js';

/** A process whose output is a stream that a test can break. */
const broken = (code: string) => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const world = () => realWorld({ ...process, stdout, stderr } as unknown as NodeJS.Process);
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

test('a sleep ends with its signal, and at once where that has come before', async () => {
  const { clock } = realWorld(process);
  const stop = new AbortController();
  const asleep = clock.sleep(2 ** 40, stop.signal);
  stop.abort();
  await asleep;
  await clock.sleep(2 ** 40, stop.signal);
});
