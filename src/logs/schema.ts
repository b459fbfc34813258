/**
 * Groups as the first record of a log file describes them, so that a log explains itself for as long as it is kept.
 * A group is an object without its defaults. A field is an array, because there are hundreds: what it is, its help, and
 * its Prometheus name where it has one:
 *
 *     "core":{"help":"Each CPU","identity":["cpu"],"fields":{
 *       "used_percent":["gauge percent .1","Share of time …"],
 *       "user_seconds":["counter seconds detail .2","Time …",{"name":"node_cpu_seconds_total","labels":{"mode":"user"}}]}}
 *
 * What it is: kind, unit, then `detail` where it is due only then, and `.` with its decimals where they are given. Words
 * and names that are not known here come from a later version and are passed over; a kind that is not known is
 * read as a gauge, a unit as a count, which is how a bare number is shown and exported.
 */

import type { Field, Group, Kind, PrometheusName, Unit } from '../core/group.js';
import { bare, isObject, type JsonObject } from './json.js';

const KINDS: Readonly<Record<Kind, true>> = { gauge: true, counter: true, info: true };

const UNITS: Readonly<Record<Unit, true>> = {
  percent: true,
  bytes: true,
  bytes_per_second: true,
  per_second: true,
  seconds: true,
  unix_seconds: true,
  celsius: true,
  hertz: true,
  ratio: true,
  boolean: true,
  count: true,
};

/** How far into a file its schema may stand: behind a few lines of whoever had the file before. */
export const HEAD_LINES = 20;

/** One decimal, two, … sixteen: what `round` can keep. */
const DIGITS = /^\.(\d|1[0-5])$/;

const encodePrometheus = (prometheus: PrometheusName): unknown =>
  Object.keys(prometheus).length === 1 ? prometheus.name : prometheus;

const encodeField = ({ kind, unit, help, due, digits, prometheus }: Field): readonly unknown[] => {
  const words: string[] = [kind, unit];
  if (due === 'detail') words.push(due);
  if (digits !== undefined) words.push(`.${digits}`);
  const what = words.join(' ');
  return prometheus === undefined ? [what, help] : [what, help, encodePrometheus(prometheus)];
};

const encodeGroup = ({ help, identity, texts, labels, list, fields }: Group): JsonObject => {
  const out: JsonObject = { help };
  if (identity.length > 0) out['identity'] = identity;
  if (Object.keys(texts).length > 0) out['texts'] = texts;
  if (labels.length > 0) out['labels'] = labels;
  if (list === true) out['list'] = true;
  const described: JsonObject = bare();
  for (const name in fields) described[name] = encodeField(fields[name] as Field);
  out['fields'] = described;
  return out;
};

/** The groups by name, in their order, as a schema record carries them. */
export const encodeSchema = (groups: Iterable<Group>): JsonObject => {
  const out: JsonObject = bare();
  for (const group of groups) out[group.name] = encodeGroup(group);
  return out;
};

const isString = (value: unknown): value is string => typeof value === 'string';

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isString) : []);

const stringsByName = (value: unknown): Readonly<Record<string, string>> => {
  const out = bare<string>();
  if (isObject(value)) for (const name in value) if (isString(value[name])) out[name] = value[name];
  return out;
};

const decodePrometheus = (value: unknown): PrometheusName | undefined => {
  if (isString(value)) return { name: value };
  if (!isObject(value) || !isString(value['name'])) return undefined;
  const { name, labels, texts, scale, type } = value;
  return {
    name,
    ...(isObject(labels) && { labels: stringsByName(labels) }),
    ...(Array.isArray(texts) && { texts: strings(texts) }),
    ...(typeof scale === 'number' && { scale }),
    ...((type === 'untyped' || type === 'gauge' || type === 'counter') && { type }),
  };
};

const decodeField = (value: unknown): Field | undefined => {
  if (!Array.isArray(value) || !isString(value[0])) return undefined;
  const [kind = '', unit = '', ...more] = value[0].split(' ');
  const help: unknown = value[1];
  const digits = more.map((word) => DIGITS.exec(word)?.[1]).find((found) => found !== undefined);
  const prometheus = decodePrometheus(value[2]);
  return {
    kind: Object.hasOwn(KINDS, kind) ? (kind as Kind) : 'gauge',
    unit: Object.hasOwn(UNITS, unit) ? (unit as Unit) : 'count',
    help: isString(help) ? help : '',
    due: more.includes('detail') ? 'detail' : 'tick',
    ...(digits !== undefined && { digits: Number(digits) }),
    ...(prometheus !== undefined && { prometheus }),
  };
};

const decodeGroup = (name: string, value: JsonObject): Group => {
  const fields = bare<Field>();
  const described = isObject(value['fields']) ? value['fields'] : {};
  for (const key in described) {
    const field = decodeField(described[key]);
    if (field !== undefined) fields[key] = field;
  }
  return {
    name,
    help: isString(value['help']) ? value['help'] : '',
    identity: strings(value['identity']),
    texts: stringsByName(value['texts']),
    labels: strings(value['labels']),
    ...(value['list'] === true && { list: true }),
    fields,
  };
};

/** The groups a schema record describes; undefined where it describes none. Never throws. */
export const decodeSchema = (value: unknown): readonly Group[] | undefined => {
  if (!isObject(value)) return undefined;
  const groups: Group[] = [];
  for (const name in value) {
    const one = value[name];
    if (isObject(one)) groups.push(decodeGroup(name, one));
  }
  return groups;
};

/** What either side knows is known; where both do, the file's own word counts. */
const join = (own: Group, theirs: Group): Group => ({
  ...own,
  ...theirs,
  texts: { ...own.texts, ...theirs.texts },
  fields: { ...own.fields, ...theirs.fields },
});

/**
 * Whether a schema record, as it stands in a file, describes the groups (those in `only` where given) just as `own` does.
 * Told by comparing text: reading one sample must not cost parsing the description of everything.
 */
export const saysTheSame = (
  line: Buffer,
  own: ReadonlyMap<string, Group>,
  only?: ReadonlySet<string>,
): boolean => {
  if (only === undefined) return line.includes(`"groups":${JSON.stringify(encodeSchema(own.values()))}`);
  for (const name of only) {
    const group = own.get(name);
    const key = `${JSON.stringify(name)}:{`;
    // What neither side knows is the same on both.
    if (
      group === undefined
        ? line.includes(key)
        : !line.includes(`${key}${JSON.stringify(encodeGroup(group)).slice(1)}`)
    )
      return false;
  }
  return true;
};

/**
 * The groups to read a file with, those in `only` where given: `described` is what a schema record of it carries. What it
 * says of itself wins, and what it does not speak of is as `own` has it: a file can hold more than its head knew, when a
 * later version went on writing to it.
 */
export const joinSchema = (
  own: ReadonlyMap<string, Group>,
  described: unknown,
  only?: ReadonlySet<string>,
): ReadonlyMap<string, Group> => {
  const theirs = isObject(described) ? described : {};
  const joined = new Map<string, Group>();
  const wanted = (name: string): boolean => only === undefined || only.has(name);
  for (const [name, group] of own) {
    if (!wanted(name)) continue;
    const value = Object.hasOwn(theirs, name) ? theirs[name] : undefined;
    const same = !isObject(value) || JSON.stringify(value) === JSON.stringify(encodeGroup(group));
    joined.set(name, same ? group : join(group, decodeGroup(name, value)));
  }
  for (const name in theirs) {
    const value = theirs[name];
    if (wanted(name) && !own.has(name) && isObject(value)) joined.set(name, decodeGroup(name, value));
  }
  return joined;
};
