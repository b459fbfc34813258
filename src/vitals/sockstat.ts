/** Sockets in use by protocol: totals that the kernel keeps, without a list of sockets. */

import { gauge, group } from '../core/group.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

const memory = (protocol: string) =>
  gauge('bytes', `Memory of the ${protocol} sockets' buffers`, {
    due: 'detail',
    prometheus: 'node_sockstat_*',
  });

export const sockstat = group({
  name: 'sockstat',
  help: 'Sockets in use by protocol, from /proc/net/sockstat and sockstat6',
  fields: {
    TCP_mem_bytes: memory('TCP'),
    UDP_mem_bytes: memory('UDP'),
    '*': gauge('count', 'Count of sockets, or of the pages and bytes of their buffers', {
      due: 'detail',
      prometheus: 'node_sockstat_*',
    }),
  },
});

/** Lines such as `TCP: inuse 4 orphan 0 mem 117` → `TCP_inuse` …; `mem` counts pages, and is given in bytes too. */
export const parseSockstat = (text: string, pageSize: number): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const words = line.split(' ');
    const protocol = (words[0] as string).slice(0, -1);
    for (let at = 1; at + 1 < words.length; at += 2) {
      const key = `${protocol}_${words[at]}`;
      const value = Number(words[at + 1]);
      out[key] = value;
      if (words[at] === 'mem') out[`${key}_bytes`] = value * pageSize;
    }
  }
  return out;
};

export const part: Part = {
  groups: [sockstat],

  linux: (tree) => () => {
    const files = ['net/sockstat', 'net/sockstat6'].flatMap((file) => tree.procIfThere(file) ?? []);
    if (files.length === 0) return [];
    const numbers = parseSockstat(files.join('\n'), tree.constants().pageSize);
    return [{ group: sockstat, rows: [row([], numbers)] }];
  },
};
