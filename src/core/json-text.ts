/** JSON that a terminal shows as it is: what it would act on is escaped, which changes nothing for who parses it. */

import { clean } from './clean.js';

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON escapes C0 itself; all that is left beyond printable ASCII stands inside of strings. */
const BEYOND = /[^\0-\x7e]/gu;

/** The same, to ask whether there is any: in most texts there is none, and to replace takes much longer than to look. */
const HAS_BEYOND = /[^\0-\x7e]/;

/** A JSON text with everything in it that a terminal would act on written as `\uXXXX`. */
export const escapeJson = (json: string): string =>
  HAS_BEYOND.test(json)
    ? json.replace(BEYOND, (character) =>
        clean(character) === character ? character : character.replace(/./gs, escapeUnit),
      )
    : json;

/** A value as JSON on one line. */
export const toJson = (value: unknown): string => escapeJson(JSON.stringify(value));
