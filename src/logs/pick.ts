/**
 * Some groups of a sample without parsing the rest of its line, which is most of what reading the past takes a check. A group's
 * rows are found by its name and by the braces behind them; whatever does not look as it is always written is left to the decoder.
 */

import type { Group } from '../core/group.js';
import type { Reading, Row, Sample } from '../core/sample.js';
import { decodeRecord } from './codec.js';
import { isObject, type JsonObject, parseObject } from './json.js';
import { takeRows } from './plain-rows.js';

/** How a number ends that stands as a text. */
const INFINITE = 'Inf"';

const NO_GROUPS: ReadonlyMap<string, Group> = new Map();

/** How a group begins; those of a line are looked for again and again. */
const keys = new Map<string, Buffer>();

const keyOf = (name: string): Buffer => {
  const known = keys.get(name) ?? Buffer.from(`,${JSON.stringify(name)}:{`);
  keys.set(name, known);
  return known;
};

/** How its rows end, by how deep they stand; an object of none ends otherwise, and is left to the decoder. */
const ENDS = [Buffer.from('}'), Buffer.from('}}')];

/** Whether its first value is one of the group's: a row of another group can be called like a group. */
const isOf = (group: Group, value: JsonObject): boolean => {
  for (const name in value) {
    const inner = value[name];
    if (group.identity.length > 0) return isObject(inner) && isOf({ ...group, identity: [] }, inner);
    return Object.hasOwn(group.fields, name) || Object.hasOwn(group.texts, name);
  }
  return false;
};

const rowsIn = (group: Group, text: string): readonly Row[] | undefined => {
  const value = text.includes(INFINITE) ? undefined : parseObject(text);
  return value !== undefined && isOf(group, value) ? takeRows(group, value) : undefined;
};

/**
 * The sample in a line, with those of `groups` that are named and could be read. Texts and numbers of a row may be one and the same
 * object, and a number that JSON does not have is the text NaN. Undefined where only the decoder can tell.
 */
export const pickSample = (
  line: Buffer,
  groups: ReadonlyMap<string, Group>,
  names: ReadonlySet<string>,
): Sample | undefined => {
  const readings = new Map<string, Reading>();
  let head = line.length - 1;
  let from = 0;
  for (const [name, group] of groups) {
    if (!names.has(name)) continue;
    const close = ENDS[group.identity.length];
    if (close === undefined || group.list === true) return undefined;
    const key = keyOf(name);
    // They are written in this order.
    let at = line.indexOf(key, from);
    if (at === -1) at = line.indexOf(key);
    if (at === -1) continue;
    const end = line.indexOf(close, at);
    if (end === -1) return undefined;
    from = end + close.length;
    const rows = rowsIn(group, line.toString('utf8', at + key.length - 1, from));
    if (rows === undefined) return undefined;
    readings.set(name, { group, rows });
    head = Math.min(head, at);
  }
  const record = decodeRecord(`${line.toString('utf8', 0, head)}}`, NO_GROUPS);
  return record?.kind === 'sample' ? { ...record.sample, readings } : undefined;
};
