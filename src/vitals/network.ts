/** Traffic of each network interface, and what went wrong on the way. */

import { ASIDE_HELP, isShown } from '../core/aside.js';
import { counter, gauge, group } from '../core/group.js';
import { madeOf } from '../core/made.js';
import { letIn } from '../core/pattern.js';
import { increase, rate } from '../core/rates.js';
import type { Reading, Row } from '../core/sample.js';
import { looseRow, rowLike, rowsOf } from '../core/sample.js';
import type { Ask, Filter } from '../core/vital.js';
import { readCounters } from './counters.js';
import { oncePerSample } from './once.js';
import type { Part } from './part.js';
import { portableNetwork } from './portable/network.js';
import type { Tree } from './tree.js';
import { linesWhileSame } from './while-same.js';

const HELP: Readonly<Record<string, string>> = {
  receive_packets: 'Packets received',
  receive_errs: 'Packets received broken',
  receive_drop: 'Packets received and given up, most for want of room',
  receive_fifo: 'Packets lost because the device was overrun',
  receive_frame: 'Packets received with a bad length, checksum or frame',
  receive_compressed: 'Compressed packets received',
  receive_multicast: 'Multicast packets received',
  receive_nohandler: 'Packets received that nobody wanted',
  transmit_packets: 'Packets sent',
  transmit_errs: 'Packets that could not be sent',
  transmit_drop: 'Packets given up before they were sent',
  transmit_fifo: 'Packets not sent because the device ran dry',
  transmit_colls: 'Collisions while sending',
  transmit_carrier: 'Packets not sent for want of a link',
  transmit_compressed: 'Compressed packets sent',
};

const total = (name: string) => `node_network_${name}_total`;

/** Ends of cables that lie inside the machine: of containers, virtual machines and tests. */
const INSIDE =
  /^(lo|veth.*|docker\d.*|br-[0-9a-f]{12}|virbr\d.*|lxcbr\d|lxdbr\d|incusbr\d|vnet\d+|tap.*|fwbr.*|fwln.*|fwpr.*|cni.*|cali.*|flannel.*|cilium.*|lxc.*|podman\d.*|kube-.*|nodelocaldns|ifb\d+|dummy\d+|sit\d+|gre\d+|gretap\d+|erspan\d+|ip6tnl\d+|ip6gre\d+|tunl\d+|ip_vti\d+|ip6_vti\d+|teql\d+)$/;

/** Built on another interface: its packets pass that one as well. */
const LAYER = /^(bond|team|br|vmbr|ovs|vlan|wg|tun|ppp|tailscale|zt|ipsec|utun|macv|ipvl|vxlan|geneve)|[.@]/;

/** The same in PromQL, as well as names alone tell it. */
export const COUNTED_DEVICES =
  'device!~"lo|(veth|docker|br|virbr|vmbr|ovs|vnet|tap|tun|utun|fw|cni|cali|flannel|cilium|lxc|lxd|incus|podman|kube|nodelocaldns|' +
  'ifb|dummy|sit|gre|erspan|ip6tnl|ip6gre|ip_vti|ip6_vti|teql|bond|team|vlan|wg|ppp|tailscale|zt|ipsec|macv|ipvl|vxlan|geneve).*' +
  '|.*[.@].*"';

export const network = group({
  name: 'network',
  help: 'Each network interface',
  identity: ['device'],
  texts: { aside: ASIDE_HELP },
  countedMatchers: COUNTED_DEVICES,
  fields: {
    receive_bytes_per_second: gauge('bytes_per_second', 'Received'),
    transmit_bytes_per_second: gauge('bytes_per_second', 'Sent'),
    receive_packets_per_second: gauge('per_second', 'Packets received', { digits: 1 }),
    transmit_packets_per_second: gauge('per_second', 'Packets sent', { digits: 1 }),
    errors_percent: gauge('percent', 'Share of packets that were broken, in the worse direction'),
    drops_per_second: gauge('per_second', 'Packets given up'),
    receive_bytes: counter('bytes', 'Received', { prometheus: total('receive_bytes') }),
    transmit_bytes: counter('bytes', 'Sent', { prometheus: total('transmit_bytes') }),
    ...Object.fromEntries(
      Object.entries(HELP).map(([name, help]) => [
        name,
        counter('count', help, { due: 'detail', prometheus: total(name) }),
      ]),
    ),
  },
});

