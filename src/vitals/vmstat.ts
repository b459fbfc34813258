/** Paging, swapping, page faults and kills for want of memory. */

import { counter, group } from '../core/group.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';

const FIELD_HELP: Readonly<Record<string, string>> = {
  oom_kill: 'Processes killed because memory ran out',
  pgfault: 'Page faults',
  pgmajfault: 'Page faults that had to read from a disk',
  pgpgin: 'KiB read from disks',
  pgpgout: 'KiB written to disks',
  pswpin: 'Pages read back from swap',
  pswpout: 'Pages written to swap',
};

const described = (help: string) =>
  counter('count', help, { due: 'detail', prometheus: { name: 'node_vmstat_*', type: 'untyped' } });

export const vmstat = group({
  name: 'vmstat',
  help: 'Fields of /proc/vmstat about paging, faults and kills for want of memory',
  fields: {
    ...Object.fromEntries(Object.entries(FIELD_HELP).map(([name, help]) => [name, described(help)])),
    '*': described('Field of /proc/vmstat'),
  },
});

/** Text of /proc/vmstat → the fields that node_exporter gives by default. */
export const parseVmstat = (text: string): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const [, name, value] of text.matchAll(/^((?:oom_kill|pgpg|pswp|pg.*fault)\S*) (\d+)$/gm))
    out[name as string] = Number(value);
  return out;
};

export const part: Part = {
  groups: [vmstat],

  linux: (tree) => () => {
    const text = tree.procIfThere('vmstat');
    return text === undefined ? [] : [{ group: vmstat, rows: [row([], parseVmstat(text))] }];
  },
};
