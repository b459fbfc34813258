/** Records as lines of NDJSON and back. What a row looks like is in rows.ts, what the schema looks like in schema.ts. */

import type { Group } from '../core/group.js';
import type { ActiveAlert, Reading, Sample } from '../core/sample.js';
import { bare, isObject, type JsonObject, parseObject } from './json.js';
import type { AlertRecord, GapRecord, LogRecord, SampleRecord } from './record.js';
import { RECORD_VERSION } from './record.js';
import { decodeNumber, decodeRows, encodeNumber, encodeRows } from './rows.js';
import { decodeSchema, encodeSchema } from './schema.js';

export interface Encoded {
  /** pino's: 30 info, 40 warning, 50 error. */
  readonly level: number;
  readonly msg: string;
  /** Everything but level and time, in the order in which it is written. */
  readonly fields: Readonly<Record<string, unknown>>;
}

type Groups = ReadonlyMap<string, Group>;

const levelOf = (record: LogRecord): number => {
  if (record.kind === 'lost') return 40;
  if (record.kind !== 'alert' || record.state === 'ok') return 30;
  return record.state === 'critical' ? 50 : 40;
};

const putReadings = (fields: JsonObject, readings: Sample['readings']): void => {
  let failed: Record<string, string> | undefined;
  for (const reading of readings.values()) {
    const { name } = reading.group;
    if ('rows' in reading) fields[name] = encodeRows(reading.group, reading.rows);
    else {
      failed ??= bare();
      failed[name] = reading.failed;
    }
  }
  if (failed !== undefined) fields['failed'] = failed;
};

/** The record as pino is given it, with its number in the log; level and time are put before the fields by whoever writes. */
export const encodeRecord = (record: LogRecord, seq = record.seq): Encoded => {
  const fields: JsonObject = bare();
  fields['host'] = record.host;
  fields['msg'] = record.kind;
  const put = (name: string, value: unknown): void => {
    if (value !== undefined) fields[name] = value;
  };
  put('v', record.kind === 'schema' ? record.v : RECORD_VERSION);
  put('seq', seq ?? (record.kind === 'sample' ? record.sample.seq : undefined));
  switch (record.kind) {
    case 'sample': {
      const { boot, interval, detail, alerts, readings } = record.sample;
      put('boot', boot);
      put('interval', interval);
      put('detail', detail);
      if (alerts !== undefined && alerts.length > 0) put('alerts', alerts);
      putReadings(fields, readings);
      break;
    }
    case 'start':
      put('boot', record.boot);
      put('interval', record.interval);
      put('version', record.version);
      put('pid', record.pid);
      break;
    case 'stop':
      put('reason', record.reason);
      break;
    case 'gap':
      put('reason', record.reason);
      put('seconds', encodeNumber(record.seconds));
      put('missed', record.missed);
      break;
    case 'lost':
      put('count', record.count);
      put('reason', record.reason);
      break;
    case 'alert':
      for (const name of ['rule', 'path', 'state', 'before', 'since'] as const) put(name, record[name]);
      if (record.value !== undefined) put('value', encodeNumber(record.value));
      put('text', record.text);
      break;
    case 'schema':
      put('groups', encodeSchema(record.groups));
      break;
  }
  return { level: levelOf(record), msg: record.kind, fields };
};

const isString = (value: unknown): value is string => typeof value === 'string';

const isState = (value: unknown): value is ActiveAlert['state'] =>
  value === 'warning' || value === 'critical';

const isGapReason = (value: unknown): value is GapRecord['reason'] =>
  value === 'clock' || value === 'suspend' || value === 'late' || value === 'reboot';

const decodeAlerts = (value: unknown): readonly ActiveAlert[] =>
  (Array.isArray(value) ? value : []).flatMap((one: unknown) => {
    if (!isObject(one)) return [];
    const { rule, path, state, since } = one;
    return isString(rule) && isString(path) && isState(state) && typeof since === 'number'
      ? [{ rule, path, state, since }]
      : [];
  });

/** In the order of `groups`, which is the registry's. */
const decodeReadings = (
  json: JsonObject,
  groups: Groups,
  only: ReadonlySet<string> | undefined,
): ReadonlyMap<string, Reading> => {
  const readings = new Map<string, Reading>();
  const failed = isObject(json['failed']) ? json['failed'] : {};
  for (const [name, group] of groups) {
    if (only !== undefined && !only.has(name)) continue;
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    const rows = value === undefined ? undefined : decodeRows(group, value);
    if (rows !== undefined) readings.set(name, { group, rows });
    else if (Object.hasOwn(failed, name)) readings.set(name, { group, failed: String(failed[name]) });
  }
  return readings;
};

