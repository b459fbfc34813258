/** What a check asks of a log: its newest stretch, found from the end, and older samples only one a minute. */

import type { Group } from '../core/group.js';
import type { Sample } from '../core/sample.js';
import { decodeRecord } from './codec.js';
import { timeOf } from './time-index.js';

/** A line, and the groups that its file is read with. */
export interface Entry {
  readonly line: Buffer;
  readonly groups: ReadonlyMap<string, Group>;
}

export interface RecentOptions {
  /** All samples since then, ms since 1970. */
  readonly since: number;
  /** And before that, back to then, one a minute: the one that says most, which is the one with detail. */
  readonly sparseSince: number;
  readonly only: ReadonlySet<string> | undefined;
}

const MINUTE = 60_000;

const SAMPLE = Buffer.from('"msg":"sample"');

/**
 * Goes through lines from the newest on and gives samples oldest first. The first that is older ends it, and so does
 * the place where the clock was set back. Of the sparse past only what is given is parsed.
 */
export const gatherRecent = (
  newestFirst: Iterable<Entry>,
  { since, sparseSince, only }: RecentOptions,
): readonly Sample[] => {
  const samples: Sample[] = [];
  let after = Number.POSITIVE_INFINITY;
  let best: (Entry & { readonly minute: number }) | undefined;
  const settle = (): void => {
    const record = best && decodeRecord(best.line.toString('utf8'), best.groups, only);
    if (record?.kind === 'sample') samples.push(record.sample);
    best = undefined;
  };
  for (const { line, groups } of newestFirst) {
    const time = timeOf(line);
    if (time !== undefined && time < since && time >= sparseSince && time <= after) {
      if (!line.includes(SAMPLE)) continue;
      after = time;
      const minute = Math.floor(time / MINUTE);
      if (best?.minute !== minute) settle();
      // Lines are views: what is kept is copied.
      if (line.length > (best?.line.length ?? 0)) best = { line: Buffer.from(line), groups, minute };
      continue;
    }
    const record = decodeRecord(line.toString('utf8'), groups, only);
    // Only samples tell where the log is in time: a gap may be written long after it was.
    if (record?.kind !== 'sample') continue;
    if (record.time < sparseSince || record.time > after) break;
    after = record.time;
    samples.push(record.sample);
  }
  settle();
  return samples.reverse();
};
