import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/exit.js';
import {
  type LogWriter,
  type LogWriterOptions,
  openLogWriter,
  openStreamWriter,
} from '../../src/logs/log-writer.js';
import type { SampleRecord } from '../../src/logs/record.js';
import {
  allLines,
  archivesOf,
  faultsOf,
  type HandClock,
  handClock,
  type Line,
  NO_FAULTS,
  openingAt,
  parseLines,
  recordAt,
  temporaryFolder,
  textOf,
  writerOptions,
} from './bench-log.js';

const fill = (writer: LogWriter, count: number, time: () => number, padding = 0): void => {
  for (let index = 0; index < count; index++) writer.write(recordAt(time(), padding));
};

const messages = (lines: readonly Line[]): string[] => lines.map(({ msg }) => msg);

/** One run that writes some lines. */
const run = async (options: LogWriterOptions, count: number, padding = 0): Promise<void> => {
  const writer = await openLogWriter(options);
  fill(writer, count, options.clock.now, padding);
  await writer.close({ finish: true });
};

test('a line is as pino users expect it', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const clock = handClock();
  await run(writerOptions(path, clock), 1);
  const [, line] = readFileSync(path, 'utf8').split('\n');
  expect(line).toBe(
    `{"level":30,"time":${clock.now()},"host":"web-1","msg":"stop","v":1,"seq":2,"reason":""}`,
  );
});

describe('numbers go on over runs', () => {
  test('from the last line', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    for (let count = 1; count <= 4; count++) await run(options, count);
    expect(allLines(path).map(({ seq }) => seq)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
    expect(messages(allLines(path)).filter((msg) => msg === 'schema')).toHaveLength(1);
  });

  test.each([true, false])(
    'from the newest archive when the file is empty, compressed: %s',
    async (compress) => {
      const path = join(temporaryFolder(), 'sysmon.log');
      const options = writerOptions(path, handClock(), { maxSize: 2000, compress });
      await run(options, 50);
      const { seq } = allLines(path).at(-1) as Line;
      writeFileSync(path, '');
      const before = allLines(path).at(-1)?.seq as number;
      expect(before).toBeLessThan(seq);
      expect(archivesOf(path)[0]?.form).toBe(compress ? 'gzip' : 'plain');
      await run(options, 1);
      expect(parseLines(textOf(path)).map(({ seq }) => seq)).toEqual([before + 1, before + 2]);
    },
  );

  test.each(['.1', '.1.gz'])('from what logrotate put at %s', async (ending) => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    await run(options, 4);
    const text = readFileSync(path);
    writeFileSync(`${path}${ending}`, ending === '.1' ? text : gzipSync(text));
    writeFileSync(path, '');
    await run(options, 1);
    expect(parseLines(textOf(path)).map(({ seq }) => seq)).toEqual([6, 7]);
  });

  test('behind a torn line, whose number is free again', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    await run(options, 3);
    writeFileSync(path, '{"level":30,"time":12', { flag: 'a' });
    await run(options, 2);
    expect(allLines(path).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(options.said.join()).toContain('cut off 21 bytes');
  });
});

test('every file starts with its schema, and nothing is missing between files', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const options = writerOptions(path, handClock(), { maxSize: 2000, keep: 1000 });
  await run(options, 500, 50);
  const archives = archivesOf(path);
  expect(archives.length).toBeGreaterThan(20);
  for (const { name } of archives)
    expect(messages(parseLines(textOf(join(path, '..', name as string))))[0]).toBe('schema');
  expect(allLines(path).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 500 + archives.length + 1 }, (_, index) => index + 1),
  );
});

test('what is kept is decided from what is on disk', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const options = writerOptions(path, handClock(), { maxSize: 2000, keep: 3 });
  await run(options, 200);
  expect(archivesOf(path)).toHaveLength(3);
  await run({ ...options, limits: { ...options.limits, keep: 1 } }, 0);
  expect(archivesOf(path)).toHaveLength(1);
  expect(faultsOf(allLines(path))).toEqual(NO_FAULTS);
});

