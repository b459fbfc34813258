/** Parts of a date, in UTC: of a vector's values as seconds since 1970, or of the step itself. */

import type { Context, Implementation } from '../functions.js';
import { NO_LABELS } from '../labels.js';
import type { Value } from '../value.js';
import { single, unnamed, vectorOf } from './lines.js';

const DAY = 86_400;
/** Days from the first of March of the year 0 to 1970. */
const ERA_TO_1970 = 719_468;
const DAYS_IN_400_YEARS = 146_097;

/** What Go makes of a number that no int64 holds: -2^63, which wraps around in its dates. */
const BEYOND = 2 ** 63;

/** Go cuts the fraction off, toward zero. */
const wholeSeconds = (value: number): number => (Math.abs(value) < BEYOND ? Math.trunc(value) : BEYOND);

const positive = (value: number, by: number): number => ((value % by) + by) % by;

const secondOfDay = (seconds: number): number => positive(seconds, DAY);
// Rounded, since above 2^53 not each second is a number.
const dayOf = (seconds: number): number => Math.round((seconds - secondOfDay(seconds)) / DAY);

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const lengthOf = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] as number);

interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/**
 * The Gregorian calendar, reckoned in years that begin with March so that a leap day is the last of its year (the algorithm is
 * Howard Hinnant's civil_from_days). JavaScript's Date ends at the year 275760, and a vector may hold any number.
 */
const civilOf = (days: number): Civil => {
  const shifted = days + ERA_TO_1970;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const ofEra = shifted - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
};

const dayOfYear = ({ year, month, day }: Civil): number => {
  let days = day;
  for (let before = 1; before < month; before++) days += lengthOf(year, before);
  return days;
};

const datePart = (part: (seconds: number) => number): Implementation => ({
  kind: 'whole',
  call: (args: readonly Value[], context: Context): Value => {
    if (args.length === 0)
      return single(
        NO_LABELS,
        context.times.map((time) => part(wholeSeconds(time / 1000))),
        new Uint8Array(context.times.length).fill(1),
      );
    const lines = vectorOf(args, 0).lines.map((line) =>
      unnamed(
        line,
        context,
        line.values.map((value, step) => (line.has[step] === 1 ? part(wholeSeconds(value)) : 0)),
        line.has,
      ),
    );
    return { type: 'vector', lines };
  },
});

const ofCivil = (part: (civil: Civil) => number): Implementation =>
  datePart((seconds) => part(civilOf(dayOf(seconds))));

export const dateFunctions: Readonly<Record<string, Implementation>> = {
  day_of_month: ofCivil(({ day }) => day),
  // 1970 began with a Thursday; Sunday is 0.
  day_of_week: datePart((seconds) => positive(dayOf(seconds) + 4, 7)),
  day_of_year: ofCivil(dayOfYear),
  days_in_month: ofCivil(({ year, month }) => lengthOf(year, month)),
  hour: datePart((seconds) => Math.floor(secondOfDay(seconds) / 3600)),
  minute: datePart((seconds) => Math.floor((secondOfDay(seconds) % 3600) / 60)),
  month: ofCivil(({ month }) => month),
  year: ofCivil(({ year }) => year),
};
