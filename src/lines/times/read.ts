/** The shapes in which logs write times, told apart by their first characters and read digit by digit. */

import type { LineContext } from '../format.js';
import { momentOfParts } from './moment.js';
import { fourDigits, isDigit, isWordCode, monthAt, NOT_SAID, parts, readClock, twoDigits } from './parts.js';
import { readZone } from './zone.js';

/** ISO 8601's extended form, RFC 3339, and the same with slashes (nginx's error log, Go's `log`). */
const readIso = (text: string, at: number): number => {
  const mark = text.charCodeAt(at + 4);
  if (text.charCodeAt(at + 7) !== mark) return -1;
  parts.year = fourDigits(text, at);
  parts.month = twoDigits(text, at + 5);
  parts.day = twoDigits(text, at + 8);
  if (parts.year < 0 || parts.month < 0 || parts.day < 0) return -1;
  const between = text.charCodeAt(at + 10);
  // T, t, a space, and svlogd's `_`.
  if (between !== 84 && between !== 32 && between !== 116 && between !== 95) return -1;
  const end = readClock(text, at + 11, false);
  return end < 0 ? -1 : readZone(text, end);
};

/** ISO 8601's basic form, `20260102T150405Z`, and glog's `20260102 15:04:05`. */
const readBasic = (text: string, at: number): number => {
  parts.year = fourDigits(text, at);
  parts.month = twoDigits(text, at + 4);
  parts.day = twoDigits(text, at + 6);
  if (parts.year < 0 || parts.month < 0 || parts.day < 0) return -1;
  const between = text.charCodeAt(at + 8);
  if (between !== 84 && between !== 32) return -1;
  const end = text.charCodeAt(at + 11) === 58 ? readClock(text, at + 9, true) : readTight(text, at + 9);
  return end < 0 ? -1 : readZone(text, end);
};

/** `150405` and a fraction. */
const readTight = (text: string, at: number): number => {
  const clock = `${text.slice(at, at + 2)}:${text.slice(at + 2, at + 4)}:${text.slice(at + 4, at + 16)}`;
  const end = /^\d{2}:\d{2}:\d{2}/.test(clock) ? readClock(clock, 0, true) : -1;
  return end < 0 ? -1 : at + end - 2;
};

/** One or two digits, or a space and one. */
const readDay = (text: string, at: number): number => {
  const from = text.charCodeAt(at) === 32 ? at + 1 : at;
  const first = text.charCodeAt(from);
  if (!isDigit(first)) return -1;
  const second = text.charCodeAt(from + 1);
  if (!isDigit(second) || from > at) {
    parts.day = first - 48;
    return from + 1;
  }
  parts.day = (first - 48) * 10 + second - 48;
  return from + 2;
};

/** Of two digits as RFC 2822 4.3 has it: up to 49 they are this century's. */
const readYear = (text: string, at: number): number => {
  const four = fourDigits(text, at);
  if (four >= 0) {
    parts.year = four;
    return at + 4;
  }
  const two = twoDigits(text, at);
  if (two < 0 || isDigit(text.charCodeAt(at + 2))) return -1;
  parts.year = two < 50 ? 2000 + two : 1900 + two;
  return at + 2;
};

/**
 * Day first: `02/Jan/2026:15:04:05 +0100` (Common Log Format), `02 Jan 2026 15:04:05` (RFC 2822, HTTP, Redis), `02-Jan-26 15:04:05`
 * (RFC 850, PHP, BIND).
 */
const readDayFirst = (text: string, at: number): number => {
  let end = readDay(text, at);
  if (end < 0) return -1;
  const mark = text.charCodeAt(end);
  if (mark !== 47 && mark !== 32 && mark !== 45) return -1;
  parts.month = monthAt(text, end + 1);
  if (parts.month === 0 || text.charCodeAt(end + 4) !== mark) return -1;
  end = readYear(text, end + 5);
  if (end < 0) return -1;
  const between = text.charCodeAt(end);
  if (between !== 32 && !(between === 58 && mark === 47)) return -1;
  end = readClock(text, end + 1, true);
  return end < 0 ? -1 : readZone(text, end);
};

