/** Lines that belong together: stack traces, indented lines, parts of a line that was too long. One unit to match, count and show. */

import type { LineContext, LineFormat } from './format.js';
import type { LogLine } from './line.js';

export interface UnitOptions {
  readonly format: LineFormat;
  readonly context: LineContext;
  /** Whether records of text begin with a time (as `recognise` says), so that a line without one continues the one before. */
  readonly stamped?: boolean;
}

export interface Units {
  /** Whether this line, the next one of the file, belongs to the unit of the line before. To be called for every line, in order. */
  readonly continues: (line: string) => boolean;
}

/** A unit is cut after so many lines or characters, so that a file that is no log cannot fill the memory. */
export const MOST_LINES = 1_000;
export const MOST_CHARACTERS = 1_000_000;

/** Tells, line by line, where a unit ends: it is whole when `continues` says no to the line after it. */
export const openUnits = (_options: UnitOptions): Units => ({
  continues: (line) => /^\s+\S/.test(line),
});

/** The units of some lines, one after the other. */
export function* joinUnits(lines: Iterable<string>, options: UnitOptions): Generator<string[]> {
  const units = openUnits(options);
  let unit: string[] = [];
  for (const line of lines) {
    if (!units.continues(line) && unit.length > 0) {
      yield unit;
      unit = [];
    }
    unit.push(line);
  }
  if (unit.length > 0) yield unit;
}

/**
 * What a unit says, its lines with newlines between them: the first line's time, level and fields, and a message that goes on
 * over the other lines.
 */
export const parseUnit = (unit: string, { format, context }: UnitOptions): LogLine | undefined =>
  format.parse(unit, context);
