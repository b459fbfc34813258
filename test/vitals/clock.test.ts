import { expect, test } from 'vitest';
import { rowsOf } from '../../src/core/sample.js';
import { part } from '../../src/vitals/clock.js';
import { openMachines, readerOf } from './read-part.js';
import { byId, DETAIL } from './recorded.js';

const machine = openMachines();
const BASE = 'sys/devices/system/clocksource/clocksource0';

test('the time of the reading, and UTC where there is no time zone', async () => {
  const { tree } = machine({ 'proc/stat': '' });
  const readings = await readerOf(part, tree)({ ...DETAIL, time: 1795239279557 });
  expect(rowsOf(readings, 'clock')[0]?.numbers).toEqual({ time_seconds: 1795239279.557 });
  expect(byId(readings, 'time_zone')).toEqual({
    UTC: { id: ['UTC'], texts: {}, numbers: { offset_seconds: 0 } },
  });
});

test('the time zone of a machine seen below a folder is its own, not ours', async () => {
  const numbers = (...values: readonly number[]): string =>
    values.map((value) => String.fromCharCode(0, 0, value >> 8, value & 255)).join('');
  // A file of the first version: no changes, one type, an hour before UTC, called TST.
  const zone = `TZif${'\0'.repeat(16)}${numbers(0, 0, 0, 0, 1, 4)}${numbers(3600)}\0\0TST\0`;
  const { tree } = machine({
    'root/etc/localtime': '-> /usr/share/zoneinfo/Test',
    'root/usr/share/zoneinfo': '-> /data/zones',
    'root/data/zones/Test': zone,
  });
  const readings = await readerOf(part, tree)({ ...DETAIL, time: 1795239279557 });
  expect(byId(readings, 'time_zone')['TST']?.numbers).toEqual({ offset_seconds: 3600 });
});

test('without a clock there is no time, rather than a wrong one', async () => {
  const { tree } = machine({ 'proc/stat': '' });
  expect(await readerOf(part, tree)(DETAIL)).toEqual([]);
});

test('clocks that there are, and the one in use', async () => {
  const { tree } = machine({
    [`${BASE}/available_clocksource`]: 'tsc hpet acpi_pm \n',
    [`${BASE}/current_clocksource`]: 'tsc\n',
    'sys/devices/system/clocksource/power/control': 'auto\n',
  });
  const readings = await readerOf(part, tree)(DETAIL);
  const ids = (group: string) => rowsOf(readings, group).map(({ id }) => id);
  expect(ids('clocksource')).toEqual([
    ['0', 'tsc'],
    ['0', 'hpet'],
    ['0', 'acpi_pm'],
  ]);
  expect(ids('clocksource_current')).toEqual([['0', 'tsc']]);
});
