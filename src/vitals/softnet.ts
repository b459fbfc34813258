/** What each CPU does with packets that came in. */

import { counter, group } from '../core/group.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

export const softnet = group({
  name: 'softnet',
  help: 'Packets that came in, by the CPU that took them',
  identity: ['cpu'],
  fields: {
    processed: counter('count', 'Packets processed', {
      due: 'detail',
      prometheus: 'node_softnet_processed_total',
    }),
    dropped: counter('count', 'Packets dropped because the queue was full', {
      due: 'detail',
      prometheus: 'node_softnet_dropped_total',
    }),
    times_squeezed: counter('count', 'Times that work was left when the time was up', {
      due: 'detail',
      prometheus: 'node_softnet_times_squeezed_total',
    }),
  },
});

/**
 * Text of /proc/net/softnet_stat: hexadecimal columns, a line for each CPU online. Since Linux 5.10 column 13 is the
 * CPU's number (net/core/net-procfs.c); before it only the order tells.
 */
export const parseSoftnet = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const columns = line
        .trim()
        .split(/\s+/)
        .map((word) => Number.parseInt(word, 16));
      const [processed = 0, dropped = 0, times_squeezed = 0] = columns;
      return row([String(columns[12] ?? index)], { processed, dropped, times_squeezed });
    });

export const part: Part = {
  groups: [softnet],

  linux: (tree) => () => {
    const text = tree.procIfThere('net/softnet_stat');
    return text === undefined ? [] : [{ group: softnet, rows: parseSoftnet(text) }];
  },
};
