/** Rows of a record with the least that can be done: those of numbers alone, as nearly all are, are taken as they were parsed. */

import type { Group } from '../../core/group.js';
import type { Row } from '../../core/sample.js';
import { bare, isObject, type JsonObject } from '../json.js';
import { decodeRows } from '../rows.js';

const NO_TEXTS: Row['texts'] = Object.freeze(bare<string>());

const isPlain = (value: JsonObject): boolean => {
  for (const name in value) if (typeof value[name] !== 'number') return false;
  return true;
};

/** Adds the rows in `place`; false where one of them is not plain. */
const addPlain = (place: JsonObject, depth: number, id: readonly string[], rows: Row[]): boolean => {
  if (depth === 0) {
    if (!isPlain(place)) return false;
    rows.push({ id, texts: NO_TEXTS, numbers: place as Row['numbers'] });
    return true;
  }
  for (const name in place) {
    const inner = place[name];
    if (isObject(inner) && !addPlain(inner, depth - 1, [...id, name], rows)) return false;
  }
  return true;
};

/** As `decodeRows`. Numbers of what it gives may be objects as JSON.parse makes them, with a prototype. */
export const readRows = (group: Group, value: unknown): readonly Row[] | undefined => {
  if (!isObject(value)) return decodeRows(group, value);
  const depth = group.identity.length;
  const rows: Row[] = [];
  if (!addPlain(value, depth, [], rows)) return decodeRows(group, value);
  // An object without anything in it says that there was no row.
  return depth === 0 && Object.keys(value).length === 0 ? [] : rows;
};
