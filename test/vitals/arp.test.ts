import { expect, test } from 'vitest';
import { part } from '../../src/vitals/arp.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('counts the neighbours of each interface', async () => {
  const { tree } = machine({
    'proc/net/arp':
      'IP address       HW type     Flags       HW address            Mask     Device\n' +
      '192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0\n' +
      '192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0\n' +
      '198.51.100.1     0x1         0x2         02:fc:00:00:00:07     *        wlan0\n',
  });
  const rows = await rowsFrom(part, tree, DETAIL);
  expect(rows.map(({ id, numbers }) => [id[0], numbers['entries']])).toEqual([
    ['eth0', 2],
    ['wlan0', 1],
  ]);
});

test('a table with a header only has no rows', async () => {
  expect(
    await rowsFrom(part, machine({ 'proc/net/arp': 'IP address       HW type\n' }).tree, DETAIL),
  ).toEqual([]);
});
