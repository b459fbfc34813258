/** Records of several lines: a line and those that continue it, as a stack trace does. */

import { openUnits, type UnitOptions } from '../multiline.js';
import type { Records } from './records.js';

/** The index of the last start that is at or before `at`; the starts are in order. */
const indexBefore = (starts: readonly number[], at: number): number => {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

export const unitRecords = (eol: number, options: UnitOptions): Records => {
  const units = openUnits(options);
  /** Offsets in the whole text, since the buffer moves on. */
  let starts: number[] = [];
  /** Up to where lines were looked at. */
  let noted = 0;
  /** End of the whole records. */
  let whole = 0;
  return {
    areLines: false,
    start: ({ origin }, at, floor) =>
      Math.max(floor, (starts[indexBefore(starts, origin + at)] ?? origin) - origin),
    end: ({ origin }, at) => (starts[indexBefore(starts, origin + at) + 1] ?? whole) - origin,
    note: ({ bytes, origin }, start, end, isLast) => {
      for (let at = Math.max(start, noted - origin); at < end; ) {
        const next = bytes.indexOf(eol, at) + 1;
        // The first line of a text begins a unit whatever it looks like.
        if (!units.continues(bytes.toString('utf8', at, next - 1)) || starts.length === 0)
          starts.push(origin + at);
        at = next;
      }
      noted = Math.max(noted, origin + end);
      whole = isLast ? origin + end : (starts.at(-1) ?? origin + start);
      return whole - origin;
    },
    forget: ({ origin }, before) => {
      const index = indexBefore(starts, origin + before);
      if (index > 0) starts = starts.slice(index);
    },
  };
};
