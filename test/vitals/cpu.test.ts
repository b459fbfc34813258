import fc from 'fast-check';
import { expect, test } from 'vitest';
import { round } from '../../src/core/finish.js';
import { openHistory } from '../../src/core/history.js';
import { judge } from '../../src/core/judge.js';
import { known } from '../../src/core/rates.js';
import type { Verdict } from '../../src/core/rule.js';
import { looseRow, type Reading, type Row, row, rowsOf } from '../../src/core/sample.js';
import { part } from '../../src/vitals/cpu.js';
import { parseStat } from '../../src/vitals/cpu-time.js';
import { defaultRule } from '../core/judging.js';
import { openMachines, readerOf, rowsFrom } from './read-part.js';
import { byId, DETAIL, TICK } from './recorded.js';

const machine = openMachines();

/** A column of /proc/stat for each mode, in ticks of a hundredth of a second. */
interface Ticks {
  readonly user?: number;
  readonly nice?: number;
  readonly system?: number;
  readonly idle?: number;
  readonly iowait?: number;
  readonly irq?: number;
  readonly softirq?: number;
  readonly steal?: number;
  readonly guest?: number;
  readonly guestNice?: number;
}
const NAMES = [
  'user',
  'nice',
  'system',
  'idle',
  'iowait',
  'irq',
  'softirq',
  'steal',
  'guest',
  'guestNice',
] as const;

const line = (name: string, ticks: Ticks): string =>
  `${name} ${NAMES.map((mode) => ticks[mode] ?? 0).join(' ')}\n`;

/** Text of /proc/stat: the first for all CPUs, the others for each. */
const stat = (total: Ticks, cores: Readonly<Record<string, Ticks>> = { 0: total }): string =>
  `${line('cpu ', total)}${Object.entries(cores)
    .map(([name, ticks]) => line(`cpu${name}`, ticks))
    .join('')}intr 93042 0 9 0 0\nctxt 205478\nbtime 1795236682\nprocesses 3049\n`;

/** As a sample has it: two digits. */
const rounded = ({ id, numbers, texts }: Row): Row =>
  row(
    id,
    Object.fromEntries(Object.entries(known(numbers)).map(([name, value]) => [name, round(value, 2)])),
    texts,
  );

/** What the sampler would give after both texts. */
const after = (
  before: string,
  now: string,
  seconds = 10,
): { total: Row | undefined; cores: Record<string, Row> } => {
  const readings = (text: string) => {
    const { total, cores } = parseStat(text, 100);
    const [cpu, core] = part.groups as [(typeof part.groups)[0], (typeof part.groups)[0]];
    return [
      { group: cpu, rows: [looseRow([], total)] },
      { group: core, rows: cores },
    ];
  };
  const derived = part.derive?.(readings(now), readings(before), seconds, DETAIL) ?? [];
  const [total] = rowsOf(derived, 'cpu');
  return { total: total && rounded(total), cores: byId(derived, 'core') };
};

const START: Ticks = {
  user: 1000,
  nice: 200,
  system: 300,
  idle: 5000,
  iowait: 100,
  irq: 10,
  softirq: 20,
  steal: 5,
};
const plus = (more: Ticks, from: Ticks = START): Ticks =>
  Object.fromEntries(NAMES.map((mode) => [mode, (from[mode] ?? 0) + (more[mode] ?? 0)]));

test('each mode has its share of what all modes grew by, and busy is neither idle nor waiting for disks', () => {
  const grown = { user: 200, nice: 50, system: 100, idle: 500, iowait: 100, irq: 10, softirq: 20, steal: 20 };
  const { total } = after(stat(START), stat(plus(grown)));
  expect(total?.numbers).toMatchObject({
    used_percent: 40,
    user_percent: 20,
    nice_percent: 5,
    system_percent: 10,
    iowait_percent: 10,
    irq_percent: 1,
    softirq_percent: 2,
    steal_percent: 2,
    user_seconds: 12,
    idle_seconds: 55,
    cores: 1,
  });
  expect(total?.numbers).not.toHaveProperty('idle_percent');
  expect(total?.numbers['busy_seconds']).toBe(19.35);
  expect(total?.numbers['capacity_seconds']).toBe(76.35);
});

