/** Temperatures from the hardware monitoring chips (Documentation/hwmon/sysfs-interface.rst). */

import { gauge, group, info } from '../core/group.js';
import { known } from '../core/rates.js';
import type { Reading } from '../core/sample.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';
import { listClass, listSlow, readSlowNumber, readSlowText, resolveSlow } from './slow.js';
import type { Tree } from './tree.js';

/** A yes or no of a sensor. node_exporter takes all but two for temperatures: 0.001 stands for yes, with their unit. */
const flag = (name: string, help: string, asTemperature = true) =>
  gauge('boolean', help, {
    due: 'detail',
    prometheus: asTemperature
      ? { name: `node_hwmon_temp_${name}_celsius`, scale: 0.001 }
      : { name: `node_hwmon_temp_${name}` },
  });

export const hwmon = group({
  name: 'hwmon',
  help: 'Temperature sensors',
  identity: ['chip', 'sensor'],
  texts: { label: 'what the sensor measures, in the words of the driver' },
  fields: {
    celsius: gauge('celsius', 'Temperature', { prometheus: 'node_hwmon_temp_celsius' }),
    alarm: flag('alarm', 'Whether the chip raises an alarm', false),
    fault: flag('fault', 'Whether the sensor is broken', false),
    min_alarm: flag('min_alarm', 'Whether it is too cold'),
    max_alarm: flag('max_alarm', 'Whether it is too hot'),
    crit_alarm: flag('crit_alarm', 'Whether it is critically hot'),
    lcrit_alarm: flag('lcrit_alarm', 'Whether it is critically cold'),
    emergency_alarm: flag('emergency_alarm', 'Whether it is too hot to go on'),
    beep: gauge('boolean', 'Whether an alarm beeps', {
      due: 'detail',
      prometheus: 'node_hwmon_temp_beep_enabled',
    }),
    type: gauge('count', 'Kind of sensor, as the kernel numbers them', {
      due: 'detail',
      prometheus: 'node_hwmon_temp_type',
    }),
    sensor_label: info('What the sensor measures', { name: 'node_hwmon_sensor_label', texts: ['label'] }),
    '*': gauge('celsius', 'Limit or extreme of the temperature', {
      due: 'detail',
      prometheus: 'node_hwmon_temp_*',
    }),
  },
});

export const hwmonChip = group({
  name: 'hwmon_chip',
  help: 'Names of the hardware monitoring chips',
  identity: ['chip'],
  texts: { chip_name: 'name that the driver gives' },
  labels: ['chip_name'],
  fields: { names: info('Name of the chip', { name: 'node_hwmon_chip_names' }) },
});

interface Sensor {
  /** Its first column: `temp1`. */
  readonly name: string;
  /** Its files below sysfs, by what they tell: `input`, `max` … */
  readonly files: ReadonlyMap<string, string>;
  readonly label: string | undefined;
}

interface Chip {
  /** Stays the same over boots, other than the kernel's numbers. */
  readonly id: string;
  readonly name: string | undefined;
  readonly sensors: readonly Sensor[];
}

/** As node_exporter makes names of what drivers say. */
export const cleanName = (text: string): string =>
  text
    .toLowerCase()
    .trim()
    .replace(/[^a-z0-9:_]/g, '_')
    .replace(/^_+|_+$/g, '');

/** Bus and device, as in `platform_coretemp_0`; else the driver's name; else the kernel's number for it. */
const identify = async (tree: Tree, folder: string, name: string | undefined): Promise<string> => {
  const device = await resolveSlow(tree, `${folder}/device`);
  const [bus = '', own = ''] = device?.split('/').slice(-2).map(cleanName) ?? [];
  if (own !== '') return bus === '' ? own : `${bus}_${own}`;
  return name || cleanName(folder.slice(folder.lastIndexOf('/') + 1));
};

const findSensors = async (tree: Tree, folder: string): Promise<readonly Sensor[]> => {
  const files = new Map<string, Map<string, string>>();
  // Drivers older than the hwmon class keep their files beside the device.
  for (const place of [folder, `${folder}/device`])
    for (const file of await listSlow(tree, place)) {
      const [, sensor, element] = /^(temp\d+)_(.+)$/.exec(file) ?? [];
      if (sensor === undefined || element === undefined) continue;
      if (!files.has(sensor)) files.set(sensor, new Map());
      files.get(sensor)?.set(element, `${place}/${file}`);
    }
  return Promise.all(
    [...files].map(async ([name, elements]) => {
      const label = elements.get('label');
      return { name, files: elements, label: label && (await readSlowText(tree, label)) };
    }),
  );
};

const findChips = (tree: Tree, names: readonly string[]): Promise<readonly Chip[]> =>
  Promise.all(
    names.map(async (found) => {
      const folder = `class/hwmon/${found}`;
      const name = cleanName((await readSlowText(tree, `${folder}/name`)) ?? '') || undefined;
      return { id: await identify(tree, folder, name), name, sensors: await findSensors(tree, folder) };
    }),
  );

/** Name and value of a field from what a file tells and its number, thousandths of a degree. */
const toField = (element: string, value: number): [string, number] => {
  if (element === 'input') return ['celsius', value / 1000];
  if (Object.hasOwn(hwmon.fields, element)) return [element, value];
  return [`${cleanName(element)}_celsius`, value / 1000];
};

const readSensor = async (
  tree: Tree,
  { files }: Sensor,
  detail: boolean,
): Promise<Record<string, number>> => {
  const wanted = [...files].filter(([element]) => element === 'input' || (detail && element !== 'label'));
  const values = await Promise.all(
    wanted.map(async ([element, path]) => {
      const value = await readSlowNumber(tree, path);
      return value === undefined ? undefined : toField(element, value);
    }),
  );
  return known(Object.fromEntries(values.filter((value) => value !== undefined)));
};

const readChips = async (
  tree: Tree,
  chips: readonly Chip[],
  detail: boolean,
): Promise<readonly Reading[]> => {
  const sensors = chips.flatMap((chip) => chip.sensors.map((sensor) => ({ id: chip.id, sensor })));
  const rows = await Promise.all(
    sensors.map(async ({ id, sensor }) =>
      row(
        [id, sensor.name],
        await readSensor(tree, sensor, detail),
        sensor.label === undefined ? {} : { label: sensor.label },
      ),
    ),
  );
  const names = chips.flatMap(({ id, name }) =>
    name === undefined ? [] : [row([id], {}, { chip_name: name })],
  );
  return [
    { group: hwmon, rows: rows.filter(({ numbers }) => Object.keys(numbers).length > 0) },
    { group: hwmonChip, rows: names },
  ];
};

export const part: Part = {
  groups: [hwmon, hwmonChip],

  linux: (tree) => {
    // Chips come and go with their drivers only: they are looked for when detail is read.
    let names: readonly string[] | undefined;
    let chips: readonly Chip[] | undefined;
    const look = async (detail: boolean): Promise<readonly Reading[]> => {
      if (detail || chips === undefined) chips = await findChips(tree, names ?? []);
      return readChips(tree, chips, detail);
    };
    return ({ detail }) => {
      if (detail || names === undefined) names = listClass(tree, 'hwmon');
      return names.length === 0 ? [] : look(detail);
    };
  },
};
