import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRotatingFile, type RotatingFileOptions } from '../../src/logs/rotating-file.js';
import { archivesOf, handClock, temporaryFolder } from './bench-log.js';

const opening = (time: number): Buffer =>
  Buffer.from(`{"level":30,"time":${time},"host":"h","msg":"schema","v":1,"seq":0}\n`);

/** A file that writes an opening and short lines, and what it said. */
const harness = (options: Partial<RotatingFileOptions> = {}) => {
  const folder = temporaryFolder();
  const path = options.path ?? join(folder, 'sysmon.log');
  const said: string[] = [];
  const clock = options.clock ?? handClock();
  const file = openRotatingFile({
    path,
    maxSize: 1e9,
    rotate: 'never',
    clock,
    say: (message) => said.push(message),
    offset: () => 0,
    ...options,
  });
  let seq = 0;
  const put = (padding = 0): void => {
    seq++;
    const line = Buffer.from(
      `{"level":30,"time":${clock.now()},"seq":${seq},"text":"${'x'.repeat(padding)}"}\n`,
    );
    if (file.ready(line.length)) file.append(opening(clock.now()), 'opening');
    file.append(line);
  };
  const numbers = (file: string): number[] =>
    [...readFileSync(file, 'utf8').matchAll(/"seq":(\d+)/g)].map(([, digits]) => Number(digits));
  return { folder, path, said, file, put, numbers };
};

test('a new file is readable for its group, whatever the umask is', () => {
  const before = process.umask(0o077);
  try {
    const { path, put } = harness();
    put();
    expect(statSync(path).mode & 0o777).toBe(0o640);
  } finally {
    process.umask(before);
  }
});

test('a file that is there keeps its mode', () => {
  const { path, file, put } = harness();
  put();
  file.close();
  chmodSync(path, 0o604);
  harness({ path }).put();
  expect(statSync(path).mode & 0o777).toBe(0o604);
});

test('no line makes a file exceed its size, and every file has its opening', () => {
  const { path, folder, put, numbers } = harness({ maxSize: 1000 });
  for (let count = 0; count < 100; count++) put(count);
  const names = archivesOf(path).map(({ name }) => join(folder, name as string));
  expect(names.length).toBeGreaterThan(5);
  for (const name of [...names, path]) {
    expect(statSync(name).size).toBeLessThanOrEqual(1000);
    expect(numbers(name)[0]).toBe(0);
  }
  expect([...names, path].flatMap(numbers).filter((seq) => seq > 0)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
});

test('a line larger than the size gets a file of its own, not an archive of openings', () => {
  const { path, put, numbers, folder } = harness({ maxSize: 100 });
  for (let count = 0; count < 3; count++) put(500);
  const names = archivesOf(path).map(({ name }) => join(folder, name as string));
  expect(names.map(numbers)).toEqual([
    [0, 1],
    [0, 2],
  ]);
});

test('a new day begins a new file, named by the moment and numbered on', () => {
  const clock = handClock(Date.UTC(2026, 10, 20, 23, 59));
  const { path, put } = harness({ rotate: 'daily', clock });
  put();
  clock.set(Date.UTC(2026, 10, 21, 0, 0, 5, 7));
  put();
  put();
  clock.set(Date.UTC(2026, 10, 22, 8));
  put();
  expect(archivesOf(path).map(({ name }) => name)).toEqual([
    'sysmon.log.20261121T000005007Z.000001',
    'sysmon.log.20261122T080000000Z.000002',
  ]);
});

test('a file begun yesterday is put aside by the run of today, one of today is not', () => {
  const clock = handClock(Date.UTC(2026, 10, 20, 12));
  const first = harness({ rotate: 'daily', clock });
  first.put();
  first.file.close();
  const { path } = first;
  const again = harness({ path, rotate: 'daily', clock });
  again.put();
  again.file.close();
  expect(archivesOf(path)).toHaveLength(0);
  clock.set(Date.UTC(2026, 10, 21, 0, 1));
  harness({ path, rotate: 'daily', clock }).put();
  expect(archivesOf(path)).toHaveLength(1);
});

test('a file that somebody moved away is opened anew by itself', () => {
  const { path, put, numbers } = harness();
  put();
  renameSync(path, `${path}.1`);
  put();
  put();
  expect(numbers(`${path}.1`)).toEqual([0, 1]);
  expect(numbers(path)).toEqual([0, 2, 3]);
});

test('a file moved away and made anew by somebody is taken', () => {
  const { path, put, numbers } = harness();
  put();
  renameSync(path, `${path}.1`);
  writeFileSync(path, '', { mode: 0o600 });
  put();
  expect(numbers(path)).toEqual([0, 2]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file copied and cut goes on at its new end, with its opening', () => {
  const { path, put, numbers } = harness();
  put();
  put();
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  put();
  expect(numbers(`${path}.1`)).toEqual([0, 1, 2]);
  expect(numbers(path)).toEqual([0, 3]);
});

test('a file cut in the middle of a line loses the torn line only', () => {
  const { path, put, numbers, said } = harness();
  put();
  put();
  truncateSync(path, statSync(path).size - 10);
  put();
  expect(numbers(path)).toEqual([0, 1, 0, 3]);
  expect(said.join()).toContain('cut off');
});

test('a line begun by somebody else does not tear ours', () => {
  const { path, put, numbers } = harness();
  put();
  appendFileSync(path, 'echo >>');
  put();
  expect(numbers(path)).toEqual([0, 1, 2]);
});

test('letting go and going on in the same file repeats no opening', () => {
  const { path, put, numbers, file } = harness();
  put();
  file.release();
  put();
  expect(numbers(path)).toEqual([0, 1, 2]);
});

test('a rotation that fails loses no line, and is tried again later', () => {
  const clock = handClock();
  // A name that leaves no room for the ending of an archive.
  const { path, put, numbers, said } = harness({
    clock,
    maxSize: 150,
    path: join(temporaryFolder(), 'a'.repeat(230)),
  });
  for (let count = 0; count < 20; count++) put(10);
  expect(archivesOf(path)).toHaveLength(0);
  expect(numbers(path)).toHaveLength(21);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('could not be rotated: file name too long');
  clock.set(clock.now() + 61_000);
  put();
  expect(said).toHaveLength(2);
});

test('something else than a log is left alone', () => {
  const path = join(temporaryFolder(), 'diary');
  writeFileSync(path, 'Dear diary');
  expect(() => harness({ path })).toThrow('something other than a log of sysmon');
  expect(readFileSync(path, 'utf8')).toBe('Dear diary');
  expect(() => harness({ path: '/dev/null' })).toThrow('not a regular file');
  expect(existsSync('/dev/null')).toBe(true);
});
