/** What the log loses: nothing, or it says how much. Lines are counted in and out. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openLogWriter } from '../../src/logs/log-writer.js';
import {
  allLines,
  archivesOf,
  faultsOf,
  handClock,
  type Line,
  NO_FAULTS,
  parseLines,
  recordAt,
  temporaryFolder,
  textOf,
  writerOptions,
} from '../logs/bench-log.js';

const root = new URL('../..', import.meta.url).pathname;
const programs = join(root, 'node_modules', '.cache', 'sysmon-system', String(process.pid));

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: ['write-log', 'take-lock'].map((name) => `test/system/programs/${name}.ts`),
    outdir: programs,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
  });
  return () => rmSync(programs, { recursive: true, force: true });
});

interface Program {
  readonly child: ChildProcess;
  /** The next line it says; undefined at its end. */
  readonly say: () => Promise<string | undefined>;
  readonly ended: Promise<unknown>;
}

const start = (name: string, ...args: (string | number)[]): Program => {
  const child = spawn(process.execPath, [join(programs, `${name}.mjs`), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return { child, ended, say: async () => (await lines.next()).value as string | undefined };
};

const writeLog = (path: string, every: number, count = 0, limits: object = {}): Program =>
  start('write-log', path, every, count, JSON.stringify({ keep: 1e6, maxTotal: 1e12, ...limits }));

const counted = (lines: readonly Line[]): number => lines.filter(({ msg }) => msg === 'stop').length;

test('200 times kill -9: every line parses, no number twice, none missing', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  let inside = 0;
  // Not waited for one after the other alone: the next run starts while the one before is still dying.
  for (let round = 0; round < 200; round++) {
    const program = writeLog(path, round % 3, 0, { maxSize: 100e3 });
    expect(await program.say()).toBe('open');
    await sleep(Math.random() * 60);
    program.child.kill('SIGKILL');
    if (round % 2 === 0 || round % 20 === 19) await program.ended;
    if (round % 20 === 19) {
      // No line that was there is ever gone later.
      const lines = counted(allLines(path, 'torn'));
      expect(lines).toBeGreaterThan(inside);
      inside = lines;
    }
  }
  const last = writeLog(path, 1, 5);
  expect(await last.say()).toBe('open');
  await last.ended;
  const lines = allLines(path);
  expect(faultsOf(lines)).toEqual(NO_FAULTS);
  expect(lines[0]?.seq).toBe(1);
  expect(archivesOf(path).length).toBeGreaterThan(20);
  expect(readdirSync(join(path, '..')).filter((name) => name.includes('lock'))).toEqual([]);
}, 180_000);

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  const tinyDisk = (): string => {
    const folder = join(temporaryFolder(), 'disk');
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
    onTestFinished(() => {
      execFileSync('umount', ['-l', folder]);
    });
    return folder;
  };

  /** Fills the disk to its last byte. */
  const plug = (folder: string, name = 'plug'): string => {
    const file = join(folder, name);
    for (const size of [4096, 512, 1]) {
      try {
        for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    }
    return file;
  };

  test('a disk filled to the last byte and freed: what was lost is a hole, and the log says how large', async () => {
    const folder = tinyDisk();
    const path = join(folder, 'sysmon.log');
    const options = writerOptions(path, handClock(), { maxSize: 1e9 });
    const writer = await openLogWriter(options);
    let asked = 0;
    const write = (count: number): void => {
      for (let index = 0; index < count; index++, asked++)
        writer.write(recordAt(options.clock.now(), (index * 7) % 5000));
    };
    let lost = 0;
    for (let round = 0; round < 5; round++) {
      write(50);
      const file = plug(folder);
      write(100);
      expect(writer.lost()).toBeGreaterThan(lost + 20);
      lost = writer.lost();
      // All that is there parses, full disk or not.
      parseLines(textOf(path));
      rmSync(file);
    }
    write(10);
    await writer.close();
    const lines = allLines(path);
    const said = lines.filter(({ msg }) => msg === 'lost');
    expect(said.length).toBeGreaterThanOrEqual(5);
    for (const { reason } of said) expect(reason).toBe('no space left on device');
    expect(said.reduce((sum, { count }) => sum + (count as number), 0)).toBe(writer.lost());
    const { repeated, missing } = faultsOf(lines);
    expect(repeated).toEqual([]);
    expect(missing).toHaveLength(writer.lost());
    expect(counted(lines)).toBe(asked - writer.lost());
    // Each record stands right after its hole.
    for (const { seq, count } of said) expect(missing).toContain(seq - (count as number));
    expect(statSync(path).size).toBe(Buffer.byteLength(textOf(path)));
  });

  test('on a full disk the oldest archives are given up before a line is lost', async () => {
    const folder = tinyDisk();
    const path = join(folder, 'sysmon.log');
    const options = writerOptions(path, handClock(), { maxSize: 100e3, keep: 100, compress: false });
    const writer = await openLogWriter(options);
    for (let index = 0; index < 10_000; index++) writer.write(recordAt(options.clock.now(), 1000));
    expect(writer.lost()).toBe(0);
    await writer.close();
    const archives = archivesOf(path);
    expect(archives.length).toBeGreaterThan(10);
    expect(archives[0]?.serial).toBeGreaterThan(50);
    expect(faultsOf(allLines(path))).toEqual(NO_FAULTS);
  });

  test('a run can start on a full disk', async () => {
    const folder = tinyDisk();
    const path = join(folder, 'sysmon.log');
    const file = plug(folder);
    const options = writerOptions(path, handClock());
    const writer = await openLogWriter(options);
    for (let index = 0; index < 3; index++) writer.write(recordAt(options.clock.now()));
    expect(writer.lost()).toBe(3);
    rmSync(file);
    writer.write(recordAt(options.clock.now()));
    await writer.close();
    expect(parseLines(textOf(path)).map(({ seq, msg }) => [seq, msg])).toEqual([
      [4, 'schema'],
      [5, 'lost'],
      [6, 'stop'],
    ]);
  });

  test('runs of one line each on a full disk: the first with room tells of all that was lost', async () => {
    const folder = tinyDisk();
    const path = join(folder, 'sysmon.log');
    const options = writerOptions(path, handClock());
    const run = async (): Promise<number> => {
      const writer = await openLogWriter(options);
      writer.write(recordAt(options.clock.now(), 5000));
      await writer.close({ finish: true });
      return writer.lost();
    };
    await run();
    const file = plug(folder);
    let lost = 0;
    for (let count = 0; count < 60; count++) lost += await run();
    expect(lost).toBeGreaterThan(50);
    rmSync(file);
    await run();
    await run();
    const lines = allLines(path);
    const said = lines.filter(({ msg }) => msg === 'lost');
    // At first the last page of the file still has room for such a short record.
    expect(said.reduce((sum, { count }) => sum + (count as number), 0)).toBe(lost);
    for (const { reason } of said) expect(reason).toBe('no space left on device');
    expect(said.at(-1)?.count).toBeGreaterThan(1);
    const { repeated, missing } = faultsOf(lines);
    expect(repeated).toEqual([]);
    expect(missing).toHaveLength(lost);
    expect(readdirSync(folder)).toEqual(['sysmon.log']);
  });

  test('new files belong to the group adm', async () => {
    const adm = /^adm:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1];
    const path = join(temporaryFolder(), 'logs', 'sysmon.log');
    const options = {
      ...writerOptions(path, handClock(), { maxSize: 2000 }),
      uid: 0,
      makeDirectory: true,
    };
    const writer = await openLogWriter(options);
    for (let index = 0; index < 100; index++) writer.write(recordAt(options.clock.now()));
    await writer.close({ finish: true });
    for (const name of readdirSync(join(path, '..'))) {
      const { gid, mode } = statSync(join(path, '..', name));
      expect([name, String(gid), mode & 0o777]).toEqual([name, adm, 0o640]);
    }
  });

  /** Runs Debian's logrotate on a log, `count` times while `act` is under way. */
  const logrotate = (path: string, mode: string): (() => void) => {
    const folder = temporaryFolder();
    const config = join(folder, 'logrotate.conf');
    writeFileSync(config, `"${path}" {\n  rotate 1000\n  size 1\n  su root root\n  ${mode}\n}\n`);
    return () => {
      execFileSync('logrotate', ['-f', '-s', join(folder, 'state'), config]);
    };
  };

  const everything = (path: string): Line[] => {
    const folder = join(path, '..');
    return readdirSync(folder)
      .filter((name) => name.startsWith(basename(path)))
      .flatMap((name) => parseLines(readFileSync(join(folder, name), 'utf8')))
      .sort((a, b) => a.seq - b.seq);
  };

  test.each([
    ['create 0640 root adm', false],
    ['create 0640 root adm', true],
    ['nocreate', false],
  ])('logrotate with %s, signal: %s: no line is missing', async (mode, signal) => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const program = writeLog(path, 0);
    expect(await program.say()).toBe('open');
    const rotate = logrotate(path, mode);
    for (let round = 0; round < 20; round++) {
      await sleep(20);
      rotate();
      if (signal) program.child.kill('SIGHUP');
    }
    program.child.kill('SIGTERM');
    const { asked, lost } = JSON.parse((await program.say()) ?? '');
    expect(lost).toBe(0);
    const lines = everything(path);
    expect(counted(lines)).toBe(asked);
    expect(faultsOf(lines)).toEqual(NO_FAULTS);
    expect(readdirSync(join(path, '..')).length).toBeGreaterThan(18);
  });

  test('logrotate with copytruncate between lines: no line is missing', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const options = writerOptions(path, handClock());
    const writer = await openLogWriter(options);
    const rotate = logrotate(path, 'copytruncate');
    for (let round = 0; round < 20; round++) {
      for (let index = 0; index < 50; index++) writer.write(recordAt(options.clock.now(), index));
      rotate();
    }
    await writer.close();
    const lines = everything(path);
    expect(counted(lines)).toBe(1000);
    expect(faultsOf(lines)).toEqual(NO_FAULTS);
  });

  test('logrotate with copytruncate under writes: what falls between copy and cut shows as holes, the rest is whole', async () => {
    const path = join(temporaryFolder(), 'sysmon.log');
    const program = writeLog(path, 1);
    expect(await program.say()).toBe('open');
    const rotate = logrotate(path, 'copytruncate');
    for (let round = 0; round < 20; round++) {
      await sleep(30);
      rotate();
    }
    program.child.kill('SIGTERM');
    const { asked } = JSON.parse((await program.say()) ?? '');
    // The copy may end in the middle of a line: that is a line lost to copytruncate, not to us.
    const folder = join(path, '..');
    const whole = readdirSync(folder)
      .filter((name) => name.startsWith('sysmon.log'))
      .flatMap((name) => parseLines(readFileSync(join(folder, name), 'utf8').replace(/[^\n]+$/, '')))
      .sort((a, b) => a.seq - b.seq);
    const { repeated, missing } = faultsOf(whole);
    expect(repeated).toEqual([]);
    const stops = counted(whole);
    const others = whole.length - stops;
    expect(stops + others + missing.length).toBe(whole.at(-1)?.seq);
    expect(stops).toBeGreaterThan(asked * 0.9);
    expect(stops).toBeLessThanOrEqual(asked);
  });
});

