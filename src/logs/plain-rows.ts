/** Rows of a record with the least that can be done: those of plain numbers and texts, as nearly all are, are taken as they were parsed. */

import type { Group } from '../core/group.js';
import type { Row } from '../core/sample.js';
import { isObject, type JsonObject } from './json.js';
import { decodeRows } from './rows.js';

/** What a number that JSON does not have is written as; elsewhere a text of that kind is one. */
const isSpecial = (text: string): boolean => text === 'NaN' || text === '+Inf' || text === '-Inf';

/** Whether the values of a row can stand for what they are. */
type IsFine = (group: Group, values: JsonObject) => boolean;

/** Whether each value is what it looks like: a number, or a text. */
const isPlain: IsFine = (group, values) => {
  for (const name in values) {
    const value = values[name];
    if (typeof value === 'number') continue;
    if (typeof value !== 'string' || (isSpecial(value) && !Object.hasOwn(group.texts, name))) return false;
  }
  return true;
};

/** Whether none of them stands apart, as one does whose name says something else. */
const isTogether: IsFine = (_, values) => !('texts' in values || 'numbers' in values);

/** Adds the rows in `place`; false where one of them is not fine. */
const addRows = (
  group: Group,
  place: JsonObject,
  isFine: IsFine,
  id: readonly string[],
  rows: Row[],
): boolean => {
  if (id.length === group.identity.length) {
    if (!isFine(group, place)) return false;
    rows.push({ id, texts: place as Row['texts'], numbers: place as Row['numbers'] });
    return true;
  }
  for (const name in place) {
    const inner = place[name];
    if (isObject(inner) && !addRows(group, inner, isFine, [...id, name], rows)) return false;
  }
  return true;
};

/** The rows where all of them are fine; undefined where they are not. */
const readFine = (group: Group, value: unknown, isFine: IsFine): readonly Row[] | undefined => {
  if (!isObject(value)) return undefined;
  const rows: Row[] = [];
  if (!addRows(group, value, isFine, [], rows)) return undefined;
  // An object without anything in it says that there was no row.
  return group.identity.length === 0 && Object.keys(value).length === 0 ? [] : rows;
};

/**
 * As `decodeRows`, but texts and numbers of a row may be one and the same object, as JSON.parse made it: whoever looks up one
 * by its name has to look whether it is a text or a number, and not what any object has.
 */
export const readRows = (group: Group, value: unknown): readonly Row[] | undefined =>
  readPlainRows(group, value) ?? decodeRows(group, value);

/** The same where all of them are plain; undefined where they are not. */
export const readPlainRows = (group: Group, value: unknown): readonly Row[] | undefined =>
  readFine(group, value, isPlain);

/**
 * As `readRows`, without a look at the values, for whoever looks at few of many: a number that JSON does not have is the text that it
 * is written as.
 */
export const takeRows = (group: Group, value: unknown): readonly Row[] | undefined =>
  readFine(group, value, isTogether) ?? decodeRows(group, value);
