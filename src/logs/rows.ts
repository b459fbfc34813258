/**
 * Rows as they stand in a record: group → identity… → field, texts and numbers together; a list as an array of flat
 * rows with the identity inside.
 *
 * A name that could not be read back for what it is stands in an object `texts` or `numbers` inside the row instead: a
 * number called like a text of the same row, a text nobody declared that says "NaN", or a name that is `texts` or
 * `numbers` itself. No plain value is an object, so the two cannot be mistaken. A row of a group without identity that
 * has no values at all is `{"numbers":{}}`, because `{}` says that there was no row.
 */

import type { Group } from '../core/group.js';
import type { Row } from '../core/sample.js';
import { bare, isObject, type JsonObject } from './json.js';

const SPECIAL: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
]);

/** JSON has no NaN and no infinities: these are written as Prometheus writes them. */
export const encodeNumber = (value: number): number | string =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

/** The number that was written, or undefined where something else stands. */
export const decodeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : SPECIAL.get(value);

const isReserved = (name: string): boolean => name === 'texts' || name === 'numbers';

const isText = (group: Group, name: string): boolean => Object.hasOwn(group.texts, name);

/** Puts a value that cannot stand plainly where it can be told what it is. */
const putApart = (out: JsonObject, where: 'texts' | 'numbers', name: string, value: unknown): void => {
  out[where] ??= bare();
  (out[where] as JsonObject)[name] = value;
};

const putValues = (group: Group, { texts, numbers }: Row, out: JsonObject): void => {
  for (const name in texts) {
    const value = texts[name] as string;
    const plain = !isReserved(name) && !(name in out) && (isText(group, name) || !SPECIAL.has(value));
    if (plain) out[name] = value;
    else putApart(out, 'texts', name, value);
  }
  for (const name in numbers) {
    const value = encodeNumber(numbers[name] as number);
    const plain = !isReserved(name) && !(name in out) && (typeof value === 'number' || !isText(group, name));
    if (plain) out[name] = value;
    else putApart(out, 'numbers', name, value);
  }
};

/** A row of finite numbers alone, as most are at a tick, is written as it stands; undefined for any other. */
const asItStands = ({ texts, numbers }: Row): JsonObject | undefined => {
  for (const _ in texts) return undefined;
  let any = false;
  for (const name in numbers) {
    if (!Number.isFinite(numbers[name]) || isReserved(name)) return undefined;
    any = true;
  }
  return any ? numbers : undefined;
};

/** A pid and the like reads better as a number, as long as it comes back as the very same text. */
const encodeId = (text: string): string | number =>
  /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;

const encodeList = (group: Group, rows: readonly Row[]): readonly JsonObject[] =>
  rows.map((row) => {
    const out: JsonObject = bare();
    for (const [index, name] of group.identity.entries()) out[name] = encodeId(row.id[index] ?? '');
    putValues(group, row, out);
    return out;
  });

/** Undefined where two rows claim the same place. */
const encodeTree = (group: Group, rows: readonly Row[]): JsonObject | undefined => {
  const tree: JsonObject = bare();
  if (group.identity.length === 0) {
    const row = rows[0];
    if (row === undefined) return tree;
    const plain = rows.length === 1 ? asItStands(row) : undefined;
    if (plain !== undefined) return plain;
    putValues(group, row, tree);
    if (Object.keys(tree).length === 0) tree['numbers'] = bare();
    return rows.length === 1 ? tree : undefined;
  }
  const last = group.identity.length - 1;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as Row;
    let place = tree;
    for (let index = 0; index < last; index++) {
      const name = row.id[index] ?? '';
      place[name] ??= bare();
      place = place[name] as JsonObject;
    }
    const name = row.id[last] ?? '';
    if (name in place) return undefined;
    const plain = asItStands(row);
    place[name] = plain ?? bare();
    if (plain === undefined) putValues(group, row, place[name] as JsonObject);
  }
  return tree;
};

/**
 * The rows as JSON. Their order is kept in lists only. Rows that their identity does not tell apart, which should not
 * happen, are written as a list, so that none is lost.
 */
export const encodeRows = (group: Group, rows: readonly Row[]): JsonObject | readonly JsonObject[] =>
  (group.list === true ? undefined : encodeTree(group, rows)) ?? encodeList(group, rows);

const decodeValues = (group: Group, value: JsonObject, id: readonly string[], flat: boolean): Row => {
  const texts = bare<string>();
  const numbers = bare<number>();
  for (const name in value) {
    const one = value[name];
    if (flat && group.identity.includes(name)) continue;
    if (typeof one === 'number') numbers[name] = one;
    else if (typeof one === 'string') {
      const special = SPECIAL.get(one);
      if (special === undefined || isText(group, name)) texts[name] = one;
      else numbers[name] = special;
    } else if (isReserved(name) && isObject(one)) {
      for (const inner in one) {
        const number = decodeNumber(one[inner]);
        if (name === 'texts' && typeof one[inner] === 'string') texts[inner] = one[inner];
        else if (name === 'numbers' && number !== undefined) numbers[inner] = number;
      }
    }
  }
  return { id, texts, numbers };
};

/** Rows with an identity that is not whole are not rows of this group. */
const decodeList = (group: Group, values: readonly unknown[]): readonly Row[] =>
  values.flatMap((value) => {
    if (!isObject(value)) return [];
    const id = group.identity.map((name) => (Object.hasOwn(value, name) ? value[name] : undefined));
    return id.every((name) => typeof name === 'string' || typeof name === 'number')
      ? [decodeValues(group, value, id.map(String), true)]
      : [];
  });

const decodeTree = (group: Group, value: JsonObject): readonly Row[] => {
  const depth = group.identity.length;
  if (depth === 0) {
    for (const _ in value) return [decodeValues(group, value, [], false)];
    return [];
  }
  const rows: Row[] = [];
  const walk = (place: JsonObject, id: readonly string[]): void => {
    for (const name in place) {
      const inner = place[name];
      if (!isObject(inner)) continue;
      if (id.length + 1 === depth) rows.push(decodeValues(group, inner, [...id, name], false));
      else walk(inner, [...id, name]);
    }
  };
  walk(value, []);
  return rows;
};

/** What `encodeRows` made, as rows again; undefined where neither an object nor an array stands. */
export const decodeRows = (group: Group, value: unknown): readonly Row[] | undefined =>
  Array.isArray(value) ? decodeList(group, value) : isObject(value) ? decodeTree(group, value) : undefined;