test('guests’ time is inside user and nice, and not counted again', () => {
  const { total, cores } = after(
    stat(START),
    stat(plus({ user: 300, nice: 100, idle: 600, guest: 300, guestNice: 100 })),
  );
  expect(total?.numbers['used_percent']).toBe(40);
  expect(total?.numbers['user_percent']).toBe(30);
  expect(cores['0']?.numbers).toMatchObject({
    used_percent: 40,
    guest_user_seconds: 3,
    guest_nice_seconds: 1,
  });
});

test('waiting for disks that goes back counts as none', () => {
  const { total, cores } = after(stat(START), stat(plus({ user: 250, idle: 750, iowait: -80 })));
  expect(total?.numbers).toMatchObject({ used_percent: 25, iowait_percent: 0 });
  expect(cores['0']?.numbers).toMatchObject({ used_percent: 25 });
});

test('idle time that wobbles back is a busy CPU, idle time that was reset is not', () => {
  expect(after(stat(START), stat(plus({ user: 1000, idle: -2 }))).total?.numbers['used_percent']).toBe(100);
  const { total, cores } = after(stat(START), stat(plus({ user: 10, idle: -4000, iowait: -100 })));
  for (const numbers of [total?.numbers, cores['0']?.numbers])
    for (const name in numbers) expect(name).not.toMatch(/_percent$/);
  expect(total?.numbers['user_seconds']).toBe(10.1);
});

test('a CPU that goes offline, and comes back counting from zero, never looks busy', () => {
  const both = stat(plus(START), { 0: START, 1: START });
  const one = stat(plus({ user: 500, idle: 500 }, plus(START)), { 0: plus({ user: 500, idle: 500 }) });
  const gone = after(both, one);
  expect(Object.keys(gone.cores)).toEqual(['0']);
  expect(gone.cores['0']?.numbers['used_percent']).toBe(50);
  expect(gone.total?.numbers['cores']).toBe(1);
  const back = after(one, both.replace(/cpu1 .*/, line('cpu1', { user: 1001, idle: 3 }).trim()));
  expect(Object.keys(back.cores)).toEqual(['0', '1']);
  expect(back.cores['1']?.numbers).not.toHaveProperty('used_percent');
});

test('time that did not pass has no shares', () => {
  const { total, cores } = after(stat(START), stat(START));
  expect(total?.numbers).not.toHaveProperty('used_percent');
  expect(total?.numbers).not.toHaveProperty('user_percent');
  expect(cores['0']?.numbers).not.toHaveProperty('used_percent');
});

test('kernels with fewer columns leave out the rest', () => {
  const { total, cores } = after(
    'cpu  100 0 50 850\ncpu0 100 0 50 850\n',
    'cpu  130 0 70 900\ncpu0 130 0 70 900\n',
  );
  expect(total?.numbers).toEqual({
    used_percent: 50,
    user_percent: 30,
    nice_percent: 0,
    system_percent: 20,
    user_seconds: 1.3,
    nice_seconds: 0,
    system_seconds: 0.7,
    idle_seconds: 9,
    busy_seconds: 2,
    capacity_seconds: 11,
    cores: 1,
  });
  expect(cores['0']?.numbers).not.toHaveProperty('guest_user_seconds');
});

test('a file without CPUs says nothing of them', () => {
  expect(parseStat('', 100)).toEqual({ total: {}, cores: [] });
  expect(parseStat('intr 1 2\n', 100)).toEqual({ total: {}, cores: [] });
  expect(after('', 'intr 1 2\n').total?.numbers).toEqual({});
});

test('128 CPUs are 128 rows, under their numbers', () => {
  const cores = (ticks: (core: number) => Ticks): Record<string, Ticks> =>
    Object.fromEntries(Array.from({ length: 128 }, (_, core) => [`${core}`, ticks(core)]));
  const busy = (core: number): Ticks => plus({ user: core, idle: 1000 - core });
  const { total, cores: rows } = after(
    stat(
      START,
      cores(() => START),
    ),
    stat(busy(64), cores(busy)),
  );
  expect(Object.keys(rows)).toHaveLength(128);
  for (let core = 0; core < 128; core++) expect(rows[core]?.numbers['used_percent']).toBeCloseTo(core / 10);
  expect(total?.numbers['cores']).toBe(128);
});

