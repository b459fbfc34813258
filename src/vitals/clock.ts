/** The machine's time, and what it is counted with. */

import { readFileSync } from 'node:fs';
import { gauge, group, info } from '../core/group.js';
import type { Reading } from '../core/sample.js';
import { row } from '../core/sample.js';
import type { Part } from './part.js';
import { pathBelow } from './root-path.js';
import { type LocalTime, localTimeAt } from './time-zone.js';
import type { Tree } from './tree.js';

export const clock = group({
  name: 'clock',
  help: 'The wall clock',
  fields: {
    time_seconds: gauge('unix_seconds', 'The time', {
      due: 'detail',
      digits: 3,
      prometheus: 'node_time_seconds',
    }),
  },
});

export const timeZone = group({
  name: 'time_zone',
  help: 'The time zone',
  identity: ['time_zone'],
  fields: {
    offset_seconds: gauge('seconds', 'How far local time is before UTC', {
      due: 'detail',
      digits: 0,
      prometheus: 'node_time_zone_offset_seconds',
    }),
  },
});

export const clocksource = group({
  name: 'clocksource',
  help: 'Clocks that the kernel can count time with',
  identity: ['device', 'clocksource'],
  fields: {
    available: info('The kernel could use the clock', { name: 'node_time_clocksource_available_info' }),
  },
});

export const clocksourceCurrent = group({
  name: 'clocksource_current',
  help: 'The clock that the kernel counts time with',
  identity: ['device', 'clocksource'],
  fields: { current: info('The kernel uses the clock', { name: 'node_time_clocksource_current_info' }) },
});

const UTC: LocalTime = { name: 'UTC', offset: 0 };

/** Bytes of the machine's time zone file; undefined where it has none, which means UTC. */
const readLocalTime = (tree: Tree): Buffer | undefined => {
  try {
    return readFileSync(pathBelow(tree.roots.rootfs, 'etc/localtime'));
  } catch {
    return undefined;
  }
};

const readClocksources = (tree: Tree): readonly Reading[] => {
  const base = 'devices/system/clocksource';
  const names = tree.sysList(base).filter((name) => /^clocksource\d+$/.test(name));
  if (names.length === 0) return [];
  const rowsFrom = (file: string) =>
    names.flatMap((name) =>
      (tree.sysIfThere(`${base}/${name}/${file}`)?.trim().split(/\s+/) ?? [])
        .filter((source) => source !== '')
        .map((source) => row([name.slice('clocksource'.length), source], {})),
    );
  return [
    { group: clocksource, rows: rowsFrom('available_clocksource') },
    { group: clocksourceCurrent, rows: rowsFrom('current_clocksource') },
  ];
};

export const part: Part = {
  groups: [clock, timeZone, clocksource, clocksourceCurrent],

  linux: (tree) => (ask) => {
    const readings: Reading[] = [];
    if (ask.time !== undefined) {
      const seconds = ask.time / 1000;
      const file = readLocalTime(tree);
      const { name, offset } = (file && localTimeAt(file, seconds)) ?? UTC;
      readings.push(
        { group: clock, rows: [row([], { time_seconds: seconds })] },
        { group: timeZone, rows: [row([name], { offset_seconds: offset })] },
      );
    }
    return [...readings, ...readClocksources(tree)];
  },
};
