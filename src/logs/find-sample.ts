/** Finds the sample of a time in a row of lines. No order of the times is taken for granted: a clock can be set. */

import type { LogRow, Place } from './log-row.js';
import type { PieceLines } from './piece-lines.js';
import type { PiecedFile } from './pieces.js';

export const isSample = (row: LogRow, place: Place): boolean => row.bareAt(place)?.kind === 'sample';

/** The first of these places that holds a sample. */
export const firstSample = (row: LogRow, places: Iterable<Place>): Place | undefined => {
  for (const place of places) if (isSample(row, place)) return place;
  return undefined;
};

interface Found {
  readonly place: Place;
  readonly time: number;
}

/** Number of the newest sample up to `time`; of equal times the one written last. */
const newestIn = (lines: PieceLines, time: number): number | undefined => {
  const found: number[] = [];
  for (let index = 0; index < lines.count; index++) if (lines.timeAt(index) <= time) found.push(index);
  return found
    .sort((a, b) => lines.timeAt(b) - lines.timeAt(a) || b - a)
    .find((index) => lines.bareAt(index)?.kind === 'sample');
};

/** The newest sample up to `time` in some files, given in their order. Only pieces that may hold it are read. */
const newestAmong = (row: LogRow, files: readonly PiecedFile[], time: number): Found | undefined => {
  const candidates = files.flatMap((file, order) =>
    file.pieces().flatMap((one, piece) => {
      const { earliest, latest } = file.timesOf(one);
      return earliest <= time ? [{ file, order, one, piece, newest: Math.min(latest, time) }] : [];
    }),
  );
  candidates.sort((a, b) => b.newest - a.newest || b.order - a.order || b.piece - a.piece);
  let best: Found | undefined;
  for (const { file, one, piece, newest } of candidates) {
    if (best !== undefined && newest < best.time) break;
    const lines = row.linesOf(file, one);
    const line = newestIn(lines, time);
    if (line === undefined) continue;
    const found: Found = { place: { file, piece, line }, time: lines.timeAt(line) };
    const isBetter =
      best === undefined ||
      found.time > best.time ||
      (found.time === best.time && row.order(found.place, best.place) > 0);
    if (isBetter) best = found;
  }
  return best;
};

/**
 * The newest sample at or before `time`; of equal times the one written last. Where there is none, the first one of the
 * log. Files whose names say that they cannot hold the time are not opened, unless the others hold nothing.
 */
export const findSample = (row: LogRow, time: number): Place | undefined => {
  const files = row.files();
  const may = row.mayHold(time);
  const picked = files.filter((_, index) => may[index]);
  const found = newestAmong(row, picked, time);
  if (found !== undefined) return found.place;
  const first = may.indexOf(true);
  for (let index = Math.min(first, files.length) - 1; index >= 0; index--) {
    const older = newestAmong(row, files.slice(index, index + 1), time);
    if (older !== undefined) return older.place;
  }
  return firstSample(row, row.after());
};
