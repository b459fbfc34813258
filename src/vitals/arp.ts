/** Neighbours whose hardware address is known or asked for. */

import { gauge, group } from '../core/group.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

export const arp = group({
  name: 'arp',
  help: 'Neighbours in the ARP table, by interface',
  identity: ['device'],
  fields: {
    entries: gauge('count', 'Entries of the table', { due: 'detail', prometheus: 'node_arp_entries' }),
  },
});

/** Text of /proc/net/arp → its lines counted by interface, the last column. */
export const countArp = (text: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of text.split('\n').slice(1)) {
    const device = line.trim().split(/\s+/)[5];
    if (device !== undefined) counts.set(device, (counts.get(device) ?? 0) + 1);
  }
  return counts;
};

export const part: Part = {
  groups: [arp],

  linux: (tree) => () => {
    const text = tree.procIfThere('net/arp');
    if (text === undefined) return [];
    return [{ group: arp, rows: [...countArp(text)].map(([device, entries]) => row([device], { entries })) }];
  },
};
