/** Values inside of templates, with the types that Go tells apart: an integer is a bigint, a float a number. */

import { goFloat } from '../../core/go-float.js';
import type { Labels } from '../labels.js';
import { TemplateError } from './tree.js';

/** A moment, as `toTime` makes one. */
export class Time {
  /** ns since 1970. */
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** What `query` finds. */
export interface Found {
  readonly Labels: ReadonlyMap<string, string>;
  readonly Value: number;
}

export type GoValue =
  | undefined
  | boolean
  | bigint
  | number
  | string
  | Time
  | ReadonlyMap<string, GoValue>
  | readonly GoValue[]
  | Found;

export const isFound = (value: GoValue): value is Found =>
  typeof value === 'object' && !(value instanceof Map) && !Array.isArray(value) && !(value instanceof Time);

export const isMap = (value: GoValue): value is ReadonlyMap<string, GoValue> => value instanceof Map;

export const isList = (value: GoValue): value is readonly GoValue[] => Array.isArray(value);

export const mapOf = (labels: Labels): ReadonlyMap<string, string> =>
  new Map(labels.names.map((name, index) => [name, labels.values[index] as string]));

/** What Go calls its type, where it says so in an error. */
export const typeOf = (value: GoValue): string => {
  if (value === undefined) return '<nil>';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'string') return 'string';
  if (value instanceof Time) return 'time.Time';
  if (isMap(value)) return 'map[string]string';
  return isList(value) ? 'template.queryResult' : '*template.sample';
};

/** Go's text/template: what is not zero, empty or nil. */
export const isTrue = (value: GoValue): boolean => {
  if (isMap(value)) return value.size > 0;
  if (isList(value)) return value.length > 0;
  // Unlike JavaScript's, Go's NaN is true: it is not zero.
  if (typeof value === 'number') return value !== 0;
  return Boolean(value);
};

const two = (value: number): string => String(value).padStart(2, '0');

/** As Go prints a time in UTC. */
export const formatTime = ({ nanoseconds }: Time): string => {
  const second = 1_000_000_000n;
  const rest = ((nanoseconds % second) + second) % second;
  const date = new Date(Number((nanoseconds - rest) / 1_000_000n));
  const fraction = rest === 0n ? '' : `.${rest.toString().padStart(9, '0').replace(/0+$/, '')}`;
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time}${fraction} +0000 UTC`;
};

/** Go's `%v`. */
export const show = (value: GoValue): string => {
  if (value === undefined) return '<nil>';
  if (typeof value === 'number') return goFloat(value, 'g');
  if (value instanceof Time) return formatTime(value);
  if (isMap(value)) {
    const names = [...value.keys()].sort();
    return `map[${names.map((name) => `${name}:${show(value.get(name))}`).join(' ')}]`;
  }
  if (isList(value)) return `[${value.map(show).join(' ')}]`;
  return isFound(value) ? `{${show(value.Labels)} ${show(value.Value)}}` : String(value);
};

/** A number from whatever Prometheus's functions take for one. */
export const toNumber = (value: GoValue): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const parsed = parseGoFloat(value);
    if (parsed === undefined)
      throw new TemplateError(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
    return parsed;
  }
  throw new TemplateError(`can't convert ${typeOf(value)} to float`);
};

const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What strconv.ParseFloat reads. */
const parseGoFloat = (text: string): number | undefined => {
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word !== null) {
    if (/nan/i.test(word[2] as string)) return Number.NaN;
    return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^[+-]?0[xX][\da-fA-F]+$/.test(text)
    ? Number(BigInt(text.replace(/^[+-]/, ''))) * (text[0] === '-' ? -1 : 1)
    : undefined;
};
