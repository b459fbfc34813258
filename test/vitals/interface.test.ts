import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Reading } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import type { Ask } from '../../src/core/vital.js';
import { part } from '../../src/vitals/interface.js';
import { openPart } from '../../src/vitals/part.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { byId, DETAIL, type Recorded, record, TICK } from './recorded.js';

const open: Recorded[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.remove();
});

const files = (name: string, values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([file, text]) => [`sys/class/net/${name}/${file}`, `${text}\n`]),
  );

const CARD = {
  addr_assign_type: '0',
  address: '02:fc:00:00:00:01',
  broadcast: 'ff:ff:ff:ff:ff:ff',
  carrier: '1',
  carrier_changes: '3',
  carrier_down_count: '1',
  carrier_up_count: '2',
  dev_id: '0x0',
  dormant: '0',
  duplex: 'full',
  flags: '0x1003',
  ifalias: '',
  ifindex: '4',
  iflink: '4',
  link_mode: '0',
  mtu: '1400',
  name_assign_type: '1',
  netdev_group: '0',
  operstate: 'up',
  speed: '10000',
  tx_queue_len: '1000',
  type: '1',
};

const machine = (): Recorded => {
  const recorded = record({
    ...files('eth0', CARD),
    ...files('eth1', { ...CARD, speed: '-1', operstate: 'down', ifalias: 'to the lab' }),
    ...files('dummy0', { ifindex: '7', flags: '0x82', operstate: 'unknown' }),
    'sys/class/net/bonding_masters': 'bond0\n',
  });
  open.push(recorded);
  return recorded;
};

const read = (tree: Tree, ask: Ask): readonly Reading[] =>
  openPart(part, tree)?.read(ask) as readonly Reading[];

test('reads every property', () => {
  expect(byId(read(machine().tree, DETAIL), 'interface')['eth0']).toEqual(
    row(
      ['eth0'],
      {
        address_assign_type: 0,
        carrier: 1,
        carrier_changes: 3,
        carrier_down_changes: 1,
        carrier_up_changes: 2,
        device_id: 0,
        dormant: 0,
        flags: 4099,
        iface_id: 4,
        iface_link: 4,
        iface_link_mode: 0,
        mtu_bytes: 1400,
        name_assign_type: 1,
        net_dev_group: 0,
        protocol_type: 1,
        speed_bytes: 1.25e9,
        transmit_queue_length: 1000,
        up: 1,
      },
      { address: '02:fc:00:00:00:01', broadcast: 'ff:ff:ff:ff:ff:ff', duplex: 'full', operstate: 'up' },
    ),
  );
});

test('a speed that is not known is passed on as the driver tells it', () => {
  const eth1 = byId(read(machine().tree, DETAIL), 'interface')['eth1'];
  expect(eth1?.numbers).toMatchObject({ speed_bytes: -125000, up: 0 });
  expect(eth1?.texts['ifalias']).toBe('to the lab');
});

test('what an interface does not have is absent, and what is no interface is passed over', () => {
  const rows = byId(read(machine().tree, DETAIL), 'interface');
  expect(Object.keys(rows).sort()).toEqual(['dummy0', 'eth0', 'eth1']);
  expect(rows['dummy0']).toEqual(
    row(['dummy0'], { iface_id: 7, flags: 130, up: 0 }, { aside: 'inside', operstate: 'unknown' }),
  );
});

test('reads nothing between details, and heeds the filter', () => {
  expect(read(machine().tree, TICK)).toEqual([]);
  const ask = { ...DETAIL, filters: { network: { only: ['eth?'] } } };
  expect(Object.keys(byId(read(machine().tree, ask), 'interface')).sort()).toEqual(['eth0', 'eth1']);
});

test('this machine: attributes that mean nothing for the loopback are absent, not zero', () => {
  const lo = byId(read(new Tree(TREE_DEFAULTS), DETAIL), 'interface')['lo'];
  expect(lo?.numbers['mtu_bytes']).toBe(Number(readFileSync('/sys/class/net/lo/mtu', 'utf8')));
  expect(lo?.numbers).not.toHaveProperty('speed_bytes');
  expect(lo?.texts).not.toHaveProperty('duplex');
});