test('file and archives together stay within their total', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const maxTotal = 1_000_000;
  const options = writerOptions(path, handClock(), { maxSize: 1e9, maxTotal, compress: false });
  const writer = await openLogWriter(options);
  let most = 0;
  for (let count = 0; count < 3000; count++) {
    writer.write(recordAt(options.clock.now(), 1000));
    const names = readdirSync(join(path, '..'));
    most = Math.max(
      most,
      names.reduce((sum, name) => sum + statSync(join(path, '..', name)).size, 0),
    );
  }
  await writer.close();
  expect(most).toBeLessThanOrEqual(maxTotal);
  expect(most).toBeGreaterThan(maxTotal * 0.8);
  expect(faultsOf(allLines(path))).toEqual(NO_FAULTS);
});

test('leftovers of a killed run are finished or removed', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'sysmon.log');
  const options = writerOptions(path, handClock(), { maxSize: 2000, compress: false });
  await run(options, 50);
  const [first, second, ...others] = archivesOf(path).map(({ name }) => join(folder, name as string));
  writeFileSync(`${first}.gz`, gzipSync(readFileSync(first as string)));
  writeFileSync(`${second}.gz.tmp`, 'half');
  const before = allLines(path);
  await run({ ...options, limits: { ...options.limits, compress: true } }, 0);
  expect(archivesOf(path).map(({ form, leftovers }) => [form, leftovers])).toEqual(
    [first, second, ...others].map(() => ['gzip', []]),
  );
  expect(allLines(path)).toEqual(before);
});

describe('lines that cannot be written', () => {
  test('are counted, and said before the next line', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    const writer = await openLogWriter(options);
    fill(writer, 2, options.clock.now);
    renameSync(path, `${path}.away`);
    mkdirSync(path);
    fill(writer, 3, options.clock.now);
    expect(writer.lost()).toBe(3);
    rmdirSync(path);
    renameSync(`${path}.away`, path);
    fill(writer, 1, options.clock.now);
    await writer.close();
    const lines = parseLines(textOf(path));
    expect(lines.map(({ seq, msg }) => [seq, msg])).toEqual([
      [1, 'schema'],
      [2, 'stop'],
      [3, 'stop'],
      [7, 'lost'],
      [8, 'stop'],
    ]);
    expect(lines[3]).toMatchObject({ level: 40, count: 3, reason: 'is a directory' });
  });

  test('are counted while the whole directory is away', async () => {
    const folder = join(temporaryFolder(), 'logs');
    mkdirSync(folder);
    const path = join(folder, 'sysmon.log');
    const options = writerOptions(path, handClock());
    const writer = await openLogWriter(options);
    rmSync(folder, { recursive: true });
    fill(writer, 3, options.clock.now);
    mkdirSync(folder);
    fill(writer, 1, options.clock.now);
    expect(readdirSync(folder)).toHaveLength(2);
    await writer.close();
    expect(parseLines(textOf(path)).map(({ seq, msg }) => [seq, msg])).toEqual([
      [5, 'schema'],
      [6, 'lost'],
      [7, 'stop'],
    ]);
  });

  test('are said at the end when no line comes after them', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    const writer = await openLogWriter(options);
    renameSync(path, `${path}.away`);
    mkdirSync(path);
    fill(writer, 3, options.clock.now);
    rmdirSync(path);
    renameSync(`${path}.away`, path);
    await writer.close();
    expect(parseLines(textOf(path)).at(-1)).toMatchObject({ seq: 5, msg: 'lost', count: 3 });
  });

  test('are said by the next run when this one ends before there is room', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    const spoil = (): void => {
      renameSync(path, `${path}.away`);
      mkdirSync(path);
    };
    const restore = (): void => {
      rmdirSync(path);
      renameSync(`${path}.away`, path);
    };
    for (const count of [3, 2]) {
      const writer = await openLogWriter(options);
      spoil();
      fill(writer, count, options.clock.now);
      await writer.close();
      restore();
    }
    await run(options, 1);
    await run(options, 1);
    expect(parseLines(textOf(path)).map(({ seq, msg, count, reason }) => [seq, msg, count, reason])).toEqual([
      [1, 'schema', undefined, undefined],
      [7, 'lost', 5, 'is a directory'],
      [8, 'stop', undefined, ''],
      [9, 'stop', undefined, ''],
    ]);
    expect(readdirSync(join(path, '..'))).toEqual(['sysmon.log']);
  });

  test('are a hole and a count after kill -9 too', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    const writer = await openLogWriter(options);
    renameSync(path, `${path}.away`);
    mkdirSync(path);
    fill(writer, 3, options.clock.now);
    // What a killed process leaves, where a later one finds it.
    const folder = temporaryFolder();
    for (const name of readdirSync(join(path, '..')).filter((one) => one.includes('.lost.')))
      writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, 'sysmon.log'), readFileSync(`${path}.away`));
    await writer.close();
    const next = join(folder, 'sysmon.log');
    await run(writerOptions(next, handClock()), 1);
    expect(parseLines(textOf(next)).map(({ seq, msg, count }) => [seq, msg, count])).toEqual([
      [1, 'schema', undefined],
      [5, 'lost', 3],
      [6, 'stop', undefined],
    ]);
  });

  test('are not said twice by a run that was killed when it had just said them', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    await run(options, 5);
    writeFileSync(join(path, '..', '.sysmon.log.lost.4.2.ENOSPC'), '');
    await run(options, 1);
    expect(messages(allLines(path))).toEqual(['schema', ...Array(6).fill('stop')]);
    expect(readdirSync(join(path, '..'))).toEqual(['sysmon.log']);
  });
});

