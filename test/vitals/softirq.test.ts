import { expect, test } from 'vitest';
import { part } from '../../src/vitals/softirq.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

const rows = (stat: string) => rowsFrom(part, machine({ 'proc/stat': stat }).tree, DETAIL);

test('each kind by the kernel’s order, without the total', async () => {
  const found = await rows(
    'cpu  1 2 3 4\nprocs_blocked 0\nsoftirq 215019 1 39405 4 14465 43886 0 2 73303 5 43954\n',
  );
  expect(found.map(({ id, numbers }) => [id[0], numbers['count']])).toEqual([
    ['hi', 1],
    ['timer', 39405],
    ['net_tx', 4],
    ['net_rx', 14465],
    ['block', 43886],
    ['block_iopoll', 0],
    ['tasklet', 2],
    ['sched', 73303],
    ['hrtimer', 5],
    ['rcu', 43954],
  ]);
});

test('is absent where the kernel does not tell', async () => {
  expect(await rows('cpu  1 2 3 4\nctxt 1\n')).toEqual([]);
});
