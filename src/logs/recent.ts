/** What a check asks of a log: its newest stretch, found from the end, and no more of it parsed than is looked at. */

import type { Group } from '../core/group.js';
import type { Sample } from '../core/sample.js';
import { decodeRecord } from './codec.js';
import { timeOf } from './time-index.js';

/** A line, and the groups that its file is read with. */
export interface Entry {
  readonly line: Buffer;
  readonly groups: ReadonlyMap<string, Group>;
}

type Groups = ReadonlySet<string> | undefined;

export interface RecentOptions {
  /** All samples since then, ms since 1970. */
  readonly since: number;
  /** And before that, back to then, one a minute: the one that says most, which is the one with detail. */
  readonly sparseSince: number;
  readonly only: Groups;
  /** Groups of the samples since `since` that are not the last of their minute. */
  readonly between: Groups;
}

const MINUTE = 60_000;

const SAMPLE = Buffer.from('"msg":"sample"');

const decode = ({ line, groups }: Entry, only: Groups): Sample | undefined => {
  const record = decodeRecord(line.toString('utf8'), groups, only);
  return record?.kind === 'sample' ? record.sample : undefined;
};

/**
 * Goes through lines from the newest on and gives samples oldest first. The first that is older ends it, and so does
 * the place where the clock was set back.
 */
export const gatherRecent = (
  newestFirst: Iterable<Entry>,
  { since, sparseSince, only, between }: RecentOptions,
): readonly Sample[] => {
  const samples: Sample[] = [];
  let after = Number.POSITIVE_INFINITY;
  let minute = Number.NaN;
  let best: Entry | undefined;
  const add = (sample: Sample | undefined): void => {
    if (sample !== undefined) samples.push(sample);
  };
  const settle = (): void => {
    if (best !== undefined) add(decode(best, only));
    best = undefined;
  };
  for (const entry of newestFirst) {
    const { line, groups } = entry;
    // Only samples tell where the log is in time: a gap may be written long after it was.
    if (!line.includes(SAMPLE)) continue;
    const time = timeOf(line) ?? decode(entry, only)?.time;
    if (time === undefined) continue;
    if (time < sparseSince || time > after) {
      if (decode(entry, only) !== undefined) break;
      continue;
    }
    after = time;
    const isLast = minute !== Math.floor(time / MINUTE);
    minute = Math.floor(time / MINUTE);
    if (time >= since) add(decode(entry, isLast ? only : between));
    else {
      if (isLast) settle();
      // Lines are views: what is kept is copied.
      if (line.length > (best?.line.length ?? 0)) best = { line: Buffer.from(line), groups };
    }
  }
  settle();
  return samples.reverse();
};
