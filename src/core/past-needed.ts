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

export const pastNeeded = (rules: readonly Rule[]): PastNeeded => {
  const groups = new Set<string>();
  const reach = new Map<string, number>();
  let [every, detail, spread] = [0, LOOKBACK, LOOKBACK];
  for (const { measure, path } of rules) {
    const seconds = windowOf(measure);
    if (seconds === 0) continue;
    const isShort = isRatio(measure) && seconds <= SHORT;
    // A counter's growth begins at the last point before the window. Of a long one a few minutes more or less mean little.
    const far = FINENESS[measure.kind] >= 600 ? seconds : seconds + (isShort ? 240 : 600);
    reach.set(path.group, Math.max(far, reach.get(path.group) ?? 0));
    if (FINENESS[measure.kind] >= 600) {
      every = Math.max(every, far);
      groups.add(path.group);
    } else if (isShort) detail = Math.max(detail, far);
    else spread = Math.max(spread, far);
  }
  return { every, groups, detail, spread, reach };
};
