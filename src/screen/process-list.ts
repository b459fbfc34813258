/** Which processes the screen lists, in which order. Pure. */

import type { Row } from '../core/sample.js';
import { type Frame, rowsIn } from './frame.js';
import type { Sort, View } from './view.js';

/** What is not known comes last, whichever way it is sorted. */
const descending =
  (field: string) =>
  (a: Row, b: Row): number =>
    (b.numbers[field] ?? -1) - (a.numbers[field] ?? -1);

const pidOf = (row: Row): number => Number(row.id[0]);
const byPid = (a: Row, b: Row): number => pidOf(a) - pidOf(b);
const byMemory = descending('memory_bytes');

const ORDERS: Readonly<Record<Sort, (a: Row, b: Row) => number>> = {
  cpu: (a, b) => descending('cpu_percent')(a, b) || byMemory(a, b) || byPid(a, b),
  memory: (a, b) => byMemory(a, b) || byPid(a, b),
  time: (a, b) => descending('cpu_seconds')(a, b) || byPid(a, b),
  pid: byPid,
  name: (a, b) => compareNames(a.texts['name'] ?? '', b.texts['name'] ?? '') || byPid(a, b),
};

/** By letters whatever their case; never by the locale, so that it is the same everywhere. */
const compareNames = (a: string, b: string): number => {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
};

const matches = (row: Row, wanted: string): boolean =>
  (row.id[0] ?? '').includes(wanted) ||
  (row.texts['name'] ?? '').toLowerCase().includes(wanted) ||
  (row.texts['user'] ?? '').toLowerCase().includes(wanted) ||
  (row.texts['args'] ?? '').toLowerCase().includes(wanted);

/** In the places they had when the list was frozen; those that came since follow, in their order. */
const inPlaces = (rows: readonly Row[], pids: readonly string[]): readonly Row[] => {
  const place = new Map(pids.map((pid, index) => [pid, index]));
  const placeOf = (row: Row): number => place.get(row.id[0] ?? '') ?? pids.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
};

/** The processes to list. */
export const listProcesses = (frame: Frame, { sort, filter, frozen, prompt }: View): readonly Row[] => {
  const all = rowsIn(frame, 'top');
  const wanted = (prompt?.kind === 'filter' ? prompt.text : filter).toLowerCase();
  const found = wanted === '' ? [...all] : all.filter((row) => matches(row, wanted));
  found.sort(ORDERS[sort]);
  return frozen === undefined ? found : inPlaces(found, frozen);
};
