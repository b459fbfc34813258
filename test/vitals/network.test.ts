import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { isCounted, isShown } from '../../src/core/aside.js';
import { known } from '../../src/core/rates.js';
import type { Reading } from '../../src/core/sample.js';
import { row } from '../../src/core/sample.js';
import type { Ask } from '../../src/core/vital.js';
import { type Link, network, networkAsides, parseInterface, part } from '../../src/vitals/network.js';
import { openPart } from '../../src/vitals/part.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { byId, DETAIL, type Recorded, record, TICK } from './recorded.js';

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

/** A Docker host. Old kernels put no space behind the colon. */
const DOCKER = `${HEAD}    lo: 100 10 0 0 0 0 0 0 100 10 0 0 0 0 0 0
  eth0:5000000000 4000000 3 7 1 2 4 900 6000000000 5000000 5 6 8 9 10 11
docker0: 700 7 0 0 0 0 0 0 800 8 0 0 0 0 0 0
br-0123456789ab: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0
veth1a2b3c4: 500 5 0 0 0 0 0 0 600 6 0 0 0 0 0 0
   wg0: 300 3 0 0 0 0 0 0 400 4 0 0 0 0 0 0
`;

const device = (name: string): Record<string, string> => ({
  [`sys/class/net/${name}`]: `-> ../../devices/pci0000:00/net/${name}`,
  [`sys/devices/pci0000:00/net/${name}/statistics/rx_nohandler`]: '12\n',
});
const virtual = (name: string): Record<string, string> => ({
  [`sys/class/net/${name}`]: `-> ../../devices/virtual/net/${name}`,
  [`sys/devices/virtual/net/${name}/statistics/rx_nohandler`]: '0\n',
});

const open: Recorded[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.remove();
});

const machine = (files: Record<string, string>): Recorded => {
  const recorded = record(files);
  open.push(recorded);
  return recorded;
};

const docker = (): Recorded =>
  machine({
    'proc/net/dev': DOCKER,
    ...device('eth0'),
    ...['lo', 'docker0', 'br-0123456789ab', 'veth1a2b3c4', 'wg0'].reduce(
      (files, name) => Object.assign(files, virtual(name)),
      {},
    ),
  });

const read = (recorded: Recorded, ask: Ask): readonly Reading[] =>
  openPart(part, recorded.tree)?.read(ask) as readonly Reading[];

const derive = (
  now: Record<string, number>,
  before: Record<string, number> | undefined,
  seconds: number,
): Readonly<Record<string, number>> => {
  const reading = (numbers: Record<string, number>): Reading[] => [
    { group: network, rows: [row(['eth0'], numbers)] },
  ];
  const derived = part.derive?.(reading(now), before && reading(before), seconds, DETAIL) ?? [];
  return byId(derived, 'network')['eth0']?.numbers ?? {};
};

const counters = (values: readonly number[]): Record<string, number> => ({
  ...known(parseInterface(`eth0: ${values.join(' ')}`)?.numbers ?? {}),
});

const quiet = [1000, 100, 0, 0, 0, 0, 0, 0, 2000, 200, 0, 0, 0, 0, 0, 0];

/** The same counters, grown by so much at these columns. */
const grown = (by: Readonly<Record<number, number>>): Record<string, number> =>
  counters(quiet.map((value, index) => value + (by[index] ?? 0)));

const [RX_BYTES, RX_PACKETS, RX_ERRS, RX_DROP] = [0, 1, 2, 3];
const [TX_BYTES, TX_PACKETS, TX_ERRS, TX_DROP] = [8, 9, 10, 11];

test('reads every column', () => {
  const [, eth0] = DOCKER.split('\n').flatMap((line) => parseInterface(line) ?? []);
  expect(eth0).toEqual({
    device: 'eth0',
    numbers: {
      receive_bytes: 5000000000,
      receive_packets: 4000000,
      receive_errs: 3,
      receive_drop: 7,
      receive_fifo: 1,
      receive_frame: 2,
      receive_compressed: 4,
      receive_multicast: 900,
      transmit_bytes: 6000000000,
      transmit_packets: 5000000,
      transmit_errs: 5,
      transmit_drop: 6,
      transmit_fifo: 8,
      transmit_colls: 9,
      transmit_carrier: 10,
      transmit_compressed: 11,
    },
  });
});