test('shares are from 0 to 100 %, whatever the counters do', () => {
  const ticks = fc.record(
    Object.fromEntries(NAMES.map((mode) => [mode, fc.nat(10_000)])) as Record<string, fc.Arbitrary<number>>,
  );
  fc.assert(
    fc.property(ticks, ticks, fc.double({ min: 0.001, max: 1e5, noNaN: true }), (before, now, seconds) => {
      const { total, cores } = after(stat(before), stat(now), seconds);
      for (const { numbers } of [total, cores['0']] as Row[])
        for (const name in numbers)
          if (name.endsWith('_percent'))
            expect(numbers[name]).toSatisfy((value: number) => value >= 0 && value <= 100);
    }),
  );
});

test('where nothing goes back, the modes and idle make up all', () => {
  const grown = fc.record(
    Object.fromEntries(NAMES.slice(0, 8).map((mode) => [mode, fc.nat(10_000)])) as Record<
      string,
      fc.Arbitrary<number>
    >,
  );
  fc.assert(
    fc.property(grown, (more) => {
      const numbers = after(stat(START), stat(plus(more))).total?.numbers ?? {};
      const all = Object.values(more).reduce((sum, one) => sum + one, 0);
      fc.pre(all > 0);
      const sum = Object.keys(numbers)
        .filter((name) => name.endsWith('_percent') && name !== 'used_percent')
        .reduce((so, name) => so + (numbers[name] as number), 0);
      expect(Math.abs(sum + ((more['idle'] ?? 0) / all) * 100 - 100)).toBeLessThan(0.05);
      expect(Math.abs((numbers['used_percent'] ?? 0) + (numbers['iowait_percent'] ?? 0) - sum)).toBeLessThan(
        0.05,
      );
    }),
  );
});

test('frequencies are in hertz and stand with the detail, where the CPU has any', async () => {
  const { tree } = machine({
    'proc/stat': stat(START, { 0: START, 1: START }),
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '1800123\n',
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq': '800000\n',
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq': '3600000\n',
    'sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count': '3\n',
  });
  const [first, second] = await rowsFrom(part, tree, DETAIL, 'core');
  expect(first?.numbers).toMatchObject({
    frequency_hertz: 1_800_123_000,
    frequency_min_hertz: 800_000_000,
    frequency_max_hertz: 3_600_000_000,
    core_throttles: 3,
  });
  expect(second?.numbers).not.toHaveProperty('frequency_hertz');
  expect((await rowsFrom(part, tree, TICK, 'core'))[0]?.numbers).not.toHaveProperty('frequency_hertz');
});

/** A version 2 container that may use half a CPU of two. */
const LIMITED = {
  'proc/stat': stat(START, { 0: START, 1: START }),
  'proc/uptime': '2000.00 3900.00\n',
  'proc/1/cgroup': '0::/\n',
  'sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
  'sys/fs/cgroup/cpu.max': '50000 100000\n',
  'sys/fs/cgroup/cpu.stat': 'usage_usec 4000000\nuser_usec 3000000\n',
};

test('in a limited container the share is of what it may use, and capacity is the limit over the uptime', async () => {
  const { tree, write } = machine(LIMITED);
  const read = readerOf(part, tree);
  const before = await read(DETAIL);
  write('proc/stat', stat(plus({ user: 2000 }), { 0: START, 1: START }));
  write('sys/fs/cgroup/cpu.stat', 'usage_usec 5000000\n');
  const now = await read(DETAIL);
  const [one] = rowsOf(part.derive?.(now, before, 10, DETAIL), 'cpu');
  expect(one?.texts).toEqual({ limited_by: 'cgroup /', limit: '0.5' });
  // 1 s of the 5 s that half a CPU gives in 10 s.
  expect(one?.numbers).toMatchObject({
    used_percent: 20,
    limit_cores: 0.5,
    cores: 2,
    busy_seconds: 5,
    capacity_seconds: 1000,
  });
});

