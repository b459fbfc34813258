import { userInfo } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reading, Row } from '../../src/core/sample.js';
import { row, rowsOf } from '../../src/core/sample.js';
import type { Ask } from '../../src/core/vital.js';
import { part, top } from '../../src/vitals/top.js';
import { TREE_DEFAULTS, Tree } from '../../src/vitals/tree.js';
import { withProcesses } from './process-line.js';
import { openMachines, readerOf, rowsFrom } from './read-part.js';
import { DETAIL, TICK } from './recorded.js';

const machine = openMachines();

const reading = (rows: readonly Row[]): Reading[] => [{ group: top, rows }];

const derive = (now: readonly Row[], before: readonly Row[] | undefined, seconds: number, ask: Ask = TICK) =>
  rowsOf(part.derive?.(reading(now), before && reading(before), seconds, ask), 'top');

const raw = (pid: number, numbers: Record<string, number>): Row =>
  row([String(pid)], { start_time: 1000, start_ticks: 5, age_seconds: 1e6, memory_bytes: 0, ...numbers });

test('a row tells start, CPU time and memory, with name and user', async () => {
  const own = process.getuid?.() ?? 0;
  const { tree } = machine({
    ...withProcesses([
      {
        pid: 7,
        name: 'web server',
        userTicks: 150,
        systemTicks: 50,
        startTicks: 90_000,
        pages: 256,
        threads: 3,
      },
    ]),
    'root/etc/passwd': `other:x:${own + 1}:1::/:/bin/sh\nme:x:${own}:1:Me:/:/bin/sh\n`,
  });
  const { pageSize } = tree.constants();
  const [only] = await rowsFrom(part, tree, DETAIL);
  expect(only).toEqual({
    id: ['7'],
    texts: { name: 'web server', user: 'me' },
    numbers: {
      start_time: 1700000900,
      cpu_seconds: 2,
      memory_bytes: 256 * pageSize,
      memory_percent: Math.min(100, (256 * pageSize * 100) / 4194304),
      threads: 3,
      start_ticks: 90_000,
      age_seconds: 100,
    },
  });
});

test('a user without a name is a number, and is found once the name is there', async () => {
  const own = process.getuid?.() ?? 0;
  const { tree, write } = machine(withProcesses([{ pid: 7, name: 'a' }]));
  const read = readerOf(part, tree);
  expect(rowsOf(await read(TICK), 'top')[0]?.texts['user']).toBe(String(own));
  write('root/etc/passwd', `late:x:${own}:1::/:/bin/sh\n`);
  expect((await rowsFrom(part, tree, TICK))[0]?.texts['user']).toBe('late');
});

test('a name the kernel cut is told whole, also that of a script', async () => {
  const { tree } = machine({
    ...withProcesses([
      { pid: 7, name: 'systemd-journal' },
      { pid: 8, name: 'unattended-upgr' },
      { pid: 9, name: 'fifteen-letters' },
    ]),
    'proc/7/cmdline': '/lib/systemd/systemd-journald\0',
    'proc/8/cmdline': '/usr/bin/python3\0/usr/bin/unattended-upgrade-shutdown\0--wait\0',
    'proc/9/cmdline': '',
  });
  const names = (await rowsFrom(part, tree, TICK)).map(({ texts }) => texts['name']);
  expect(names.sort()).toEqual(['fifteen-letters', 'systemd-journald', 'unattended-upgrade-shutdown']);
});

test('arguments are told only when asked for', async () => {
  const { tree } = machine({
    ...withProcesses([{ pid: 7, name: 'a' }]),
    'proc/7/cmdline': 'a\0--key\0secret\0',
  });
  expect((await rowsFrom(part, tree, TICK))[0]?.texts).not.toHaveProperty('args');
  const asked = await rowsFrom(part, tree, { ...TICK, processArguments: true });
  expect(asked[0]?.texts['args']).toBe('a --key secret');
});

