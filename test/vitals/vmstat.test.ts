import { expect, test } from 'vitest';
import { part } from '../../src/vitals/vmstat.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('takes paging, faults and kills, and no other field', async () => {
  const { tree } = machine({
    'proc/vmstat':
      'nr_free_pages 7\npgpgin 1571733\npgpgout 19\npgpgoutclean 2\npswpin 0\npswpout 1\npgalloc_dma 5\npgfault 3091023\npgmajfault 1293\noom_kill 2\nthp_fault_alloc 9\ndrop_slab 1\n',
  });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({
    pgpgin: 1571733,
    pgpgout: 19,
    pgpgoutclean: 2,
    pswpin: 0,
    pswpout: 1,
    pgfault: 3091023,
    pgmajfault: 1293,
    oom_kill: 2,
  });
});

test('kernels before 4.13 do not count kills: then there is no such number', async () => {
  const { tree } = machine({ 'proc/vmstat': 'pgfault 1\n' });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({ pgfault: 1 });
});
