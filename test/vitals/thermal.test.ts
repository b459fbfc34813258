import { expect, test } from 'vitest';
import { rowsOf } from '../../src/core/sample.js';
import { part } from '../../src/vitals/thermal.js';
import { openMachines, readerOf } from './read-part.js';
import { DETAIL } from './recorded.js';

const machine = openMachines();

test('zones and what cools them, by number', async () => {
  const { tree } = machine({
    'sys/class/thermal/thermal_zone0/type': 'cpu-thermal\n',
    'sys/class/thermal/thermal_zone0/temp': '49312\n',
    'sys/class/thermal/thermal_zone11/type': 'asleep\n',
    'sys/class/thermal/cooling_device0/type': 'Processor\n',
    'sys/class/thermal/cooling_device0/cur_state': '1\n',
    'sys/class/thermal/cooling_device0/max_state': '10\n',
  });
  const readings = await readerOf(part, tree)(DETAIL);
  expect(rowsOf(readings, 'thermal_zone')).toEqual([
    { id: ['0'], texts: { type: 'cpu-thermal' }, numbers: { celsius: 49.312 } },
    // A zone that does not answer has no temperature, rather than 0.
    { id: ['11'], texts: { type: 'asleep' }, numbers: {} },
  ]);
  expect(rowsOf(readings, 'cooling_device')).toEqual([
    { id: ['0'], texts: { type: 'Processor' }, numbers: { cur_state: 1, max_state: 10 } },
  ]);
});

test('is absent where there is nothing to feel heat with', async () => {
  expect(await readerOf(part, machine({ 'proc/stat': '' }).tree)(DETAIL)).toEqual([]);
});
