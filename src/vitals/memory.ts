/** Memory and swap: what is really used, and every field of /proc/meminfo beside it. */

import { gauge, group } from '../core/group.js';
import { percent } from '../core/rates.js';
import type { Reading, Row } from '../core/sample.js';
import { looseRow } from '../core/sample.js';
import type { Ask } from '../core/vital.js';
import { firstCounter } from './counters.js';
import { type MemoryLimit, memoryLimit } from './limits.js';
import { oncePerDetail } from './once.js';
import type { Part } from './part.js';
import { portableMemory } from './portable/memory.js';
import { numberIn, type Tree } from './tree.js';

export const memory = group({
  name: 'memory',
  help: 'Memory of the machine, or of the container that limits it',
  texts: { limited_by: 'the cgroup whose limit counts as all there is' },
  fields: {
    used_percent: gauge('percent', 'Share in use that could not be freed at once', {
      promql: '100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)',
    }),
    used_bytes: gauge('bytes', 'Total less available'),
    available_bytes: gauge('bytes', 'What programs can still get without swapping'),
    total_bytes: gauge('bytes', 'All there is'),
    free_bytes: gauge('bytes', 'Used for nothing at all'),
    cached_bytes: gauge('bytes', 'File contents kept in memory'),
    buffers_bytes: gauge('bytes', 'Kept for raw block devices'),
  },
});

export const swap = group({
  name: 'swap',
  help: 'Swap space; a machine without any has a total of 0 and no percentage',
  fields: {
    used_percent: gauge('percent', 'Share in use', {
      promql: '100 * (1 - node_memory_SwapFree_bytes / node_memory_SwapTotal_bytes)',
    }),
    used_bytes: gauge('bytes', 'In use'),
    total_bytes: gauge('bytes', 'All there is', { promql: 'node_memory_SwapTotal_bytes' }),
  },
});

export const meminfo = group({
  name: 'meminfo',
  help: 'Every field of /proc/meminfo, named as node_exporter names it',
  fields: {
    ...Object.fromEntries(
      ['HugePages_Total', 'HugePages_Free', 'HugePages_Rsvd', 'HugePages_Surp'].map((name) => [
        name,
        gauge('count', `Field ${name} of /proc/meminfo`, {
          due: 'detail',
          prometheus: `node_memory_${name}`,
        }),
      ]),
    ),
    '*': gauge('bytes', 'Field of /proc/meminfo', { due: 'detail', prometheus: 'node_memory_*' }),
  },
});

/** What is undefined is not known. */
type Fields = Readonly<Record<string, number | undefined>>;

/** What stands behind a name. It must not be the end of another one's: `SwapCached:` is the reason for the line feed before `Cached:`. */
const bytesOf = (text: string, name: string): number | undefined => {
  const at = text.indexOf(name);
  const kilobytes = at < 0 ? undefined : firstCounter(text, at + name.length);
  return kilobytes === undefined ? undefined : kilobytes * 1024;
};

/** Those alone, found by their names: at every tick a small part of what it takes to look at each line. */
const parseMainFields = (text: string): Fields => ({
  MemTotal_bytes: bytesOf(text, 'MemTotal:'),
  MemFree_bytes: bytesOf(text, 'MemFree:'),
  MemAvailable_bytes: bytesOf(text, 'MemAvailable:'),
  Buffers_bytes: bytesOf(text, 'Buffers:'),
  Cached_bytes: bytesOf(text, '\nCached:'),
  SwapTotal_bytes: bytesOf(text, 'SwapTotal:'),
  SwapFree_bytes: bytesOf(text, 'SwapFree:'),
});

/** Text of /proc/meminfo → its fields; those in kB as bytes, with `_bytes` behind the name. */
export const parseMeminfo = (text: string): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const inKilobytes = line.endsWith(' kB');
    const value = numberIn(line.slice(colon + 1, inKilobytes ? -3 : undefined));
    if (colon < 0 || value === undefined) continue;
    const name = line.slice(0, colon).replace('(', '_').replace(')', '');
    if (inKilobytes) out[`${name}_bytes`] = value * 1024;
    else out[name] = value;
  }
  return out;
};