/** Adds `name` where it is known: optional fields are left out, not undefined. */
const known = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

const numberIn = (json: JsonObject, name: string): number | undefined => decodeNumber(json[name]);

const decodeSample = (
  json: JsonObject,
  common: Pick<SampleRecord, 'time' | 'host' | 'seq'>,
  groups: Groups,
  only: ReadonlySet<string> | undefined,
): SampleRecord | undefined => {
  const { boot } = json;
  if (!isString(boot)) return undefined;
  const alerts = decodeAlerts(json['alerts']);
  const sample: Sample = {
    ...common,
    boot,
    ...known('interval', numberIn(json, 'interval')),
    ...known('detail', json['detail'] === true ? true : undefined),
    readings: decodeReadings(json, groups, only),
    ...(alerts.length > 0 && { alerts }),
  };
  return { kind: 'sample', ...common, sample };
};

const decodeAlert = (
  json: JsonObject,
  common: Pick<AlertRecord, 'time' | 'host' | 'seq'>,
): AlertRecord | undefined => {
  const { rule, path, state, before, text } = json;
  const since = numberIn(json, 'since');
  if (!isString(rule) || !isString(path) || !isString(text) || since === undefined) return undefined;
  if (!(isState(state) || state === 'ok') || !(isState(before) || before === 'ok')) return undefined;
  const value = known('value', numberIn(json, 'value'));
  return { kind: 'alert', ...common, rule, path, state, before, since, ...value, text };
};

const KINDS: ReadonlySet<unknown> = new Set<LogRecord['kind']>([
  'sample',
  'start',
  'stop',
  'gap',
  'lost',
  'alert',
  'schema',
]);

/** How a record begins as we write it. */
const HEAD = /^\{"level":\d+,"time":-?\d+,"host":"[^"\\]*","msg":"(\w+)","v":(\d+),/;

/** What says which record it is. A schema is long, and parsing it only for that a part of a check's time. */
const headOf = (line: string): JsonObject => {
  const [, msg, v] = (line.endsWith('}') && HEAD.exec(line)) || [];
  return msg === undefined ? (parseObject(line) ?? {}) : { v: Number(v), host: '', time: 0, msg };
};

/** Which record a line seems to be, without decoding it; `newer` where only a later version of sysmon can tell. */
export const kindOf = (line: string): LogRecord['kind'] | 'newer' | undefined => {
  const { v, host, time, msg } = headOf(line);
  if (typeof v !== 'number' || !isString(host) || typeof time !== 'number' || !isString(msg))
    return undefined;
  if (v > RECORD_VERSION) return 'newer';
  return v >= 1 && KINDS.has(msg) ? (msg as LogRecord['kind']) : undefined;
};

/**
 * The record a line holds, its readings described by `groups` (and only those named in `only`, where given). Undefined
 * for a line that is not a record of a version known here. Never throws.
 */
export const decodeRecord = (
  line: unknown,
  groups: Groups,
  only?: ReadonlySet<string>,
): LogRecord | undefined => {
  const json = isString(line) ? parseObject(line) : isObject(line) ? line : undefined;
  if (json === undefined) return undefined;
  const { time, host, v, seq, msg, boot, reason } = json;
  if (typeof time !== 'number' || !isString(host) || typeof v !== 'number') return undefined;
  if (v < 1 || v > RECORD_VERSION) return undefined;
  const common = { time, host, ...known('seq', typeof seq === 'number' ? seq : undefined) };
  switch (msg) {
    case 'sample':
      return decodeSample(json, common, groups, only);
    case 'start': {
      const { version, pid } = json;
      if (!isString(boot) || !isString(version) || typeof pid !== 'number') return undefined;
      return { kind: msg, ...common, boot, ...known('interval', numberIn(json, 'interval')), version, pid };
    }
    case 'stop':
      return isString(reason) ? { kind: msg, ...common, reason } : undefined;
    case 'gap': {
      const [seconds, missed] = [numberIn(json, 'seconds'), numberIn(json, 'missed')];
      if (!isGapReason(reason) || seconds === undefined || missed === undefined) return undefined;
      return { kind: msg, ...common, reason, seconds, missed };
    }
    case 'lost': {
      const count = numberIn(json, 'count');
      return isString(reason) && count !== undefined ? { kind: msg, ...common, count, reason } : undefined;
    }
    case 'alert':
      return decodeAlert(json, common);
    case 'schema': {
      const described = decodeSchema(json['groups']);
      return described === undefined ? undefined : { kind: msg, ...common, v, groups: described };
    }
    default:
      return undefined;
  }
};