describe('whoever looks after the recorder is told', () => {
  const lose = async (clock: HandClock): Promise<{ said: string[]; writer: LogWriter; folder: string }> => {
    const folder = join(temporaryFolder(), 'logs');
    mkdirSync(folder);
    const { said, ...options } = writerOptions(join(folder, 'sysmon.log'), clock);
    const writer = await openLogWriter({ ...options, say: (message) => said.push(message) });
    rmSync(folder, { recursive: true });
    return { said, writer, folder };
  };

  test('at once, once an hour, and when it is over', async () => {
    const clock = handClock();
    const { said, writer, folder } = await lose(clock);
    for (let second = 0; second < 7205; second += 5) {
      fill(writer, 1, clock.now);
      clock.set(clock.now() + 5000);
    }
    mkdirSync(folder);
    fill(writer, 2, clock.now);
    await writer.close();
    const path = join(folder, 'sysmon.log');
    expect(said).toEqual([
      `${path}: lines are lost until it can be written: no such file or directory`,
      `${path}: 721 lines lost so far: no such file or directory`,
      `${path}: 1441 lines lost so far: no such file or directory`,
      `${path}: is written again; lost meanwhile: 1441 lines`,
    ]);
  });

  test('not at every line where it comes and goes', async () => {
    const clock = handClock();
    const { said, writer, folder } = await lose(clock);
    for (let second = 0; second < 120; second++) {
      if (second % 2 === 0) rmSync(folder, { recursive: true, force: true });
      else mkdirSync(folder);
      fill(writer, 1, clock.now);
      clock.set(clock.now() + 1000);
    }
    await writer.close();
    expect(said.filter((message) => message.includes('lines are lost'))).toHaveLength(2);
    expect(said.length).toBeLessThanOrEqual(4);
  });
});

const sampleAt = (time: number): SampleRecord => ({
  kind: 'sample',
  time,
  host: 'web-1',
  sample: { time, host: 'web-1', boot: 'b', readings: new Map() },
});

test('a sample is known to be the first of its run and file before it is taken', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const clock = handClock(Date.UTC(2026, 10, 21, 23, 59));
  const options = { ...writerOptions(path, clock, { rotate: 'daily' }), offset: () => 0 };
  let writer = await openLogWriter(options);
  const take = (): boolean => {
    const first = writer.beginsFile();
    writer.write(sampleAt(clock.now()));
    return first;
  };
  expect([take(), take(), take()]).toEqual([true, false, false]);
  clock.set(Date.UTC(2026, 10, 22));
  expect([take(), take()]).toEqual([true, false]);
  renameSync(path, `${path}.1`);
  expect([take(), take()]).toEqual([true, false]);
  // Rotated behind the back of a sample that was taken already: then the next one is.
  expect(writer.beginsFile()).toBe(false);
  renameSync(path, `${path}.2`);
  writer.write(sampleAt(clock.now()));
  expect([take(), take()]).toEqual([true, false]);
  await writer.close();
  writer = await openLogWriter(options);
  expect([take(), take()]).toEqual([true, false]);
  await writer.close();
  expect(faultsOf(parseLines(textOf(`${path}.2`)))).toEqual(NO_FAULTS);
});

test('reopening begins the new file at once', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const options = writerOptions(path, handClock());
  const writer = await openLogWriter(options);
  fill(writer, 2, options.clock.now);
  renameSync(path, `${path}.1`);
  writer.reopen();
  expect(messages(parseLines(textOf(path)))).toEqual(['schema']);
  await writer.close();
});

