/** Bytes → lines → units: a line with those that continue it. */

import type { LogLine } from '../../lines/line.js';
import type { Units } from '../../lines/multiline.js';
import type { Reading, Readings } from './reading.js';
import type { Source } from './source.js';

export interface Unit {
  readonly source: Source;
  /** As they stand, their ends included. */
  readonly bytes: Buffer;
  /** Its lines with newlines between them. */
  readonly text: string;
  readonly line: () => LogLine | undefined;
  readonly time: () => number | undefined;
}

/** Where each line ends in some bytes, the ends included. */
export const lineEnds = (bytes: Buffer, separator: number): number[] => {
  const ends: number[] = [];
  for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, at + 1)) ends.push(at + 1);
  if (bytes.length > (ends.at(-1) ?? 0)) ends.push(bytes.length);
  return ends;
};

/** Lines as text, without their ends. */
export const linesOf = (bytes: Buffer, ends: readonly number[], separator: number): string[] => {
  let start = 0;
  return ends.map((end) => {
    let last = bytes[end - 1] === separator ? end - 1 : end;
    if (separator === 10 && last > start && bytes[last - 1] === 13) last--;
    const text = bytes.toString('utf8', start, last);
    start = end;
    return text;
  });
};

const makeUnit = (source: Source, reading: Reading, bytes: Buffer, text: string): Unit => {
  let line: LogLine | undefined;
  let isParsed = false;
  const parse = (): LogLine | undefined => {
    if (!isParsed) line = reading.parse(text);
    isParsed = true;
    return line;
  };
  return { source, bytes, text, line: parse, time: () => (isParsed ? line?.time : reading.timeOf(text)) };
};

/** Takes the lines of a file as they come, and gives those that are wanted. */
export interface Joiner {
  /** Whole lines, the last perhaps without its end. */
  readonly push: (bytes: Buffer) => void;
  /** There is no more for now: what may go on is given all the same. */
  readonly flush: () => void;
}

export interface JoinerOptions {
  readonly source: Source;
  readonly readings: Readings;
  readonly separator: number;
  readonly onUnit: (unit: Unit) => void;
}

export const openJoiner = ({ source, readings, separator, onUnit }: JoinerOptions): Joiner => {
  let reading: Reading | undefined;
  let units: Units | undefined;
  let bytes: Buffer[] = [];
  let texts: string[] = [];
  /** Whether the unit given last was wanted: what continues it belongs to it though it came later. */
  let wasWanted = false;
  let isBegun = false;

  const give = (): void => {
    if (texts.length === 0 || reading === undefined) return;
    const all = bytes.length === 1 ? (bytes[0] as Buffer) : Buffer.concat(bytes);
    const text = texts.length === 1 ? (texts[0] as string) : texts.join('\n');
    bytes = [];
    texts = [];
    const isMore = !isBegun;
    isBegun = false;
    if (!isMore) wasWanted = reading.accept(text, () => all.toString('latin1'));
    if (wasWanted) onUnit(makeUnit(source, reading, all, text));
  };

  return {
    push: (block) => {
      const ends = lineEnds(block, separator);
      const lines = linesOf(block, ends, separator);
      const next = readings.for(lines);
      if (next !== reading) {
        give();
        reading = next;
        units = next.units();
      }
      let start = 0;
      lines.forEach((text, index) => {
        const end = ends[index] as number;
        if (units?.continues(text) !== true) {
          give();
          isBegun = true;
        }
        bytes.push(block.subarray(start, end));
        texts.push(text);
        start = end;
      });
    },
    flush: give,
  };
};
