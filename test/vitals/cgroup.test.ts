import { expect, test } from 'vitest';
import { row, rowsIn, rowsOf, type Sample } from '../../src/core/sample.js';
import { Sampler } from '../../src/core/sampler.js';
import { WANT_DEFAULTS } from '../../src/core/vital.js';
import { part } from '../../src/vitals/cgroup.js';
import { openVitals } from '../../src/vitals/index.js';
import { countCpuList, limitedLevel } from '../../src/vitals/limits.js';
import type { Tree } from '../../src/vitals/tree.js';
import { fakeClock } from '../world.js';
import { derived, openMachines, readerOf, rowsFrom } from './read-part.js';
import { DETAIL, TICK } from './recorded.js';

const machine = openMachines();
const MIB = 2 ** 20;

type Files = Readonly<Record<string, string>>;

/** A machine of 4 CPUs and 8000 MiB, up for 1000 s. */
const stat = (user: number, idle: number): string => {
  const core = (name: string, share: number): string =>
    `${name} ${user * share} 0 0 ${idle * share} 0 0 0 0 0 0\n`;
  return `${core('cpu ', 4)}${[0, 1, 2, 3].map((number) => core(`cpu${number}`, 1)).join('')}btime 1795236682\n`;
};
const MACHINE: Files = {
  'proc/stat': stat(1000, 9000),
  'proc/uptime': '1000.00 3600.00\n',
  'proc/meminfo': `MemTotal: ${8000 * 1024} kB\nMemFree: ${1000 * 1024} kB\nMemAvailable: ${6000 * 1024} kB\n`,
};

/** Files of one cgroup: its folder below sysfs → its files. */
const at = (folder: string, files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      `sys/fs/cgroup/${folder === '' ? '' : `${folder}/`}${name}`,
      `${text}\n`,
    ]),
  );

/** The whole of version 2's interface where nothing is limited. */
const OPEN_V2: Files = {
  'memory.max': 'max',
  'memory.current': `${100 * MIB}`,
  'memory.stat': `anon 1\ninactive_file ${20 * MIB}`,
  'cpu.max': 'max 100000',
  'cpu.stat': 'usage_usec 2000000\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0',
  'cpuset.cpus.effective': '0-3',
  'pids.current': '7',
  'pids.max': 'max',
};
const ROOT_V2: Files = at('', {
  'cgroup.controllers': 'cpuset cpu io memory pids',
  'cpuset.cpus.effective': '0-3',
  'cpu.stat': 'usage_usec 90000000',
});

/** Version 1 says "no limit" so. */
const HUGE = '9223372036854771712';
const OPEN_V1 = (path: string): Files => ({
  ...at(`memory${path}`, {
    'memory.limit_in_bytes': HUGE,
    'memory.usage_in_bytes': `${100 * MIB}`,
    'memory.stat': `cache 5\ninactive_file 1\ntotal_inactive_file ${20 * MIB}`,
  }),
  ...at(`cpu${path}`, {
    'cpu.cfs_quota_us': '-1',
    'cpu.cfs_period_us': '100000',
    'cpu.stat': 'nr_periods 0',
  }),
  ...at(`cpuacct${path}`, { 'cpuacct.usage': '2000000000' }),
  ...at(`cpuset${path}`, { 'cpuset.effective_cpus': '0-3' }),
  ...at(`pids${path}`, { 'pids.current': '7', 'pids.max': 'max' }),
});

/** What /proc/1/cgroup says where all of version 1's controllers are at one path. */
const inV1 = (path: string): Files => ({
  'proc/1/cgroup': ['12:pids', '9:memory', '5:cpuset', '4:cpu,cpuacct', '1:name=systemd']
    .map((one) => `${one}:${path}\n`)
    .join(''),
});
const inV2 = (path: string): Files => ({ 'proc/1/cgroup': `0::${path}\n` });

const take = async (tree: Tree, again?: () => void): Promise<Sample> => {
  const clock = fakeClock(1_795_237_682_000);
  const sampler = new Sampler({
    vitals: openVitals(tree),
    wanted: { ...WANT_DEFAULTS, top: 0 },
    clock: {
      ...clock,
      sleep: (_ms, signal) => new Promise((wake) => signal?.addEventListener('abort', () => wake())),
    },
    host: 'h',
    boot: 'b',
    groups: (name) => ['cpu', 'memory', 'cgroup'].includes(name),
  });
  const first = await sampler.take({ time: 0, detail: true });
  if (again === undefined) return first;
  clock.pass(10_000);
  again();
  return sampler.take({ time: 10_000, detail: true });
};

