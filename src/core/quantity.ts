/** Numbers with units as people type them, for a value whose unit is known: `80%`, `5GB`, `90s`. */

import { parseDuration, parseSize } from './duration.js';
import type { Unit } from './group.js';

/** What strtod reads of numbers that people type: hexadecimal, `inf` and `nan` are mistakes here. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A bare number is of the unit itself; undefined for what is none, and infinite where it is too large for one. */
export const parseQuantity = (text: string, unit?: Unit): number | undefined => {
  const number = (bare: string): number | undefined => (NUMBER.test(bare) ? Number(bare) : undefined);
  switch (unit) {
    case 'percent':
      return number(text.replace(/ ?%$/, ''));
    case 'celsius':
      return number(text.replace(/ ?°?C$/, ''));
    case 'bytes':
      return number(text) ?? parseSize(text);
    case 'bytes_per_second':
      return number(text) ?? parseSize(text.replace(/\/s$/, ''));
    case 'seconds':
      return number(text) ?? parseDuration(text);
    default:
      return number(text);
  }
};

/** What such a number may look like. */
export const quantityForm = (unit?: Unit): string => {
  if (unit === 'bytes' || unit === 'bytes_per_second') return 'a number or a size such as 5GB or 512MiB';
  return unit === 'seconds' ? 'a number or a time such as 90s, 10m or 2h' : 'a number';
};

/** Names of fields end in their unit. */
export const unitOfName = (field: string): Unit | undefined =>
  /(?:^|_)(bytes_per_second|bytes|percent|seconds|celsius)$/.exec(field)?.[1] as Unit | undefined;