test('the head, an alias and half a line are dealt with', () => {
  for (const line of HEAD.split('\n')) expect(parseInterface(line)).toBeUndefined();
  expect(parseInterface(`eth0:1: ${quiet.join(' ')}`)?.device).toBe('eth0:1');
  expect(parseInterface('eth1: 1 2')).toBeUndefined();
});

test('on a Docker host the card counts, a tunnel is shown, and the rest comes with the detail only', () => {
  const rows = Object.entries(byId(read(docker(), TICK), 'network'));
  expect(rows.map(([id, { texts }]) => [id, texts['aside']])).toEqual([
    ['lo', 'inside'],
    ['eth0', undefined],
    ['docker0', 'inside'],
    ['br-0123456789ab', 'inside'],
    ['veth1a2b3c4', 'inside'],
    ['wg0', 'layer'],
  ]);
  const recorded = (ask: Ask): string[] =>
    Object.keys(byId(part.derive?.(read(docker(), ask), undefined, 0, ask) ?? [], 'network'));
  expect(recorded(TICK)).toEqual(['eth0', 'wg0']);
  expect(recorded(DETAIL)).toEqual(rows.map(([id]) => id));
});

test('what is asked for by name counts and stands in every sample', () => {
  const ask = { ...TICK, filters: { network: { only: ['lo', 'veth*'] } } };
  const rows = byId(part.derive?.(read(docker(), ask), undefined, 0, ask) ?? [], 'network');
  expect(Object.keys(rows)).toEqual(['lo', 'veth1a2b3c4']);
  expect(Object.values(rows).every(isCounted)).toBe(true);
  const others = byId(read(docker(), { ...TICK, filters: { network: { except: ['veth*'] } } }), 'network');
  expect(Object.keys(others)).not.toContain('veth1a2b3c4');
  expect(others['lo']?.texts).toEqual({ aside: 'inside' });
});

test('packets that nobody wanted are read with the detail', () => {
  expect(byId(read(docker(), DETAIL), 'network')['eth0']?.numbers['receive_nohandler']).toBe(12);
  expect(byId(read(docker(), TICK), 'network')['eth0']?.numbers).not.toHaveProperty('receive_nohandler');
});

const link = (name: string, physical: boolean | undefined, master?: string): Link => ({
  device: name,
  physical,
  master,
});

const asidesOf = (links: readonly Link[]): Record<string, string> => Object.fromEntries(networkAsides(links));

test('what software made does not count beside hardware', () => {
  expect(
    asidesOf([
      link('lo', false),
      link('enp1s0', true, 'bond0'),
      link('enp2s0', true, 'bond0'),
      link('bond0', false, 'br0'),
      link('bond0.12', false),
      link('br0', false),
      link('vnet3', false, 'br0'),
      link('tailscale0', false),
      link('anything', false),
    ]),
  ).toEqual({
    lo: 'inside',
    bond0: 'layer',
    'bond0.12': 'layer',
    br0: 'layer',
    vnet3: 'inside',
    tailscale0: 'layer',
    anything: 'layer',
  });
});

test('of a cloud’s two real interfaces for one, one counts', () => {
  expect(asidesOf([link('eth0', true), link('enP30832s1', true, 'eth0')])).toEqual({ enP30832s1: 'path' });
});

test('in a container, whose interfaces are all software, eth0 counts', () => {
  expect(
    asidesOf([link('lo', false), link('eth0', false), link('eth1', false), link('tun0', false)]),
  ).toEqual({
    lo: 'inside',
    tun0: 'layer',
  });
});

test('where sysfs is silent the name decides', () => {
  expect(
    asidesOf(['lo', 'eth0', 'wlan0', 'veth0', 'docker0', 'ifb1', 'br0'].map((name) => link(name, undefined))),
  ).toEqual({ lo: 'inside', veth0: 'inside', docker0: 'inside', ifb1: 'inside', br0: 'layer' });
});

