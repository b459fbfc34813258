import { expect, test } from 'vitest';
import { part } from '../../src/vitals/load.js';
import { derived, openMachines, rowsFrom } from './read-part.js';
import { TICK } from './recorded.js';

const machine = openMachines();
const LOADAVG = '3.00 1.50 0.06 2/92 10066\n';

test('load per core counts the CPUs online', async () => {
  const { tree } = machine({ 'proc/loadavg': LOADAVG, 'sys/devices/system/cpu/online': '0-1,4\n' });
  const [raw] = await rowsFrom(part, tree, TICK);
  expect(raw && derived(part, raw, undefined, 0, TICK)?.numbers).toEqual({
    load1: 3,
    load5: 1.5,
    load15: 0.06,
    load1_per_core: 1,
    load5_per_core: 0.5,
    load15_per_core: 0.02,
  });
});

test('without the list of CPUs they are counted in /proc/stat; without either there is no load per core', async () => {
  const stat = 'cpu  1 2 3 4\ncpu0 1 2 3 4\ncpu1 1 2 3 4\nintr 5\n';
  const counted = machine({ 'proc/loadavg': LOADAVG, 'proc/stat': stat });
  expect((await rowsFrom(part, counted.tree, TICK))[0]?.numbers['cores']).toBe(2);
  const [raw] = await rowsFrom(part, machine({ 'proc/loadavg': LOADAVG }).tree, TICK);
  expect(raw && derived(part, raw, undefined, 0, TICK)?.numbers).toEqual({
    load1: 3,
    load5: 1.5,
    load15: 0.06,
  });
});

test('a machine that does not tell its load fails, rather than have none', async () => {
  await expect(rowsFrom(part, machine({ 'proc/stat': '' }).tree, TICK)).rejects.toThrow('ENOENT');
});
