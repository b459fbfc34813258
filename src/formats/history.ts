/** A range of samples by family and series, as the text formats demand it, in bounded memory. */

import type { Sample } from '../core/sample.js';
import { compareSeries, createNamer, type Family, type Series } from '../core/series-names.js';
import {
  compareFamilies,
  type Dialect,
  END,
  formatExposition,
  formatFamily,
  formatPoint,
} from './exposition.js';
import type { SampleFormat } from './index.js';

/** Points of one series: time and value in turn, in blocks that never have to be copied to grow. */
interface Track {
  readonly series: Series;
  readonly blocks: Float64Array[];
  points: number;
}

/** Points in a block: small, because many a series has few. */
const BLOCK = 64;

const append = (track: Track, time: number, value: number): void => {
  const at = track.points % BLOCK;
  if (at === 0) track.blocks.push(new Float64Array(BLOCK * 2));
  const block = track.blocks.at(-1) as Float64Array;
  block[at * 2] = time;
  block[at * 2 + 1] = value;
  track.points++;
};

const timeAt = ({ blocks }: Track, index: number): number | undefined =>
  blocks[Math.floor(index / BLOCK)]?.[(index % BLOCK) * 2];

const valueAt = ({ blocks }: Track, index: number): number =>
  blocks[Math.floor(index / BLOCK)]?.[(index % BLOCK) * 2 + 1] as number;

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

/** A point costs 16 bytes. A day of samples every five seconds has two million. */
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
        const track = gathered.tracks.get(series.text) ?? { series, blocks: [], points: 0 };
        gathered.tracks.set(series.text, track);
        append(track, sample.time, value);
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

function* formatTrack(track: Track, dialect: Dialect): Iterable<string> {
  const { series, points } = track;
  const order = inOrder(track);
  let piece = '';
  let count = 0;
  for (let at = 0; at < points; at++) {
    const index = order?.[at] ?? at;
    const time = timeAt(track, index);
    // Of two points of one moment only one may be told: the later record's.
    if (at + 1 < points && time === timeAt(track, order?.[at + 1] ?? at + 1)) continue;
    piece += formatPoint(series, valueAt(track, index), time, dialect);
    if (++count % PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

/** Indexes by time where a clock that was set back has put points out of order; undefined where they are in order. */
const inOrder = (track: Track): readonly number[] | undefined => {
  const time = (index: number): number => timeAt(track, index) as number;
  let index = 1;
  while (index < track.points && time(index) >= time(index - 1)) index++;
  return index >= track.points
    ? undefined
    : Array.from({ length: track.points }, (_, at) => at).sort((a, b) => time(a) - time(b) || a - b);
};

/** All points of a range with their times; one sample without. */
const formatIn = (dialect: Dialect): SampleFormat => ({
  *range(samples) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const gathering = gather(after);
      for (const sample of samples()) gathering.add(sample);
      yield* gathering.text(dialect);
      after = gathering.unfinished();
    }
    yield END[dialect];
  },
  *last(sample) {
    yield formatExposition(sample, dialect);
  },
});

export const prometheus = formatIn('prometheus');
export const openmetrics = formatIn('openmetrics');
