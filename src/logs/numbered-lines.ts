/** Numbers, opening lines and losses, over any place that takes lines. A number that is missing is a line that was lost. */

import type { Encoded } from './codec.js';
import { createLineMaker } from './line.js';
import type { Losses } from './losses.js';
import type { LogRecord, RecordHead } from './record.js';
import type { RotatingFile } from './rotating-file.js';

/** Where lines go. */
export interface Place {
  /** As RotatingFile.ready and append; throw what the system says. */
  readonly ready: RotatingFile['ready'];
  readonly append: RotatingFile['append'];
  /** Tries to make room after that error; true where it is worth another try. */
  readonly makeRoom: (error: unknown) => boolean;
}

export interface NumberedLines<R extends RecordHead = LogRecord> {
  /** Writes a record, or counts it as lost. */
  readonly write: (record: R) => void;
  /** Whether the next sample, asked for before it is taken, will be the first of its run or file. */
  readonly beginsFile: () => boolean;
  /** Writes the opening lines, if it is time for them. */
  readonly begin: () => void;
  /** Lines given up so far. */
  readonly lost: () => number;
  /** Says how many were lost, if there are any not said yet. */
  readonly settle: () => void;
}

export interface NumberedLinesOptions<R extends RecordHead = LogRecord> {
  readonly place: Place;
  /** What the first line gets, unless a higher number was given to one that is lost. */
  readonly firstSeq: number;
  /** Records that every file starts with. */
  readonly opening: () => readonly (R | LogRecord)[];
  readonly encode: (record: R | LogRecord, seq?: number) => Encoded;
  readonly losses: Losses;
}

/** Holds the line that is being written, of whoever writes: a buffer for each line would be garbage outside of V8's heap. */
const room = Buffer.allocUnsafe(16 * 1024);

/** Good until it is asked again, which nothing does while a line is being written. */
const bytesOf = (line: string): Buffer =>
  // A unit of UTF-16 is three bytes at most.
  line.length * 3 > room.length ? Buffer.from(line) : room.subarray(0, room.write(line));

export const numberLines = async <R extends RecordHead = LogRecord>({
  place,
  firstSeq,
  opening,
  encode,
  losses,
}: NumberedLinesOptions<R>): Promise<NumberedLines<R>> => {
  const lineOf = await createLineMaker(encode);
  let seq = Math.max(firstSeq, (losses.owed()?.seq ?? 0) + 1);
  let longest = 0;
  let lost = 0;
  /** Of the last record that was to be written. */
  let latest: Pick<RecordHead, 'time' | 'host'> | undefined;
  /** Whether no sample of the present file was asked for as its first one. */
  let first = true;
  let promised = false;
  /** Whether the place was looked at for the very record that comes next. */
  let seen = false;

  /** Writes the opening lines, where the file is to begin. They take their numbers when they are all in it. */
  const begin = (bytes: number, seen = false): void => {
    if (!place.ready(bytes, seen)) return;
    const lines = opening().map((record, index) => lineOf(record, seq + index));
    place.append(Buffer.from(lines.join('')), 'opening');
    seq += lines.length;
    losses.pass(seq - 1);
    first = true;
    promised = false;
  };

  const put = (record: R | LogRecord): void => {
    const numbered = seq;
    let line = bytesOf(lineOf(record, seq));
    const looked = seen;
    seen = false;
    begin(line.length, looked);
    if (seq !== numbered) line = bytesOf(lineOf(record, seq));
    place.append(line);
    seq++;
    longest = Math.max(longest, line.length);
  };

  const sayLost = (): void => {
    const owed = losses.owed();
    if (owed === undefined || latest === undefined) return;
    const { count, reason } = owed;
    put({ kind: 'lost', ...latest, count, reason });
    losses.settle();
  };

  /** Does it as long as room can be made. What went wrong where it could not be done. */
  const persist = (act: () => void): { readonly error: unknown } | undefined => {
    for (;;) {
      try {
        act();
        return undefined;
      } catch (error) {
        if (!place.makeRoom(error)) return { error };
      }
    }
  };

  const write = (record: R): void => {
    const { time, host } = record;
    latest = { time, host };
    const failed = persist(() => {
      sayLost();
      put(record);
    });
    if (failed === undefined) {
      if (record.kind === 'sample' && promised) first = false;
      return;
    }
    lost++;
    losses.add(seq++, failed.error);
  };

  return {
    write,
    beginsFile: () => {
      seen = persist(() => begin(longest)) === undefined;
      promised = first;
      return first;
    },
    begin: () => {
      persist(() => begin(0));
    },
    lost: () => lost,
    settle: () => {
      persist(sayLost);
    },
  };
};