test('the start time does not wobble with the boot time, and follows when the clock is set', async () => {
  const { tree, write } = machine(withProcesses([{ pid: 7, name: 'a', startTicks: 0 }]));
  const read = readerOf(part, tree);
  const start = async (btime: number): Promise<number | undefined> => {
    write('proc/stat', `cpu  1 2 3 4\nbtime ${btime}\n`);
    return rowsOf(await read(TICK), 'top')[0]?.numbers['start_time'];
  };
  expect(await start(1700000000)).toBe(1700000000);
  expect(await start(1700000001)).toBe(1700000000);
  expect(await start(1699999999)).toBe(1700000000);
  expect(await start(1700003600)).toBe(1700003600);
});

test('CPU use is of the same process only', () => {
  const before = [raw(1, { cpu_seconds: 10 }), raw(2, { cpu_seconds: 1 }), raw(3, { cpu_seconds: 1 })];
  const now = [
    raw(1, { cpu_seconds: 11 }),
    raw(2, { cpu_seconds: 3, start_ticks: 900, start_time: 9000, age_seconds: 1 }),
    raw(3, { cpu_seconds: 0.5, memory_bytes: 9 }),
    raw(4, { cpu_seconds: 50, memory_bytes: 8 }),
    raw(5, { cpu_seconds: 1, age_seconds: 1.5 }),
  ];
  const rows = derive(now, before, 2);
  expect(rows.map(({ id, numbers }) => [id[0], numbers['cpu_percent']])).toEqual([
    ['2', 150],
    ['1', 50],
    ['5', 50],
    // Its counter went back; and one that was not seen before though it is old.
    ['3', undefined],
    ['4', undefined],
  ]);
});

test('rows from a log have no ticks: the start time tells, within what rounding and another run make of it', () => {
  const recorded = (start_time: number) => [row(['1'], { start_time, cpu_seconds: 10, memory_bytes: 1 })];
  const now = [raw(1, { start_time: 1000.6, cpu_seconds: 11, memory_bytes: 1 })];
  expect(derive(now, recorded(1002), 10)[0]?.numbers['cpu_percent']).toBeCloseTo(10);
  expect(derive(now, recorded(900), 10)[0]?.numbers).not.toHaveProperty('cpu_percent');
});

test('the first reading has no CPU use, and lists by memory', () => {
  const rows = derive(
    [raw(1, { cpu_seconds: 99 }), raw(2, { cpu_seconds: 1, memory_bytes: 5 })],
    undefined,
    0,
  );
  expect(rows.map(({ id, numbers }) => [id[0], numbers['cpu_percent']])).toEqual([['2', undefined]]);
});

const process_ = fc.record({
  pid: fc.integer({ min: 1, max: 60 }),
  cpu_seconds: fc.double({ min: 0, max: 1e5, noNaN: true }),
  // Many of one size, as those of one program are.
  memory_bytes: fc.oneof(fc.nat(3), fc.nat(1e6)),
  start_ticks: fc.integer({ min: 1, max: 3 }),
  age_seconds: fc.double({ min: 0, max: 20, noNaN: true }),
});
const table = fc
  .uniqueArray(process_, { selector: ({ pid }) => pid, maxLength: 40 })
  .map((list) => list.map(({ pid, ...numbers }) => raw(pid, numbers)));

test('lists the greatest by CPU and by memory, never below zero, whatever order they come in', () => {
  fc.assert(
    fc.property(
      table,
      table,
      fc.integer({ min: 1, max: 6 }),
      fc.func(fc.nat()),
      (now, before, count, order) => {
        const ask = { ...TICK, top: count };
        const rows = derive(now, before, 5, ask);
        expect(rows.length).toBeLessThanOrEqual(2 * count);
        const shuffled = [...now].sort((a, b) => order(a.id[0]) - order(b.id[0]));
        expect(derive(shuffled, before, 5, ask)).toEqual(rows);
        const cpus = rows.map(({ numbers }) => numbers['cpu_percent'] ?? 0);
        for (const cpu of cpus) expect(cpu).toBeGreaterThanOrEqual(0);
        expect(cpus).toEqual([...cpus].sort((a, b) => b - a));
        const biggest = [...now].sort(
          (a, b) => (b.numbers['memory_bytes'] ?? 0) - (a.numbers['memory_bytes'] ?? 0),
        )[0];
        const listed = rows.map(({ numbers }) => numbers['memory_bytes'] ?? 0);
        if (biggest?.numbers['memory_bytes'])
          expect(Math.max(...listed)).toBe(biggest.numbers['memory_bytes']);
      },
    ),
  );
});

