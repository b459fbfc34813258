/** File descriptors of the whole machine. */

import { gauge, group } from '../core/group.js';
import { known, percent } from '../core/rates.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

export const filefd = group({
  name: 'filefd',
  help: 'File descriptors of the whole machine',
  fields: {
    allocated: gauge('count', 'File descriptors in use', {
      due: 'detail',
      prometheus: 'node_filefd_allocated',
    }),
    maximum: gauge('count', 'Most that there can be', { due: 'detail', prometheus: 'node_filefd_maximum' }),
    used_percent: gauge('percent', 'Share of the most that is in use', {
      due: 'detail',
      promql: '100 * node_filefd_allocated / node_filefd_maximum',
    }),
  },
});

export const part: Part = {
  groups: [filefd],

  linux: (tree) => () => {
    const text = tree.procIfThere('sys/fs/file-nr');
    if (text === undefined) return [];
    // Allocated, allocated but unused (always 0 since Linux 2.6), maximum: proc_sys_fs(5).
    const [allocated, , maximum] = text.trim().split(/\s+/).map(Number);
    const numbers = known({ allocated, maximum, used_percent: percent(allocated, maximum) });
    return [{ group: filefd, rows: [row([], numbers)] }];
  },
};