const memoryOf = (sample: Sample) => rowsIn(sample, 'memory')[0];
const cpuOf = (sample: Sample) => rowsIn(sample, 'cpu')[0];

/** Neither memory nor CPU is limited. */
const expectWhole = (sample: Sample): void => {
  expect(memoryOf(sample)).toMatchObject({
    texts: {},
    numbers: { total_bytes: 8000 * MIB, used_percent: 25 },
  });
  expect(cpuOf(sample)?.texts).toEqual({});
  expect(cpuOf(sample)?.numbers).not.toHaveProperty('limit_cores');
};

test('version 2, a container with a namespace of its own: the limits are at the mount’s root', async () => {
  const { tree, write } = machine({
    ...MACHINE,
    ...inV2('/'),
    ...ROOT_V2,
    ...at('', { ...OPEN_V2, 'memory.max': `${200 * MIB}`, 'cpu.max': '50000 100000' }),
  });
  const sample = await take(tree, () => {
    write('proc/stat', stat(1900, 9100));
    write(
      'sys/fs/cgroup/cpu.stat',
      'usage_usec 4000000\nnr_periods 100\nnr_throttled 25\nthrottled_usec 500000\n',
    );
  });
  expect(memoryOf(sample)).toEqual(
    row(
      [],
      { used_percent: 40, used_bytes: 80 * MIB, available_bytes: 120 * MIB, total_bytes: 200 * MIB },
      { limited_by: 'cgroup /' },
    ),
  );
  // 2 s of the 5 s that half a CPU gives in 10 s, however busy the machine is.
  expect(cpuOf(sample)?.numbers).toMatchObject({
    used_percent: 40,
    limit_cores: 0.5,
    cores: 4,
    busy_seconds: 4,
    capacity_seconds: 500,
  });
  expect(cpuOf(sample)?.texts).toEqual({ limited_by: 'cgroup /', limit: '0.5' });
  expect(rowsIn(sample, 'cgroup')).toEqual([
    row(
      [],
      {
        memory_used_bytes: 80 * MIB,
        memory_limit_bytes: 200 * MIB,
        memory_used_percent: 40,
        cpu_limit_cores: 0.5,
        cpu_used_seconds: 4,
        cpu_used_percent: 20,
        cpu_throttled_seconds: 0.5,
        cpu_throttled_percent: 25,
        cpu_periods: 100,
        cpu_throttled_periods: 25,
        pids: 7,
      },
      { path: '/', version: '2' },
    ),
  ]);
});

test('version 2, a systemd service: its own limits are a leash on us, not the machine', async () => {
  const { tree } = machine({
    ...MACHINE,
    ...inV2('/system.slice/sysmon.service'),
    ...ROOT_V2,
    ...at('system.slice', OPEN_V2),
    ...at('system.slice/sysmon.service', {
      ...OPEN_V2,
      'memory.max': `${100 * MIB}`,
      'cpu.max': '10000 100000',
      'cpuset.cpus.effective': '0',
      'pids.max': '50',
    }),
  });
  const sample = await take(tree);
  expectWhole(sample);
  expect(rowsIn(sample, 'cgroup')[0]).toMatchObject({
    texts: { path: '/system.slice/sysmon.service' },
    numbers: { memory_limit_bytes: 100 * MIB, memory_used_percent: 80, cpu_limit_cores: 0.1, pids_limit: 50 },
  });
});

const NESTED: Files = {
  ...MACHINE,
  ...inV2('/a.slice/a-b.slice/app.scope'),
  ...ROOT_V2,
  ...at('a.slice', { ...OPEN_V2, 'memory.current': `${900 * MIB}` }),
  ...at('a.slice/a-b.slice', OPEN_V2),
  ...at('a.slice/a-b.slice/app.scope', { ...OPEN_V2, 'cpu.stat': 'usage_usec 1000000' }),
};

