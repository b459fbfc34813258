/** Numbers, opening lines and losses, over any place that takes lines. A number that is missing is a line that was lost. */

import { systemReason } from '../exit.js';
import type { Encoded } from './codec.js';
import { createLineMaker } from './line.js';
import type { LogRecord } from './record.js';
import type { RotatingFile } from './rotating-file.js';

/** Where lines go. */
export interface Place {
  /** As RotatingFile.ready and append; throw what the system says. */
  readonly ready: RotatingFile['ready'];
  readonly append: RotatingFile['append'];
  /** Tries to make room after that error; true where it is worth another try. */
  readonly makeRoom: (error: unknown) => boolean;
}

export interface NumberedLines {
  /** Writes a record, or counts it as lost. */
  readonly write: (record: LogRecord) => void;
  /** Whether the next sample, asked for before it is taken, will be the first of its run or file. */
  readonly beginsFile: () => boolean;
  /** Writes the opening lines, if it is time for them. */
  readonly begin: () => void;
  /** Lines given up so far. */
  readonly lost: () => number;
  /** Says how many were lost, if there are any not said yet. */
  readonly settle: () => void;
}

/** The first line gets `firstSeq`; every file starts with the records of `opening`. */
export const numberLines = async (
  place: Place,
  firstSeq: number,
  opening: () => readonly LogRecord[],
  encode: (record: LogRecord) => Encoded,
): Promise<NumberedLines> => {
  const lineOf = await createLineMaker(encode);
  let seq = firstSeq;
  let longest = 0;
  let lost = 0;
  let unsaid: (Pick<LogRecord, 'time' | 'host'> & { count: number; reason: string }) | undefined;
  /** Whether no sample of the present file was asked for as its first one. */
  let first = true;
  let promised = false;

  /** Writes the opening lines, where the file is to begin. They take their numbers when they are all in it. */
  const begin = (bytes: number): void => {
    if (!place.ready(bytes)) return;
    const lines = opening().map((record, index) => lineOf(record, seq + index));
    place.append(Buffer.from(lines.join('')), 'opening');
    seq += lines.length;
    first = true;
    promised = false;
  };

  const put = (record: LogRecord): void => {
    const numbered = seq;
    let line = Buffer.from(lineOf(record, seq));
    begin(line.length);
    if (seq !== numbered) line = Buffer.from(lineOf(record, seq));
    place.append(line);
    seq++;
    longest = Math.max(longest, line.length);
  };

  const sayLost = (): void => {
    if (unsaid === undefined) return;
    put({ kind: 'lost', ...unsaid });
    unsaid = undefined;
  };

  /** Does it as long as room can be made. The reason where it could not be done. */
  const persist = (act: () => void): string | undefined => {
    for (;;) {
      try {
        act();
        return undefined;
      } catch (error) {
        if (!place.makeRoom(error)) return systemReason(error);
      }
    }
  };

  const write = (record: LogRecord): void => {
    const { time, host } = record;
    const reason = persist(() => {
      if (unsaid !== undefined) {
        unsaid = { ...unsaid, time, host };
        sayLost();
      }
      put(record);
    });
    if (reason === undefined) {
      if (record.kind === 'sample' && promised) first = false;
      return;
    }
    lost++;
    seq++;
    unsaid = { time, host, count: (unsaid?.count ?? 0) + 1, reason };
  };

  return {
    write,
    beginsFile: () => {
      persist(() => begin(longest));
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
