import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Group } from '../../src/core/group.js';
import { known } from '../../src/core/rates.js';
import { type Row, rowsOf } from '../../src/core/sample.js';
import { meminfo, memory, parseMeminfo, part, swap } from '../../src/vitals/memory.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { openMachines, readerOf } from './read-part.js';
import { DETAIL, TICK } from './recorded.js';

const machine = openMachines();

const MEMINFO = `MemTotal:        8000000 kB
MemFree:         1000000 kB
MemAvailable:    5000000 kB
Buffers:          200000 kB
Cached:          3000000 kB
SwapCached:         4000 kB
Active(anon):     123456 kB
Inactive(file):    65432 kB
SwapTotal:       2000000 kB
SwapFree:        1500000 kB
VmallocTotal:   34359738367 kB
HugePages_Total:      16
HugePages_Free:        8
Hugepagesize:       2048 kB
DirectMap4k:      106348 kB
`;

const without = (...names: readonly string[]): string =>
  MEMINFO.split('\n')
    .filter((line) => !names.includes(line.split(':')[0] as string))
    .join('\n');

/** Rows of this kind as a sample would have them, before they are rounded. */
const rows = async (tree: Tree, group: Group, ask = TICK): Promise<readonly Row[]> => {
  const readings = await readerOf(part, tree)(ask);
  return rowsOf(part.derive?.(readings, undefined, 0, ask), group.name);
};
const read = async (files: Readonly<Record<string, string>>, group: Group = memory, ask = TICK) =>
  (await rows(machine({ 'sys/x': '', ...files }).tree, group, ask))[0];

test('in use is what is not available', async () => {
  const one = await read({ 'proc/meminfo': MEMINFO });
  expect(one?.texts).toEqual({});
  expect(one?.numbers).toEqual({
    used_percent: 37.5,
    used_bytes: 3_000_000 * 1024,
    available_bytes: 5_000_000 * 1024,
    total_bytes: 8_000_000 * 1024,
    free_bytes: 1_000_000 * 1024,
    cached_bytes: 3_000_000 * 1024,
    buffers_bytes: 200_000 * 1024,
  });
});

test('a tick tells the same as the detail', async () => {
  const { tree } = machine({ 'proc/meminfo': MEMINFO });
  for (const group of [memory, swap])
    expect(await rows(tree, group, TICK)).toEqual(await rows(tree, group, DETAIL));
  expect(await rows(tree, meminfo, TICK)).toEqual([]);
});

test('kernels of before 3.14 do not say what is available: free memory and caches are taken for it', async () => {
  const one = await read({ 'proc/meminfo': without('MemAvailable') });
  expect(one?.numbers).toMatchObject({ available_bytes: 4_200_000 * 1024, used_percent: 47.5 });
});

test('what cannot be known is left out', async () => {
  const one = await read({ 'proc/meminfo': without('MemAvailable', 'MemFree') });
  expect(Object.keys(known(one?.numbers ?? {}))).toEqual(['total_bytes', 'cached_bytes', 'buffers_bytes']);
  const none = await read({ 'proc/meminfo': without('MemTotal') });
  expect(none?.numbers['used_percent']).toBeUndefined();
  expect(none?.numbers['used_bytes']).toBeUndefined();
});

test('available is never more than there is', async () => {
  const text = MEMINFO.replace('MemAvailable:    5000000', 'MemAvailable:    9000000');
  expect((await read({ 'proc/meminfo': text }))?.numbers).toMatchObject({ used_bytes: 0, used_percent: 0 });
});

const arc = (size: number, least: number): string =>
  `13 1 0x01 147 39984 6051305437 8403164021\nname type data\nhits 4 77\nc_min 4 ${least}\nsize 4 ${size}\narc_meta_used 4 99\n`;

test('what ZFS keeps beyond its minimum is available', async () => {
  const arcOf = (size: number, least: number) =>
    read({ 'proc/meminfo': MEMINFO, 'proc/spl/kstat/zfs/arcstats': arc(size, least) });
  expect((await arcOf(1_500_000 * 1024, 500_000 * 1024))?.numbers).toMatchObject({
    available_bytes: 6_000_000 * 1024,
    used_percent: 25,
  });
  expect((await arcOf(400_000 * 1024, 500_000 * 1024))?.numbers).toMatchObject({ used_percent: 37.5 });
  expect((await arcOf(7_900_000 * 1024, 0))?.numbers).toMatchObject({ used_percent: 0 });
});

