/** What the constants of a template mean, as Go has them. */

import { unquote as unquoteChecked } from '../strings.js';

/** A text in quotes as Go takes it. */
const QUOTED =
  /^(?:"(?:[^"\\\n]|\\(?:[abfnrtv\\"]|[0-7]{3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}))*"|`[^`]*`)$/;

/** Undefined where Go takes it for none. */
export const unquote = (quoted: string): string | undefined =>
  QUOTED.test(quoted) ? unquoteChecked(quoted) : undefined;

/** Whole numbers are bigint. Undefined where it is no number. */
export const numberOf = (text: string): bigint | number | undefined => {
  const bare = text.replaceAll('_', '');
  if (/^[+-]?(?:0[xXoObB])?[\da-fA-F]+$/.test(bare) && !/^[+-]?\d+[eE]/.test(bare)) {
    const [, sign, digits = ''] = /^([+-]?)(.*)$/.exec(bare) ?? [];
    // Go's older octal.
    const legacy = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
    try {
      const value = BigInt(legacy);
      return sign === '-' ? -value : value;
    } catch {
      return undefined;
    }
  }
  const value = Number(bare);
  return Number.isNaN(value) ? undefined : value;
};
