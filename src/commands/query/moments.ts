/** The moments at which a query is asked. */

import { formatDuration } from '../../core/duration.js';
import { UserError } from '../../exit.js';
import type { Moments } from '../../promql/engine.js';

/** Seconds that people count in; each divides the day, or is whole days. */
const STEPS = [1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const DAY_MS = 86_400_000;

/** The smallest round step, ms, with which a range has at most so many. */
export const roundStep = (range: number, most: number): number => {
  const least = range / Math.max(1, most);
  const within = STEPS.find((seconds) => seconds * 1000 >= least);
  return within === undefined ? Math.ceil(least / DAY_MS) * DAY_MS : within * 1000;
};

/** More points of a series nobody reads, and memory has no room for them. */
const MOST_POINTS = 100_000;

/**
 * From the first to the last multiple of the step within a range, so that a call repeated a moment later shows the same
 * points; a range in which there is none has the last one before. Throws a UserError for too many.
 */
export const momentsOf = (since: number, until: number, step: number): Moments => {
  if (since > until) throw new UserError('--since is later than --until', { kind: 'usage' });
  const end = Math.floor(until / step) * step;
  const start = Math.min(Math.ceil(since / step) * step, end);
  const points = (end - start) / step + 1;
  if (points > MOST_POINTS)
    throw new UserError(
      `${Math.round(points)} points of each series, ${formatDuration(step / 1000)} apart, are too many`,
      { kind: 'usage', hint: `Take a longer --step or a shorter range: up to ${MOST_POINTS} are shown.` },
    );
  return { start, end, step };
};
