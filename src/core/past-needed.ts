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
}

/** Windows up to this long are of so few points that they have to lie close, s. */
const SHORT = 1800;

/** Whether a rule needs more than the nearest points with detail. */
export const looksFar = ({ measure }: Rule): boolean => !isRatio(measure) || measure.seconds > SHORT;

export const pastNeeded = (rules: readonly Rule[]): PastNeeded => {
  const groups = new Set<string>();
  let [every, detail, spread] = [0, LOOKBACK, LOOKBACK];
  for (const { measure, path } of rules) {
    const seconds = windowOf(measure);
    if (FINENESS[measure.kind] >= 600) {
      every = Math.max(every, seconds);
      groups.add(path.group);
    }
    // A counter's growth begins at the last point before the window. Of a long one a few minutes more or less mean little.
    else if (isRatio(measure) && seconds <= SHORT) detail = Math.max(detail, seconds + 240);
    else if (seconds > 0) spread = Math.max(spread, seconds + 600);
  }
  return { every, groups, detail, spread };
};
