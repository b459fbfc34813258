/** Values as people read them. One place, so that screens, tables and sentences say a number the same way. */

import { formatDuration } from './duration.js';
import type { Unit } from './group.js';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** Three significant figures, never in the e-notation. */
const short = (value: number): string => {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 || Number.isInteger(value) ? 0 : size >= 9.995 ? 1 : 2);
};

/** `1.50 GiB`. */
export const formatBytes = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1023.5 && unit < BINARY.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : short(value)} ${BINARY[unit]}`;
};

/** A value with its unit, in the words of a sentence: `41.2 %`, `1.5 GiB/s`, `2h`, `48 °C`. */
export const formatValue = (value: number, unit: Unit): string => {
  if (!Number.isFinite(value)) return String(value);
  switch (unit) {
    case 'percent':
      return `${Number(value.toFixed(1))} %`;
    case 'bytes':
      return formatBytes(value);
    case 'bytes_per_second':
      return `${formatBytes(value)}/s`;
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
