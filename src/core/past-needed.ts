/** How far back rules look, so that no more of a log is read. */

import { FINENESS, isRatio, LOOKBACK, windowOf } from './history.js';
import type { Rule } from './rule.js';

/** How much of the past rules ask for, in seconds back from now. */
export interface PastNeeded {
  /** All samples. */
  readonly every: number;
  /** The groups that are looked at in every one of them. */
  readonly groups: ReadonlySet<string>;
  /** One in two minutes of the samples with detail, which has the counters of shares. */
  readonly detail: number;
  /** One in five minutes of those with detail is enough. */
  readonly spread: number;
  /** How far each group is looked at. */
  readonly reach: ReadonlyMap<string, number>;
}

/** Windows up to this long are of so few points that they have to lie close, s. */
const SHORT = 1800;

/** How far before a window its last point is looked for, s: points are ten minutes apart at most, and some come a little later. */
const BEFORE = 660;

export const pastNeeded = (rules: readonly Rule[]): PastNeeded => {
  const groups = new Set<string>();
  const reach = new Map<string, number>();
  let [every, detail, spread] = [0, LOOKBACK, LOOKBACK];
  for (const { measure, path } of rules) {
    const seconds = windowOf(measure);
    if (seconds === 0) continue;
    const needsEvery = FINENESS[measure.kind] >= 600;
    const isShort = isRatio(measure) && seconds <= SHORT;
    // A counter's growth begins at the last point before the window.
    const far = needsEvery ? seconds : seconds + BEFORE;
    reach.set(path.group, Math.max(far, reach.get(path.group) ?? 0));
    if (needsEvery) {
      every = Math.max(every, seconds);
      groups.add(path.group);
    } else {
      if (isShort) detail = Math.max(detail, seconds + 240);
      spread = Math.max(spread, far);
    }
  }
  return { every, groups, detail, spread, reach };
};
