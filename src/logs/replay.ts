/** A recorded log as a screen wants it: any moment at once, its neighbours, what led to it, and where rules began to hold. */

import type { Group } from '../core/group.js';
import { LOOKBACK } from '../core/history.js';
import { latest } from '../core/latest.js';
import type { Sample } from '../core/sample.js';
import { findNextAlert, findPreviousAlert, type SearchOptions } from './alert-search.js';
import { findSample, firstSample } from './find-sample.js';
import { type Gap, gapBefore } from './gap.js';
import type { OnProblem } from './log-file.js';
import { followLinks } from './log-place.js';
import { type LogRow, openRow, type Place } from './log-row.js';
import { keepPast, type PastOptions } from './past-samples.js';
import type { LogRecord } from './record.js';

export interface Moment {
  /**
   * The sample, with what was known at its time: what it does not have itself is from the newest sample before it that has it,
   * of the same boot and at most five minutes old.
   */
  readonly sample: Sample;
  /** What lies between it and the sample before it, where that is more than an interval. */
  readonly gap?: Gap;
  /** Where it stands; for the replay itself. */
  readonly place: Place;
}

export interface WindowOptions {
  /** How far back it reaches, s; as far as there are samples where not given. */
  readonly seconds?: number;
  /** At most so many samples, the newest. */
  readonly count?: number;
  /**
   * Thins the window to at most so many: the newest of each span of `seconds` / `most`. The spans are those of the clock, so that
   * they stay where they are from step to step; one that has no sample is a gap.
   */
  readonly most?: number;
  /** Groups to decode. */
  readonly only?: ReadonlySet<string>;
}

export interface Replay {
  /** Times of the first and the last sample written, ms since 1970; undefined where there is none. */
  readonly span: () => { readonly first: number; readonly last: number } | undefined;
  readonly first: () => Moment | undefined;
  readonly last: () => Moment | undefined;
  /** The newest sample at or before a time, ms since 1970; where there is none, the first one. */
  readonly at: (time: number) => Moment | undefined;
  /** Neighbours in the order in which they were written. At the end `next` looks whether more was written meanwhile. */
  readonly next: (moment: Moment) => Moment | undefined;
  readonly previous: (moment: Moment) => Moment | undefined;
  /**
   * The samples up to this one as they were recorded, oldest first. Their times never fall: what was written before the
   * clock was set back, and is labelled later than what followed, is left out.
   */
  readonly window: (moment: Moment, options?: WindowOptions) => readonly Sample[];
  /**
   * The nearest moment at which a rule began to hold, or became critical. The whole log may have to be decompressed for it: that is
   * done in other threads, a piece at a time, and ends when the signal is aborted.
   */
  readonly nextAlert: (moment: Moment, options?: SearchOptions) => Promise<Moment | undefined>;
  readonly previousAlert: (moment: Moment, options?: SearchOptions) => Promise<Moment | undefined>;
  /** Looks for what was written, rotated and given up since. Moments stay good. */
  readonly refresh: () => void;
  readonly close: () => void;
}

const gapAt = (row: LogRow, place: Place, sample: Sample): Gap | undefined => {
  const between: LogRecord[] = [];
  for (const one of row.before(place)) {
    const record = row.bareAt(one);
    if (record?.kind === 'sample') return gapBefore(record.sample, between.reverse(), sample);
    if (record !== undefined) between.push(record);
  }
  return undefined;
};

/** How far back from `time` a window reaches, and how wide the spans are that one sample is enough of. */
const reachOf = (time: number, { seconds, most }: WindowOptions): Pick<PastOptions, 'since' | 'width'> => {
  if (seconds === undefined) return {};
  if (most === undefined) return { since: time - seconds * 1000 };
  const width = (seconds * 1000) / most;
  return { width, since: (Math.floor(time / width) - most + 1) * width };
};

/**
 * Opens the log at `path`; `own` are the groups this version knows. Throws a UserError where the file is there but cannot
 * be read. What cannot be read later on is told to `onProblem`, once, and left out.
 */
export const openReplay = (
  path: string,
  own: ReadonlyMap<string, Group>,
  onProblem: OnProblem = () => {},
): Replay => {
  const row = openRow(followLinks(path), own, onProblem);
  const merging = keepPast(row);
  const windows = new Map<string, ReturnType<typeof keepPast>>();

  const momentAt = (place: Place): Moment => {
    const since = row.timeAt(place) - LOOKBACK * 1000;
    const sample = latest(merging(place, { since }), LOOKBACK * 1000) as Sample;
    const gap = gapAt(row, place, sample);
    return { sample, place, ...(gap && { gap }) };
  };

  /** The place of a moment, found anew where its file has another name by now, or is gone. */
  const placeOf = ({ place, sample: { time, seq } }: Moment): Place | undefined => {
    if (row.has(place)) return place;
    const found = findSample(row, time);
    if (found === undefined || seq === undefined) return found;
    const isIt = (one: Place): boolean => row.bareAt(one)?.seq === seq;
    if (isIt(found)) return found;
    for (const one of row.before(found)) {
      if (row.timeAt(one) !== time) break;
      if (isIt(one)) return one;
    }
    return found;
  };

  /** The moment at the place that is found, while files may move. */
  const look = (find: () => Place | undefined): Moment | undefined =>
    row.steadily(() => {
      const place = find();
      return place && momentAt(place);
    });

  const findNext = (moment: Moment): Place | undefined => {
    const place = placeOf(moment);
    // What was there has been given up, and so has all before it.
    if (place === undefined || row.timeAt(place) > moment.sample.time) return place;
    return firstSample(row, row.after(place));
  };

  const findPrevious = (moment: Moment): Place | undefined => {
    const place = placeOf(moment);
    return place && firstSample(row, row.before(place));
  };

  const search = async (
    find: typeof findNextAlert,
    moment: Moment,
    options?: SearchOptions,
  ): Promise<Moment | undefined> =>
    row.steadilyAside(async () => {
      const from = placeOf(moment);
      const place = from && (await find(row, from, options));
      return place && momentAt(place);
    });

  return {
    span: () =>
      row.steadily(() => {
        const first = firstSample(row, row.after());
        const last = firstSample(row, row.before());
        return first && last && { first: row.timeAt(first), last: row.timeAt(last) };
      }),
    first: () => look(() => firstSample(row, row.after())),
    last: () => look(() => firstSample(row, row.before())),
    at: (time) => look(() => findSample(row, time)),
    next: (moment) => {
      const found = look(() => findNext(moment));
      if (found !== undefined) return found;
      row.refresh();
      return look(() => findNext(moment));
    },
    previous: (moment) => look(() => findPrevious(moment)),
    window: (moment, options = {}) => {
      const { count, only } = options;
      const key = only === undefined ? '*' : JSON.stringify([...only].sort());
      const past = windows.get(key) ?? keepPast(row);
      windows.set(key, past);
      return row.steadily(() => {
        const place = placeOf(moment);
        if (place === undefined) return [];
        return past(place, { count, only, ...reachOf(row.timeAt(place), options) });
      });
    },
    nextAlert: (moment, options) => search(findNextAlert, moment, options),
    previousAlert: (moment, options) => search(findPreviousAlert, moment, options),
    refresh: row.refresh,
    close: row.close,
  };
};
