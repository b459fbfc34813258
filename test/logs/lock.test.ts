import {
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../src/exit.js';
import { acquireLock, type Lock, type LockOptions } from '../../src/logs/lock.js';
import { handClock, temporaryFolder } from './bench-log.js';

const BOOT = 'ea8c59debf3b49cdbd9481961b81fbdc';

interface Process {
  readonly start?: string;
  readonly state?: string;
}

/** A /proc with some processes, in which we are `self`. */
const procWith = (
  self: number,
  processes: Record<number, Process>,
  uptime = 1000,
  namespace = 4026531836,
) => {
  const root = temporaryFolder();
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const stat = (pid: number, { start = '100', state = 'S' }: Process): string =>
    `${pid} (we) ird ) name) ${state} ${'0 '.repeat(18)}${start} 0 0\n`;
  for (const [pid, process] of Object.entries(processes)) put(`${pid}/stat`, stat(Number(pid), process));
  put('self/stat', stat(self, processes[self] ?? {}));
  mkdirSync(join(root, 'self/ns'));
  symlinkSync(`pid:[${namespace}]`, join(root, 'self/ns/pid'));
  put('sys/kernel/random/boot_id', 'ea8c59de-bf3b-49cd-bd94-81961b81fbdc\n');
  put('uptime', `${uptime}.00 500.00\n`);
  return root;
};

const clock = { ...handClock(), now: () => Date.now() };

const acquire = async (path: string, options: Partial<LockOptions> = {}): Promise<Lock> => {
  const lock = await acquireLock(path, { pid: 10, clock, isRunning: () => false, ...options });
  onTestFinished(() => lock.release());
  return lock;
};

const place = (): {
  path: string;
  leave: (name: string, ageSeconds?: number) => string;
  locks: () => string[];
} => {
  const folder = temporaryFolder();
  return {
    path: join(folder, 'sysmon.log'),
    leave: (name, ageSeconds = 0) => {
      const file = join(folder, `.sysmon.log.lock.${name}`);
      writeFileSync(file, '');
      const time = Date.now() / 1000 - ageSeconds;
      utimesSync(file, time, time);
      return file;
    },
    locks: () => readdirSync(folder),
  };
};

const procfs = () => procWith(10, { 10: {}, 20: { start: '77' }, 30: { start: '88', state: 'Z' } });

test('the lock is a file that says who holds it, and is gone after', async () => {
  const { path, locks } = place();
  const lock = await acquireLock(path, { pid: 10, clock, isRunning: () => false, procfs: procfs() });
  expect(locks()).toEqual([`.sysmon.log.lock.10.100.4026531836.${BOOT}`]);
  lock.release();
  expect(locks()).toEqual([]);
});

test('a living holder is named, and what to do', async () => {
  const { path, leave, locks } = place();
  leave(`20.77.4026531836.${BOOT}`, 1e6);
  const error = await acquire(path, { procfs: procfs() }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toBe(`${path} is already written by process 20`);
  expect((error as UserError).hint).toContain('kill 20');
  expect(locks()).toHaveLength(1);
});

test.each([
  ['a process that is gone', `99.77.4026531836.${BOOT}`],
  ['a number that another process has now', `20.76.4026531836.${BOOT}`],
  ['a process killed but not waited for', `30.88.4026531836.${BOOT}`],
  ['a boot before', '20.77.4026531836.abcdef', 1500],
  ['another container that was not seen for minutes', `20.77.1234.${BOOT}`, 121],
  ['another machine that was not seen for minutes', '20.77.1234.abcdef', 121],
])('%s holds nothing', async (_, name, age = 0) => {
  const { path, leave, locks } = place();
  leave(name, age);
  await acquire(path, { procfs: procfs() });
  expect(locks()).toEqual([`.sysmon.log.lock.10.100.4026531836.${BOOT}`]);
});

test('a quick start after a crash of the machine need not wait', async () => {
  const { path, leave } = place();
  leave('20.77.4026531836.abcdef', 60);
  await acquire(path, { procfs: procWith(10, { 10: {} }, 30) });
});

test.each([
  ['another container', `20.77.1234.${BOOT}`, 100],
  ['another machine', '20.77.1234.abcdef', 100],
])('%s that was seen a moment ago holds it', async (_, name, age) => {
  const { path, leave } = place();
  const file = leave(name, age);
  const error = (await acquire(path, { procfs: procfs() }).catch((error: unknown) => error)) as UserError;
  expect(error.message).toContain('of another container or machine');
  expect(error.hint).toContain(file);
});

test('a process that /proc hides but that answers a signal holds it', async () => {
  const { path, leave } = place();
  leave(`40.77.4026531836.${BOOT}`);
  await expect(acquire(path, { procfs: procfs(), isRunning: (pid) => pid === 40 })).rejects.toThrow(
    'process 40',
  );
});

test('where there is no /proc, a signal and the time of the file tell', async () => {
  const nowhere = join(temporaryFolder(), 'none');
  const { path, leave, locks } = place();
  const file = leave('20.-.-.-');
  await expect(acquire(path, { procfs: nowhere, isRunning: () => true })).rejects.toThrow('process 20');
  leave('20.-.-.-', 121);
  leave('21.-.-.-');
  await acquire(path, { procfs: nowhere, isRunning: (pid) => pid !== 21 });
  expect(locks()).not.toContain(file);
  expect(locks()).toEqual([expect.stringMatching(/^\.sysmon\.log\.lock\.10\.-[0-9a-z]+\.-\.-$/)]);
});

test('where there is no /proc, a killed process does not hold it for ever against one with its number', async () => {
  const procfs = join(temporaryFolder(), 'none');
  const { path, leave, locks } = place();
  for (const name of ['10.-.-.-', '10.-abc1.-.-']) {
    const file = leave(name, 60);
    const error = await acquire(path, { procfs, isRunning: () => true }).catch((error: unknown) => error);
    expect((error as UserError).message).toContain('process 10 that has, or had, our number');
    expect((error as UserError).hint).toContain(file);
    leave(name, 121);
    const lock = await acquireLock(path, { pid: 10, clock, procfs, isRunning: () => true });
    expect(locks()).toHaveLength(1);
    lock.release();
  }
});

test('locks of other logs are neither looked at nor removed', async () => {
  const { path, leave, locks } = place();
  const folder = dirname(path);
  for (const other of ['.sysmon.log2.lock.', '.sysmon.log.lock.x.lock.', '.other.lock.'])
    writeFileSync(join(folder, `${other}99.1.1.ab`), '');
  leave('notes');
  await acquire(path, { procfs: procfs() });
  expect(locks()).toHaveLength(5);
});

test('one process does not write a log twice', async () => {
  const { path } = place();
  const root = procfs();
  await acquire(path, { procfs: root });
  await expect(acquire(path, { procfs: root })).rejects.toThrow('already written by this process');
});

test('the real /proc knows us', async () => {
  const { path, locks } = place();
  await acquire(path, { pid: process.pid, isRunning: () => true });
  const start = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ')[19];
  expect(locks()[0]).toContain(`.${process.pid}.${start}.`);
});

test('a lock that was removed is taken again, or given up to who has it now', async () => {
  const { path, leave, locks } = place();
  const lock = await acquire(path, { procfs: procfs() });
  const [name = ''] = locks();
  unlinkSync(join(dirname(path), name));
  lock.check();
  expect(locks()).toEqual([name]);
  unlinkSync(join(dirname(path), name));
  leave(`20.77.4026531836.${BOOT}`);
  expect(() => lock.check()).toThrow('already written by process 20');
});

test('of two that come at once, the one that steps back tries again', async () => {
  const { path, leave, locks } = place();
  const rival = leave(`20.77.4026531836.${BOOT}`);
  const waits: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    expect(locks()).not.toContain(`.sysmon.log.lock.10.100.4026531836.${BOOT}`);
    if (waits.push(ms) === 3) unlinkSync(rival);
  };
  await acquire(path, { procfs: procfs(), clock: { ...clock, sleep }, random: () => 0.5 });
  expect(waits).toEqual([15, 25, 45]);
});
