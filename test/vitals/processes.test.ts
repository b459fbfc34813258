import { chmodSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { row } from '../../src/core/sample.js';
import { releaseProcesses } from '../../src/vitals/process-table.js';
import { part } from '../../src/vitals/processes.js';
import { statLine } from './process-line.js';
import { derived, openMachines, rowsFrom } from './read-part.js';
import { DETAIL, TICK } from './recorded.js';

const machine = openMachines();

const FILES = {
  'proc/stat':
    'cpu  1 2 3 4\nintr 603710 0 7 1\nctxt 1455302\nbtime 1795236682\nprocesses 10066\nprocs_running 3\nprocs_blocked 1\nsoftirq 9 1 2\n',
  'proc/loadavg': '0.23 0.08 0.02 2/92 10066\n',
  'proc/1/stat': statLine({ pid: 1, name: 'init' }),
  'proc/2/stat': statLine({ pid: 2, name: 'kthreadd', state: 'I' }),
  'proc/30/stat': statLine({ pid: 30, name: 'a Z) R', state: 'D' }),
  'proc/31/stat': statLine({ pid: 31, name: 'gone', state: 'Z' }),
  'proc/32/stat': statLine({ pid: 32, name: 'busy', state: 'R' }),
};

test('counts by state, and what the scheduler counts', async () => {
  const [raw] = await rowsFrom(part, machine(FILES).tree, TICK);
  expect(raw?.numbers).toEqual({
    total: 5,
    sleeping: 1,
    disk_sleep: 1,
    zombie: 1,
    runnable: 1,
    stopped: 0,
    idle: 1,
    tracing: 0,
    dead: 0,
    threads: 92,
    running: 3,
    blocked: 1,
    forks: 10066,
    context_switches: 1455302,
    interrupts: 603710,
  });
});

test('processes are looked at only when the result is wanted', async () => {
  const { tree } = machine(FILES);
  const quiet = { ...TICK, top: 0 };
  expect((await rowsFrom(part, tree, quiet))[0]?.numbers).not.toHaveProperty('total');
  expect((await rowsFrom(part, tree, quiet))[0]?.numbers).toMatchObject({ running: 3, threads: 92 });
  expect((await rowsFrom(part, tree, { ...DETAIL, top: 0 }))[0]?.numbers).toMatchObject({ total: 5 });
  const named = { ...quiet, processes: [{ name: 'init' }] };
  expect((await rowsFrom(part, tree, named))[0]?.numbers).toMatchObject({ total: 5 });
});

test.skipIf(process.getuid?.() === 0)('where some are hidden, their states are not guessed', async () => {
  const { tree } = machine(FILES);
  chmodSync(`${tree.roots.procfs}/32/stat`, 0);
  const [raw] = await rowsFrom(part, tree, TICK);
  expect(raw?.numbers).toMatchObject({ total: 5 });
  expect(raw?.numbers).not.toHaveProperty('sleeping');
});

test('where procfs does not even list those of others, nothing is counted', async () => {
  // The kernel's own file: a procfs, then, and not a recorded tree in which the first process may be missing.
  const { 'proc/stat': _, 'proc/1/stat': __, ...others } = FILES;
  const { tree } = machine(others);
  symlinkSync('/proc/stat', `${tree.roots.procfs}/stat`);
  const [raw] = await rowsFrom(part, tree, TICK);
  expect(raw?.numbers).toMatchObject({ threads: 92, forks: expect.any(Number) });
  for (const name of ['total', 'sleeping', 'zombie']) expect(raw?.numbers).not.toHaveProperty(name);
  releaseProcesses(tree);
});

test('rates come from two readings, and not over a reset', () => {
  const now = row([], { forks: 30, context_switches: 5, interrupts: 100 });
  const before = row([], { forks: 10, context_switches: 9, interrupts: 100 });
  const numbers = derived(part, now, before, 4, TICK)?.numbers;
  expect(numbers).toMatchObject({ forks_per_second: 5, interrupts_per_second: 0 });
  expect(numbers?.['context_switches_per_second']).toBeUndefined();
  expect(derived(part, now, undefined, 0, TICK)?.numbers).toEqual(now.numbers);
});

test('an old kernel without some lines has no such fields', async () => {
  const { tree } = machine({ 'proc/stat': 'cpu  1 2 3\nctxt 7\n' });
  expect((await rowsFrom(part, tree, { ...TICK, top: 0 }))[0]?.numbers).toEqual({ context_switches: 7 });
});
