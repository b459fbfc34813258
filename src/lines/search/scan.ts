/**
 * Which records of a text are selected, which stand around them as context, and when it is enough: GNU grep's rules, from its
 * manual and held against it by test.
 */

import { countByte } from './count-byte.js';
import { lineRecords, type Records } from './records.js';
import type { View } from './view.js';

/** What is done with what was found. Offsets are the buffer's; lines come with their ends. */
export interface Printer {
  /** One record: a selected one, or context. */
  readonly record: (view: View, start: number, end: number, isSelected: boolean) => void;
  /** Several selected records at once, where that is all the same. */
  readonly run?: (view: View, start: number, end: number) => void;
  /** Stands between groups of lines that do not follow each other. */
  readonly separator: () => void;
}

export interface ScanOptions {
  readonly eol: number;
  /** Selects what the finder does not find. */
  readonly invert: boolean;
  /** Nothing is printed: only the count matters. */
  readonly quiet: boolean;
  /** One is enough. */
  readonly firstOnly: boolean;
  /** So many are enough. */
  readonly most: number;
  /** Records of context; undefined where none was asked for, which is not the same as 0: groups are separated then. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** As a matcher's: offset of a character within the first record at or after `from` that is found, or -1. */
export type Find = (text: string, from: number) => number;

export interface Scan {
  /** Begins a text; `find` finds its records. Groups of different texts are separated as well. */
  readonly begin: (find: Find, records: Records) => void;
  /** Looks at a piece of whole records. Gives whether it is enough. */
  readonly piece: (text: string) => boolean;
  /** Where context may begin that a later match needs; nothing before it is looked at again. */
  readonly keepFrom: (end: number) => number;
  /** Selected records of this text. */
  readonly count: () => number;
}

/** A line that begins no further before its match than this is looked for from where the last one ended, characters. */
const NEAR = 1024;

export const openScan = (view: View, printer: Printer, options: ScanOptions): Scan => {
  const { eol, invert, quiet, firstOnly, most } = options;
  const before = options.before ?? 0;
  const after = options.after ?? 0;
  const isGrouped = options.before !== undefined || options.after !== undefined;
  const eolText = String.fromCharCode(eol);
  let find: Find = () => -1;
  let records = lineRecords(eol);
  let isUnits = false;
  /** Whether anything was printed, of any text. */
  let isUsed = false;
  /** Offset in the text of the end of what was printed last; -1 where nothing was. */
  let printedTo = -1;
  /** Records of context that are still to come. */
  let pending = 0;
  let left = most;
  let count = 0;

  const recordsIn = (
    start: number,
    end: number,
    limit: number,
  ): { readonly end: number; readonly count: number } => {
    if (limit === Number.POSITIVE_INFINITY && !isUnits)
      return { end, count: countByte(view.bytes, eol, start, end) };
    let at = start;
    let found = 0;
    while (at < end && found < limit) {
      at = records.end(view, at);
      found++;
    }
    return { end: at, count: found };
  };
  const print = (start: number, end: number, isSelected: boolean): void => {
    printer.record(view, start, end, isSelected);
    printedTo = view.origin + end;
  };
  const printPending = (limit: number): void => {
    let at = Math.max(printedTo - view.origin, 0);
    for (; pending > 0 && at < limit; pending--) {
      const end = records.end(view, at);
      print(at, end, false);
      at = end;
    }
  };
  const printBefore = (start: number): void => {
    const floor = Math.max(printedTo - view.origin, 0);
    let at = start;
    for (let index = 0; index < before && at > floor; index++) at = records.start(view, at - 1, floor);
    if (isGrouped && isUsed && view.origin + at !== printedTo) printer.separator();
    while (at < start) {
      const end = records.end(view, at);
      print(at, end, false);
      at = end;
    }
  };
  /** Selected records from `start` to `end`; one only, unless inverted. Gives whether it is enough. */
  const select = (start: number, end: number): boolean => {
    if (!quiet) {
      if (pending > 0) printPending(start);
      if (isGrouped) printBefore(start);
    }
    if (!invert) {
      if (!quiet) print(start, end, true);
      count++;
      left--;
    } else if (firstOnly) {
      count++;
    } else if (!quiet && left === Number.POSITIVE_INFINITY && printer.run !== undefined) {
      printer.run(view, start, end);
      printedTo = view.origin + end;
      count++;
    } else if (quiet) {
      const found = recordsIn(start, end, left);
      count += found.count;
      left -= found.count;
    } else {
      for (let at = start; at < end && left > 0; left--) {
        const next = records.end(view, at);
        print(at, next, true);
        at = next;
        count++;
      }
    }
    pending = quiet ? 0 : after;
    isUsed = true;
    return left <= 0 || firstOnly;
  };
  const look = (text: string): void => {
    const { base } = view;
    for (let at = 0; at < text.length; ) {
      const hit = find(text, at);
      if (hit === -1) {
        if (invert) select(base + at, base + text.length);
        return;
      }
      // Mostly the line is the very next one, and to look ahead is much cheaper than to look back.
      let end = hit - at < NEAR ? text.indexOf(eolText, at) + 1 : 0;
      let start = at;
      if (end <= hit) {
        start = text.lastIndexOf(eolText, hit - 1) + 1;
        end = text.indexOf(eolText, hit) + 1;
      }
      if (isUnits) {
        start = records.start(view, base + start, base + at) - base;
        end = records.end(view, base + hit) - base;
      }
      if (invert) {
        if (at < start && select(base + at, base + start)) return;
      } else if (select(base + start, base + end)) return;
      at = end;
    }
  };
  /** Where only the number of lines matters, it does not matter where they begin. */
  const countIn = (text: string): void => {
    for (let at = 0; at < text.length && left > 0; left--) {
      const hit = find(text, at);
      if (hit === -1) return;
      count++;
      if (firstOnly) return;
      at = text.indexOf(eolText, hit) + 1;
    }
  };
  return {
    begin: (newFind, newRecords) => {
      find = newFind;
      records = newRecords;
      isUnits = !records.areLines;
      printedTo = -1;
      pending = 0;
      left = most;
      count = 0;
    },
    piece: (text) => {
      if (left > 0) (quiet && !invert && !isUnits ? countIn : look)(text);
      if (pending > 0) printPending(view.base + text.length);
      return (left <= 0 && pending === 0) || (firstOnly && count > 0);
    },
    keepFrom: (end) => {
      let at = end;
      const floor = Math.max(printedTo - view.origin, 0);
      for (let index = 0; index < before && at > floor; index++) at = records.start(view, at - 1, floor);
      return at;
    },
    count: () => count,
  };
};
