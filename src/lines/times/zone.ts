/** The zone that a stamp ends with. */

import { isWordCode, NAMED, NOT_SAID, parts, twoDigits, UNTOLD } from './parts.js';

/**
 * Names that mean one zone, minutes east of Greenwich: UTC's and those of RFC 822 5.1 (military letters but Z left out, as
 * RFC 2822 4.3 tells), then those that stood for one offset alone in all of tzdata (2025b) from 1990 on.
 */
const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ Z: 0, UTC: 0, UT: 0, GMT: 0 },
    ...{ EST: -300, EDT: -240, CST: -360, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420 },
    ...{ WET: 0, WEST: 60, CET: 60, CEST: 120, MET: 60, MEST: 120, EET: 120, EEST: 180 },
    ...{ WAT: 60, CAT: 120, SAST: 120, EAT: 180, IDT: 180, PKT: 300, PKST: 360 },
    ...{ WIB: 420, WITA: 480, WIT: 540, HKT: 480, JST: 540, NZST: 720, NZDT: 780 },
    ...{ AWST: 480, AWDT: 540, ACST: 570, ACDT: 630, AEST: 600, AEDT: 660 },
    ...{ NST: -210, NDT: -150, AKST: -540, AKDT: -480, HST: -600, HDT: -540 },
  }),
);

/** Names that several zones have: Arabia and the Atlantic, Britain and Bangladesh, India, Israel and Ireland … */
const SHARED: ReadonlySet<string> = new Set(['ADT', 'AST', 'BST', 'GST', 'IST', 'KST', 'MSD', 'MSK', 'SST']);

/** `+01:00`, `+0100`, and `+01` where `isShort` allows it: the offset after it, or -1. */
const readOffset = (text: string, at: number, isShort: boolean): number => {
  const hours = twoDigits(text, at + 1);
  if (hours < 0 || hours > 23) return -1;
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0;
  const minutes = twoDigits(text, at + 3 + colon);
  if (minutes < 0 ? !isShort || colon === 1 : minutes > 59) return -1;
  const end = minutes < 0 ? at + 3 : at + 5 + colon;
  if (isWordCode(text.charCodeAt(end))) return -1;
  const size = hours * 60 + Math.max(minutes, 0);
  parts.zone = text.charCodeAt(at) === 45 ? -size : size;
  return end;
};

const isSign = (code: number): boolean => code === 43 || code === 45;

/** A name of capital letters, or one of the zone database such as `Europe/Berlin`. */
const NAME = /[A-Z]{1,5}(?![A-Za-z0-9_/])|[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z0-9_+-]+)+/y;

const readName = (text: string, at: number): number => {
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return at - 1;
  const end = at + name.length;
  const zone = ZONES.get(name);
  if (zone === undefined) {
    // Not a zone at all, as the level that mostly follows a time.
    if (!SHARED.has(name) && !name.includes('/')) return at - 1;
    parts.zone = SHARED.has(name) ? UNTOLD : NAMED;
    parts.zoneName = name;
    return end;
  }
  parts.zone = zone;
  // `GMT+0100`, as JavaScript writes a date.
  if (zone !== 0 || !isSign(text.charCodeAt(end))) return end;
  const after = readOffset(text, end, false);
  if (after >= 0) return after;
  parts.zone = UNTOLD;
  return end;
};

/** The name after an offset, as Go shows a time: `+0100 CET`. */
const skipName = (text: string, at: number): number => {
  if (text.charCodeAt(at) !== 32) return at;
  NAME.lastIndex = at + 1;
  const name = NAME.exec(text)?.[0] ?? '';
  return ZONES.has(name) || SHARED.has(name) ? at + 1 + name.length : at;
};

/**
 * What follows a clock: `Z`, `+01:00`, `+0100`, `+01`, or the latter two's longer forms and names after a space. The offset after it; `at` itself where there is
 * no zone.
 */
export const readZone = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  parts.zone = NOT_SAID;
  if (code === 90 || code === 122) {
    if (isWordCode(text.charCodeAt(at + 1))) return at;
    parts.zone = 0;
    return at + 1;
  }
  if (isSign(code)) {
    const end = readOffset(text, at, true);
    return end < 0 ? at : end;
  }
  if (code !== 32) return at;
  const next = text.charCodeAt(at + 1);
  if (isSign(next)) {
    const end = readOffset(text, at + 1, false);
    return end < 0 ? at : skipName(text, end);
  }
  return next >= 65 && next <= 90 ? readName(text, at + 1) : at;
};
