/** What a file holds of what is asked for, its past included. */

import { rangeOf } from '../../lines/seek.js';
import { archiveBlocks, archiveBlocksBackward, pastOf } from './archives.js';
import { blocksBackward, splitForward } from './blocks.js';
import { findBeginning } from './last.js';
import { amountOf, type LinesCall } from './lines-call.js';
import { lastUnits, unitsIn } from './past.js';
import type { Readings, Wanted } from './reading.js';
import type { Source } from './source.js';
import type { Unit } from './units.js';

const isFiltered = ({ since, until, level, where, grep }: Wanted): boolean =>
  [since, until, level, where, grep].some((one) => one !== undefined);

function* concat(...all: readonly Iterable<Buffer>[]): Generator<Buffer, void> {
  for (const blocks of all) yield* blocks;
}

function* skip(units: Iterable<Unit>, count: number): Generator<Unit, void> {
  let left = count;
  for (const unit of units) if (left-- <= 0) yield unit;
}

const timesOf = ({ since, until }: Wanted) => ({
  since: since ?? Number.NEGATIVE_INFINITY,
  until: until ?? Number.POSITIVE_INFINITY,
});

/** What a file holds of what is asked for, up to `end`. */
export function* unitsOfFile(
  source: Source,
  readings: Readings,
  fd: number,
  start: number,
  end: number,
  call: LinesCall,
): Generator<Unit, void> {
  const { separator, wanted, say } = call;
  const amount = amountOf(call);
  const parts = { source, readings, separator };
  const range = timesOf(wanted);
  const hasPast = source.own === true || call.archives;
  const past = hasPast && start === 0 ? pastOf(source.path, range, say) : [];
  const read = (path: string) => ({ path, range, separator, say });
  if (!amount.fromStart && amount.unit === 'lines' && (isFiltered(wanted) || past.length > 0)) {
    const blocks = concat(
      blocksBackward(fd, start, end, separator),
      ...[...past].reverse().map((path) => archiveBlocksBackward(read(path))),
    );
    yield* lastUnits(blocks, amount.count, parts);
    return;
  }
  // What has no size, as most of /proc, is read to its end.
  const until = end === 0 && start === 0 && call.wish === undefined ? Number.POSITIVE_INFINITY : end;
  const from = amount.fromStart && isFiltered(wanted) ? start : findBeginning(fd, amount, separator, start);
  if (from === undefined && !amount.fromStart) {
    yield* lastUnits([...splitForward(fd, start, until, separator)].reverse(), amount.count, parts);
    return;
  }
  const seen = from ?? start;
  const forward = concat(
    ...(amount.fromStart ? past.map((path) => archiveBlocks(read(path))) : []),
    splitForward(fd, seek(readings, fd, seen, until, call), until, separator),
  );
  const units = unitsIn(forward, parts);
  yield* amount.fromStart && amount.unit === 'lines' ? skip(units, Math.max(0, amount.count - 1)) : units;
}

const NEWLINE = 10;

/** Where lines of the times that are asked for begin; they are sought by newlines. */
const seek = (readings: Readings, fd: number, from: number, size: number, call: LinesCall): number => {
  const { wanted, separator } = call;
  if (wanted.since === undefined || separator !== NEWLINE) return from;
  if (from > 0 || !Number.isFinite(size) || size === 0) return from;
  for (const block of splitForward(fd, 0, Math.min(size, SAMPLE_BYTES), NEWLINE)) {
    const reading = readings.for(block.toString('utf8').split('\n').slice(0, SAMPLE_LINES));
    return rangeOf(fd, size, { since: wanted.since, format: reading.format, context: reading.context }).start;
  }
  return from;
};

const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_LINES = 100;