export interface Traffic {
  readonly device: string;
  readonly numbers: Readonly<Record<string, number | undefined>>;
}

/** Of the line that was read last. */
const columns: number[] = [];
const COLUMNS = 16;

/**
 * A line of /proc/net/dev, its counters as node_exporter names them (the kernel's dev_seq_printf_stats); undefined for the head, and
 * where half of a line is missing.
 */
export const parseInterface = (line: string): Traffic | undefined => {
  const colon = line.lastIndexOf(':'); // Old kernels have aliases, `eth0:1`.
  if (colon < 0 || readCounters(line, colon + 1, columns) < COLUMNS) return undefined;
  const device = line.slice(0, colon).trim();
  const numbers = {
    receive_bytes: columns[0],
    receive_packets: columns[1],
    receive_errs: columns[2],
    receive_drop: columns[3],
    receive_fifo: columns[4],
    receive_frame: columns[5],
    receive_compressed: columns[6],
    receive_multicast: columns[7],
    transmit_bytes: columns[8],
    transmit_packets: columns[9],
    transmit_errs: columns[10],
    transmit_drop: columns[11],
    transmit_fifo: columns[12],
    transmit_colls: columns[13],
    transmit_carrier: columns[14],
    transmit_compressed: columns[15],
  };
  return { device, numbers };
};

/** What sysfs knows of an interface. */
export interface Link {
  readonly device: string;
  /** Driven by hardware (or a hypervisor's), not made by software; undefined where sysfs is silent. */
  readonly physical: boolean | undefined;
  /** The interface that a physical one has been made a part of: a bond, a bridge. */
  readonly master: string | undefined;
}

export interface PlacedLink extends Link {
  /** Where its attributes are below sysfs. To get to each of them through the link in class/net costs a tenth of reading it. */
  readonly folder: string;
}

/**
 * Why interfaces do not count in the machine's total. What hardware carries counts; what software made either stays
 * inside the machine or passes such a one as well, and would count twice. A machine that has none, as a container
 * whose eth0 is one end of a veth, counts what its names do not tell to be inside or built on another.
 */
export const networkAsides = (links: readonly Link[]): ReadonlyMap<string, string> => {
  const physical = new Set(links.filter((link) => link.physical).map(({ device }) => device));
  const found = new Map<string, string>();
  for (const { device, master } of links) {
    if (physical.has(device)) {
      // A cloud's fast path has two real interfaces for one: the master counts the other's packets too.
      if (master !== undefined && physical.has(master)) found.set(device, 'path');
    } else if (INSIDE.test(device)) found.set(device, 'inside');
    else if (physical.size > 0 || LAYER.test(device)) found.set(device, 'layer');
  }
  return found;
};

const readLink = (tree: Tree, device: string): PlacedLink => {
  const path = tree.sysLink(`class/net/${device}`);
  const physical = path === undefined ? undefined : !path.includes('/virtual/');
  const folder = path?.startsWith('../../') ? path.slice('../../'.length) : `class/net/${device}`;
  // Of the others it makes no difference.
  const master = physical ? tree.sysLink(`${folder}/master`)?.split('/').at(-1) : undefined;
  return { device, physical, master, folder };
};

const linksOfSample = oncePerSample(() => new Map<string, PlacedLink>());

/** What an interface is, looked up once for a sample. */
export const linkOf = (tree: Tree, ask: Ask, device: string): PlacedLink => {
  const links = linksOfSample(tree, ask);
  const link = links.get(device) ?? readLink(tree, device);
  links.set(device, link);
  return link;
};

/** The interfaces of this network namespace: of the machine's first process, when we look at another one's files. */
const netDev = (tree: Tree): string | undefined => {
  if (tree.roots.procfs !== '/proc') {
    try {
      return tree.proc('1/net/dev');
    } catch {
      // Not there in a recorded tree, or not ours to read.
    }
  }
  return tree.procIfThere('net/dev');
};

