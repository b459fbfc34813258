/** As much of a log's past as rules need, and no more: a check is over before a whole hour could be parsed. */

import { windowOf } from '../core/history.js';
import { looksFar, pastNeeded } from '../core/past-needed.js';
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
  const { every, groups: inEvery, detail, spread } = pastNeeded(rules);
  const ago = (seconds: number): number => now - seconds * 1000;
  const judged = rules.filter(({ measure }) => windowOf(measure) > 0);
  return log.recent(ago(every), groups, {
    detailSince: ago(Math.max(every, detail)),
    sparseSince: ago(Math.max(every, detail, spread)),
    far: new Set(judged.map(({ path }) => path.group)),
    sparse: new Set(judged.filter(looksFar).map(({ path }) => path.group)),
    between: new Set([...inEvery, ...[...groups].filter(isDetail)]),
  });
};
