/** Times that are bare numbers: only where a time has to stand are they times. */

import type { LineContext } from '../format.js';
import { readMonthDay, readStamp, stampEnd } from './read.js';

/** s, ms, µs or ns from 1973 to 2286; what has some other number of digits is no time. */
const UNIX = /^([1-9](?:\d{8,9}|\d{11,12}|\d{14,15}|\d{17,18}))(?:[.,](\d+))?$/;

/** How many of the digits are whole ms, of a Unix time with so many before its point. */
const digitsOfMs = (count: number): number => {
  if (count <= 10) return count + 3;
  if (count <= 13) return count;
  return count <= 16 ? count - 3 : count - 6;
};

/** A Unix time as digits, of which all count: a number would hold no more than sixteen of them. NaN for what is none. */
export const parseUnix = (text: string): number => {
  const [, whole, fraction = ''] = UNIX.exec(text) ?? [];
  if (whole === undefined) return Number.NaN;
  const digits = whole + fraction;
  const count = digitsOfMs(whole.length);
  return Number(digits.slice(0, count).padEnd(count, '0')) + Number(`0.${digits.slice(count)}`);
};

/** `20260102150405Z`, as LDAP writes it, and klog's `0102 15:04:05.678901`. NaN for what is neither. */
export const parseTight = (text: string, context: LineContext): number => {
  const [, day, clock] = /^((?:19|20)\d{6})(\d{6}(?:[.,]\d+)?Z?)$/.exec(text) ?? [];
  const time = day === undefined ? readMonthDay(text, 0, context) : readStamp(`${day}T${clock}`, 0, context);
  return stampEnd === text.length || day !== undefined ? time : Number.NaN;
};
