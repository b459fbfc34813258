import { expect, test } from 'vitest';
import { part } from '../../src/vitals/conntrack.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

const COUNTS = {
  'proc/sys/net/netfilter/nf_conntrack_count': '64\n',
  'proc/sys/net/netfilter/nf_conntrack_max': '256\n',
};

test('sums the hexadecimal columns of all CPUs, by their names', async () => {
  const { tree } = machine({
    ...COUNTS,
    'proc/net/stat/nf_conntrack':
      'entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart\n' +
      '00000040  00000000 0000000a 00000000 00000001 00000002 00000000 00000009 00000003 00000004 00000005 00000006 00000000  00000000 00000000 00000000 00000007\n' +
      '00000040  00000000 00000010 00000000 00000001 00000002 00000000 00000009 00000003 00000004 00000005 00000006 00000000  00000000 00000000 00000000 00000007\n',
  });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({
    entries: 64,
    limit: 256,
    used_percent: 25,
    found: 26,
    invalid: 2,
    ignore: 4,
    insert: 6,
    insert_failed: 8,
    drop: 10,
    early_drop: 12,
    search_restart: 14,
  });
});

test('a kernel without the statistics still tells how full the table is', async () => {
  expect((await rowsFrom(part, machine(COUNTS).tree, DETAIL))[0]?.numbers).toEqual({
    entries: 64,
    limit: 256,
    used_percent: 25,
  });
});

test('is absent where no connections are tracked', async () => {
  expect(await rowsFrom(part, machine({ 'proc/stat': '' }).tree, DETAIL)).toEqual([]);
});
