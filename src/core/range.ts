/** The monitoring plugins' range syntax (Monitoring Plugins Development Guidelines, "Threshold and ranges"). */

import { decimal } from './decimal.js';
import type { Unit } from './group.js';
import { parseQuantity, quantityForm } from './quantity.js';

/** Alerts outside start…end, ends included in what is fine; `inside` turns that round. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly inside: boolean;
}

/** Why a text is not a range, in a sentence; `hint` says what to write instead. */
export class RangeSyntaxError extends Error {
  readonly hint: string;
  constructor(text: string, why: string, hint = 'ranges are 10, 10:, ~:10, 10:20 or @10:20') {
    super(`"${text}" is not a range: ${why}`);
    this.hint = hint;
  }
}

/**
 * Throws RangeSyntaxError. Whatever is valid means what it means to the plugins. Their C parser takes more: it reads as
 * many digits as it finds and calls the rest zero, so that `a` is `0:0`, `0:~` is `0:0`, and an empty text alerts below
 * 0. Those are mistakes that would silence or raise an alarm, and are refused here, as is a text without any number.
 * Where the unit of the value is known, numbers may have one: `5GB:`, `1h:2h`.
 */
export const parseRange = (text: string, unit?: Unit): Range => {
  const fail = (why: string, hint?: string): never => {
    throw new RangeSyntaxError(text, why, hint);
  };
  const number = (part: string): number => {
    const value = parseQuantity(part, unit);
    if (value === undefined)
      return fail(part === '' ? 'a number is missing' : `"${part}" is not ${quantityForm(unit)}`);
    return Number.isFinite(value) ? value + 0 : fail(`${part} is too large`);
  };
  const trimmed = text.trim();
  if (trimmed === '') return fail('it is empty');
  const inside = trimmed.startsWith('@');
  const parts = trimmed.slice(inside ? 1 : 0).split(':');
  if (parts.length > 2) return fail('it has more than one ":"');
  const last = parts.at(-1) as string;
  if (last === '~') return fail('"~" means no lower end and stands before ":"', 'write ~:10 for "above 10"');
  const first = parts.length === 2 ? (parts[0] as string) : '';
  if (first === '' && last === '') return fail('it has no number');
  const start = first === '~' ? -Infinity : first === '' ? 0 : number(first);
  const end = last === '' ? Infinity : number(last);
  if (start > end) {
    if (first !== '') return fail(`its start ${first} is above its end ${last}`);
    return fail(`a range starts at 0 unless told otherwise, which is above ${last}`, `write ~:${last}`);
  }
  return { start, end, inside };
};

/** The shortest text that `parseRange` reads back as the same range. */
export const formatRange = ({ start, end, inside }: Range): string => {
  const open = end === Infinity;
  const from = start === -Infinity ? '~:' : start === 0 && !open ? '' : `${decimal(start)}:`;
  return `${inside ? '@' : ''}${from}${open ? '' : decimal(end)}`;
};

/** Whether the value is an alarm. What is not a number always is: nobody can say that it is fine. */
export const alerts = ({ start, end, inside }: Range, value: number): boolean =>
  Number.isNaN(value) || (start <= value && value <= end) === inside;

/** Alerts above `limit`, as the plain number does: also below 0, unless the value may well be `signed`. */
export const above = (limit: number, signed = false): Range => ({
  start: signed ? -Infinity : 0,
  end: limit,
  inside: false,
});

/** Alerts below `limit`. */
export const below = (limit: number): Range => ({ start: limit, end: Infinity, inside: false });

/** Alerts at `value` only. */
export const exactly = (value: number): Range => ({ start: value, end: value, inside: true });
