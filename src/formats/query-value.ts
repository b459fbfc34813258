/** Values of a query as people read them. */

import type { Unit } from '../core/group.js';
import { formatValue } from '../core/units.js';

/** Six figures, whole numbers as they are. */
const bare = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(6)));

const SMALL = [
  [1, 's'],
  [1e3, 'ms'],
  [1e6, 'µs'],
  [1e9, 'ns'],
] as const;

/** Three figures of seconds that are less than ten. */
const shortSeconds = (value: number): string => {
  const [size, name] = SMALL.find(([per]) => Math.abs(value) * per >= 0.9995) ?? SMALL[3];
  return `${Number((value * size).toPrecision(3))}${name}`;
};

/** With its unit, rounded to what is read; NaN and infinities as Prometheus writes them. */
export const formatQueryValue = (value: number, unit: Unit | undefined): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  switch (unit) {
    case undefined:
    case 'count':
    case 'ratio':
    case 'boolean':
      return bare(value);
    case 'percent':
      // Of a thousandth of a percent nobody is to think that it is nothing.
      return `${Math.abs(value) >= 0.05 || value === 0 ? Number(value.toFixed(1)) : bare(value)} %`;
    case 'per_second':
      return `${bare(value)}/s`;
    case 'seconds':
      return Math.abs(value) < 10 && value !== 0 ? shortSeconds(value) : formatValue(value, unit);
    case 'hertz':
      return Math.abs(value) < 1e6 ? `${bare(value)} Hz` : formatValue(value, unit);
    default:
      return formatValue(value, unit);
  }
};