test('is what sorting all of them gives, rows that stayed the same and moved included', () => {
  fc.assert(
    fc.property(table, table, table, fc.integer({ min: 1, max: 6 }), (stayed, began, ended, count) => {
      const others = (rows: readonly Row[]) =>
        rows.filter(({ id }) => !stayed.some((one) => one.id[0] === id[0]));
      const now = [...stayed, ...others(began)];
      const before = [...others(ended), ...stayed].reverse();
      const all = derive(now, before, 5, { ...TICK, top: 1000 });
      const using = all.filter(({ numbers }) => (numbers['cpu_percent'] ?? 0) >= 0.05).slice(0, count);
      const holding = all
        .filter(({ numbers }) => (numbers['memory_bytes'] ?? 0) > 0)
        .sort(
          (a, b) =>
            (b.numbers['memory_bytes'] ?? 0) - (a.numbers['memory_bytes'] ?? 0) ||
            Number(a.id[0]) - Number(b.id[0]),
        )
        .slice(0, count);
      const chosen = new Set([...using, ...holding]);
      const listed = derive(now, before, 5, { ...TICK, top: count });
      expect(listed).toEqual(all.filter((one) => chosen.has(one)));
    }),
  );
});

test('a row that stayed the same is of a process that used no CPU time', () => {
  const same = raw(1, { cpu_seconds: 10, memory_bytes: 7 });
  expect(derive([same], [same], 2)[0]?.numbers['cpu_percent']).toBe(0);
});

test('this machine: the row of a process that sleeps is the same one again', async () => {
  const read = readerOf(part, new Tree(TREE_DEFAULTS));
  const first = new Set(rowsOf(await read(TICK), 'top'));
  const second = rowsOf(await read(TICK), 'top');
  expect(second.some((one) => first.has(one))).toBe(true);
  // This one has run in between.
  expect(second.find(({ id }) => id[0] === String(process.pid))?.numbers['memory_bytes']).toBeGreaterThan(0);
});

test('all are listed where all are asked for, those that use nothing included', () => {
  const rows = [raw(3, {}), raw(1, { memory_bytes: 5 }), raw(2, { cpu_seconds: 4 })];
  const before = rows.map((one) => (one.id[0] === '2' ? raw(2, { cpu_seconds: 3 }) : one));
  const listed = derive(rows, before, 2, { ...TICK, top: Number.POSITIVE_INFINITY });
  expect(listed.map(({ id }) => id[0])).toEqual(['3', '1', '2']);
  expect(listed[2]?.numbers['cpu_percent']).toBe(50);
});

test('nothing is listed where none are asked for', async () => {
  const { tree } = machine(withProcesses([{ pid: 7, name: 'a' }]));
  expect(await readerOf(part, tree)({ ...TICK, top: 0 })).toEqual([]);
});

test('this machine: this very process, its CPU use and its user', async () => {
  const tree = new Tree(TREE_DEFAULTS);
  const read = readerOf(part, tree);
  const before = rowsOf(await read(TICK), 'top');
  const usage = process.cpuUsage();
  while (process.cpuUsage(usage).user < 150_000);
  const now = rowsOf(await read(TICK), 'top');
  const own = derive(now, before, 1, { ...TICK, top: 1000 }).find(({ id }) => id[0] === String(process.pid));
  expect(own?.texts['user']).toBe(userInfo().username);
  expect(own?.numbers['cpu_percent']).toBeGreaterThanOrEqual(10);
  const started = own?.numbers['start_time'] ?? 0;
  expect(Math.abs(started - (Date.now() / 1000 - process.uptime()))).toBeLessThan(5);
});

test('a line of a process of another kind of kernel is not taken for one', async () => {
  const { tree } = machine({
    ...withProcesses([{ pid: 7, name: 'a' }]),
    'proc/8/stat': '8 (cut',
    'proc/fs/x': '',
  });
  expect((await rowsFrom(part, tree, TICK)).map(({ id }) => id[0])).toEqual(['7']);
});