test('a clock set back an hour and a day of 25 hours: every line once, a file for each day', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const HOUR = 3_600_000;
  const change = Date.UTC(2026, 9, 25, 1);
  const offset = (time: number): number => (time < change ? 2 : 1) * HOUR;
  const clock = handClock(Date.UTC(2026, 9, 24, 20));
  const writer = await openLogWriter({ ...writerOptions(path, clock, { keep: 100 }), offset });
  let written = 0;
  const until = (end: number): void => {
    for (; clock.now() < end; clock.set(clock.now() + 60_000), written++) writer.write(recordAt(clock.now()));
  };
  until(Date.UTC(2026, 9, 25, 23, 10));
  clock.set(clock.now() - HOUR);
  until(Date.UTC(2026, 9, 26, 23, 10));
  clock.set(clock.now() + HOUR);
  until(Date.UTC(2026, 9, 27, 20));
  await writer.close({ finish: true });
  const lines = allLines(path);
  expect(lines.filter(({ msg }) => msg === 'stop')).toHaveLength(written);
  expect(faultsOf(lines)).toEqual(NO_FAULTS);
  expect(archivesOf(path).map(({ time }) => new Date(time).toISOString().slice(0, 16))).toEqual([
    '2026-10-24T22:00',
    '2026-10-25T23:00',
    '2026-10-26T23:00',
  ]);
});

describe('what a person can mend is said in words', () => {
  const failing = async (path: string, options: Partial<LogWriterOptions> = {}): Promise<UserError> => {
    const error = await openLogWriter({ ...writerOptions(path, handClock()), ...options }).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).hint).toBeDefined();
    return error as UserError;
  };

  test('a directory', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'logs'));
    const error = await failing(join(folder, 'logs'));
    expect(error.message).toBe(`${join(folder, 'logs')} is a directory`);
    expect(error.hint).toContain(join(folder, 'logs', 'sysmon.log'));
    expect(readdirSync(folder)).toEqual(['logs']);
  });

  test('a parent that is missing, unless it may be made', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a', 'b', 'sysmon.log');
    expect((await failing(path)).hint).toContain(`mkdir -p ${join(folder, 'a', 'b')}`);
    await run({ ...writerOptions(path, handClock()), makeDirectory: true }, 1);
    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o750);
  });

  test('a parent that is a file, and a file that is no log', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'text\n');
    expect((await failing(join(folder, 'file', 'sysmon.log'))).message).toContain('not a directory');
    expect((await failing(join(folder, 'file'))).message).toContain('something other than a log');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test.skipIf(process.getuid?.() === 0)('no permission', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    expect((await failing(join(folder, 'sysmon.log'))).message).toContain('permission denied');
    chmodSync(folder, 0o700);
  });

  test('a second writer', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const writer = await openLogWriter(writerOptions(path, handClock()));
    expect((await openLogWriter(writerOptions(path, handClock())).catch((error) => error)).message).toContain(
      'already written',
    );
    await writer.close();
    await run(writerOptions(path, handClock()), 1);
  });
});

test('a link to a log is followed: the archives lie beside the real file', async () => {
  const [here, there] = [temporaryFolder(), temporaryFolder()];
  const link = join(here, 'sysmon.log');
  symlinkSync(join(there, 'real.log'), link);
  await run(writerOptions(link, handClock(), { maxSize: 2000 }), 50);
  await run(writerOptions(link, handClock(), { maxSize: 2000 }), 50);
  expect(readdirSync(here)).toEqual(['sysmon.log']);
  expect(archivesOf(join(there, 'real.log')).length).toBeGreaterThan(2);
  expect(faultsOf(allLines(join(there, 'real.log')))).toEqual(NO_FAULTS);
});

test('a stream gets the same lines, with the opening once', async () => {
  const clock = handClock();
  let text = '';
  const writer = await openStreamWriter({
    opening: () => openingAt(clock),
    write: (more) => {
      text += more;
    },
  });
  expect(writer.beginsFile()).toBe(true);
  fill(writer, 3, clock.now);
  await writer.close();
  expect(parseLines(text).map(({ seq, msg }) => `${seq} ${msg}`)).toEqual([
    '1 schema',
    '2 stop',
    '3 stop',
    '4 stop',
  ]);
});