/** Kernels before 3.14 have no MemAvailable; free and page cache are the customary estimate. */
const availableBytes = (fields: Fields): number | undefined => {
  const { MemAvailable_bytes, MemFree_bytes, Cached_bytes, Buffers_bytes } = fields;
  if (MemAvailable_bytes !== undefined) return MemAvailable_bytes;
  return MemFree_bytes === undefined ? undefined : MemFree_bytes + (Cached_bytes ?? 0) + (Buffers_bytes ?? 0);
};

const ARC_STATS = 'spl/kstat/zfs/arcstats';

const hasArc = oncePerDetail((tree) => tree.procIfThere(ARC_STATS) !== undefined);

/** ZFS gives its cache back under pressure, down to `c_min`, but the kernel does not count it as available. */
const reclaimableArc = (tree: Tree, ask: Ask): number => {
  const stats = hasArc(tree, ask) ? tree.procIfThere(ARC_STATS) : undefined;
  if (stats === undefined) return 0;
  const value = (name: string): number =>
    Number(new RegExp(`^${name}\\s+\\d+\\s+(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
  return Math.max(0, value('size') - value('c_min'));
};

const machineRow = (fields: Fields, reclaimable: number): Row => {
  const total = fields['MemTotal_bytes'];
  const available = availableBytes(fields);
  return looseRow([], {
    total_bytes: total,
    free_bytes: fields['MemFree_bytes'],
    cached_bytes: fields['Cached_bytes'],
    buffers_bytes: fields['Buffers_bytes'],
    available_bytes:
      total === undefined || available === undefined ? undefined : Math.min(total, available + reclaimable),
  });
};

const limitedRow = ({ cgroup, limitBytes, usedBytes }: MemoryLimit): Row =>
  looseRow(
    [],
    {
      total_bytes: limitBytes,
      available_bytes: usedBytes === undefined ? undefined : Math.max(0, limitBytes - usedBytes),
    },
    { limited_by: cgroup },
  );

const deriveMemory = ({ id, numbers, texts }: Row): Row => {
  const { total_bytes, available_bytes, free_bytes, cached_bytes, buffers_bytes } = numbers;
  const used_bytes =
    total_bytes === undefined || available_bytes === undefined
      ? numbers['used_bytes']
      : total_bytes - available_bytes;
  const used_percent = percent(used_bytes, total_bytes);
  return looseRow(
    id,
    { used_percent, used_bytes, total_bytes, free_bytes, cached_bytes, buffers_bytes, available_bytes },
    texts,
  );
};

const deriveSwap = ({ id, numbers, texts }: Row): Row => {
  const { used_bytes, total_bytes } = numbers;
  return looseRow(id, { used_percent: percent(used_bytes, total_bytes), used_bytes, total_bytes }, texts);
};

export const part: Part = {
  groups: [memory, swap, meminfo],

  linux: (tree) => (ask) => {
    const text = tree.proc('meminfo');
    const fields = ask.detail ? parseMeminfo(text) : parseMainFields(text);
    const machineTotal = fields['MemTotal_bytes'];
    const limit = machineTotal === undefined ? undefined : memoryLimit(tree, ask, machineTotal);
    const swapTotal = fields['SwapTotal_bytes'];
    const swapFree = fields['SwapFree_bytes'];
    const swapping = {
      total_bytes: swapTotal,
      used_bytes: swapTotal === undefined || swapFree === undefined ? undefined : swapTotal - swapFree,
    };
    const readings: Reading[] = [
      {
        group: memory,
        rows: [limit === undefined ? machineRow(fields, reclaimableArc(tree, ask)) : limitedRow(limit)],
      },
      { group: swap, rows: [looseRow([], swapping)] },
    ];
    if (ask.detail) readings.push({ group: meminfo, rows: [looseRow([], fields)] });
    return readings;
  },

  portable: portableMemory(memory, swap),

  derive: (now) =>
    now.map((reading) => {
      const { group } = reading;
      if (!('rows' in reading) || group === meminfo) return reading;
      return { group, rows: reading.rows.map(group === swap ? deriveSwap : deriveMemory) };
    }),
};