/** ` 2026` after a clock, as asctime and `date` have it. */
const readLastYear = (text: string, at: number): number => {
  if (text.charCodeAt(at) !== 32 || isWordCode(text.charCodeAt(at + 5))) return at;
  const year = fourDigits(text, at + 1);
  if (year < 0) return at;
  parts.year = year;
  return at + 5;
};

/**
 * Month first: `Jan  2 15:04:05` (RFC 3164), `Jan 2 2026 15:04:05`, `Jan 02, 2026 3:04:05 PM` (java.util.logging); with a day of the week before it
 * or a zone after it also `Fri Jan 02 15:04:05.123456 2026` (asctime, Apache) and `Fri Jan  2 15:04:05 UTC 2026` (date).
 */
const readMonthFirst = (text: string, at: number, hasWeekday: boolean): number => {
  parts.month = monthAt(text, at);
  if (parts.month === 0 || text.charCodeAt(at + 3) !== 32) return -1;
  let end = readDay(text, at + 4);
  if (end < 0) return -1;
  if (text.charCodeAt(end) === 44) end++;
  if (text.charCodeAt(end) !== 32) return -1;
  const year = fourDigits(text, end + 1);
  if (year >= 0) {
    parts.year = year;
    end += text.charCodeAt(end + 5) === 44 ? 6 : 5;
    if (text.charCodeAt(end) !== 32) return -1;
  }
  end = readClock(text, end + 1, true);
  if (end < 0) return -1;
  end = readZone(text, end);
  return year < 0 && (hasWeekday || parts.zone !== NOT_SAID) ? readLastYear(text, end) : end;
};

/** `Fri `, `Fri, `, `Friday, `. */
const WEEKDAY =
  /(?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)(,?) /y;

const readNamed = (text: string, at: number): number => {
  if (monthAt(text, at) > 0) return readMonthFirst(text, at, false);
  WEEKDAY.lastIndex = at;
  const weekday = WEEKDAY.exec(text);
  if (weekday === null) return -1;
  const after = at + weekday[0].length;
  // `Fri 2026-01-02 15:04:05 CET`, journalctl -o short-full and systemctl.
  if (text.charCodeAt(after + 4) === 45) return readIso(text, after);
  return weekday[1] === '' ? readMonthFirst(text, after, true) : readDayFirst(text, after);
};

const readNumbered = (text: string, at: number): number => {
  const fifth = text.charCodeAt(at + 4);
  if (fifth === 45 || fifth === 47) return readIso(text, at);
  const third = text.charCodeAt(at + 2);
  if (isDigit(third)) return isDigit(fifth) ? readBasic(text, at) : -1;
  return readDayFirst(text, at);
};

/** Where the last stamp that was read ended. */
export let stampEnd = 0;

const finish = (text: string, end: number, context: LineContext): number => {
  if (end < 0 || isWordCode(text.charCodeAt(end))) return Number.NaN;
  stampEnd = end;
  return momentOfParts(context);
};

/**
 * The moment of the stamp that stands at `at`, ms since 1970, and `stampEnd`; NaN where none does. Bare numbers, such as
 * Unix times, are not taken for one.
 */
export const readStamp = (text: string, at: number, context: LineContext): number => {
  const first = text.charCodeAt(at);
  parts.year = NOT_SAID;
  if (isDigit(first)) return finish(text, readNumbered(text, at), context);
  // From A(pril) to W(ednesday).
  return first >= 65 && first <= 87 ? finish(text, readNamed(text, at), context) : Number.NaN;
};

/** The same for `0102 15:04:05.678901`, month and day as klog writes them; elsewhere they may be anything. */
export const readMonthDay = (text: string, at: number, context: LineContext): number => {
  parts.year = NOT_SAID;
  parts.zone = NOT_SAID;
  parts.month = twoDigits(text, at);
  parts.day = twoDigits(text, at + 2);
  const isOne = parts.month >= 0 && parts.day >= 0 && text.charCodeAt(at + 4) === 32;
  return isOne ? finish(text, readClock(text, at + 5, true), context) : Number.NaN;
};
