/** Values as people read them. One place, so that screens, tables and sentences say a number the same way. */

import { decimal } from './decimal.js';
import { formatDuration } from './duration.js';
import type { Unit } from './group.js';

const BYTES = {
  1000: ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'],
  1024: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'],
} as const;

export type Base = keyof typeof BYTES;

/** Three significant figures, never in the e-notation. */
const short = (value: number): string => {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 || Number.isInteger(value) ? 0 : size >= 9.995 ? 1 : 2);
};

/** `1.50 GiB`. */
export const formatBytes = (bytes: number, base: Base = 1024): string => {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= base - 0.5 && unit < BYTES[base].length - 1) {
    value /= base;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : short(value)} ${BYTES[base][unit]}`;
};

/** The shortest text that is exactly this whole number of bytes, with units of this base. */
const exactBytes = (bytes: number, base: Base): string => {
  const units = BYTES[base];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.abs(bytes)) / Math.log(base) + 1e-9));
  const size = base ** Math.max(0, power);
  for (let digits = 1; digits <= 16; digits++) {
    const number = Number((bytes / size).toPrecision(digits));
    if (Math.round(number * size) === bytes) return `${decimal(number)} ${units[Math.max(0, power)]}`;
  }
  return `${decimal(bytes)} B`;
};

/** Of whole bytes that somebody typed: 5 GB are not 4.65661287 GiB. */
const baseOf = (bytes: number): Base =>
  exactBytes(bytes, 1000).length < exactBytes(bytes, 1024).length ? 1000 : 1024;

/** The units in which a value is best held against its limits. */
export const baseOfLimits = (limits: readonly number[]): Base =>
  limits.some((limit) => Number.isInteger(limit) && limit !== 0 && baseOf(limit) === 1000) ? 1000 : 1024;

/** A value with its unit, in the words of a sentence: `41.2 %`, `1.5 GiB/s`, `2h`, `48 °C`. */
export const formatValue = (value: number, unit: Unit, base: Base = 1024): string => {
  if (!Number.isFinite(value)) return String(value);
  switch (unit) {
    case 'percent':
      return `${Number(value.toFixed(1))} %`;
    case 'bytes':
      return formatBytes(value, base);
    case 'bytes_per_second':
      return `${formatBytes(value, base)}/s`;
    case 'per_second':
      return `${short(value)}/s`;
    case 'seconds':
      return formatDuration(Math.abs(value) >= 10 ? Math.round(value) : value);
    case 'unix_seconds': {
      const date = new Date(value * 1000);
      return Number.isNaN(date.getTime()) ? String(value) : date.toISOString().replace('.000', '');
    }
    case 'celsius':
      return `${Number(value.toFixed(1))} °C`;
    case 'hertz':
      return value >= 1e9 ? `${short(value / 1e9)} GHz` : `${short(value / 1e6)} MHz`;
    case 'boolean':
      return value === 0 ? 'no' : 'yes';
    case 'ratio':
    case 'count':
      return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  }
};

/** A limit with its unit, exactly as it was meant: nothing is rounded away, and 5 GB stay 5 GB. */
export const formatLimit = (limit: number, unit: Unit): string => {
  if (!Number.isFinite(limit)) return String(limit);
  const bytes = (): string =>
    Number.isInteger(limit) && limit !== 0 ? exactBytes(limit, baseOf(limit)) : `${decimal(limit)} B`;
  switch (unit) {
    case 'percent':
      return `${decimal(limit)} %`;
    case 'bytes':
      return bytes();
    case 'bytes_per_second':
      return `${bytes()}/s`;
    case 'per_second':
      return `${decimal(limit)}/s`;
    case 'seconds':
      return formatDuration(limit);
    case 'celsius':
      return `${decimal(limit)} °C`;
    case 'ratio':
    case 'count':
      return decimal(limit);
    case 'unix_seconds':
    case 'hertz':
    case 'boolean':
      return formatValue(limit, unit);
  }
};
