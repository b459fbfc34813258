import fc from 'fast-check';
import { expect, test } from 'vitest';
import { row, rowsOf } from '../../src/core/sample.js';
import { parsePressure, part } from '../../src/vitals/pressure.js';
import { derived, openMachines, readerOf, rowsFrom } from './read-part.js';
import { DETAIL, TICK } from './recorded.js';

const machine = openMachines();

const both = (some: number, full: number): string =>
  `some avg10=0.00 avg60=0.12 avg300=0.05 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;

const FILES = {
  'proc/pressure/cpu': both(11686178, 0),
  'proc/pressure/io': both(3331868, 3106258),
  'proc/pressure/memory': both(0, 0),
};

test('totals are seconds, under the names people know', async () => {
  const [raw] = await rowsFrom(part, machine(FILES).tree, TICK);
  expect(raw?.numbers).toEqual({
    cpu_waiting_seconds: 11.686178,
    io_waiting_seconds: 3.331868,
    io_stalled_seconds: 3.106258,
    memory_waiting_seconds: 0,
    memory_stalled_seconds: 0,
  });
  expect(raw?.texts).toEqual({});
});

test('kernels of before 5.13 have no full line for the CPU, older ones no pressure at all', async () => {
  expect(parsePressure('some avg10=0.00 avg60=0.00 avg300=0.00 total=7\n', 'full')).toBeUndefined();
  expect(await rowsFrom(part, machine({ 'proc/stat': '' }).tree, TICK)).toEqual([]);
});

test('where none is kept it is asked again with the next detail', async () => {
  const { tree, write } = machine({ 'proc/stat': '' });
  const read = readerOf(part, tree);
  expect(await read(TICK)).toEqual([]);
  for (const path of Object.keys(FILES)) write(path, FILES[path as keyof typeof FILES]);
  expect(await read(TICK)).toEqual([]);
  expect(rowsOf(await read(DETAIL), 'pressure')[0]?.numbers).toMatchObject({
    cpu_waiting_seconds: 11.686178,
  });
  expect(rowsOf(await read(TICK), 'pressure')[0]?.numbers).toMatchObject({ cpu_waiting_seconds: 11.686178 });
});

test('in a limited cgroup the percentages are its own, and the counters stay the machine’s', async () => {
  const { tree } = machine({
    ...FILES,
    'proc/1/cgroup': '0::/box/app\n',
    'sys/fs/cgroup/cgroup.controllers': 'cpu io memory\n',
    'sys/fs/cgroup/box/memory.max': '1048576\n',
    'sys/fs/cgroup/box/cpu.pressure': both(1_000_000, 0),
    'sys/fs/cgroup/box/io.pressure': both(0, 0),
    'sys/fs/cgroup/box/memory.pressure': both(4_000_000, 2_000_000),
    'sys/fs/cgroup/box/app/memory.max': 'max\n',
    'sys/fs/cgroup/box/app/cpu.max': 'max 100000\n',
  });
  const [raw] = await rowsFrom(part, tree, DETAIL);
  expect(raw?.texts).toEqual({ limited_by: 'cgroup /box' });
  expect(raw?.numbers).toMatchObject({ cpu_waiting_seconds: 11.686178, limited_memory_waiting_seconds: 4 });
  const before = row([], { limited_memory_waiting_seconds: 3, memory_stalled_seconds: 0 }, raw?.texts);
  const numbers = raw && derived(part, raw, before, 10, DETAIL)?.numbers;
  expect(numbers).toMatchObject({ memory_waiting_percent: 10 });
  expect(numbers?.['memory_stalled_percent']).toBeUndefined();
  const elsewhere = row([], { limited_memory_waiting_seconds: 3 }, { limited_by: 'cgroup /other' });
  const unknown = raw && derived(part, raw, elsewhere, 10, DETAIL)?.numbers;
  expect(unknown?.['memory_waiting_percent']).toBeUndefined();
});

test('a share of time is from 0 to 100 %, and is not known after a reset', () => {
  const total = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(total, total, fc.double({ min: 0.001, max: 1e6, noNaN: true }), (now, before, seconds) => {
      const share = derived(
        part,
        row([], { io_stalled_seconds: now }),
        row([], { io_stalled_seconds: before }),
        seconds,
        TICK,
      )?.numbers['io_stalled_percent'];
      if (now < before) expect(share).toBeUndefined();
      else expect(share).toBeLessThanOrEqual(100);
      if (share !== undefined) expect(share).toBeGreaterThanOrEqual(0);
    }),
  );
});
