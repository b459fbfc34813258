/** The lines of one piece of a log that may be records, each found by its number and decoded only when asked for. */

import type { Group } from '../core/group.js';
import { decodeRecord } from './codec.js';
import { linesIn } from './lines.js';
import type { LogRecord } from './record.js';
import { timeOf } from './time-index.js';

type Groups = ReadonlyMap<string, Group>;

export interface PieceLines {
  /** All lines of the piece. */
  readonly text: Buffer;
  /** How many of them may be records. */
  readonly count: number;
  /** When a line was written, ms since 1970. */
  readonly timeAt: (index: number) => number;
  readonly bytesAt: (index: number) => Buffer;
  /** The record it holds, of it only these groups where given; undefined where it is none after all. */
  readonly recordAt: (index: number, only?: ReadonlySet<string>) => LogRecord | undefined;
  /** The same without any readings, for which no schema is needed. */
  readonly bareAt: (index: number) => LogRecord | undefined;
}

const BRACE = 0x7b;
const NO_GROUPS: Groups = new Map();

/** Finds the lines; `groups` are asked for when the first one is decoded. */
export const findLines = (text: Buffer, groups: () => Groups): PieceLines => {
  const starts: number[] = [];
  const ends: number[] = [];
  const times: number[] = [];
  const bareOf = (line: Buffer): LogRecord | undefined => decodeRecord(line.toString('utf8'), NO_GROUPS);

  let at = 0;
  for (const line of linesIn(text)) {
    const start = at;
    at += line.length + 1;
    // Where the time does not stand in its place, the line must be read to know whether it is of any use.
    const time = timeOf(line) ?? (line[0] === BRACE ? bareOf(line)?.time : undefined);
    if (time === undefined) continue;
    starts.push(start);
    ends.push(at - 1);
    times.push(time);
  }
  const bytesAt = (index: number): Buffer => text.subarray(starts[index], ends[index]);
  return {
    text,
    count: starts.length,
    timeAt: (index) => times[index] as number,
    bytesAt,
    recordAt: (index, only) => decodeRecord(bytesAt(index).toString('utf8'), groups(), only),
    bareAt: (index) => bareOf(bytesAt(index)),
  };
};