test('a second writer is refused and changes nothing; after kill -9 the next one may', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const first = writeLog(path, 1);
  expect(await first.say()).toBe('open');
  const second = writeLog(path, 1);
  expect(await second.say()).toBe(`refused: ${path} is already written by process ${first.child.pid}`);
  await second.ended;
  first.child.kill('SIGKILL');
  const third = writeLog(path, 1, 50);
  expect(await third.say()).toBe('open');
  await third.ended;
  const lines = allLines(path);
  expect(faultsOf(lines)).toEqual(NO_FAULTS);
});

test('of many that start at once exactly one writes', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const all = Array.from({ length: 8 }, () => writeLog(path, 1));
  const said = await Promise.all(all.map(({ say }) => say()));
  expect(said.filter((word) => word === 'open')).toHaveLength(1);
  for (const { child } of all) child.kill('SIGTERM');
  await Promise.all(all.map(({ ended }) => ended));
  expect(faultsOf(allLines(path))).toEqual(NO_FAULTS);
});

test('many that take the lock and give it back, some of them killed, are never two at once', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const racers = Array.from({ length: 6 }, () => start('take-lock', path, 200));
  const doomed = Array.from({ length: 4 }, () => start('take-lock', path, 200));
  for (const { child } of doomed) {
    await sleep(200);
    child.kill('SIGKILL');
  }
  const results = await Promise.all(racers.map(({ say }) => say()));
  expect(results).not.toContain('violated');
  expect(results.reduce((sum, had) => sum + Number(had), 0)).toBeGreaterThan(50);
});

test('10,000 rotations', async () => {
  const path = join(temporaryFolder(), 'sysmon.log');
  const options = writerOptions(path, handClock(), { maxSize: 300, keep: 10 });
  const writer = await openLogWriter(options);
  let rotations = 0;
  let lines = 0;
  let held = '';
  const seen = new Set<number>();
  while (rotations < 10_000) {
    writer.write(recordAt(options.clock.now(), 80));
    lines++;
    const now = textOf(path);
    if (!now.startsWith(held)) {
      for (const { seq } of parseLines(held)) seen.add(seq);
      rotations++;
    }
    held = now;
    // Lets archives be compressed and deleted meanwhile.
    if (lines % 50 === 0) await sleep(0);
  }
  for (const { seq } of parseLines(held)) seen.add(seq);
  await writer.close({ finish: true });
  expect(seen.size).toBe(lines + rotations + 1);
  expect(Math.max(...seen)).toBe(seen.size);
  expect(archivesOf(path)).toHaveLength(10);
  expect(archivesOf(path).at(-1)?.serial).toBe(10_000);
  expect(readdirSync(join(path, '..'))).toHaveLength(11);
  expect(faultsOf(allLines(path))).toEqual(NO_FAULTS);
}, 180_000);
