/** As much of a log's past as rules need, and no more: a check is over before a whole hour could be parsed. */

import { pastNeeded } from '../core/past-needed.js';
import type { Rule } from '../core/rule.js';
import type { Sample } from '../core/sample.js';
import type { Log } from '../logs/reader.js';
import { GROUPS } from '../vitals/index.js';

/** Whether a group is recorded once a minute only, in a sample that nobody can tell beforehand. */
const isDetail = (name: string): boolean =>
  Object.values(GROUPS.get(name)?.fields ?? {}).every(({ due }) => due === 'detail');

/** Samples with these groups up to the newest, oldest first. */
export const pastFor = (
  rules: readonly Rule[],
  log: Log,
  groups: ReadonlySet<string>,
  now: number,
): readonly Sample[] => {
  const { every, groups: inEvery, detail, spread, reach } = pastNeeded(rules);
  const ago = (seconds: number): number => now - seconds * 1000;
  return log.recent(ago(every), groups, {
    detailSince: ago(Math.max(every, detail)),
    sparseSince: ago(Math.max(every, detail, spread)),
    now,
    reach: new Map([...reach].map(([name, seconds]) => [name, ago(seconds)])),
    between: new Set([...inEvery, ...[...groups].filter(isDetail)]),
  });
};
