/** Temperatures of the kernel's thermal zones, and what is done to cool them. */

import { gauge, group } from '../core/group.js';
import type { Reading, Row } from '../core/sample.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';
import { listClass, readSlowNumber, readSlowText } from './slow.js';
import type { Tree } from './tree.js';

export const thermal = group({
  name: 'thermal_zone',
  help: 'Temperatures of the thermal zones',
  identity: ['zone'],
  texts: { type: 'what the zone is' },
  labels: ['type'],
  fields: {
    celsius: gauge('celsius', 'Temperature', { due: 'detail', prometheus: 'node_thermal_zone_temp' }),
  },
});

export const cooling = group({
  name: 'cooling_device',
  help: 'Fans, and clocks that can be slowed down',
  identity: ['name'],
  texts: { type: 'what the device is' },
  labels: ['type'],
  fields: {
    cur_state: gauge('count', 'How hard it cools', {
      due: 'detail',
      prometheus: 'node_cooling_device_cur_state',
    }),
    max_state: gauge('count', 'How hard it can cool', {
      due: 'detail',
      prometheus: 'node_cooling_device_max_state',
    }),
  },
});

/** A row for each of the folders of the thermal class that begin so: its type, and the values of some of its files. */
const readFolders = (
  tree: Tree,
  folders: readonly string[],
  prefix: string,
  fields: Readonly<Record<string, { file: string; scale: number }>>,
): Promise<readonly Row[]> =>
  Promise.all(
    folders
      .filter((name) => name.startsWith(prefix))
      .map(async (name) => {
        const type = (await readSlowText(tree, `class/thermal/${name}/type`)) ?? '';
        const numbers: Record<string, number> = {};
        for (const [field, { file, scale }] of Object.entries(fields)) {
          const value = await readSlowNumber(tree, `class/thermal/${name}/${file}`);
          if (value !== undefined) numbers[field] = value * scale;
        }
        return row([name.slice(prefix.length)], numbers, { type });
      }),
  );

const readAll = async (tree: Tree, folders: readonly string[]): Promise<readonly Reading[]> => {
  const [zones, devices] = await Promise.all([
    readFolders(tree, folders, 'thermal_zone', { celsius: { file: 'temp', scale: 0.001 } }),
    readFolders(tree, folders, 'cooling_device', {
      cur_state: { file: 'cur_state', scale: 1 },
      max_state: { file: 'max_state', scale: 1 },
    }),
  ]);
  const readings: readonly Reading[] = [
    { group: thermal, rows: zones },
    { group: cooling, rows: devices },
  ];
  return readings.filter((reading) => 'rows' in reading && reading.rows.length > 0);
};

export const part: Part = {
  groups: [thermal, cooling],

  linux: (tree) => () => {
    const folders = listClass(tree, 'thermal');
    return folders.length === 0 ? [] : readAll(tree, folders);
  },
};
