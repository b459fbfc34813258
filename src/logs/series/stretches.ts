/**
 * Where in a plain file records of some times may stand, told by the record at every 256 KiB: a pass over all newlines would
 * take as long as a short query may. Where the clock was set back for good, the stretch counts for all times. What a clock that was
 * wrong for less than a stretch has labelled is found where its neighbours are asked for.
 */

import { readFully } from '../lines.js';
import { overlaps, type Stretch, type TimeRange, timeOf } from '../time-index.js';

const STRETCH_BYTES = 256 * 1024;
/** Stretches that follow each other are read in one go, but not so many that nothing else could happen meanwhile. */
const PORTION_BYTES = 4 * 1024 * 1024;
/** Mostly a whole line, and the head of the next. */
const LOOK_BYTES = 8 * 1024;
const NEWLINE = 10;
const HEAD_BYTES = 48;

const ALL_TIMES = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY };

interface Mark {
  /** Where a line begins. */
  readonly start: number;
  readonly time: number;
}

/** The first record that begins at `from` or behind it; undefined where there is none before `end`. */
const markFrom = (fd: number, from: number, end: number, block: Buffer): Mark | undefined => {
  // The newline before belongs to it.
  let isStart = from === 0;
  for (let at = Math.max(0, from - 1); at < end; ) {
    const got = readFully(fd, block, 0, Math.min(block.length, end - at), at);
    if (got === 0) return undefined;
    const read = block.subarray(0, got);
    let line = 0;
    for (;;) {
      if (isStart) {
        if (line + HEAD_BYTES > got && at + got < end && line > 0) break;
        const time = timeOf(read.subarray(line));
        if (time !== undefined) return { start: at + line, time };
      }
      const cut = read.indexOf(NEWLINE, line);
      isStart = cut !== -1;
      line = isStart ? cut + 1 : got;
      if (line >= got) break;
    }
    at += line;
  }
  return undefined;
};

/** The parts of a file up to `size` that may hold such times, in its order. Whole lines, but for a torn one at its end. */
export const findStretches = (fd: number, size: number, ranges: readonly TimeRange[]): readonly Stretch[] => {
  const block = Buffer.allocUnsafe(LOOK_BYTES);
  const marks: Mark[] = [];
  for (let at = 0; at < size; ) {
    const mark = markFrom(fd, at, size, block);
    if (mark === undefined) break;
    marks.push(mark);
    at = mark.start + STRETCH_BYTES;
  }
  const stretches: Stretch[] = [];
  marks.forEach(({ start, time }, index) => {
    const next = marks[index + 1];
    // Behind the last mark nothing tells whether the clock was set back.
    const isAnyTime = next === undefined || next.time < time;
    const stretch = {
      // What is before the first record belongs to it, and may be one in another spelling.
      start: index === 0 ? 0 : start,
      end: next?.start ?? size,
      earliest: isAnyTime || (index === 0 && start > 0) ? Number.NEGATIVE_INFINITY : time,
      latest: isAnyTime ? Number.POSITIVE_INFINITY : next.time,
    };
    if (!ranges.some((range) => overlaps(stretch, range))) return;
    const last = stretches.at(-1);
    if (last !== undefined && last.end === stretch.start && last.end - last.start < PORTION_BYTES)
      stretches[stretches.length - 1] = {
        start: last.start,
        end: stretch.end,
        earliest: Math.min(last.earliest, stretch.earliest),
        latest: Math.max(last.latest, stretch.latest),
      };
    else stretches.push(stretch);
  });
  // Not a time that can be seen: all of it may be of any.
  return marks.length === 0 && size > 0 ? [{ start: 0, end: size, ...ALL_TIMES }] : stretches;
};
