/** What a search selects and prints as one: lines, or units of several lines. All offsets are the buffer's. */

import type { View } from './view.js';

export interface Records {
  /** Each record is one line. */
  readonly areLines: boolean;
  /** Start of the record that the byte at `at` is in. Nothing before `floor`, a record's start, is looked at. */
  readonly start: (view: View, at: number, floor: number) => number;
  /** End of the record that the byte at `at` is in, its line end included. */
  readonly end: (view: View, at: number) => number;
  /** Takes note of whole lines that are new. Gives the end of the last whole record, which is `end` or before it. */
  readonly note: (view: View, start: number, end: number, isLast: boolean) => number;
  /** Forgets what stood before this offset. */
  readonly forget: (view: View, before: number) => void;
}

/** Each line is a record. */
export const lineRecords = (eol: number): Records => ({
  areLines: true,
  start: ({ bytes }, at, floor) => (at <= floor ? floor : bytes.lastIndexOf(eol, at - 1) + 1),
  end: ({ bytes }, at) => bytes.indexOf(eol, at) + 1,
  note: (_view, _start, end) => end,
  forget: () => {},
});
