/** The axis of values: round ticks in the unit of what is drawn. */

import { formatDuration } from '../core/duration.js';
import type { Unit } from '../core/group.js';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface ValueAxis {
  /** Multiples of the distance between ticks, around all values. */
  readonly low: number;
  readonly high: number;
  /** From low to high. */
  readonly ticks: readonly Tick[];
}

const DECIMAL = [1, 2, 5];

const DAY = 86_400;
/** Seconds and more, up to a day; 1, 2 and 5 times a power of ten days after that. */
const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];

const isBytes = (unit: Unit | undefined): boolean => unit === 'bytes' || unit === 'bytes_per_second';
const isTime = (unit: Unit | undefined): boolean => unit === 'seconds' || unit === 'unix_seconds';

/** Power of ten without the error of a logarithm's or a power's last bit. */
const tenTo = (power: number): number => Number(`1e${power}`);

/** Round distances that are at least about this, ascending. */
function* distances(least: number, unit: Unit | undefined): Generator<number, void> {
  if (isBytes(unit) && least > 0.5) {
    for (let size = 2 ** Math.floor(Math.log2(least)); Number.isFinite(size); size *= 2) yield size;
    return;
  }
  if (unit === 'boolean' && least <= 1) yield 1;
  const days = isTime(unit) && least > 0.5;
  if (days) yield* TIMES.filter((time) => time >= least / 2);
  const size = days ? DAY : 1;
  const first = Math.max(days ? 0 : -323, Math.floor(Math.log10(least / size)) - 1);
  for (let power = first; power <= 308; power++)
    for (const round of DECIMAL) {
      const one = round * tenTo(power) * size;
      if (Number.isFinite(one)) yield one;
    }
}

/** What an axis has to hold: the values, and zero where they come near it; some room around a value that does not change. */
const spanOf = (min: number, max: number, unit: Unit | undefined): readonly [number, number] => {
  if (unit === 'boolean' && min >= 0 && max <= 1) return [0, 1];
  if (min === max) {
    const twice = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, min * 2));
    return min === 0 ? [0, 1] : min > 0 ? [0, twice] : [twice, 0];
  }
  // A quarter of what is drawn may be empty for it.
  if (min > 0 && min <= max / 4) return [0, max];
  if (max < 0 && max >= min / 4) return [min, 0];
  // Less than this a number does not resolve.
  const least = Math.max(Math.abs(min), Math.abs(max)) * 1e-12;
  return max - min < least ? [min - least, max + least] : [min, max];
};

/** Digits after the point with which this is exact, or nearly so, at most 9. */
const decimalsOf = (value: number): number => {
  let digits = 0;
  while (digits < 9 && Math.abs(value - Number(value.toFixed(digits))) > Math.abs(value) * 1e-6) digits++;
  return digits;
};

/** The largest of these units in which ticks of this distance are short: 0.25 GiB, but 1 MiB rather than 0.000977 GiB. */
const scaleFor = (
  high: number,
  step: number,
  base: number,
  units: readonly string[],
): { readonly size: number; readonly unit: string; readonly decimals: number } => {
  for (let power = units.length - 1; power > 0; power--) {
    const size = base ** power;
    if (high >= size && decimalsOf(step / size) <= 3)
      return { size, unit: units[power] as string, decimals: decimalsOf(step / size) };
  }
  return { size: 1, unit: units[0] as string, decimals: decimalsOf(step) };
};

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const THOUSANDS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

const AFTER: Partial<Record<Unit, string>> = {
  percent: ' %',
  celsius: ' °C',
  per_second: '/s',
  bytes_per_second: '/s',
  hertz: 'Hz',
};

const two = (value: number): string => String(value).padStart(2, '0');

const momentLabel = (seconds: number, step: number): string => {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return seconds.toPrecision(6);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step >= DAY) return day;
  return step >= 60 ? `${day} ${clock}` : `${day} ${clock}:${two(date.getSeconds())}`;
};

/** Says values on an axis that reaches so far, with ticks so far apart. */
const labeller = (far: number, step: number, unit: Unit | undefined): ((value: number) => string) => {
  if (unit === 'unix_seconds' && step >= 1) return (value) => momentLabel(value, step);
  if (unit === 'seconds' && step >= 1) return (value) => formatDuration(value);
  if (unit === 'seconds' && far < 1) {
    const [size, name] = far >= 1e-3 ? [1e3, 'ms'] : far >= 1e-6 ? [1e6, 'µs'] : [1e9, 'ns'];
    const decimals = decimalsOf(step * size);
    return (value) => `${(value * size).toFixed(decimals)}${name}`;
  }
  const after = unit === 'seconds' ? 's' : unit === undefined ? '' : (AFTER[unit] ?? '');
  if (far >= 1e21 || far < 1e-4) {
    const digits = Math.min(15, Math.max(0, Math.floor(Math.log10(far)) - Math.floor(Math.log10(step))));
    return (value) => (value === 0 ? `0${after}` : `${value.toExponential(digits)}${after}`);
  }
  // A few thousand are read as they are; thousands of a percent or a degree are nobody's unit.
  const plain = far < 1e4 || unit === 'percent' || unit === 'celsius';
  const {
    size,
    unit: name,
    decimals,
  } = isBytes(unit)
    ? scaleFor(far, step, 1024, BYTES)
    : unit === 'hertz' || !plain
      ? scaleFor(far, step, 1000, THOUSANDS)
      : { size: 1, unit: '', decimals: decimalsOf(step) };
  const gap = name === '' || !(isBytes(unit) || unit === 'hertz') ? '' : ' ';
  return (value) => `${(value / size).toFixed(decimals)}${gap}${name}${after}`;
};

/** An axis for values from `min` to `max`, both finite, with at least two ticks and, where it can be, at most `most`. */
export const valueAxis = (min: number, max: number, unit: Unit | undefined, most: number): ValueAxis => {
  const [from, to] = spanOf(min, max, unit);
  const far = Math.max(Math.abs(from), Math.abs(to));
  if (!Number.isFinite(to - from)) {
    const label = labeller(far, far, unit);
    return { low: from, high: to, ticks: [from, to].map((value) => ({ value, label: label(value) })) };
  }
  const intervals = Math.max(1, most - 1);
  for (const step of distances((to - from) / intervals / 2, unit)) {
    const first = Math.floor(from / step + 1e-9);
    const last = Math.ceil(to / step - 1e-9);
    if (last - first > intervals && last - first > 1) continue;
    const label = labeller(Math.max(Math.abs(first), Math.abs(last)) * step, step, unit);
    const ticks: Tick[] = [];
    // Not added up, but each by itself: 3 * 0.1 is less wrong than 0.1 + 0.1 + 0.1. Zero has no sign.
    for (let at = first; at <= Math.max(last, first + 1); at++) {
      const value = at === 0 ? 0 : at * step;
      ticks.push({ value, label: label(value) });
    }
    const [low, high] = [ticks[0], ticks.at(-1)] as [Tick, Tick];
    if (Number.isFinite(low.value) && Number.isFinite(high.value))
      return { low: low.value, high: high.value, ticks };
  }
  const label = labeller(far, to - from, unit);
  return { low: from, high: to, ticks: [from, to].map((value) => ({ value, label: label(value) })) };
};