test('use is against the same cgroup’s and the same limit’s only', async () => {
  const { tree } = machine(LIMITED);
  const now = await readerOf(part, tree)(DETAIL);
  const limited = (texts: Record<string, string>): number | undefined => {
    const before = [
      { group: part.groups[0] as (typeof part.groups)[0], rows: [row([], { busy_seconds: 1 }, texts)] },
    ];
    return rowsOf(part.derive?.(now, before, 10, DETAIL), 'cpu')[0]?.numbers['used_percent'];
  };
  expect(limited({ limited_by: 'cgroup /', limit: '0.5' })).toBeCloseTo(60);
  expect(limited({ limited_by: 'cgroup /other', limit: '0.5' })).toBeUndefined();
  expect(limited({ limited_by: 'cgroup /', limit: '1' })).toBeUndefined();
  expect(limited({})).toBeUndefined();
});

test('a container that does not tell its use has no share of it', async () => {
  const { tree, write } = machine({ ...LIMITED, 'sys/fs/cgroup/cpu.stat': 'nr_periods 0\n' });
  const read = readerOf(part, tree);
  const before = await read(TICK);
  write('proc/stat', stat(plus({ user: 2000 }), { 0: START, 1: START }));
  const numbers = rowsOf(part.derive?.(await read(TICK), before, 10, DETAIL), 'cpu')[0]?.numbers;
  expect(numbers).toMatchObject({ limit_cores: 0.5 });
  for (const name of ['used_percent', 'busy_seconds', 'capacity_seconds'])
    expect(numbers?.[name]).toBeUndefined();
});

/** Minute by minute in a container on eight CPUs, all that its limit allows in use: what the CPU rule says of each. */
const judgeLimits = async (limits: readonly number[]) => {
  const rule = defaultRule('cpu', 600);
  const history = openHistory([rule]);
  let uptime = 100_000;
  let used = 20_000;
  let idle = uptime * 8 - used;
  const files = (cores: number): Readonly<Record<string, string>> => ({
    'proc/stat': stat(
      { user: used * 100, idle: idle * 100 },
      Object.fromEntries(Array.from({ length: 8 }, (_, name) => [name, START])),
    ),
    'proc/uptime': `${uptime.toFixed(2)} 1.00\n`,
    'sys/fs/cgroup/cpu.max': cores === 8 ? 'max 100000\n' : `${cores * 100_000} 100000\n`,
    // Its own, begun later than the machine.
    'sys/fs/cgroup/cpu.stat': `usage_usec ${(used - 15_000) * 1e6}\n`,
  });
  const { tree, write } = machine({ ...LIMITED, ...files(2) });
  const read = readerOf(part, tree);
  let before: readonly Reading[] | undefined;
  const said: (Pick<Verdict, 'state' | 'value'> | undefined)[] = [];
  for (const [minute, cores] of limits.entries()) {
    uptime += 60;
    used += cores * 60;
    idle += (8 - cores) * 60;
    for (const [path, text] of Object.entries(files(cores))) write(path, text);
    const now = await read({ ...DETAIL, time: minute * 60_000 });
    const readings = new Map(part.derive?.(now, before, 60, DETAIL).map((one) => [one.group.name, one]));
    const sample = { time: minute * 60_000, host: 'h', boot: 'b', interval: 60, readings };
    before = now;
    history.add(sample);
    const [verdict] = judge(rule, { now: sample, history });
    said.push(
      verdict && { state: verdict.state, ...(verdict.value !== undefined && { value: verdict.value }) },
    );
  }
  return said;
};

test.each([
  ['raised', 2, 4],
  ['lowered', 4, 2],
  ['taken away', 2, 8],
  ['set', 8, 2],
])(
  'a limit that is %s while all that it allows is in use changes nothing about that',
  async (_, from, to) => {
    const said = await judgeLimits([...Array(15).fill(from), ...Array(15).fill(to)]);
    const full = { state: 'critical', value: expect.closeTo(100, 6) };
    expect(said.slice(10)).toEqual(Array(20).fill(full));
  },
);

test('a line without numbers says nothing, and takes none from the next', () => {
  const { total, cores } = parseStat('cpu  1 2 3 4\ncpu0\ncpu1 5 6 7 8\nintr 9 9\n', 1);
  expect(known(total)).toMatchObject({ user_seconds: 1, idle_seconds: 4, cores: 1 });
  expect(cores.map(({ id }) => id)).toEqual([['1']]);
});
