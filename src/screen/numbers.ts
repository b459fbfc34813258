/** Values in the few cells of a column. What is not known is a dash, never a zero. */

import { formatDuration } from '../core/duration.js';

/** Stands where a number would, and is not known: a rate before the second reading, a field this machine lacks. */
export const UNKNOWN = '-';

const SIZES = ['B', 'K', 'M', 'G', 'T', 'P', 'E'];

/** At most three figures, and at most four cells. */
const figures = (value: number): string => value.toFixed(value >= 9.95 ? 0 : 1);

/** Bytes in at most five cells: `987B`, `1.2K`, `12M`, `1003M`; 1024 to the K, as `free -h` has it. */
export const shortBytes = (bytes: number | undefined): string => {
  if (bytes === undefined || !Number.isFinite(bytes)) return UNKNOWN;
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < SIZES.length - 1) {
    value /= 1024;
    unit++;
  }
  const sign = bytes < 0 ? '-' : '';
  return `${sign}${unit === 0 ? Math.round(value) : figures(value)}${SIZES[unit]}`;
};

/** Bytes a second in at most seven cells. */
export const shortRate = (bytes: number | undefined): string => {
  const text = shortBytes(bytes);
  return text === UNKNOWN ? text : `${text}/s`;
};

/** Operations a second and the like in at most five cells: `0`, `3.4`, `120`, `12k`, `1.2M`. */
export const shortCount = (count: number | undefined): string => {
  if (count === undefined || !Number.isFinite(count)) return UNKNOWN;
  if (count < 9.95) return String(Number(count.toFixed(1)));
  if (count < 9999.5) return String(Math.round(count));
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return count < 9_950_000 ? `${(count / 1e6).toFixed(1)}M` : `${Math.round(count / 1e6)}M`;
};

/** A share in at most five cells, without its sign: `0.4`, `12.3`, `100`. */
export const shortPercent = (percent: number | undefined): string =>
  percent === undefined || !Number.isFinite(percent)
    ? UNKNOWN
    : percent >= 99.95
      ? String(Math.round(percent))
      : percent.toFixed(1);

/** The same with its sign, in at most six cells. */
export const withPercent = (percent: number | undefined): string => {
  const text = shortPercent(percent);
  return text === UNKNOWN ? text : `${text}%`;
};

/** A time that something took in at most five cells: `120µs`, `3.4ms`, `2.1s`. */
export const shortTime = (seconds: number | undefined): string => {
  if (seconds === undefined || !Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 0.0009995) return `${Math.round(seconds * 1e6)}µs`;
  if (seconds < 0.9995) return `${figures(seconds * 1000)}ms`;
  return `${figures(seconds)}s`;
};

/** CPU time of a process in at most eight cells, as top has it: `0:03.12`, `12:04`, `103h05m`, `12345h`. */
export const cpuTime = (seconds: number | undefined): string => {
  if (seconds === undefined || !Number.isFinite(seconds)) return UNKNOWN;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hundredths = Math.round(seconds * 100);
  if (hundredths < 60_000) {
    const minutes = Math.floor(hundredths / 6000);
    return `${minutes}:${two(Math.floor((hundredths % 6000) / 100))}.${two(hundredths % 100)}`;
  }
  const whole = Math.round(seconds);
  if (whole < 60_000) return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
  const minutes = Math.round(seconds / 60);
  if (minutes >= 600_000) return `${Math.round(seconds / 3600)}h`;
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
};

/** The two largest units that are not zero: `3d4h`, `12m`. */
export const shortDuration = (seconds: number): string => {
  const unit = seconds >= 86_400 ? 3600 : seconds >= 600 ? 60 : 1;
  return formatDuration(Math.floor(seconds / unit) * unit);
};
