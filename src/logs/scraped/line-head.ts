/** What a line of a scrape says before its numbers; see record.ts. */

import { isObject, type JsonObject, parseObject } from '../json.js';
import { type FamilyEntry, SCRAPE_VERSION } from './record.js';

export interface LineHead {
  readonly kind: 'scrape' | 'gone';
  readonly time: number;
  readonly target: string;
  readonly key: number;
  readonly n: number;
  readonly up: number;
  readonly seconds: number;
  readonly scraped: number;
  readonly added: number;
  readonly interval: number | undefined;
  /** Of a key. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly absent: readonly number[];
  readonly fresh: readonly FamilyEntry[];
  readonly stamps: readonly (readonly [position: number, count: number, since: number])[];
  /** Where its table begins and ends in the line; undefined where it has none. */
  readonly table: { readonly start: number; readonly end: number } | undefined;
  /** Behind the `[` of its values or changes; the line's length where it has none. */
  readonly numbers: number;
  readonly isKey: boolean;
}

const METRICS = Buffer.from(',"metrics":[');
const VALUES = Buffer.from(',"values":[');
const CHANGES = Buffer.from(',"changes":[');
const SCRAPE = Buffer.from('"msg":"scrape"');
const GONE = Buffer.from('"msg":"gone"');
/** Time, host, msg: a host's name is 255 bytes at most. */
const HEAD_BYTES = 400;

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const texts = (value: unknown): Readonly<Record<string, string>> | undefined =>
  isObject(value) && Object.values(value).every((one) => typeof one === 'string')
    ? (value as Record<string, string>)
    : undefined;

/** The families of a table; none where it is not one. */
export const readEntries = (value: unknown): readonly FamilyEntry[] => {
  if (!Array.isArray(value)) return [];
  const entries = value.filter(
    (one): one is FamilyEntry & JsonObject =>
      isObject(one) && typeof one['name'] === 'string' && Array.isArray(one['series']),
  );
  return entries.every(({ series }) => series.every((one) => texts(one) !== undefined)) ? entries : [];
};

const isStamps = (value: unknown): value is LineHead['stamps'] =>
  Array.isArray(value) &&
  value.every((one) => Array.isArray(one) && one.length === 3 && one.every((part) => Number.isFinite(part)));

/** What nearly all lines are, as we write them: read so, a line costs a quarter of parsing it. Plain ASCII, so that characters are bytes. */
const CHANGED =
  /^\{"level":30,"time":(\d+),"host":"[^"\\]*","msg":"scrape","v":1,"seq":\d+,"target":"([ !#-[\]-~]*)","key":(\d+),"n":(\d+),"up":1,"seconds":([\d.e-]+),"scraped":(\d+),"added":(\d+),"changes":\[/;

const NONE: readonly never[] = [];

const readChanged = (line: Buffer): LineHead | undefined => {
  const match = CHANGED.exec(line.toString('latin1', 0, HEAD_BYTES));
  if (match === null) return undefined;
  return {
    kind: 'scrape',
    time: Number(match[1]),
    target: match[2] as string,
    key: Number(match[3]),
    n: Number(match[4]),
    up: 1,
    seconds: Number(match[5]),
    scraped: Number(match[6]),
    added: Number(match[7]),
    interval: undefined,
    labels: undefined,
    absent: NONE,
    fresh: NONE,
    stamps: NONE,
    table: undefined,
    numbers: match[0].length,
    isKey: false,
  };
};

/** Undefined for a line that is none of a scrape, or of a version that is not known here. */
export const readLineHead = (line: Buffer): LineHead | undefined => readChanged(line) ?? parseLineHead(line);

const parseLineHead = (line: Buffer): LineHead | undefined => {
  const front = line.subarray(0, HEAD_BYTES);
  const isScrape = front.includes(SCRAPE);
  if (!isScrape && !front.includes(GONE)) return undefined;
  const metrics = isScrape ? line.indexOf(METRICS) : -1;
  const values = metrics < 0 ? -1 : line.indexOf(VALUES, metrics);
  const changes = isScrape && metrics < 0 ? line.indexOf(CHANGES) : -1;
  if (isScrape && values < 0 && changes < 0) return undefined;
  const cut = metrics >= 0 ? metrics : changes;
  const json = parseObject(`${line.toString('utf8', 0, cut < 0 ? line.length : cut)}${cut < 0 ? '' : '}'}`);
  if (json === undefined) return undefined;
  const { time, target, v, absent, stamps } = json;
  if (typeof time !== 'number' || typeof target !== 'string' || v !== SCRAPE_VERSION) return undefined;
  return {
    kind: isScrape ? 'scrape' : 'gone',
    time,
    target,
    key: number(json['key']) ?? Number.NaN,
    n: number(json['n']) ?? Number.NaN,
    up: number(json['up']) ?? 0,
    seconds: number(json['seconds']) ?? Number.NaN,
    scraped: number(json['scraped']) ?? Number.NaN,
    added: number(json['added']) ?? Number.NaN,
    interval: number(json['interval']),
    labels: texts(json['labels']),
    absent: Array.isArray(absent) ? absent.filter((one) => typeof one === 'number') : [],
    fresh: readEntries(json['new']),
    stamps: isStamps(stamps) ? stamps : [],
    table: metrics < 0 ? undefined : { start: metrics + METRICS.length - 1, end: values },
    numbers: metrics >= 0 ? values + VALUES.length : changes < 0 ? line.length : changes + CHANGES.length,
    isKey: metrics >= 0,
  };
};
