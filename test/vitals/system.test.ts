import { expect, test } from 'vitest';
import { part, readBoot, readUptime } from '../../src/vitals/system.js';
import { openMachines, rowsFrom } from './read-part.js';
import { DETAIL, TICK } from './recorded.js';

const machine = openMachines();
const FILES = { 'proc/uptime': '3037.43 5945.64\n', 'proc/stat': 'cpu  1 2 3 4\nbtime 1795236682\n' };

test('uptime at each tick, boot time in detail', async () => {
  const { tree } = machine(FILES);
  expect((await rowsFrom(part, tree, TICK))[0]?.numbers).toEqual({ uptime_seconds: 3037.43 });
  expect((await rowsFrom(part, tree, DETAIL))[0]?.numbers).toEqual({
    uptime_seconds: 3037.43,
    boot_time_seconds: 1795236682,
  });
  expect(readUptime(tree)).toBe(3037.43);
});

test('uptime that the clocks tell is not asked for, but with the detail', async () => {
  const { tree } = machine(FILES);
  const uptimeBy = async (ask: typeof TICK) =>
    (await rowsFrom(part, tree, { ...ask, uptime: 3040 }))[0]?.numbers['uptime_seconds'];
  expect(await uptimeBy(TICK)).toBe(3040);
  expect(await uptimeBy(DETAIL)).toBe(3037.43);
});

test('a boot is known by its random id, else by its time', () => {
  const id = '0b1c2d3e-0000-4000-8000-123456789abc';
  expect(readBoot(machine({ ...FILES, 'proc/sys/kernel/random/boot_id': `${id}\n` }).tree)).toBe(id);
  expect(readBoot(machine(FILES).tree)).toBe('1795236682');
  expect(readBoot(machine({ 'proc/uptime': '' }).tree)).toBe('unknown');
});
