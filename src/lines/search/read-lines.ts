/** Printers that read what a line says instead of showing it. */

import { toJson } from '../../core/json-text.js';
import type { LogLine, Value } from '../line.js';
import { parseUnit, type UnitOptions } from '../multiline.js';
import {
  addToCounts,
  addToTally,
  type Counts,
  mergeCounts,
  mergeTally,
  openCounts,
  openTally,
  type Tally,
} from '../tally/index.js';
import { nameOf, valuesOf } from '../where/index.js';
import type { Collector } from './collect.js';
import type { TextPrinter } from './print.js';
import { safe } from './safe.js';
import type { View } from './view.js';

/** What a record says; undefined where its text is not of the format. */
export const readRecord = (
  { bytes }: View,
  start: number,
  end: number,
  reading: UnitOptions | undefined,
): LogLine | undefined => {
  const text = bytes.toString('utf8', start, end - 1);
  return reading && parseUnit(text.endsWith('\r') ? text.slice(0, -1) : text, reading);
};

const NO_LINE: LogLine = { fields: {} };

/** Hands over what each selected record says; context is nothing to it. */
const openReader = (take: (line: LogLine) => void, settle: () => void): TextPrinter => {
  let reading: UnitOptions | undefined;
  return {
    begin: (_name, newReading) => {
      reading = newReading;
    },
    record: (view, start, end, isSelected) => {
      if (isSelected) take(readRecord(view, start, end, reading) ?? NO_LINE);
    },
    settle,
    separator: () => {},
  };
};

/** What logfmt takes without quotes. */
const BARE = /^[^\s"=\\\p{C}]+$/u;

const asText = (value: Value): string => {
  const text = typeof value === 'object' && value !== null ? toJson(value) : String(value);
  return BARE.test(text) ? text : JSON.stringify(text);
};

const onlyOne = (values: readonly Value[]): Value => (values.length === 1 ? (values[0] as Value) : values);

/** Only these fields: `name=value` in logfmt's way, or an object a line. What a line does not have is left out. */
export const openFieldsPrinter = (
  out: Collector,
  names: readonly string[],
  {
    json,
    isSafe,
    lineBuffered,
  }: { readonly json: boolean; readonly isSafe: boolean; readonly lineBuffered: boolean },
): TextPrinter => {
  const wanted = names.map((name) => ({ name, at: nameOf(name) }));
  return openReader((line) => {
    const found = wanted.flatMap(({ name, at }) => {
      const values = valuesOf(line, at);
      return values.length === 0 ? [] : [[name, onlyOne(values)] as const];
    });
    const text = json
      ? toJson(Object.fromEntries(found))
      : found.map(([name, value]) => `${name}=${asText(value)}`).join(' ');
    const bytes = Buffer.from(text, 'utf8').toString('latin1');
    out.latin1(`${isSafe ? safe(bytes) : bytes}\n`);
    if (lineBuffered) out.flush();
  }, out.settle);
};

/** What was counted, as plain data. */
export interface Tallies {
  readonly counts?: Counts;
  readonly summary?: Tally;
}

/** Counts what a field holds; nothing is printed. */
export const openTallyPrinter = (
  out: Collector,
  { counts, summary }: Tallies,
  fields: { readonly countBy?: string; readonly summary?: string },
): TextPrinter => {
  const by = fields.countBy === undefined ? undefined : nameOf(fields.countBy);
  const of = fields.summary === undefined ? undefined : nameOf(fields.summary);
  return openReader((line) => {
    if (counts !== undefined && by !== undefined) addToCounts(counts, valuesOf(line, by));
    if (summary !== undefined && of !== undefined) addToTally(summary, valuesOf(line, of));
  }, out.settle);
};

export const openTallies = (fields: { readonly countBy?: string; readonly summary?: string }): Tallies => ({
  ...(fields.countBy !== undefined && { counts: openCounts() }),
  ...(fields.summary !== undefined && { summary: openTally() }),
});

/** Adds what another thread has counted. */
export const addTallies = (to: Tallies, more: Tallies): void => {
  if (to.counts !== undefined && more.counts !== undefined) mergeCounts(to.counts, more.counts);
  if (to.summary !== undefined && more.summary !== undefined) mergeTally(to.summary, more.summary);
};
