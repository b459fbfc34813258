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
