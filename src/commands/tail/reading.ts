/** How the lines of one file are read: their format, recognised from those that came, and which of them are wanted. */

import type { LineContext, LineFormat } from '../../lines/format.js';
import type { Level, LogLine } from '../../lines/line.js';
import type { Matcher } from '../../lines/matcher.js';
import { openUnits, parseUnit, type Units } from '../../lines/multiline.js';
import { recognise } from '../../lines/recognise.js';
import { openSelector } from '../../lines/selection.js';
import type { Where } from '../../lines/where/index.js';
import { either, laidOut } from '../../lines/where/raw/scan.js';

/** Which lines are wanted. */
export interface Wanted {
  /** ms since 1970, ends included. */
  readonly since?: number;
  readonly until?: number;
  readonly level?: Level;
  readonly where?: Where;
  readonly grep?: Matcher;
}

export interface ReadingOptions {
  readonly wanted: Wanted;
  /** The format, where somebody said which. */
  readonly format?: LineFormat;
  /** Whether lines that continue another are one with it. */
  readonly multiline: boolean;
  readonly context: LineContext;
}

/** A format in use. */
export interface Reading {
  readonly format: LineFormat;
  readonly context: LineContext;
  readonly name: string;
  /** Joins lines anew, from a line that begins. */
  readonly units: () => Units;
  readonly parse: (unit: string) => LogLine | undefined;
  readonly timeOf: (unit: string) => number | undefined;
  /** Whether a unit is wanted: its text, and the same byte by byte. */
  readonly accept: (unit: string, latin1: () => string) => boolean;
  /** Whether some lines, byte by byte, may hold a wanted one. */
  readonly mayHold: (latin1: () => string) => boolean;
}

const ALONE: Units = { continues: () => false };

const firstLine = (unit: string): string => {
  const end = unit.indexOf('\n');
  return end < 0 ? unit : unit.slice(0, end);
};

const openReading = (format: LineFormat, stamped: boolean, options: ReadingOptions): Reading => {
  const { wanted, multiline, context } = options;
  const { grep, ...rest } = wanted;
  const unitOptions = { format, context, stamped };
  const asksMore = Object.values(rest).some((value) => value !== undefined);
  const selector = asksMore ? openSelector({ ...rest, format, context }) : undefined;
  const next = selector?.next && (multiline ? either([selector.next, laidOut]) : selector.next);
  const parse = (unit: string): LogLine | undefined => parseUnit(unit, unitOptions);
  return {
    format,
    context,
    name: `${format.name}${stamped ? ' stamped' : ''}`,
    units: () => (multiline ? openUnits(unitOptions) : ALONE),
    parse,
    timeOf: (unit) =>
      format.timeOf === undefined ? parse(unit)?.time : format.timeOf(firstLine(unit), context),
    accept: (unit, latin1) =>
      (grep === undefined || grep.next(latin1(), 0) >= 0) &&
      (selector === undefined || selector.accept(unit)),
    mayHold: (latin1) =>
      (grep === undefined || grep.next(latin1(), 0) >= 0) && (next === undefined || next(latin1(), 0) >= 0),
  };
};

/** Lines that are kept to look at again. */
const MOST_RECENT = 100;

/** The reading that fits what came so far. */
export interface Readings {
  /** For these lines, the next of the file. */
  readonly for: (lines: readonly string[]) => Reading;
  /** The newest, where there was one. */
  readonly current: () => Reading | undefined;
}

export const openReadings = (options: ReadingOptions): Readings => {
  const { format } = options;
  if (format !== undefined) {
    const fixed = openReading(format, isStamped(format), options);
    return { for: () => fixed, current: () => fixed };
  }
  const recent: string[] = [];
  let reading: Reading | undefined;
  let seen = 0;
  let lookAt = 1;
  return {
    for: (lines) => {
      seen += lines.length;
      recent.push(...lines.slice(-MOST_RECENT).filter((line) => line !== ''));
      recent.splice(0, recent.length - MOST_RECENT);
      if (reading !== undefined && seen < lookAt) return reading;
      // A file begins with what is not its rule, and may change later: it is looked at again, ever more rarely.
      lookAt = Math.min(seen * 2, seen + 1000);
      const found = recognise(recent, options.context);
      const next = openReading(found.format, found.stamped, options);
      if (next.name !== reading?.name) reading = next;
      return reading;
    },
    current: () => reading,
  };
};

/** Of a format that was named nobody has seen lines; text with times is what continued lines belong to. */
const isStamped = ({ name }: LineFormat): boolean => name !== 'plain';
