/** From what a stamp says to the moment that it is. */

import type { LineContext } from '../format.js';
import { aheadOfNamed } from './named-zone.js';
import { NAMED, NOT_SAID, parts, UNTOLD } from './parts.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const DAYS_BEFORE = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

const daysIn = (month: number, year: number): number =>
  month === 2 && isLeap(year) ? 29 : (DAYS_BEFORE[month + 1] as number) - (DAYS_BEFORE[month] as number);

/** Midnight of a day in UTC, of the Gregorian calendar of ISO 8601, which had no other before it. */
const midnight = (year: number, month: number, day: number): number => {
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const inYear = (DAYS_BEFORE[month] as number) + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
  // 719162 days lie between 0001-01-01 and 1970-01-01.
  return (past * 365 + leaps + inYear - 719_162) * DAY;
};

/**
 * The moment at which the local zone's clocks show a wall time, which is given as if it were UTC. Of a time that comes
 * twice, the first; one that is skipped is moved on as far as the clocks were. Both as `Date` does.
 */
const localMoment = (wall: number): number => {
  const shown = new Date(wall);
  const [year, month, day] = [shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate()];
  const clock = [
    shown.getUTCHours(),
    shown.getUTCMinutes(),
    shown.getUTCSeconds(),
    shown.getUTCMilliseconds(),
  ] as const;
  const date = new Date(year, month, day, ...clock);
  // The constructor takes the first century for the twentieth.
  if (year < 100) date.setFullYear(year, month, day);
  return date.getTime();
};

/** What was found out for the hour of the last line, and the year of the last context: the next line's are mostly the same. */
const last = {
  context: undefined as LineContext | undefined,
  hour: Number.NaN,
  /** ms that local clocks are ahead in all of that hour; NaN where they change in it. */
  ahead: Number.NaN,
  /** The latest year, in this zone. */
  year: Number.NaN,
  yearZone: Number.NaN,
};

const fromLocal = (wall: number, context: LineContext): number => {
  const hour = Math.floor(wall / HOUR);
  if (hour !== last.hour || context !== last.context) {
    const start = hour * HOUR - localMoment(hour * HOUR);
    const end = hour * HOUR + HOUR - 1 - localMoment(hour * HOUR + HOUR - 1);
    remember(context);
    last.hour = hour;
    last.ahead = start === end ? start : Number.NaN;
  }
  const whole = Math.floor(wall);
  return (Number.isNaN(last.ahead) ? localMoment(whole) : whole - last.ahead) + (wall - whole);
};

const remember = (context: LineContext): void => {
  if (context === last.context) return;
  last.context = context;
  last.hour = Number.NaN;
  last.yearZone = Number.NaN;
};

/** The latest moment that a stamp without a year may mean: a clock may be wrong, or in another zone. */
const latest = (context: LineContext): number => context.notAfter + DAY;

/** The year that the stamp's clocks show at the latest such moment. */
const latestYear = (context: LineContext, zone: number): number => {
  if (context === last.context && zone === last.yearZone) return last.year;
  remember(context);
  const limit = latest(context);
  last.yearZone = zone;
  last.year =
    zone === NOT_SAID ? new Date(limit).getFullYear() : new Date(limit + zone * MINUTE).getUTCFullYear();
  return last.year;
};

const inYear = (year: number, zone: number, context: LineContext): number => {
  const { month, day, hour, minute, second, ms } = parts;
  if (day > daysIn(month, year)) return Number.NaN;
  const wall = midnight(year, month, day) + hour * HOUR + minute * MINUTE + second * 1000 + ms;
  if (zone === NAMED) return wall - aheadOfNamed(parts.zoneName, wall);
  return zone === NOT_SAID ? fromLocal(wall, context) : wall - zone * MINUTE;
};

/** 29 February is missing for eight years around 2100. */
const YEARS_BACK = 8;

/**
 * The moment that `parts` are, ms since 1970; NaN where there is none, as for 30 February, or none can be told. A leap second is
 * the same moment as the second after it, as POSIX counts, and stands at the end of a quarter of an hour in every zone.
 */
export const momentOfParts = (context: LineContext): number => {
  const { month, day, hour, minute, second } = parts;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59) return Number.NaN;
  if (second > 59 && (second > 60 || minute % 15 !== 14)) return Number.NaN;
  if (parts.zone === UNTOLD) return Number.NaN;
  const zone = parts.zone === NOT_SAID ? (context.zone ?? NOT_SAID) : parts.zone;
  if (parts.year !== NOT_SAID) return inYear(parts.year, zone, context);
  const limit = latest(context);
  const first = latestYear(context, zone === NAMED ? 0 : zone);
  for (let year = first; year >= first - YEARS_BACK; year--) {
    const time = inYear(year, zone, context);
    if (time <= limit) return time;
  }
  return Number.NaN;
};
