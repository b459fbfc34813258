/** Goes along the numbers of a line and stops only at those that are wanted; the others are never made numbers of. */

import { POWERS, placesOf, valueFrom } from './scale.js';

/** A value as the lines so far left it. */
export interface Cell {
  /** In the table. */
  readonly position: number;
  value: number;
  places: number;
  units: number;
  isThere: boolean;
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const MINUS = 0x2d;
const ZERO = 0x30;
const NULL = 0x6e;

const setWhole = (cell: Cell, value: number): void => {
  cell.value = value;
  cell.places = placesOf(value);
  cell.units = cell.places < 0 ? 0 : Math.round(value * (POWERS[cell.places] as number));
  cell.isThere = true;
};

/** A whole number that is written with digits alone; NaN for anything else. */
const integerAt = (line: Buffer, start: number, end: number): number => {
  let at = start;
  const isNegative = line[at] === MINUS;
  if (isNegative) at++;
  // Beyond 15 digits adding up is not exact any more.
  if (end - at > 15 || end === at) return Number(line.toString('latin1', start, end));
  let value = 0;
  for (; at < end; at++) {
    const digit = (line[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
};

/** False where it cannot be understood. */
const setText = (cell: Cell, line: Buffer, start: number, end: number): boolean => {
  const value = valueFrom(line.toString('latin1', start + 1, end - 1));
  if (value === undefined) return false;
  setWhole(cell, value);
  return true;
};

const change = (cell: Cell, line: Buffer, start: number, end: number): boolean => {
  const first = line[start];
  if (first === QUOTE) return setText(cell, line, start, end);
  if (first === NULL) {
    cell.isThere = false;
    return true;
  }
  const difference = integerAt(line, start, end);
  if (!Number.isSafeInteger(difference)) return false;
  // No change: what is gone stays so.
  if (difference === 0) return true;
  if (cell.places < 0) return false;
  cell.isThere = true;
  cell.units += difference;
  cell.value = cell.units / (POWERS[cell.places] as number);
  return true;
};

const setValue = (cell: Cell, line: Buffer, start: number, end: number): boolean => {
  if (line[start] === QUOTE) return setText(cell, line, start, end);
  const value = Number(line.toString('latin1', start, end));
  if (Number.isNaN(value)) return false;
  setWhole(cell, value);
  return true;
};

/**
 * Applies what a line says to cells, whose positions ascend. `start` is behind the bracket that opens the numbers. False
 * where a line is not as we write them: the cells are then not to be used before the next key.
 */
export const applyNumbers = (
  line: Buffer,
  start: number,
  cells: readonly Cell[],
  isKey: boolean,
): boolean => {
  const apply = isKey ? setValue : change;
  let position = 0;
  let index = 0;
  let at = start;
  while (index < cells.length) {
    const first = line[at];
    if (first === undefined) return false;
    // What is behind the end has not changed; of a key, it is not there.
    if (first === CLOSE) return !isKey;
    let end = at;
    if (first === OPEN) {
      end = line.indexOf(CLOSE, at);
      if (end < 0 || isKey) return false;
      position += integerAt(line, at + 1, end);
      end++;
      while (index < cells.length && (cells[index] as Cell).position < position) index++;
    } else {
      if (first === QUOTE) {
        end = line.indexOf(QUOTE, at + 1) + 1;
        if (end === 0) return false;
      } else
        for (let byte = first; byte !== COMMA && byte !== CLOSE; byte = line[end] as number)
          if (++end >= line.length) return false;
      if (position === (cells[index] as Cell).position) {
        if (!apply(cells[index] as Cell, line, at, end)) return false;
        index++;
      }
      position++;
    }
    at = line[end] === COMMA ? end + 1 : end;
  }
  return true;
};
