/**
 * Doubles as whole numbers of their last decimal place. 12.34 is 1234 hundredths, and 1234 / 100 is 12.34 again to the last bit:
 * both are exact in a double, and a division is rounded correctly (IEEE 754).
 */

/** Powers of ten up to here are exact. */
const MOST_PLACES = 22;

export const POWERS: readonly number[] = Array.from({ length: MOST_PLACES + 1 }, (_, places) =>
  Number(`1e${places}`),
);

/** Whole numbers up to here are exact. */
const MOST_UNITS = 2 ** 53;

/** How many of the last place a value is; undefined where that does not give it back bit by bit. */
export const unitsOf = (value: number, places: number): number | undefined => {
  const power = POWERS[places] as number;
  const units = Math.round(value * power);
  return Math.abs(units) <= MOST_UNITS && Object.is(units / power, value) && !Object.is(units, -0)
    ? units
    : undefined;
};

/** Decimal places of a value as JavaScript writes it; -1 where it is no whole number of them. */
export const placesOf = (value: number): number => {
  if (Number.isInteger(value)) return unitsOf(value, 0) === undefined ? -1 : 0;
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const places = fraction.length - Number(exponent);
  if (!Number.isFinite(value) || places < 0 || places > MOST_PLACES) return -1;
  return unitsOf(value, places) === undefined ? -1 : places;
};

/** A value as a text that gives it back. */
export const textOf = (value: number): string => {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
};

/** The value of such a text; undefined where it is none. */
export const valueFrom = (text: string): number | undefined => {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
};
