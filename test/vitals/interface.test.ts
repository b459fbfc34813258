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

test('an interface is found where the kernel’s link leads, and in the folder of a recorded machine that has none', () => {
  const below = (folder: string, values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([file, text]) => [`${folder}/${file}`, text]));
  const recorded = record({
    ...below('sys/devices/pci0000:00/net/eth0', { ifindex: '2', flags: '0x1003', mtu: '9000' }),
    'sys/class/net/eth0': '-> ../../devices/pci0000:00/net/eth0',
    ...below('sys/elsewhere/eth1', { ifindex: '3', flags: '0x1003', mtu: '1500' }),
    'sys/class/net/eth1': '-> ../../elsewhere/../elsewhere/eth1',
    ...files('eth2', { ifindex: '4', flags: '0x1003', mtu: '1400' }),
    'sys/class/net/eth3': '-> ../../devices/gone',
  });
  open.push(recorded);
  const rows = Object.values(byId(read(recorded.tree, DETAIL), 'interface'));
  expect(rows.map(({ id, numbers }) => [id[0], numbers['mtu_bytes']]).sort()).toEqual([
    ['eth0', 9000],
    ['eth1', 1500],
    ['eth2', 1400],
  ]);
});

test('of an interface that is down, what the kernel tells of those that are up is not asked', () => {
  const recorded = record({ ...files('eth0', { ...CARD, flags: '0x1002' }), ...files('eth1', CARD) });
  open.push(recorded);
  const { eth0, eth1 } = byId(read(recorded.tree, DETAIL), 'interface');
  const onlyUp = ['carrier', 'dormant', 'speed_bytes'];
  expect(
    Object.keys(eth1?.numbers ?? {})
      .filter((name) => !(name in (eth0?.numbers ?? {})))
      .sort(),
  ).toEqual(onlyUp);
  expect([eth0?.texts['duplex'], eth1?.texts['duplex']]).toEqual([undefined, 'full']);
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

test('this machine: each interface has what its files tell, and no more', () => {
  const text = (device: string, file: string): string | undefined => {
    try {
      return readFileSync(`/sys/class/net/${device}/${file}`, 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  for (const { id, numbers, texts } of Object.values(
    byId(read(new Tree(TREE_DEFAULTS), DETAIL), 'interface'),
  )) {
    const told = (file: string): number | undefined => {
      const found = text(id[0] as string, file);
      return found === undefined ? undefined : Number(found);
    };
    const { carrier, dormant, speed_bytes, name_assign_type, device_id } = numbers;
    expect({ id, carrier, dormant, speed_bytes, name_assign_type, device_id }).toEqual({
      id,
      carrier: told('carrier'),
      dormant: told('dormant'),
      speed_bytes: told('speed') === undefined ? undefined : (told('speed') as number) * 125_000,
      name_assign_type: told('name_assign_type'),
      device_id: told('dev_id'),
    });
    expect([id, texts['duplex']]).toEqual([id, text(id[0] as string, 'duplex') || undefined]);
  }
});
