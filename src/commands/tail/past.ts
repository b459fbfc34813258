/** The units of blocks of lines, in their order or from the end back. */

import type { Reading, Readings } from './reading.js';
import type { Source } from './source.js';
import { lineEnds, linesOf, openJoiner, type Unit } from './units.js';

/** The lines at the beginning of a block that continue one before it. */
const continuedUntil = (
  lines: readonly string[],
  ends: readonly number[],
  reading: Reading,
  head: string | undefined,
): number => {
  if (head === undefined) return 0;
  const units = reading.units();
  // To the first line it is given nothing continues: so that is one that surely begins.
  units.continues(head);
  const begins = lines.findIndex((line) => !units.continues(line));
  // All of a block is too much to wait for its beginning.
  return begins <= 0 ? 0 : (ends[begins - 1] as number);
};

/** Units of one block, in its order. */
const unitsOf = (block: Buffer, source: Source, readings: Readings, separator: number): Unit[] => {
  const units: Unit[] = [];
  const joiner = openJoiner({ source, readings, separator, onUnit: (unit) => units.push(unit) });
  joiner.push(block);
  joiner.flush();
  return units;
};

/** The last `count` wanted units of some blocks, whose last comes first; in the file's order. */
export const lastUnits = (
  blocks: Iterable<Buffer>,
  count: number,
  { source, readings, separator }: { source: Source; readings: Readings; separator: number },
): readonly Unit[] => {
  const found: Unit[][] = [];
  let left = count;
  let carried: Buffer = Buffer.alloc(0);
  let head: string | undefined;
  for (const block of blocks) {
    if (left <= 0) break;
    const ends = lineEnds(block, separator);
    const lines = linesOf(block, ends, separator);
    const reading = readings.for(lines);
    head ??= lines.find((line) => reading.timeOf(line) !== undefined);
    const cut = continuedUntil(lines, ends, reading, head);
    const body = carried.length === 0 ? block.subarray(cut) : Buffer.concat([block.subarray(cut), carried]);
    carried = block.subarray(0, cut);
    if (!reading.mayHold(() => body.toString('latin1'))) continue;
    const units = unitsOf(body, source, fixed(reading), separator).slice(-left);
    left -= units.length;
    found.push(units);
  }
  if (left > 0 && carried.length > 0) {
    const reading = readings.current();
    if (reading !== undefined) found.push(unitsOf(carried, source, fixed(reading), separator).slice(-left));
  }
  return found.reverse().flat();
};

const fixed = (reading: Reading): Readings => ({ for: () => reading, current: () => reading });

/** The wanted units of some blocks, in their order. */
export function* unitsIn(
  blocks: Iterable<Buffer>,
  { source, readings, separator }: { source: Source; readings: Readings; separator: number },
): Generator<Unit, void> {
  const ready: Unit[] = [];
  const joiner = openJoiner({ source, readings, separator, onUnit: (unit) => ready.push(unit) });
  for (const block of blocks) {
    joiner.push(block);
    yield* ready.splice(0);
  }
  joiner.flush();
  yield* ready.splice(0);
}
