/** As much of a log's past as rules need, and no more: a check is over before a whole hour could be parsed. */

import { pastNeeded } from '../core/history.js';
import type { Rule } from '../core/rule.js';
import type { Sample } from '../core/sample.js';
import type { Log } from '../logs/reader.js';
import { GROUPS } from '../vitals/index.js';

/** Whether a group is recorded once a minute only, in a sample that nobody can tell beforehand. */
const isDetail = (name: string): boolean =>
  Object.values(GROUPS.get(name)?.fields ?? {}).every(({ due }) => due === 'detail');

const NOTHING: ReadonlySet<string> = new Set();

/** Samples with these groups up to the newest, oldest first. */
export const pastFor = (
  rules: readonly Rule[],
  log: Log,
  groups: ReadonlySet<string>,
  now: number,
): readonly Sample[] => {
  const { every, spread, groups: inEvery } = pastNeeded(rules);
  const between = new Set([...inEvery, ...[...groups].filter(isDetail)]);
  // The newest one is what is judged, whatever it carries: it must not count as one of many.
  const newest = log.last((record) => record.kind === 'sample', NOTHING)?.time ?? now;
  const since = Math.min(now - every * 1000, newest);
  return log.recent(since, groups, now - Math.max(every, spread) * 1000, between);
};
