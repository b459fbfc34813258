import { rmSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { row, rowsOf } from '../../src/core/sample.js';
import type { ProcessSelector } from '../../src/core/vital.js';
import { part } from '../../src/vitals/process.js';
import { releaseProcesses } from '../../src/vitals/process-table.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { type Line, statLine, withProcesses } from './process-line.js';
import { derived, openMachines, readerOf, rowsFrom } from './read-part.js';
import { byId, DETAIL, TICK } from './recorded.js';

const machine = openMachines();

const watching = (...processes: readonly ProcessSelector[]) => ({ ...TICK, processes });
const NGINX = watching({ name: 'nginx' });

const NGINXES: readonly Line[] = [
  { pid: 10, name: 'nginx', userTicks: 100, systemTicks: 50, startTicks: 2000, pages: 10, threads: 1 },
  { pid: 11, name: 'nginx', userTicks: 300, systemTicks: 50, startTicks: 2001, pages: 20, threads: 2 },
  { pid: 12, name: 'nginx', state: 'Z', startTicks: 1 },
  { pid: 13, name: 'nginx-debug', startTicks: 1 },
];

/** A machine whose processes can be changed between readings. */
const watched = (lines: readonly Line[]) => {
  const { tree, write } = machine(withProcesses(lines));
  const read = readerOf(part, tree);
  return {
    tree,
    read: async () => rowsOf(await read(NGINX), 'process')[0],
    run: (line: Line) => write(`proc/${line.pid}/stat`, statLine(line)),
    end: (pid: number) => rmSync(`${tree.roots.procfs}/${pid}`, { recursive: true }),
  };
};

test('sums up the processes of a name, without zombies', async () => {
  const { tree } = machine(withProcesses(NGINXES));
  const { pageSize } = tree.constants();
  expect(await rowsFrom(part, tree, NGINX)).toEqual([
    row(['nginx'], {
      count: 2,
      user_seconds: 4,
      system_seconds: 1,
      resident_bytes: 30 * pageSize,
      virtual_bytes: 2 * 8192,
      threads: 3,
      oldest_start_time: 1700000020,
      oldest_ticks: 2000,
    }),
  ]);
});

test('a name of which there is no process has a row that says so', async () => {
  const { tree } = machine(withProcesses(NGINXES));
  const [only] = await rowsFrom(part, tree, watching({ name: 'mysqld' }));
  expect(only?.numbers).toMatchObject({ count: 0, resident_bytes: 0, threads: 0 });
  expect(only?.numbers).not.toHaveProperty('oldest_start_time');
});

test('a name of which no process is seen is unknown where procfs hides some', async () => {
  const { 'proc/stat': _, ...files } = withProcesses(NGINXES);
  const { tree } = machine(files);
  // The kernel's own file: a procfs, then, and the first process is not in it.
  symlinkSync('/proc/stat', `${tree.roots.procfs}/stat`);
  const rows = await rowsFrom(part, tree, watching({ name: 'mysqld' }, { name: 'nginx' }));
  expect(rows.map(({ numbers }) => numbers['count'])).toEqual([undefined, 2]);
  releaseProcesses(tree);
});

test('a name longer than the kernel keeps is compared with the arguments', async () => {
  const { tree } = machine({
    ...withProcesses([
      { pid: 7, name: 'systemd-journal' },
      { pid: 8, name: 'systemd-journal' },
    ]),
    'proc/7/cmdline': '/lib/systemd/systemd-journald\0',
    'proc/8/cmdline': '/lib/systemd/systemd-journal-upload\0',
  });
  const counts = async (name: string) =>
    (await rowsFrom(part, tree, watching({ name })))[0]?.numbers['count'];
  expect(await counts('systemd-journald')).toBe(1);
  expect(await counts('systemd-journal')).toBe(2);
  expect(await counts('systemd-journalx')).toBe(0);
});

test('a PID file means its process; one that is stale, missing or empty means none', async () => {
  const { tree } = machine({
    ...withProcesses(NGINXES),
    'root/run/nginx.pid': '10\n',
    'root/run/postmaster.pid': '11\n/var/lib/postgresql\n5432\n',
    'root/run/stale.pid': '4711\n',
    'root/run/zombie.pid': '12\n',
    'root/run/empty.pid': '\n',
  });
  const names = ['nginx', 'postmaster', 'stale', 'zombie', 'empty', 'missing'];
  const ask = watching(...names.map((name) => ({ name: `${name}.pid`, pidFile: `/run/${name}.pid` })));
  const rows = await rowsFrom(part, tree, ask);
  expect(rows.map(({ id, numbers }) => [id[0], numbers['count']])).toEqual([
    ['nginx.pid', 1],
    ['postmaster.pid', 1],
    ['stale.pid', 0],
    ['zombie.pid', 0],
    ['empty.pid', 0],
    ['missing.pid', 0],
  ]);
});

test('a PID file that cannot be read leaves its own row unknown, and no other', async () => {
  const { tree } = machine({ ...withProcesses(NGINXES), 'root/run/folder/x': '' });
  const ask = watching({ name: 'folder', pidFile: '/run/folder' }, { name: 'nginx' });
  const rows = byId([...(await readerOf(part, tree)(ask))], 'process');
  expect(rows['folder']?.numbers).toEqual({});
  expect(rows['folder']?.texts).toEqual({ error: 'its PID file could not be read: it is a directory' });
  expect(rows['nginx']?.numbers).toMatchObject({ count: 2 });
});

test('CPU time goes on when one ends, and one that comes late does not bring its past', async () => {
  const { read, run, end } = watched(NGINXES);
  const before = await read();
  end(11);
  run({ pid: 10, name: 'nginx', userTicks: 200, systemTicks: 50, startTicks: 2000 });
  // Began after the reading before.
  run({ pid: 20, name: 'nginx', userTicks: 10, startTicks: 50_000 });
  // Was there before, under another name, with a past of its own.
  run({ pid: 13, name: 'nginx', userTicks: 9999, startTicks: 1 });
  const now = await read();
  expect(now?.numbers).toMatchObject({ count: 3, user_seconds: 5.1, system_seconds: 1 });
  expect(now && derived(part, now, before, 10, NGINX)?.numbers['cpu_percent']).toBeCloseTo(11);
});

test('counts restarts: another oldest process, or one again after none', async () => {
  const { read, run, end } = watched([]);
  const restarts = async () => (await read())?.numbers['restarts'];
  run({ pid: 10, name: 'nginx', startTicks: 2000 });
  run({ pid: 11, name: 'nginx', startTicks: 2001 });
  expect(await restarts()).toBeUndefined();
  end(11);
  run({ pid: 12, name: 'nginx', startTicks: 3000 });
  expect(await restarts()).toBe(0);
  end(10);
  end(12);
  run({ pid: 10, name: 'nginx', startTicks: 4000 });
  expect(await restarts()).toBe(1);
  end(10);
  expect(await restarts()).toBe(1);
  run({ pid: 30, name: 'nginx', startTicks: 5000 });
  expect(await restarts()).toBe(2);
});

test('the first reading of a run goes on from a record', () => {
  const recorded = (count: number, numbers = {}) => row(['nginx'], { count, restarts: 3, ...numbers });
  const now = row(['nginx'], { count: 1, oldest_start_time: 1000.4, oldest_ticks: 77 });
  const restarts = (before?: ReturnType<typeof row>) =>
    derived(part, now, before, 60, NGINX)?.numbers['restarts'];
  expect(restarts()).toBe(0);
  expect(restarts(recorded(1, { oldest_start_time: 1000 }))).toBe(3);
  expect(restarts(recorded(1, { oldest_start_time: 900 }))).toBe(4);
  expect(restarts(recorded(0))).toBe(4);
  const none = row(['nginx'], { count: 0 });
  expect(derived(part, none, recorded(1, { oldest_start_time: 900 }), 60, NGINX)?.numbers['restarts']).toBe(
    3,
  );
});

test('this machine: finds this process by its name, with its open files in detail', async () => {
  const tree = new Tree(TREE_DEFAULTS);
  const name = tree.proc('self/comm').trimEnd();
  const [tick] = await rowsFrom(part, tree, watching({ name }));
  expect(tick?.numbers['count']).toBeGreaterThanOrEqual(1);
  expect(tick?.numbers).not.toHaveProperty('open_files');
  const [detail] = await rowsFrom(part, tree, { ...DETAIL, processes: [{ name }] });
  expect(detail?.numbers['open_files'] ?? 99).toBeGreaterThan(3);
});

test('nothing is there where no process is watched', async () => {
  expect(await readerOf(part, machine(withProcesses(NGINXES)).tree)(TICK)).toEqual([]);
});
