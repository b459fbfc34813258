/** A range of samples by family and series, as the text formats demand it, in bounded memory. */

import type { Sample } from '../core/sample.js';
import { compareFamilies, type Dialect, formatFamily, formatPoint } from './exposition.js';
import { compareSeries, createNamer, type Family, type Series } from './series.js';

/** Points of one series; both arrays have the same length. */
interface Track {
  readonly series: Series;
  readonly times: number[];
  readonly values: number[];
}

interface Gathered {
  readonly family: Family;
  readonly tracks: Map<string, Track>;
  points: number;
}

export interface Gathering {
  readonly add: (sample: Sample) => void;
  /** The families that were gathered, as text, piece by piece. */
  readonly text: (dialect: Dialect) => Iterable<string>;
  /** Name of the last family gathered, where others after it did not fit: go through the samples again from there. */
  readonly unfinished: () => string | undefined;
}

/** A point costs about 20 bytes: about 80 MB. A day of samples every five seconds has three million. */
export const POINTS_HELD = 4_000_000;

/**
 * Gathers the families whose names come after `after`, in the order of names, as many as `most` points allow, but at
 * least one. A log is ordered by time and the text by family: what does not fit is gathered in another pass over the
 * log, since to hold it all is out of the question and to sort it on disk would need as much room as the text itself.
 */
export const gather = (after: string, most = POINTS_HELD): Gathering => {
  const name = createNamer();
  const families = new Map<string, Gathered>();
  let held = 0;
  /** Families from this name on did not fit. */
  let end: string | undefined;

  const lastName = (): string => [...families.keys()].reduce((a, b) => (a > b ? a : b), '');

  const giveUpLast = (): void => {
    end = lastName();
    held -= families.get(end)?.points ?? 0;
    families.delete(end);
  };

  const gatheredFor = ({ family }: Series): Gathered | undefined => {
    if (family.name <= after || (end !== undefined && family.name >= end)) return undefined;
    const found = families.get(family.name) ?? { family, tracks: new Map(), points: 0 };
    families.set(family.name, found);
    return found;
  };

  return {
    add: (sample) => {
      name(sample, (series, value) => {
        const gathered = gatheredFor(series);
        if (gathered === undefined) return;
        const track = gathered.tracks.get(series.text) ?? { series, times: [], values: [] };
        gathered.tracks.set(series.text, track);
        track.times.push(sample.time);
        track.values.push(value);
        gathered.points++;
        held++;
      });
      while (held > most && families.size > 1) giveUpLast();
    },

    *text(dialect) {
      for (const { family, tracks } of [...families.values()].sort((a, b) =>
        compareFamilies(a.family, b.family),
      )) {
        yield formatFamily(family, dialect);
        for (const track of [...tracks.values()].sort((a, b) => compareSeries(a.series, b.series)))
          yield* formatTrack(track, dialect);
      }
    },

    unfinished: () => (end === undefined ? undefined : lastName()),
  };
};

/** Points that are written in one piece. */
const PIECE = 1000;

function* formatTrack({ series, times, values }: Track, dialect: Dialect): Iterable<string> {
  const order = inOrder(times);
  let piece = '';
  let count = 0;
  for (let at = 0; at < times.length; at++) {
    const index = order?.[at] ?? at;
    const next = order?.[at + 1] ?? at + 1;
    // Of two points of one moment only one may be told: the later record's.
    if (times[index] === times[next]) continue;
    piece += formatPoint(series, values[index] as number, times[index], dialect);
    if (++count % PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

/** Indexes by time where a clock that was set back has put points out of order; undefined where they are in order. */
const inOrder = (times: readonly number[]): readonly number[] | undefined => {
  const sorted = times.every((time, index) => index === 0 || time >= (times[index - 1] as number));
  return sorted
    ? undefined
    : [...times.keys()].sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
};
