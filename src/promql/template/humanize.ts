/** Numbers and times in words: Prometheus's template functions of the same names (documentation, "Template reference"). */

import { goFloat } from '../../core/go-float.js';
import { TemplateError } from './tree.js';
import { Time } from './values.js';

const four = (value: number): string => goFloat(value, 'g', 4);

const isPlain = (value: number): boolean => value === 0 || !Number.isFinite(value);

const LARGE = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SMALL = ['', 'm', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];

/** Divided by `base` until it is less than that, or the prefixes are at their end. */
const scaleDown = (value: number, base: number): { readonly value: number; readonly step: number } => {
  let step = 0;
  let scaled = value;
  while (Math.abs(scaled) >= base && step < LARGE.length - 1) {
    scaled /= base;
    step++;
  }
  return { value: scaled, step };
};

/** Multiplied by a thousand until it is at least 1. */
const scaleUp = (value: number): string => {
  let step = 0;
  let scaled = value;
  while (Math.abs(scaled) < 1 && step < SMALL.length - 1) {
    scaled *= 1000;
    step++;
  }
  return `${four(scaled)}${SMALL[step]}`;
};

export const humanize = (value: number): string => {
  if (isPlain(value)) return four(value);
  if (Math.abs(value) < 1) return scaleUp(value);
  const { value: scaled, step } = scaleDown(value, 1000);
  return `${four(scaled)}${LARGE[step]}`;
};

export const humanize1024 = (value: number): string => {
  if (Math.abs(value) <= 1 || isPlain(value)) return four(value);
  const { value: scaled, step } = scaleDown(value, 1024);
  return `${four(scaled)}${step === 0 ? '' : `${LARGE[step]}i`}`;
};

/** Seconds as days, hours, minutes and seconds. */
export const humanizeDuration = (value: number): string => {
  if (isPlain(value)) return Number.isFinite(value) ? `${four(value)}s` : four(value);
  if (Math.abs(value) < 1) return `${scaleUp(value)}s`;
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  const whole = Math.trunc(size);
  const seconds = whole % 60;
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600) % 24;
  const days = Math.floor(whole / 86400);
  if (days > 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours > 0) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes > 0) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${four(size)}s`;
};

export const humanizePercentage = (value: number): string => `${four(value * 100)}%`;

const LARGEST = 2 ** 63;

/** A moment from seconds since 1970. Throws TemplateError for what is none, or no time that Go can hold. */
export const toTime = (seconds: number): Time => {
  if (!Number.isFinite(seconds)) throw new TemplateError('value is NaN or Inf');
  const nanoseconds = seconds * 1e9;
  if (nanoseconds >= LARGEST || nanoseconds <= -LARGEST)
    throw new TemplateError(
      `${goFloat(nanoseconds, 'g')} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  return new Time(BigInt(Math.trunc(nanoseconds)));
};

/** Seconds as Go prints a time.Duration: `1h2m3.5s`, `150ms`. */
export const goDuration = (seconds: number): string => {
  const { nanoseconds } = toTime(seconds);
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const scaled = (unit: bigint, name: string): string => {
    const fraction = (size % unit)
      .toString()
      .padStart(unit.toString().length - 1, '0')
      .replace(/0+$/, '');
    return `${sign}${size / unit}${fraction === '' || unit === 1n ? '' : `.${fraction}`}${name}`;
  };
  if (size === 0n) return '0s';
  if (size < 1000n) return scaled(1n, 'ns');
  if (size < 1_000_000n) return scaled(1000n, 'µs');
  if (size < 1_000_000_000n) return scaled(1_000_000n, 'ms');
  const second = 1_000_000_000n;
  const whole = size / second;
  const fraction = (size % second).toString().padStart(9, '0').replace(/0+$/, '');
  const rest = `${whole % 60n}${fraction === '' ? '' : `.${fraction}`}s`;
  if (whole < 60n) return `${sign}${rest}`;
  const minutes = whole / 60n;
  return minutes < 60n ? `${sign}${minutes}m${rest}` : `${sign}${minutes / 60n}h${minutes % 60n}m${rest}`;
};
