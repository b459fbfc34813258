/** What a check asks of a log: its newest stretch, found from the end, and no more of it parsed than is looked at. */

import type { Group } from '../core/group.js';
import { LOOKBACK } from '../core/history.js';
import type { Sample } from '../core/sample.js';
import { decodeRecord, kindOf } from './codec.js';
import type { Wish } from './leap.js';
import { pickSample } from './pick.js';
import { timeOf } from './time-index.js';

/** A line, and the groups that its file is read with. */
export interface Entry {
  readonly line: Buffer;
  readonly groups: ReadonlyMap<string, Group>;
}

type GroupNames = ReadonlySet<string> | undefined;

export interface RecentOptions {
  /** All samples since then, ms since 1970. */
  readonly since: number;
  /** And before that, back to then, one in two minutes of those with detail. */
  readonly detailSince: number;
  /** And before that, back to then, one in five minutes of those with detail; one in ten of those that are older than forty. */
  readonly sparseSince: number;
  readonly only: GroupNames;
  /**
   * The moment that these are reckoned from, ms since 1970. What is judged is the newest sample, and what lies before it: where that is
   * older, by five minutes at most, they are by as much earlier.
   */
  readonly now?: number;
  /**
   * Since when each of them matters, ms since 1970, in samples older than the newest by five minutes: what a value is now is told
   * by then. Those that are not in it do not; without it all of them do.
   */
  readonly reach?: ReadonlyMap<string, number>;
  /** Those of the samples since `since` that are not the last of their five minutes. */
  readonly between: GroupNames;
}

/** ms. Detail makes long lines, and parsing them is most of a check's time: closer points would be no truer. */
const STEP = 300_000;

const DETAIL_STEP = 120_000;

/** Only windows of an hour and more reach back beyond this, ms. */
const LONG_AGO = 2_400_000;

const LONG_STEP = 600_000;

const SAMPLE = Buffer.from('"msg":"sample"');
const DETAIL = Buffer.from('"detail":true');

/** When the span of so many ms began that a moment lies in. */
const slotOf = (time: number, step: number): number => Math.floor(time / step) * step;

const isOtherSlot = (time: number, after: number, step: number): boolean =>
  slotOf(time, step) !== slotOf(after, step);

const decode = ({ line, groups }: Entry, only: GroupNames): Sample | undefined => {
  const record = decodeRecord(line.toString('utf8'), groups, only);
  return record?.kind === 'sample' ? record.sample : undefined;
};

/**
 * Goes through lines from the newest on and gives samples oldest first. The first that is older ends it, and so does
 * the place where the clock was set back. With a log that begins later than that, or anew, its first sample is given as well: since
 * when anything is known.
 */
export const gatherRecent = (
  newestFirst: (containing?: Buffer, wish?: Wish) => Iterable<Entry>,
  { since, detailSince, sparseSince, now, only, reach, between }: RecentOptions,
): readonly Sample[] => {
  const samples: Sample[] = [];
  let after = Number.POSITIVE_INFINITY;
  const oldest = Math.min(since, detailSince, sparseSince);
  /** How much earlier all of them are, ms. */
  let lag = 0;
  const wish: Wish = { before: Number.POSITIVE_INFINITY };

  /** Decodes a sample in which nothing is left out but what is too old to matter. */
  const decodeAt = (entry: Entry, time: number): Sample | undefined => {
    const isNear = samples[0] === undefined || time >= samples[0].time - LOOKBACK * 1000;
    if (reach === undefined || isNear) return decode(entry, only);
    const names = new Set([...reach].flatMap(([name, from]) => (time + lag >= from ? name : [])));
    return pickSample(entry.line, entry.groups, names) ?? decode(entry, names);
  };

  /** Whether time goes on falling, down to `from`. Anything but a sample says nothing of where the log is in time. */
  const walk = (
    entries: Iterable<Entry>,
    from: number,
    take: (entry: Entry, time: number) => Sample | undefined,
  ): boolean => {
    /** The oldest so far, where it was not taken: it is wanted where the log begins with it. A line itself is soon overwritten. */
    let begin: { readonly entry: Entry; readonly time: number } | undefined;
    let copy = Buffer.alloc(0);
    const keep = ({ line, groups }: Entry): Entry => {
      if (copy.length < line.length) copy = Buffer.allocUnsafe(2 * line.length);
      return { line: copy.subarray(0, line.copy(copy)), groups };
    };
    const takeBegin = (): void => {
      const sample = begin && decodeAt(begin.entry, begin.time);
      if (sample !== undefined) samples.push(sample);
      begin = undefined;
    };
    for (const entry of entries) {
      if (!entry.line.includes(SAMPLE)) continue;
      const time = timeOf(entry.line) ?? decode(entry, only)?.time;
      if (time === undefined) continue;
      if (begin !== undefined && wish.leapt !== true && begin.time - time > STEP) takeBegin();
      // The newest is wanted though nothing looks at every sample so far back.
      const isFirst = samples.length === 0 && time >= oldest;
      if (isFirst && now !== undefined && now - time <= LOOKBACK * 1000) lag = Math.max(0, now - time);
      if ((time + lag < from && !isFirst) || time > after) {
        if (kindOf(entry.line.toString('utf8')) !== 'sample') continue;
        return time <= after;
      }
      const sample = take(entry, time);
      begin = sample === undefined ? { entry: keep(entry), time } : undefined;
      if (sample === undefined) continue;
      after = time;
      samples.push(sample);
    }
    takeBegin();
    return true;
  };

  const goesOn = walk(newestFirst(), since, (entry, time) =>
    isOtherSlot(time, after, STEP) ? decodeAt(entry, time) : decode(entry, between),
  );
  const reached = after;
  if (goesOn && oldest < since) {
    /** Of how long a time one sample with detail is enough, ms. */
    const stepAt = (time: number): number => {
      if (time + lag >= detailSince) return DETAIL_STEP;
      return samples[0] !== undefined && time < samples[0].time - LONG_AGO ? LONG_STEP : STEP;
    };
    const older = function* (): Generator<Entry, void> {
      let begun = false;
      for (const entry of newestFirst(DETAIL, wish)) {
        begun ||= (timeOf(entry.line) ?? reached) < reached;
        if (begun) yield entry;
      }
    };
    // The newest detail is the end of every window, however near the newest sample is.
    let isEnd = !samples.some(({ detail }) => detail === true);
    walk(older(), oldest, (entry, time) => {
      const step = stepAt(time);
      if (!isEnd && !isOtherSlot(time, after, step)) return undefined;
      const sample = decodeAt(entry, time);
      if (sample === undefined) return undefined;
      isEnd = false;
      const begin = slotOf(time, step);
      // Where slots of another length come before, this moment may lie in the middle of one.
      wish.before = Math.max(begin, slotOf(time, stepAt(begin)));
      return sample;
    });
  }
  return samples.reverse();
};
