/**
 * A group's value in a record, when it differs from the one before in its numbers alone, as it does in nearly all records that follow
 * each other: what stands between the numbers is compared byte by byte, and the numbers are taken from the bytes. No
 * string and no object is made. Anything else is for who parses it.
 */

import type { Group } from '../../core/group.js';
import type { Row } from '../../core/sample.js';
import { readPlainRows } from '../plain-rows.js';

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** A number as JSON has it, or a whole string. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** So many digits are a whole number that is held exactly, and so is the power of ten that it is divided by. */
const DIGITS = 15;
const POWERS = Array.from({ length: DIGITS + 1 }, (_, places) => 10 ** places);

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

export class Stencil {
  /** The numbers of the value that was read last. */
  readonly values: Float64Array;
  /** What stands before each number, and behind the last one. */
  readonly #between: readonly Uint8Array[];
  /** Behind the number that was read last. */
  #at = 0;

  /** `rows` have the place of each number, in `values`, for the number. */
  constructor(
    readonly group: Group,
    readonly rows: readonly Row[],
    between: readonly Uint8Array[],
  ) {
    this.#between = between;
    this.values = new Float64Array(between.length - 1);
  }

  /** Takes the numbers of a value; false where it is not of this kind. */
  read(line: Uint8Array, start: number, end: number): boolean {
    const between = this.#between;
    let at = start;
    for (let place = 0; place < between.length; place++) {
      const bytes = between[place] as Uint8Array;
      for (let index = 0; index < bytes.length; index++) if (line[at + index] !== bytes[index]) return false;
      at += bytes.length;
      if (place === between.length - 1) break;
      const value = this.#number(line, at);
      if (value === undefined) return false;
      this.values[place] = value;
      at = this.#at;
    }
    return at === end;
  }

  /** The number that JSON.parse would give, rounded once; undefined where that takes more than a division. */
  #number(line: Uint8Array, from: number): number | undefined {
    const isNegative = line[from] === MINUS;
    const start = isNegative ? from + 1 : from;
    let at = start;
    let digits = 0;
    let byte = line[at] as number;
    for (; isDigit(byte); byte = line[++at] as number) digits = digits * 10 + byte - ZERO;
    let count = at - start;
    // JSON has no number that begins with more than one zero, or with a point.
    if (count === 0 || (count > 1 && line[start] === ZERO)) return undefined;
    if (byte === POINT) {
      const point = at++;
      for (byte = line[at] as number; isDigit(byte); byte = line[++at] as number)
        digits = digits * 10 + byte - ZERO;
      const places = at - point - 1;
      count += places;
      if (places === 0 || count > DIGITS) return undefined;
      digits /= POWERS[places] as number;
    } else if (count > DIGITS) return undefined;
    this.#at = at;
    return isNegative ? -digits : digits;
  }
}

/** The stencil of a value; undefined where its rows are more than plain numbers and texts. */
export const stencilOf = (group: Group, text: string): Stencil | undefined => {
  const between: Uint8Array[] = [];
  let marked = '';
  let from = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.charCodeAt(0) === QUOTE) continue;
    between.push(Buffer.from(text.slice(from, index)));
    marked += text.slice(from, index) + String(between.length - 1);
    from = index + token.length;
  }
  between.push(Buffer.from(text.slice(from)));
  const rows = readPlainRows(group, JSON.parse(marked + text.slice(from)));
  return rows === undefined ? undefined : new Stencil(group, rows, between);
};

/** A group whose values are seldom alike is parsed at once, but for every so manieth, since that may change. */
const PATIENCE = 4;
const AGAIN = 32;

/** Looks after the stencil of what comes again and again. */
export class Stencils {
  #stencil: Stencil | undefined;
  /** Values in a row that were not alike. */
  #missed = 0;

  /** The stencil with the numbers of this value; undefined where it does not fit. */
  read(group: Group, line: Uint8Array, start: number, end: number): Stencil | undefined {
    const known = this.#stencil;
    if (known === undefined || known.group !== group || !known.read(line, start, end)) {
      this.#missed++;
      return undefined;
    }
    this.#missed = 0;
    return known;
  }

  /** Makes one of a value that did not fit. */
  learn(group: Group, text: string): void {
    if (this.#missed <= PATIENCE || this.#missed % AGAIN === 0) this.#stencil = stencilOf(group, text);
  }
}