test('rates are per second, and errors a share of packets in the worse direction', () => {
  const before = counters(quiet);
  const now = grown({
    [RX_BYTES]: 5000,
    [TX_BYTES]: 10_000,
    [RX_PACKETS]: 99,
    [RX_ERRS]: 1,
    [TX_PACKETS]: 900,
    [TX_ERRS]: 100,
    [RX_DROP]: 10,
    [TX_DROP]: 15,
  });
  expect(derive(now, before, 5)).toMatchObject({
    receive_bytes_per_second: 1000,
    transmit_bytes_per_second: 2000,
    receive_packets_per_second: 19.8,
    transmit_packets_per_second: 180,
    errors_percent: 10,
    drops_per_second: 5,
  });
});

test('an interface where nothing passes has no errors', () => {
  expect(derive(counters(quiet), counters(quiet), 5)).toMatchObject({
    errors_percent: 0,
    drops_per_second: 0,
    receive_bytes_per_second: 0,
  });
  expect(derive(grown({ [TX_ERRS]: 3 }), counters(quiet), 5)['errors_percent']).toBe(100);
});

test('no rate without a reading before, or across a reset; a counter that went round spoils its own rate only', () => {
  const derivedNames = (numbers: Readonly<Record<string, number>>): string[] =>
    Object.keys(numbers).filter((name) => /per_second|percent/.test(name));
  expect(derivedNames(derive(counters(quiet), undefined, 0))).toEqual([]);
  const all = Object.fromEntries(quiet.map((_, index) => [index, 1]));
  expect(derivedNames(derive(counters(quiet), grown(all), 5))).toEqual([]);
  expect(derive(counters(quiet), grown({ [RX_BYTES]: 2 ** 32 }), 5)).not.toHaveProperty(
    'receive_bytes_per_second',
  );
  expect(derive(counters(quiet), grown({ [RX_BYTES]: 2 ** 32 }), 5)).toMatchObject({
    transmit_bytes_per_second: 0,
  });
});

test('whatever the counters, what is derived is known and not negative', () => {
  const some = fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 16, maxLength: 16 }).map(counters);
  fc.assert(
    fc.property(some, some, fc.double({ min: 0, max: 1e6, noNaN: true }), (now, before, seconds) => {
      const derived = derive(now, before, seconds);
      for (const [name, value] of Object.entries(derived)) {
        expect(Number.isNaN(value), name).toBe(false);
        expect(value, name).toBeGreaterThanOrEqual(0);
      }
      expect(derived['errors_percent'] ?? 0).toBeLessThanOrEqual(100);
    }),
  );
});

test('another machine’s interfaces are those of its first process', () => {
  const recorded = machine({
    'proc/net/dev': DOCKER,
    'proc/1/net/dev': `${HEAD}  ens5: ${quiet.join(' ')}\n`,
  });
  expect(Object.keys(byId(read(recorded, TICK), 'network'))).toEqual(['ens5']);
});

test('an interface that comes is looked up', () => {
  const recorded = docker();
  const vital = openPart(part, recorded.tree);
  vital?.read(TICK);
  recorded.write('sys/class/net/eth9', '-> ../../devices/virtual/net/eth9');
  recorded.write('proc/net/dev', `${DOCKER}  eth9: ${quiet.join(' ')}\n`);
  const rows = byId(vital?.read(TICK) as readonly Reading[], 'network');
  expect(rows['eth9']?.texts['aside']).toBe('layer');
});

test('this machine: every interface is there, and what is counted is shown', () => {
  const readings = openPart(part, new Tree(TREE_DEFAULTS))?.read(DETAIL) as readonly Reading[];
  const rows = byId(readings, 'network');
  const here = readdirSync('/sys/class/net').filter((name) => name !== 'bonding_masters');
  expect(Object.keys(rows).sort()).toEqual(here.sort());
  expect(rows['lo'] && isShown(rows['lo'])).toBe(false);
});
