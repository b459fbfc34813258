import { expect, test } from 'vitest';
import { rowsOf } from '../../src/core/sample.js';
import { part } from '../../src/vitals/hwmon.js';
import { openMachines, readerOf } from './read-part.js';
import { DETAIL, TICK } from './recorded.js';

const machine = openMachines();

const CORETEMP = 'sys/devices/platform/coretemp.0/hwmon/hwmon0';
const FILES = {
  [`${CORETEMP}/name`]: 'coretemp\n',
  [`${CORETEMP}/device`]: '-> ../../../coretemp.0',
  [`${CORETEMP}/temp1_input`]: '45500\n',
  [`${CORETEMP}/temp1_label`]: 'Package id 0\n',
  [`${CORETEMP}/temp1_max`]: '80000\n',
  [`${CORETEMP}/temp1_crit`]: '100000\n',
  [`${CORETEMP}/temp1_crit_alarm`]: '1\n',
  [`${CORETEMP}/temp2_input`]: '-5000\n',
  [`${CORETEMP}/temp2_fault`]: '0\n',
  [`${CORETEMP}/fan1_input`]: '900\n',
  'sys/class/hwmon/hwmon0': '-> ../../devices/platform/coretemp.0/hwmon/hwmon0',
  'sys/class/hwmon/hwmon1/name': 'acpitz\n',
  'sys/class/hwmon/hwmon1/temp1_input': '27800\n',
  'sys/class/hwmon/hwmon2/temp1_input': 'broken\n',
};

test('chips keep their name over boots; temperatures at each tick, the rest in detail', async () => {
  const read = readerOf(part, machine(FILES).tree);
  const rows = async (ask: typeof TICK) => rowsOf(await read(ask), 'hwmon');
  const first = await rows(TICK);
  expect(first.map(({ id, numbers }) => [...id, numbers])).toEqual([
    ['platform_coretemp_0', 'temp1', { celsius: 45.5 }],
    ['platform_coretemp_0', 'temp2', { celsius: -5 }],
    ['acpitz', 'temp1', { celsius: 27.8 }],
  ]);
  expect(first.map(({ texts }) => texts)).toEqual([{ label: 'Package id 0' }, {}, {}]);
  const detail = await rows(DETAIL);
  expect(detail[0]?.numbers).toEqual({ celsius: 45.5, max_celsius: 80, crit_celsius: 100, crit_alarm: 1 });
  expect(detail[1]?.numbers).toEqual({ celsius: -5, fault: 0 });
  const chips = rowsOf(await read(DETAIL), 'hwmon_chip');
  expect(chips.map(({ id, texts }) => [id[0], texts['chip_name']])).toEqual([
    ['platform_coretemp_0', 'coretemp'],
    ['acpitz', 'acpitz'],
  ]);
});

test('a chip that comes later is found with the next detail', async () => {
  const { tree, write } = machine({ 'proc/stat': '' });
  const read = readerOf(part, tree);
  expect(await read(TICK)).toEqual([]);
  write('sys/class/hwmon/hwmon0/name', 'nvme\n');
  write('sys/class/hwmon/hwmon0/temp1_input', '30000\n');
  expect(await read(TICK)).toEqual([]);
  expect(rowsOf(await read(DETAIL), 'hwmon')[0]).toMatchObject({
    id: ['nvme', 'temp1'],
    numbers: { celsius: 30 },
  });
  expect(rowsOf(await read(TICK), 'hwmon')).toHaveLength(1);
});
