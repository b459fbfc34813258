import { expect, test } from 'vitest';
import { part } from '../../src/vitals/softnet.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

const rows = (text: string) => rowsFrom(part, machine({ 'proc/net/softnet_stat': text }).tree, DETAIL);

test('column 13 says which CPU a line is of', async () => {
  const line = (cpu: string): string =>
    `00002e8b 00000001 0000000a 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 ${cpu}\n`;
  const found = await rows(line('00000000') + line('0000000c'));
  expect(found.map(({ id }) => id[0])).toEqual(['0', '12']);
  expect(found[1]?.numbers).toEqual({ processed: 0x2e8b, dropped: 1, times_squeezed: 10 });
});

test('older kernels have fewer columns: the order says it', async () => {
  const found = await rows(
    '00000001 00000002 00000003 0 0 0 0 0 0\n00000004 00000005 00000006 0 0 0 0 0 0\n',
  );
  expect(found.map(({ id, numbers }) => [id[0], numbers['processed']])).toEqual([
    ['0', 1],
    ['1', 4],
  ]);
});