test('version 2, limits at several levels: the tightest wins, wherever it is', async () => {
  const outer = machine({
    ...NESTED,
    ...at('a.slice', { 'memory.max': `${1000 * MIB}`, 'cpu.max': '100000 100000' }),
    ...at('a.slice/a-b.slice', { 'memory.max': `${2000 * MIB}`, 'cpu.max': '300000 100000' }),
  });
  const first = await take(outer.tree);
  expect(memoryOf(first)).toMatchObject({
    texts: { limited_by: 'cgroup /a.slice' },
    numbers: { total_bytes: 1000 * MIB, used_bytes: 880 * MIB },
  });
  expect(cpuOf(first)).toMatchObject({
    texts: { limited_by: 'cgroup /a.slice', limit: '1' },
    numbers: { limit_cores: 1, busy_seconds: 2 },
  });
  expect(limitedLevel(outer.tree, { ...DETAIL })).toEqual({
    cgroup: 'cgroup /a.slice/a-b.slice',
    folder: 'fs/cgroup/a.slice/a-b.slice',
  });
  const inner = machine({
    ...NESTED,
    ...at('a.slice', { 'memory.max': `${1000 * MIB}` }),
    ...at('a.slice/a-b.slice', { 'memory.max': `${500 * MIB}` }),
  });
  expect(memoryOf(await take(inner.tree))).toMatchObject({
    texts: { limited_by: 'cgroup /a.slice/a-b.slice' },
    numbers: { total_bytes: 500 * MIB, used_bytes: 80 * MIB },
  });
});

test('of equal limits the outermost counts, since more is in use there', async () => {
  const { tree } = machine({
    ...NESTED,
    ...at('a.slice', { 'memory.max': `${1000 * MIB}`, 'cpuset.cpus.effective': '0-1' }),
    ...at('a.slice/a-b.slice', { 'memory.max': `${1000 * MIB}`, 'cpuset.cpus.effective': '0-1' }),
    ...at('a.slice/a-b.slice/app.scope', { 'cpuset.cpus.effective': '0-1' }),
  });
  const sample = await take(tree);
  expect(memoryOf(sample)).toMatchObject({
    texts: { limited_by: 'cgroup /a.slice' },
    numbers: { used_bytes: 880 * MIB },
  });
  // Groups below inherit their CPUs: what is used of them is what the one that set them uses, 2 s, not ours, 1 s.
  expect(cpuOf(sample)).toMatchObject({
    texts: { limited_by: 'cgroup /a.slice', limit: '2' },
    numbers: { limit_cores: 2, busy_seconds: 2 },
  });
});

test('version 2 without limits, or with limits that are above the machine, is the machine', async () => {
  const open = machine({ ...NESTED });
  expectWhole(await take(open.tree));
  expect(limitedLevel(open.tree, { ...DETAIL })).toBeUndefined();
  const above = machine({
    ...NESTED,
    ...at('a.slice', { 'memory.max': `${9000 * MIB}`, 'cpu.max': '800000 100000' }),
  });
  expectWhole(await take(above.tree));
  const exact = machine({
    ...NESTED,
    ...at('a.slice', { 'memory.max': `${8000 * MIB}`, 'cpu.max': '400000 100000' }),
  });
  expectWhole(await take(exact.tree));
});

test('the tighter of a quota and a set of CPUs counts', async () => {
  const limits = async (quota: string, cpus: string) => {
    const { tree } = machine({
      ...MACHINE,
      ...inV2('/box'),
      ...ROOT_V2,
      ...at('box', { ...OPEN_V2, 'cpu.max': quota, 'cpuset.cpus.effective': cpus }),
    });
    return cpuOf(await take(tree))?.numbers['limit_cores'];
  };
  expect(await limits('250000 100000', '1')).toBe(1);
  expect(await limits('150000 100000', '0,2-3')).toBe(1.5);
  expect(await limits('max 100000', '0,2')).toBe(2);
  expect(await limits('12345 50000', '0-3')).toBe(0.247);
  expect(await limits('max 100000', '')).toBeUndefined();
});

