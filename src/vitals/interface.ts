/** What each network interface is: state, speed, addresses. Every property that node_exporter's netclass has. */

import { ASIDE_HELP } from '../core/aside.js';
import { counter, gauge, group, info } from '../core/group.js';
import { letIn } from '../core/pattern.js';
import type { Row } from '../core/sample.js';
import { row } from '../core/sample.js';
import { type DeviceAttributes, openDeviceAttributes } from './attributes.js';
import { COUNTED_DEVICES, linkOf, networkAsides, type PlacedLink } from './network.js';
import type { Part } from './part.js';
import { numberIn } from './tree.js';

const property = (
  unit: 'count' | 'bytes' | 'bytes_per_second' | 'boolean',
  help: string,
  name: string,
  kind = gauge,
) => kind(unit, help, { due: 'detail', prometheus: `node_network_${name}` });

const TEXTS = {
  address: 'hardware address',
  broadcast: 'hardware address of all',
  duplex: '"full", "half", "unknown"',
  ifalias: 'what somebody noted about it',
  operstate: 'state (RFC 2863): "up", "down", "unknown" …',
};

export const networkInterface = group({
  name: 'interface',
  help: 'What each network interface is',
  identity: ['device'],
  texts: { ...TEXTS, aside: ASIDE_HELP },
  countedMatchers: COUNTED_DEVICES,
  fields: {
    info: info('What the interface is', { name: 'node_network_info', texts: Object.keys(TEXTS) }),
    up: property('boolean', 'The state is "up"', 'up'),
    speed_bytes: property(
      'bytes_per_second',
      'Speed of the link; negative where it is not known',
      'speed_bytes',
    ),
    carrier: property('boolean', 'There is a link', 'carrier'),
    carrier_changes: property('count', 'Times the link came or went', 'carrier_changes_total', counter),
    carrier_up_changes: property('count', 'Times the link came', 'carrier_up_changes_total', counter),
    carrier_down_changes: property('count', 'Times the link went', 'carrier_down_changes_total', counter),
    mtu_bytes: property('bytes', 'Largest packet', 'mtu_bytes'),
    flags: property('count', 'IFF_ flags (netdevice(7)) as a number', 'flags'),
    dormant: property('boolean', 'Waits for something, such as a login', 'dormant'),
    transmit_queue_length: property('count', 'Packets that may wait to be sent', 'transmit_queue_length'),
    iface_id: property('count', 'Number of the interface', 'iface_id'),
    iface_link: property('count', 'Number of the interface it is built on, else its own', 'iface_link'),
    iface_link_mode: property('count', '1 where user space decides the state', 'iface_link_mode'),
    device_id: property('count', 'Tells interfaces apart that share an address', 'device_id'),
    net_dev_group: property('count', 'Group it was put in', 'net_dev_group'),
    protocol_type: property('count', 'ARPHRD_ number of the hardware', 'protocol_type'),
    address_assign_type: property('count', '0 permanent, 1 random, 2 stolen, 3 set', 'address_assign_type'),
    name_assign_type: property('count', '1 kernel, 2 predictable, 3 user, 4 renamed', 'name_assign_type'),
  },
});

/** Field → file of those that need no more, in /sys/class/net/X (the kernel's Documentation/ABI/testing/sysfs-class-net). */
const FILES: Readonly<Record<string, string>> = {
  carrier: 'carrier',
  carrier_changes: 'carrier_changes',
  carrier_up_changes: 'carrier_up_count',
  carrier_down_changes: 'carrier_down_count',
  mtu_bytes: 'mtu',
  dormant: 'dormant',
  transmit_queue_length: 'tx_queue_len',
  iface_link: 'iflink',
  iface_link_mode: 'link_mode',
  device_id: 'dev_id',
  net_dev_group: 'netdev_group',
  protocol_type: 'type',
  address_assign_type: 'addr_assign_type',
  name_assign_type: 'name_assign_type',
};

const IFF_UP = 1;

/** What the kernel tells of an interface that is up only: of another it says that it means nothing (net/core/net-sysfs.c). */
const OF_THOSE_UP: ReadonlySet<string> = new Set(['carrier', 'dormant', 'speed', 'duplex']);

const BYTES_PER_MEGABIT = 1e6 / 8;

/** Undefined for what is in the folder but is no interface, such as `bonding_masters`. */
const readInterface = (
  kept: DeviceAttributes,
  { device, folder }: PlacedLink,
  aside: string | undefined,
): Row | undefined => {
  const attribute = kept.of(folder);
  const iface_id = numberIn(attribute('ifindex'));
  if (iface_id === undefined) return undefined;
  const flags = numberIn(attribute('flags'));
  const isUp = flags === undefined || (flags & IFF_UP) !== 0;
  const textOf = (file: string): string | undefined =>
    isUp || !OF_THOSE_UP.has(file) ? attribute(file) : undefined;
  const numbers: Record<string, number> = flags === undefined ? { iface_id } : { iface_id, flags };
  for (const field in FILES) {
    const value = numberIn(textOf(FILES[field] as string));
    if (value !== undefined) numbers[field] = value;
  }
  const speed = numberIn(textOf('speed'));
  // -1 is the kernel's "not known" for some drivers; node_exporter passes it on, multiplied, and so do we.
  if (speed !== undefined) numbers['speed_bytes'] = speed * BYTES_PER_MEGABIT;
  const texts: Record<string, string> = {};
  for (const name in TEXTS) {
    const text = textOf(name)?.trim();
    if (text) texts[name] = text;
  }
  if (aside !== undefined) texts['aside'] = aside;
  if (texts['operstate'] !== undefined) numbers['up'] = texts['operstate'] === 'up' ? 1 : 0;
  return row([device], numbers, texts);
};

export const part: Part = {
  groups: [networkInterface],
  linux: (tree) => {
    const kept = openDeviceAttributes(tree);
    return {
      close: kept.close,
      read: (ask) => {
        if (!ask.detail) return [];
        const { network: filter } = ask.filters;
        const links = tree.sysList('class/net').map((device) => linkOf(tree, ask, device));
        // Asked for by a pattern: it is meant.
        const asides = filter?.only === undefined ? networkAsides(links) : new Map();
        const isIn = letIn(filter);
        try {
          const rows = links
            .filter(({ device }) => isIn(device))
            .flatMap((link) => readInterface(kept, link, asides.get(link.device)) ?? []);
          return [{ group: networkInterface, rows }];
        } finally {
          kept.tidy();
        }
      },
    };
  },
};
