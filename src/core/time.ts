/** Moments as people type them. Days and clock times are of the local zone, as the Date API knows it. */

import { parseDuration } from './duration.js';

const DAYS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };

const CLOCK = String.raw`(?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?<fraction>[.,]\d+)?)?`;
const DATE = String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})`;
const ZONE = String.raw`(?<zone>Z|[+-]\d{2}(?::?\d{2})?)`;

const ISO = new RegExp(`^${DATE}(?:[T ]${CLOCK} ?${ZONE}?)?$`, 'i');
const DAY = new RegExp(`^(?:(?<word>yesterday|today|tomorrow)(?: +|$))?(?:${CLOCK})?$`, 'i');
const UNIX = /^(@?)(-?\d+(?:\.\d+)?)$/;
/** As date and journalctl take it; a unit's first letter is what durations call it. */
const AGO =
  /^(\d+(?:\.\d+)?) ?(?:(s|m|h|d|w)|(s)ec(?:ond)?s?|(m)in(?:ute)?s?|(h)ours?|(d)ays?|(w)eeks?) ago$/;

/** Unix times from here on (the year 5138 in seconds) are taken for milliseconds, as the log's own `time` is. */
const SURELY_MS = 1e11;

/** Bare numbers below this (1973) are a time by no clock, but somebody's seconds or minutes: `@5` is said on purpose. */
const SURELY_UNIX = 1e8;

type Parts = Readonly<Record<string, string | undefined>>;

/** Hours, minutes, seconds and ms; all 0 where none are given, undefined for a time no clock shows. */
const clockOf = (parts: Parts): [number, number, number, number] | undefined => {
  const hour = Number(parts['hour'] ?? 0);
  const minute = Number(parts['minute'] ?? 0);
  const second = Number(parts['second'] ?? 0);
  const ms = Math.floor(Number(`0${(parts['fraction'] ?? '').replace(',', '.')}`) * 1000);
  return hour > 23 || minute > 59 || second > 59 ? undefined : [hour, minute, second, ms];
};

/** Minutes east of Greenwich. */
const zoneOf = (zone: string): number | undefined => {
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  const size = Number(hours) * 60 + Number(minutes);
  if (!(Number(minutes) <= 59) || size > 24 * 60) return undefined;
  return sign === '-' ? -size : size;
};

/** `Date.UTC` that takes the first century for itself, and has no 30th of February. */
const utcDay = (year: number, month: number, day: number): number | undefined => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
};

const parseIso = (parts: Parts): number | undefined => {
  const [year, month, day] = [Number(parts['year']), Number(parts['month']), Number(parts['day'])];
  const midnight = utcDay(year, month, day);
  const clock = clockOf(parts);
  if (midnight === undefined || clock === undefined) return undefined;
  const [hour, minute, second, ms] = clock;
  if (parts['zone'] !== undefined) {
    const zone = zoneOf(parts['zone']);
    if (zone === undefined) return undefined;
    return midnight + (hour * 3600 + minute * 60 - zone * 60 + second) * 1000 + ms;
  }
  const date = new Date(year, month - 1, day, hour, minute, second, ms);
  // It takes the first century for itself.
  if (year < 100) date.setFullYear(year, month - 1, day);
  return date.getTime();
};

/** Calendar days, not 24 hours, lie between yesterday and today: a day with a clock change is shorter or longer. */
const parseDay = (parts: Parts, now: number): number | undefined => {
  const clock = clockOf(parts);
  if (clock === undefined) return undefined;
  const date = new Date(now);
  const shift = DAYS[(parts['word'] ?? 'today').toLowerCase()] as number;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + shift, ...clock).getTime();
};

/**
 * A moment in ms since 1970, or undefined for what is none. Understood are ISO 8601 (local without a zone), `14:00` and
 * `14:00:30` (today), `yesterday`, `today 14:00`, `now`, unix seconds or milliseconds, and a duration, with or without a
 * minus, which means that long ago, as does `2 hours ago`. A local time that the clocks skipped is moved on as far as they were; of one that comes twice,
 * the first is meant.
 */
export const parseTime = (text: string, now: number): number | undefined => {
  const input = text.trim();
  if (input === '') return undefined;
  if (/^now$/i.test(input)) return now;
  const [, at, unix] = UNIX.exec(input) ?? [];
  if (unix !== undefined) {
    const value = Number(unix);
    if (at === '' && Math.abs(value) < SURELY_UNIX) return undefined;
    return Math.round(Math.abs(value) < SURELY_MS ? value * 1000 : value);
  }
  const seconds = parseDuration(input.replace(/^-/, '').replace(AGO, '$1$2$3$4$5$6$7'));
  if (seconds !== undefined) return Math.round(now - seconds * 1000);
  const iso = ISO.exec(input)?.groups;
  if (iso !== undefined) return parseIso(iso);
  const day = DAY.exec(input)?.groups;
  return day === undefined ? undefined : parseDay(day, now);
};

/**
 * The same for whoever looks at the past: a clock time alone is one of the day that is `shown`, or, where none is, the last time
 * that the clock showed it.
 */
export const parsePast = (text: string, now: number, shown?: number): number | undefined => {
  const input = text.trim().replace(/^(?=\d:)/, '0');
  if (DAY.exec(input)?.groups?.['hour'] === undefined || /[a-z]/i.test(input)) return parseTime(input, now);
  const time = parseTime(input, shown ?? now);
  const isAhead = shown === undefined && time !== undefined && time > now;
  return isAhead ? parseTime(`yesterday ${input}`, now) : time;
};
