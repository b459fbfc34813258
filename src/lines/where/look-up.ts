/** From a name to the values that a line has under it. */

import type { Fields, LogLine, Value } from '../line.js';
import { type Name, parseName } from './name.js';

const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

const own = (fields: Fields, key: string): Value | undefined =>
  Object.hasOwn(fields, key) ? fields[key] : undefined;

/** sysmon's lists of rows begin each row with what tells it apart: `top[812]` is the process with that number. */
const isRow = (value: Value, key: string): boolean => {
  if (!isFields(value)) return false;
  for (const name in value) return String(value[name]) === key;
  return false;
};

/** Rows lie at most as deep below their group as any group has identities. */
const ROWS_DEEP = 2;

/**
 * All that `steps` lead to from here. A field that is not where the name says may be in rows below: `filesystem.used_percent` is that
 * of every file system. An element of a list is named by its first field or its number; without one all are meant.
 */
const descend = (value: Value, steps: readonly string[], index: number, deep: number, out: Value[]): void => {
  const step = steps[index];
  if (step === undefined) {
    out.push(value);
    return;
  }
  if (isList(value)) {
    const rows = value.filter((row) => isRow(row, step));
    if (rows.length === 0 && /^\d+$/.test(step) && Number(step) < value.length)
      rows.push(value[Number(step)] as Value);
    for (const row of rows) descend(row, steps, index + 1, 0, out);
    if (rows.length === 0)
      for (const row of value) if (isFields(row)) descend(row, steps, index, deep + 1, out);
    return;
  }
  if (!isFields(value)) return;
  if (Object.hasOwn(value, step)) {
    descend(value[step] as Value, steps, index + 1, 0, out);
    return;
  }
  if (index !== steps.length - 1 || deep >= ROWS_DEEP) return;
  for (const key in value) {
    const row = value[key] as Value;
    if (isFields(row) || isList(row)) descend(row, steps, index, deep + 1, out);
  }
};

/** A key as Loki's json stage makes a label of it: https://grafana.com/docs/loki/latest/query/log_queries/#json */
export const sanitize = (key: string, first: boolean): string => {
  const word = key.replace(/[^A-Za-z0-9_]/gu, '_');
  return first && /^[0-9]/.test(word) ? `_${word}` : word;
};

/** All fields whose keys, joined by underscores, are `rest`. */
const flattened = (fields: Fields, rest: string, first: boolean, out: Value[]): void => {
  for (const key in fields) {
    const word = sanitize(key, first);
    if (!rest.startsWith(word)) continue;
    const value = fields[key] as Value;
    if (word.length === rest.length) out.push(value);
    else if (rest[word.length] === '_' && isFields(value))
      flattened(value, rest.slice(word.length + 1), false, out);
  }
};

/** What `steps[from…]`, or `rest` of a flattened name, lead to below an object or a list. For looks at parts of a line. */
export const valuesBelow = (
  value: Value,
  below: { readonly steps: readonly string[] } | { readonly rest: string },
): readonly Value[] => {
  const out: Value[] = [];
  if ('steps' in below) descend(value, below.steps, 0, 0, out);
  else if (isFields(value)) flattened(value, below.rest, false, out);
  return out;
};

/** What every line has, whatever its format calls it. */
const derived = ({ time, message }: LogLine, name: string): Value | undefined => {
  if (name === 'time') return time;
  return name === 'message' || name === 'msg' ? message : undefined;
};

const isLevel = ({ plain, text }: Name): boolean => plain && text === 'level';

/** The two names of one thing: the word that a level was brought to, and what the line itself says; undefined for any other name. */
export const levelsOf = (line: LogLine, name: Name): readonly Value[] | undefined => {
  if (!isLevel(name) || line.level === undefined) return undefined;
  const said = own(line.fields, 'level');
  return said === undefined || said === line.level ? [line.level] : [line.level, said];
};

/** Every value that a line has under a name; more than one where the name means rows. `level` is the word that its level was brought to. */
export const valuesOf = (line: LogLine, name: Name): readonly Value[] => {
  const { fields } = line;
  if (isLevel(name) && line.level !== undefined) return [line.level];
  const exact = name.key === undefined ? undefined : own(fields, name.key);
  if (exact !== undefined) return [exact];
  const out: Value[] = [];
  if (!name.plain) {
    const [first] = name.steps;
    const value = own(fields, first as string);
    if (value !== undefined) descend(value, name.steps, 1, 0, out);
    return out;
  }
  const word = derived(line, name.text);
  if (word !== undefined) return [word];
  flattened(fields, name.text, true, out);
  return out;
};

const names = new Map<string, Name>();
const MOST_NAMES = 1000;

/** The name that a text is, parsed once. */
export const nameOf = (text: string): Name => {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= MOST_NAMES) names.clear();
  const name = parseName(text);
  names.set(text, name);
  return name;
};

/** The value that a line has under a name, the first where there are several; undefined where there is none. Never throws. */
export const valueIn = (line: LogLine, name: string): Value | undefined => valuesOf(line, nameOf(name))[0];
