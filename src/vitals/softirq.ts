/** Soft interrupts by what they were for. */

import { counter, group } from '../core/group.js';
import { row } from '../core/sample.js';
import { kernelStatLine, readKernelStat } from './kernel-stat.js';
import type { Part } from './part.js';

export const softirq = group({
  name: 'softirq',
  help: 'Soft interrupts by what they were for',
  identity: ['vector'],
  fields: {
    count: counter('count', 'Soft interrupts served', {
      due: 'detail',
      prometheus: 'node_softirqs_total',
    }),
  },
});

/** The order of the kernel's vectors (include/linux/interrupt.h), in node_exporter's words. */
const VECTORS = [
  'hi',
  'timer',
  'net_tx',
  'net_rx',
  'block',
  'block_iopoll',
  'tasklet',
  'sched',
  'hrtimer',
  'rcu',
];

export const part: Part = {
  groups: [softirq],

  linux: (tree) => (ask) => {
    // The total, then each vector; kernels before 2.6.31 have no such line.
    const [, ...counts] = kernelStatLine(readKernelStat(tree, ask), 'softirq');
    const rows = VECTORS.flatMap((vector, index) => {
      const count = counts[index];
      return count === undefined ? [] : [row([vector], { count })];
    });
    return rows.length === 0 ? [] : [{ group: softirq, rows }];
  },
};
