import { expect, test } from 'vitest';
import { part } from '../../src/vitals/filefd.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

const numbers = async (text: string) => {
  const { tree } = machine({ 'proc/sys/fs/file-nr': text });
  return (await rowsFrom(part, tree, DETAIL))[0]?.numbers;
};

test('allocated, maximum and the share in use', async () => {
  expect(await numbers('500\t0\t2000\n')).toEqual({ allocated: 500, maximum: 2000, used_percent: 25 });
});

test('the maximum of today’s kernels is as large as a number gets', async () => {
  expect(await numbers('500\t0\t9223372036854775807\n')).toMatchObject({ maximum: 2 ** 63 });
});

test('is absent where the kernel does not tell', async () => {
  expect(await rowsFrom(part, machine({ 'proc/stat': '' }).tree, DETAIL)).toEqual([]);
});