test('in a container the limit is all there is, and neither ZFS’s nor the machine’s caches count', async () => {
  const one = await read({
    'proc/meminfo': MEMINFO,
    'proc/spl/kstat/zfs/arcstats': arc(1_500_000 * 1024, 0),
    'proc/1/cgroup': '0::/\n',
    'sys/fs/cgroup/cgroup.controllers': 'memory\n',
    'sys/fs/cgroup/memory.max': '1000000\n',
    'sys/fs/cgroup/memory.current': '700000\n',
    'sys/fs/cgroup/memory.stat': 'anon 400000\ninactive_file 300000\nactive_file 10\n',
  });
  expect(one?.texts).toEqual({ limited_by: 'cgroup /' });
  expect(one?.numbers).toEqual({
    used_percent: 40,
    used_bytes: 400_000,
    total_bytes: 1_000_000,
    available_bytes: 600_000,
  });
});

test('swap: present, absent, and not told', async () => {
  expect((await read({ 'proc/meminfo': MEMINFO }, swap))?.numbers).toEqual({
    used_percent: 25,
    used_bytes: 500_000 * 1024,
    total_bytes: 2_000_000 * 1024,
  });
  const none = MEMINFO.replace('2000000', '0').replace('1500000', '0');
  expect((await read({ 'proc/meminfo': none }, swap))?.numbers).toEqual({ used_bytes: 0, total_bytes: 0 });
  expect((await read({ 'proc/meminfo': without('SwapTotal', 'SwapFree') }, swap))?.numbers).toEqual({});
});

test('every field has the name that node_exporter gives it, in bytes where the kernel says kB', async () => {
  expect((await read({ 'proc/meminfo': MEMINFO }, meminfo, DETAIL))?.numbers).toEqual({
    MemTotal_bytes: 8_192_000_000,
    MemFree_bytes: 1_024_000_000,
    MemAvailable_bytes: 5_120_000_000,
    Buffers_bytes: 204_800_000,
    Cached_bytes: 3_072_000_000,
    SwapCached_bytes: 4_096_000,
    Active_anon_bytes: 126_418_944,
    Inactive_file_bytes: 67_002_368,
    SwapTotal_bytes: 2_048_000_000,
    SwapFree_bytes: 1_536_000_000,
    VmallocTotal_bytes: 34_359_738_367 * 1024,
    HugePages_Total: 16,
    HugePages_Free: 8,
    Hugepagesize_bytes: 2_097_152,
    DirectMap4k_bytes: 108_900_352,
  });
});

test('lines that are no fields do not keep others from being read', () => {
  expect(parseMeminfo('\nMemTotal: x kB\nnonsense\nMemFree:  5 kB\nWriteback:\nOdd: 3 pages\n')).toEqual({
    MemFree_bytes: 5120,
  });
});

test('a machine without the file fails, and does not have no memory', async () => {
  await expect(read({ 'proc/stat': '' })).rejects.toThrow(/ENOENT.*meminfo/);
});

/** Total and available, bytes, as `free` tells them; undefined where it is not installed. */
const free = (): { total: number; available: number } | undefined => {
  const { stdout, error } = spawnSync('free', ['-b'], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [total, , , , , available] =
    /^Mem:\s+(.*)$/m
      .exec(stdout ?? '')?.[1]
      ?.split(/\s+/)
      .map(Number) ?? [];
  return error !== undefined || total === undefined || available === undefined
    ? undefined
    : { total, available };
};

test.runIf(process.platform === 'linux' && free() !== undefined)(
  'on this machine in use is what `free` leaves between total and available',
  async () => {
    const tree = new Tree(TREE_DEFAULTS);
    const before = free() ?? { total: 0, available: 0 };
    const [raw] = rowsOf(await readerOf(part, tree)(DETAIL), 'memory');
    const [fields] = await rows(tree, meminfo, DETAIL);
    const [one] = await rows(tree, memory);
    const after = free() ?? { total: 0, available: 0 };
    tree.close();
    expect(fields?.numbers['MemTotal_bytes']).toBe(before.total);
    if (raw?.texts['limited_by'] === undefined) {
      const { used_bytes = 0, total_bytes, available_bytes = 0 } = one?.numbers ?? {};
      expect(total_bytes).toBe(before.total);
      expect(used_bytes + available_bytes).toBe(total_bytes);
      // Others work beside this test: what moved between both readings of `free`, and 256 MiB more.
      const moved = Math.abs(after.available - before.available) + 256 * 2 ** 20;
      expect(Math.abs(used_bytes - (before.total - before.available))).toBeLessThan(moved);
    }
  },
);
