/** Values of lines as numbers, durations and sizes. Undefined for what is none. */

import type { Value } from '../line.js';
import type { AmountKind } from './expression.js';

/** Go's units, as time.ParseDuration has them, and Prometheus's d, w and y, which Loki's lexer takes as well. In nanoseconds. */
const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 604_800e9,
  y: 31_536_000e9,
};

/** go-humanize's table: a lone letter is decimal there, only an `i` makes it binary. https://github.com/dustin/go-humanize */
const BYTES: Readonly<Record<string, number>> = Object.fromEntries([
  ['', 1],
  ['b', 1],
  ...['k', 'm', 'g', 't', 'p', 'e'].flatMap((letter, index): [string, number][] => [
    [letter, 1000 ** (index + 1)],
    [`${letter}b`, 1000 ** (index + 1)],
    [`${letter}i`, 1024 ** (index + 1)],
    [`${letter}ib`, 1024 ** (index + 1)],
  ]),
]);

const DURATION = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w|y))+$/;
const DURATION_PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w|y)/g;

/** `1h30m`, `2.5s`, `-150ms` → nanoseconds. */
export const parseNanoseconds = (text: string): number | undefined => {
  if (text === '0') return 0;
  if (!DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, value, unit] of text.matchAll(DURATION_PART))
    sum += Number(value) * (NANOSECONDS[unit as string] as number);
  return text.startsWith('-') ? -sum : sum;
};

/** `5kb`, `1.5 GiB`, `1,024` → bytes, as go-humanize's ParseBytes. */
export const parseBytes = (text: string): number | undefined => {
  const [, digits, unit] = /^(\d[\d.,]*) *([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const name = unit?.toLowerCase();
  if (digits === undefined || name === undefined || !Object.hasOwn(BYTES, name)) return undefined;
  const value = Number(digits.replaceAll(',', ''));
  return Number.isNaN(value) ? undefined : Math.floor(value * (BYTES[name] as number));
};

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^([+-]?)(?:inf(?:inity)?|(nan))$/i;

/** A number as Go's ParseFloat reads one; sysmon's own log has `"NaN"` and `"+Inf"` as texts too. */
export const parseNumber = (text: string): number | undefined => {
  if (NUMBER.test(text)) return Number(text);
  const [all, sign, nan] = SPECIAL.exec(text) ?? [];
  if (all === undefined) return undefined;
  if (nan !== undefined) return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

const UNITS = 'seconds|secs?|milliseconds|millis|ms|microseconds|micros|us|nanoseconds|nanos|ns';

/** The unit at a name's end: after an underscore, or as a word of its own in camel case. */
const LAST_WORD = new RegExp(
  `(?:^|_)(${UNITS})$|[a-z0-9](${UNITS.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())})$`,
);

const WORDS: readonly (readonly [RegExp, number])[] = [
  [/^s/, 1e9],
  [/^(milli|ms)/, 1e6],
  [/^(micro|us)/, 1e3],
  [/^(nano|ns)/, 1],
];

/** Nanoseconds that one of a bare number is, where the field's name ends in its unit: `duration_ms`, `elapsedMs`, `uptime_seconds`. */
const nanosecondsByName = (field: string): number | undefined => {
  const [, after, camel] = LAST_WORD.exec(field) ?? [];
  const word = (after ?? camel)?.toLowerCase();
  return word === undefined ? undefined : WORDS.find(([pattern]) => pattern.test(word))?.[1];
};

/**
 * A value in the unit that it is held against; `field` is its name's last step. A bare number is bytes, but a duration only where
 * the name tells its unit: whether 2 is seconds or milliseconds, nobody can know.
 */
export const amountOf = (value: Value, unit: AmountKind, field: string): number | undefined => {
  if (typeof value === 'number' && unit !== 'duration') return value;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  if (unit === 'number') return parseNumber(value as string);
  if (unit === 'bytes') return parseBytes(value as string);
  const duration = typeof value === 'string' ? parseNanoseconds(value) : undefined;
  if (duration !== undefined) return duration;
  const factor = nanosecondsByName(field);
  const number = typeof value === 'number' ? value : parseNumber(value);
  return factor === undefined || number === undefined ? undefined : number * factor;
};
