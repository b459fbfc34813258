import { expect, test } from 'vitest';
import { part } from '../../src/vitals/entropy.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('bits available and the size of the pool', async () => {
  const { tree } = machine({
    'proc/sys/kernel/random/entropy_avail': '3943\n',
    'proc/sys/kernel/random/poolsize': '4096\n',
  });
  const [only] = await rowsFrom(part, tree, DETAIL);
  expect(only?.numbers).toEqual({ available_bits: 3943, pool_size_bits: 4096 });
});

test('is absent where the kernel does not tell', async () => {
  expect(await rowsFrom(part, machine({ 'proc/stat': '' }).tree, DETAIL)).toEqual([]);
});