test('version 1, docker: limits are in folders of their own controllers', async () => {
  const path = '/docker/0123456789ab';
  const { tree, write } = machine({
    ...MACHINE,
    ...inV1(path),
    ...OPEN_V1(''),
    ...OPEN_V1(path),
    ...at(`memory${path}`, { 'memory.limit_in_bytes': `${200 * MIB}` }),
    ...at(`cpu${path}`, {
      'cpu.cfs_quota_us': '150000',
      'cpu.stat': 'nr_periods 100\nnr_throttled 10\nthrottled_time 2500000000',
    }),
    ...at(`cpuset${path}`, { 'cpuset.effective_cpus': '0-1' }),
    ...at(`pids${path}`, { 'pids.max': '100' }),
  });
  const sample = await take(tree, () => {
    write('proc/stat', stat(1900, 9100));
    write(`sys/fs/cgroup/cpuacct${path}/cpuacct.usage`, '8000000000\n');
  });
  expect(memoryOf(sample)).toMatchObject({
    texts: { limited_by: `cgroup ${path}` },
    numbers: { total_bytes: 200 * MIB, used_bytes: 80 * MIB, used_percent: 40 },
  });
  expect(cpuOf(sample)).toMatchObject({
    texts: { limited_by: `cgroup ${path}` },
    numbers: { limit_cores: 1.5, used_percent: 40, busy_seconds: 8, capacity_seconds: 1500 },
  });
  expect(rowsIn(sample, 'cgroup')[0]).toMatchObject({
    texts: { path, version: '1' },
    numbers: {
      memory_limit_bytes: 200 * MIB,
      cpu_limit_cores: 1.5,
      cpu_used_seconds: 8,
      cpu_used_percent: 60,
      cpu_throttled_seconds: 2.5,
      cpu_periods: 100,
      pids: 7,
      pids_limit: 100,
    },
  });
});

test('version 1, seen from inside: the path is the host’s, the limits are at each mount’s root', async () => {
  const { tree } = machine({
    ...MACHINE,
    ...inV1('/docker/0123456789ab'),
    ...OPEN_V1(''),
    ...at('memory', { 'memory.limit_in_bytes': `${200 * MIB}` }),
    ...at('cpu', { 'cpu.cfs_quota_us': '100000' }),
  });
  const sample = await take(tree);
  expect(memoryOf(sample)).toMatchObject({
    texts: { limited_by: 'cgroup /' },
    numbers: { total_bytes: 200 * MIB, used_percent: 40 },
  });
  expect(cpuOf(sample)?.numbers).toMatchObject({ limit_cores: 1, busy_seconds: 2 });
});

test('version 1 says "no limit" with huge numbers and -1', async () => {
  for (const huge of [HUGE, '9223372036854775807', '9223372036854710272']) {
    const { tree } = machine({
      ...MACHINE,
      ...inV1('/user'),
      ...OPEN_V1(''),
      ...OPEN_V1('/user'),
      ...at('memory/user', { 'memory.limit_in_bytes': huge }),
    });
    const sample = await take(tree);
    expectWhole(sample);
    expect(rowsIn(sample, 'cgroup')[0]?.numbers).not.toHaveProperty('memory_limit_bytes');
    expect(rowsIn(sample, 'cgroup')[0]?.numbers).not.toHaveProperty('cpu_limit_cores');
  }
});

test('hybrid: version 1 where a controller is bound to it, version 2 below unified for the others', async () => {
  const { tree } = machine({
    ...MACHINE,
    'proc/1/cgroup': '4:memory:/box/inner\n3:cpuset:/\n1:name=systemd:/\n0::/task\n',
    ...at('memory', { 'memory.limit_in_bytes': HUGE }),
    ...at('memory/box', {
      'memory.limit_in_bytes': `${500 * MIB}`,
      'memory.usage_in_bytes': `${250 * MIB}`,
      'memory.stat': `total_inactive_file ${50 * MIB}`,
    }),
    ...at('memory/box/inner', { 'memory.limit_in_bytes': HUGE }),
    ...at('cpuset', { 'cpuset.effective_cpus': '0-3' }),
    ...at('unified', { 'cgroup.controllers': 'cpu' }),
    ...at('unified/task', { 'cpu.max': '200000 100000', 'cpu.stat': 'usage_usec 3000000' }),
  });
  const sample = await take(tree);
  expect(memoryOf(sample)).toMatchObject({
    texts: { limited_by: 'cgroup /box' },
    numbers: { total_bytes: 500 * MIB, used_bytes: 200 * MIB },
  });
  expect(cpuOf(sample)).toMatchObject({
    texts: { limited_by: 'cgroup /task', limit: '2' },
    numbers: { limit_cores: 2, busy_seconds: 3 },
  });
  expect(limitedLevel(tree, { ...DETAIL })).toEqual({
    cgroup: 'cgroup /task',
    folder: 'fs/cgroup/unified/task',
  });
});