/** Where nothing was sent nothing was broken: 0, not unknown. */
const brokenPercent = (errors: number | undefined, packets: number | undefined): number | undefined =>
  errors === undefined || packets === undefined
    ? undefined
    : errors === 0
      ? 0
      : (errors / (packets + errors)) * 100;

const worse = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : Math.max(one, other);

const deriveRow = (
  { id, numbers, texts }: Row,
  was: Row['numbers'] | undefined,
  seconds: number,
  detail: boolean,
): Row => {
  if (was === undefined) return looseRow(id, numbers, texts);
  const { receive_bytes, receive_packets, transmit_bytes, transmit_packets } = numbers;
  const received = increase(receive_packets, was['receive_packets']);
  const sent = increase(transmit_packets, was['transmit_packets']);
  const receiveDrops = rate(numbers['receive_drop'], was['receive_drop'], seconds);
  const transmitDrops = rate(numbers['transmit_drop'], was['transmit_drop'], seconds);
  const derived = {
    receive_bytes_per_second: rate(receive_bytes, was['receive_bytes'], seconds),
    transmit_bytes_per_second: rate(transmit_bytes, was['transmit_bytes'], seconds),
    receive_packets_per_second: rate(receive_packets, was['receive_packets'], seconds),
    transmit_packets_per_second: rate(transmit_packets, was['transmit_packets'], seconds),
    errors_percent: worse(
      brokenPercent(increase(numbers['receive_errs'], was['receive_errs']), received),
      brokenPercent(increase(numbers['transmit_errs'], was['transmit_errs']), sent),
    ),
    drops_per_second:
      receiveDrops === undefined || transmitDrops === undefined ? undefined : receiveDrops + transmitDrops,
    receive_bytes,
    transmit_bytes,
  };
  return looseRow(id, detail ? { ...derived, ...numbers } : derived, texts);
};

const areTheSame = (traffic: readonly Traffic[], devices: readonly string[]): boolean =>
  traffic.length === devices.length && traffic.every(({ device }, index) => device === devices[index]);

export const part: Part = {
  groups: [network],

  linux: (tree) => {
    let filter: Filter | undefined;
    let isIn = letIn(filter);
    // What the interfaces are: looked up when there are others than before, and again with every detail.
    let seen: readonly string[] = [];
    let asides: ReadonlyMap<string, string> = new Map();
    const trafficOf = linesWhileSame(parseInterface);

    return (ask) => {
      const { detail, filters } = ask;
      if (filters.network !== filter) {
        filter = filters.network;
        isIn = letIn(filter);
      }
      const text = netDev(tree);
      if (text === undefined) return [];
      const traffic = trafficOf(text);
      if (detail || !areTheSame(traffic, seen)) {
        seen = traffic.map(({ device }) => device);
        asides = networkAsides(seen.map((device) => linkOf(tree, ask, device)));
      }
      const rows = madeOf(traffic, ({ device, numbers }) => {
        if (!isIn(device)) return undefined;
        const aside = filter?.only === undefined ? asides.get(device) : undefined;
        const nohandler = detail
          ? tree.sysNumber(`${linkOf(tree, ask, device).folder}/statistics/rx_nohandler`)
          : undefined;
        return looseRow(
          [device],
          nohandler === undefined ? numbers : { ...numbers, receive_nohandler: nohandler },
          aside === undefined ? undefined : { aside },
        );
      });
      return [{ group: network, rows }];
    };
  },

  portable: portableNetwork(network, networkAsides),

  // What nobody looks at is recorded with the detail only.
  derive: (now, before, seconds, ask): readonly Reading[] => {
    const rowsBefore = rowsOf(before, 'network');
    const rows = madeOf(rowsOf(now, 'network'), (one) =>
      ask.detail || isShown(one)
        ? deriveRow(one, rowLike(rowsBefore, one.id)?.numbers, seconds, ask.detail)
        : undefined,
    );
    return now.length === 0 ? now : [{ group: network, rows }];
  },
};
