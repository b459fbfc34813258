/** Functions of one number at a time. Where Go reckons in another way than JavaScript, as Go does. */

import type { Implementation } from '../functions.js';

/** Go's math.Max: an infinity wins over NaN. */
export const goMax = (a: number, b: number): number =>
  a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : Math.max(a, b);

/** Go's math.Min: minus infinity wins over NaN. */
export const goMin = (a: number, b: number): number =>
  a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY
    ? Number.NEGATIVE_INFINITY
    : Math.min(a, b);

/** Ties go up. Prometheus multiplies with the inverse, since it meets fewer inexact numbers so: 1 / 0.1 is 10. */
const round = (value: number, nearest = 1): number => {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
};

const sign = (value: number): number => (value < 0 ? -1 : value > 0 ? 1 : value);

const each = (map: (value: number, ...args: readonly number[]) => number): Implementation => ({
  kind: 'each',
  map,
});

export const mathFunctions: Readonly<Record<string, Implementation>> = {
  abs: each(Math.abs),
  acos: each(Math.acos),
  acosh: each(Math.acosh),
  asin: each(Math.asin),
  asinh: each(Math.asinh),
  atan: each(Math.atan),
  atanh: each(Math.atanh),
  ceil: each(Math.ceil),
  clamp_max: each((value, most = Number.NaN) => goMin(most, value)),
  clamp_min: each((value, least = Number.NaN) => goMax(least, value)),
  cos: each(Math.cos),
  cosh: each(Math.cosh),
  deg: each((value) => (value * 180) / Math.PI),
  exp: each(Math.exp),
  floor: each(Math.floor),
  ln: each(Math.log),
  log10: each(Math.log10),
  log2: each(Math.log2),
  rad: each((value) => (value * Math.PI) / 180),
  round: each(round),
  sgn: each(sign),
  sin: each(Math.sin),
  sinh: each(Math.sinh),
  sqrt: each(Math.sqrt),
  tan: each(Math.tan),
  tanh: each(Math.tanh),
};
