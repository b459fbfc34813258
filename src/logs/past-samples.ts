/** The samples up to a moment, for what is merged and for graphs. */

import type { Sample } from '../core/sample.js';
import { isSample } from './find-sample.js';
import type { LogRow, Place } from './log-row.js';
import type { PiecedFile } from './pieces.js';

export interface PastOptions {
  /** Earliest time wanted, ms since 1970. */
  readonly since?: number | undefined;
  /** At most so many, the newest. */
  readonly count?: number | undefined;
  readonly only?: ReadonlySet<string> | undefined;
  /** One sample of each span of so many ms is enough, the newest. */
  readonly width?: number | undefined;
}

/** A number for a place in its file. */
const keyOf = ({ piece, line }: Place): number => piece * 2 ** 26 + line;

/**
 * Gives the samples up to a place, itself included, oldest first, going back until one is older than `since`. Their times never
 * fall: what is labelled later than what follows it, because the clock was set back, is left out. What was decoded is kept for
 * the next call, so that after a step only one sample is decoded; so `only` must always be the same.
 */
export const keepPast = (row: LogRow): ((place: Place, options: PastOptions) => readonly Sample[]) => {
  let kept = new Map<PiecedFile, Map<number, Sample>>();
  return (from, { since = Number.NEGATIVE_INFINITY, count = Number.POSITIVE_INFINITY, only, width }) => {
    const used = new Map<PiecedFile, Map<number, Sample>>();
    const decode = (place: Place): Sample | undefined => {
      const known = kept.get(place.file)?.get(keyOf(place));
      if (known !== undefined) return known;
      const record = row.recordAt(place, only);
      return record?.kind === 'sample' ? record.sample : undefined;
    };
    const samples: Sample[] = [];
    let limit = row.timeAt(from);
    const take = (place: Place): void => {
      const sample = decode(place);
      if (sample === undefined) return;
      samples.push(sample);
      const ofFile = used.get(place.file) ?? new Map<number, Sample>();
      used.set(place.file, ofFile.set(keyOf(place), sample));
      limit = row.timeAt(place);
      // Nothing else of its span is wanted.
      if (width !== undefined) limit = Math.floor(limit / width) * width;
    };
    take(from);
    if (samples.length < count) {
      for (const place of row.before(from, () => limit)) {
        const time = row.timeAt(place);
        if (width === undefined ? time > limit : time >= limit) continue;
        // Only a sample says where the log is in time.
        if (time < since) {
          if (isSample(row, place)) break;
          continue;
        }
        take(place);
        if (samples.length >= count) break;
      }
    }
    kept = used;
    return samples.reverse();
  };
};