test('of another procfs, the first process stands for the machine, not the one who reads', async () => {
  const { tree } = machine({
    ...MACHINE,
    ...inV2('/'),
    'proc/self/cgroup': '0::/reader\n',
    ...ROOT_V2,
    ...at('reader', { ...OPEN_V2, 'memory.max': `${100 * MIB}`, 'cpu.max': '10000 100000' }),
  });
  const sample = await take(tree);
  expectWhole(sample);
  expect(rowsIn(sample, 'cgroup')).toEqual([]);
});

test('where the first process says nothing, our own group does; where nobody does, there is none', async () => {
  const limited = at('reader', { ...OPEN_V2, 'memory.max': `${100 * MIB}` });
  const own = machine({ ...MACHINE, 'proc/self/cgroup': '0::/reader\n', ...ROOT_V2, ...limited });
  expect(memoryOf(await take(own.tree))?.texts).toEqual({ limited_by: 'cgroup /reader' });
  const none = machine({ ...MACHINE, ...ROOT_V2, ...limited });
  const sample = await take(none.tree);
  expectWhole(sample);
  expect(sample.readings.has('cgroup')).toBe(false);
});

test('a path out of the namespace, and one with colons, lead to no wrong folder', async () => {
  for (const path of ['/../../box', '/a:b/c d']) {
    const { tree } = machine({
      ...MACHINE,
      ...inV2(path),
      ...ROOT_V2,
      ...at('a:b/c d', { ...OPEN_V2, 'memory.max': `${100 * MIB}` }),
    });
    const limited = path.startsWith('/a') ? { limited_by: 'cgroup /a:b/c d' } : {};
    expect(memoryOf(await take(tree))?.texts).toEqual(limited);
  }
});

test('use that is not told is left out, and is never below zero', async () => {
  const files = (more: Files): Files => ({
    ...MACHINE,
    ...inV2('/'),
    ...ROOT_V2,
    ...at('', { 'memory.max': `${200 * MIB}`, ...more }),
  });
  const silent = memoryOf(await take(machine(files({})).tree));
  expect(silent?.numbers).toEqual({ total_bytes: 200 * MIB });
  const stale = { 'memory.current': `${10 * MIB}`, 'memory.stat': `inactive_file ${20 * MIB}` };
  expect(memoryOf(await take(machine(files(stale)).tree))?.numbers).toMatchObject({
    used_bytes: 0,
    used_percent: 0,
  });
  const plain = { 'memory.current': `${10 * MIB}` };
  expect(memoryOf(await take(machine(files(plain)).tree))?.numbers).toMatchObject({ used_bytes: 10 * MIB });
});

test('limits that come later are found with the detail, and use is told at each tick', async () => {
  const { tree, write } = machine({ ...MACHINE, ...inV2('/box'), ...ROOT_V2, ...at('box', OPEN_V2) });
  const read = readerOf(part, tree);
  expect(rowsOf(await read(TICK), 'cgroup')).toHaveLength(1);
  expect(await read(TICK)).toEqual([]);
  write('sys/fs/cgroup/box/memory.max', `${160 * MIB}\n`);
  expect(await read(TICK)).toEqual([]);
  const [found] = rowsOf(await read(DETAIL), 'cgroup');
  expect(found?.numbers).toMatchObject({ memory_limit_bytes: 160 * MIB });
  write('sys/fs/cgroup/box/memory.current', `${60 * MIB}\n`);
  const [next] = rowsOf(await read(TICK), 'cgroup');
  expect(next && derived(part, next, undefined, 0, TICK)?.numbers).toMatchObject({ memory_used_percent: 25 });
});

test('a machine’s root group is the machine, and so no group of its own', async () => {
  expect(await rowsFrom(part, machine({ ...MACHINE, ...inV2('/'), ...ROOT_V2 }).tree, DETAIL)).toEqual([]);
  expect(await rowsFrom(part, machine({ ...MACHINE, ...inV1('/'), ...OPEN_V1('') }).tree, DETAIL)).toEqual(
    [],
  );
  expect(await rowsFrom(part, machine(MACHINE).tree, DETAIL)).toEqual([]);
});

test.each([
  ['0-3\n', 4],
  ['0\n', 1],
  ['0,2,4-7\n', 6],
  ['0-127,256-383\n', 256],
  ['\n', 0],
  ['', 0],
])('the list %j names %d CPUs', (list, count) => {
  expect(countCpuList(list)).toBe(count);
});
