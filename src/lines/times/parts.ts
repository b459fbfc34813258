/** A time taken apart: what a stamp says, before it is known which moment that is. */

/** No year, or no zone, was said. */
export const NOT_SAID = -100_000;

/** A zone was said, but which one cannot be told. */
export const UNTOLD = -100_001;

/** The zone is `parts.zoneName`, of the time zone database. */
export const NAMED = -100_002;

/**
 * What the reading functions fill in. There is one record for all, and they give the offset at which they ended, or -1: a
 * fresh object for each line costs as much as reading it.
 */
export const parts = {
  year: NOT_SAID,
  /** 1–12. */
  month: 0,
  day: 0,
  hour: 0,
  minute: 0,
  /** 60 in a leap second. */
  second: 0,
  /** ms of the second, with a fraction where the stamp is finer. */
  ms: 0,
  /** Minutes east of Greenwich. */
  zone: NOT_SAID,
  zoneName: '',
};

const ZERO = 48;

export const isDigit = (code: number): boolean => code >= ZERO && code <= 57;

/** Letters, digits and `_` of ASCII: what a stamp cannot go on with. */
export const isWordCode = (code: number): boolean =>
  isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

/** The number that two digits are; -1 where they are none. */
export const twoDigits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
};

/** The number that four digits are; -1 where they are none. */
export const fourDigits = (text: string, at: number): number => {
  const high = twoDigits(text, at);
  const low = twoDigits(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
};

/** Finer than the ninth digit is finer than any clock. */
const FINEST = 9;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** Digits after a point or comma, if there are any, into `parts.ms`; the offset after them. */
const readFraction = (text: string, at: number): number => {
  parts.ms = 0;
  const mark = text.charCodeAt(at);
  if (mark !== 46 && mark !== 44) return at;
  let end = at + 1;
  let value = 0;
  let count = 0;
  for (let code = text.charCodeAt(end); isDigit(code); code = text.charCodeAt(++end)) {
    if (count === FINEST) continue;
    value = value * 10 + code - ZERO;
    count++;
  }
  if (count === 0) return at;
  parts.ms = count < 4 ? value * (POWERS[3 - count] as number) : value / (POWERS[count - 3] as number);
  return end;
};

const COLON = 58;

/** ` PM` after a clock of twelve hours; the offset after it. */
const readNoon = (text: string, at: number): number => {
  const from = text.charCodeAt(at) === 32 ? at + 1 : at;
  const half = text.charCodeAt(from) | 32;
  if ((half !== 97 && half !== 112) || (text.charCodeAt(from + 1) | 32) !== 109) return at;
  if (isWordCode(text.charCodeAt(from + 2))) return at;
  if (parts.hour < 1 || parts.hour > 12) return -1;
  parts.hour = (parts.hour % 12) + (half === 112 ? 12 : 0);
  return from + 2;
};

/**
 * `15:04:05`, `15:04:05,678`, ` 5:04:05` as MariaDB pads it, `3:04:05 PM`; `15:04` alone where seconds may be missing. The offset after
 * it, or -1.
 */
export const readClock = (text: string, at: number, needsSeconds: boolean): number => {
  let from = at;
  let hour = twoDigits(text, at);
  if (hour < 0) {
    if (text.charCodeAt(at) === 32) from++;
    hour = text.charCodeAt(from) - ZERO;
    if (!(hour >= 0 && hour <= 9)) return -1;
    from--;
  }
  if (text.charCodeAt(from + 2) !== COLON) return -1;
  const minute = twoDigits(text, from + 3);
  if (minute < 0) return -1;
  parts.hour = hour;
  parts.minute = minute;
  parts.second = 0;
  parts.ms = 0;
  let end = from + 5;
  if (text.charCodeAt(end) === COLON) {
    const second = twoDigits(text, end + 1);
    if (second < 0) return -1;
    parts.second = second;
    end = readFraction(text, end + 3);
  } else if (needsSeconds) return -1;
  const code = text.charCodeAt(end) === 32 ? text.charCodeAt(end + 1) : text.charCodeAt(end);
  return (code | 32) === 97 || (code | 32) === 112 ? readNoon(text, end) : end;
};

/** `Jan` … `Dec`, each as one number of its three characters. */
const MONTHS: ReadonlyMap<number, number> = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, index) => [
    (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
    index + 1,
  ]),
);

/** The month whose English abbreviation stands at `at`, 1–12; 0 where none does. */
export const monthAt = (text: string, at: number): number => {
  const packed = (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2);
  return MONTHS.get(packed) ?? 0;
};
