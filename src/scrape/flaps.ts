/** Says when a target cannot be scraped, and when it can again: of one that comes and goes, once in a while and how often. */

import { formatDuration } from '../core/duration.js';

/** Seconds between two lines on one target, after the first failure and its end. */
const QUIET = 60;

export interface TellerOptions {
  /** The target in words. */
  readonly who: string;
  /** Seconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly say: (message: string) => void;
}

/** To be told the outcome of each scrape: the reason why there is none. */
export const createTeller = ({ who, clock, say }: TellerOptions): ((error: string | undefined) => void) => {
  let failing = false;
  /** What was said last, and when. */
  let said = { failing: false, at: Number.NEGATIVE_INFINITY };
  /** Failures that began since then, and why the last of them did. */
  let held = 0;
  let reason = '';
  /** Its end is said at once, as long as nothing happened in between. */
  let isPlain = false;

  const line = (now: number): string => {
    const times = held === 1 ? 'once' : `${held} times`;
    const often = `${times} in ${formatDuration(Math.round(now - said.at))}`;
    if (failing) return `${who} cannot be scraped: ${reason}${held > 1 ? ` (${often})` : ''}`;
    if (held === 0) return `${who} answers again`;
    return `${who} answers again, after it could not be scraped ${often}: ${reason}`;
  };

  return (error) => {
    const ended = failing && error === undefined;
    if (!failing && error !== undefined) held++;
    failing = error !== undefined;
    reason = error ?? reason;
    if (held === 0 && failing === said.failing) return;
    const now = clock();
    if (now - said.at < QUIET && !(ended && isPlain && held === 0)) return;
    say(line(now));
    isPlain = failing && held === 1;
    // The end of a failure does not make the next one news.
    said = { failing, at: ended && now - said.at < QUIET ? said.at : now };
    held = 0;
  };
};
