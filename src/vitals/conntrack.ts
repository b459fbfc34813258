/** Connections that the packet filter keeps track of: when the table is full, new ones are dropped. */

import { counter, gauge, group } from '../core/group.js';
import { known, percent } from '../core/rates.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

const COUNTS: Readonly<Record<string, string>> = {
  found: 'Lookups that found an entry',
  invalid: 'Packets that cannot be tracked',
  ignore: 'Packets that belong to an entry already',
  insert: 'Entries inserted',
  insert_failed: 'Entries that could not be inserted',
  drop: 'Packets dropped because an entry could not be made',
  early_drop: 'Entries given up to make room',
  search_restart: 'Lookups begun again because the table was resized',
};

export const conntrack = group({
  name: 'conntrack',
  help: 'Connections that the packet filter keeps track of',
  fields: {
    entries: gauge('count', 'Connections tracked', {
      due: 'detail',
      prometheus: 'node_nf_conntrack_entries',
    }),
    limit: gauge('count', 'Most that can be tracked', {
      due: 'detail',
      prometheus: 'node_nf_conntrack_entries_limit',
    }),
    used_percent: gauge('percent', 'Share of the table in use', {
      due: 'detail',
      promql: '100 * node_nf_conntrack_entries / node_nf_conntrack_entries_limit',
    }),
    ...Object.fromEntries(
      Object.entries(COUNTS).map(([name, help]) => [
        name,
        counter('count', help, {
          due: 'detail',
          prometheus: { name: `node_nf_conntrack_stat_${name}`, type: 'gauge' },
        }),
      ]),
    ),
  },
});

/** Text of /proc/net/stat/nf_conntrack (a header, then hexadecimal columns a CPU) → sums over all CPUs. */
export const parseConntrack = (text: string): Record<string, number> => {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.trim().split(/\s+/);
  const sums: Record<string, number> = {};
  for (const line of lines) {
    const values = line.trim().split(/\s+/);
    for (const name in COUNTS) {
      const value = values[names.indexOf(name)];
      if (value !== undefined) sums[name] = (sums[name] ?? 0) + Number.parseInt(value, 16);
    }
  }
  return sums;
};

export const part: Part = {
  groups: [conntrack],

  linux: (tree) => () => {
    const number = (file: string): number | undefined => {
      const text = tree.procIfThere(`sys/net/netfilter/${file}`);
      return text === undefined ? undefined : Number(text);
    };
    const entries = number('nf_conntrack_count');
    if (entries === undefined) return [];
    const limit = number('nf_conntrack_max');
    const numbers = {
      ...known({ entries, limit, used_percent: percent(entries, limit) }),
      ...parseConntrack(tree.procIfThere('net/stat/nf_conntrack') ?? ''),
    };
    return [{ group: conntrack, rows: [row([], numbers)] }];
  },
};
