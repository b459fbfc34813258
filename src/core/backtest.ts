/** What rules would have done in some time of the past, for every format that tells of it. */

import type { AlertFound, Pairs, TooShort } from './alert.js';

/** A time in which something was so, ms since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** One alert from its beginning to its end. Moments are ms since 1970. */
export interface PastAlert {
  /** All of them, but for the name. */
  readonly labels: Pairs;
  /** As they were when it began to fire; when it was last pending of one that never did. */
  readonly annotations: Pairs;
  readonly pendingAt: number;
  /** It was so at the first moment that is known: it may have begun before. */
  readonly sinceAtLeast: boolean;
  readonly firingAt?: number;
  /** Of one that went on at the end, none. */
  readonly resolvedAt?: number;
  /** What the expression gave: when it began to fire, or to be pending; and at the last. */
  readonly first: number;
  readonly last: number;
  readonly least: number;
  readonly most: number;
}

/** An evaluation that failed tells nothing of its moment. */
export interface PastFailures {
  readonly rule: string;
  readonly group: string;
  /** Number of moments. */
  readonly count: number;
  readonly time: number;
  readonly message: string;
}

export interface PastRule {
  readonly name: string;
  readonly group: string;
  readonly file: string;
  readonly line: number;
  readonly severity: string | undefined;
  readonly state: AlertFound['state'];
  /** ms */
  readonly for: number;
  /** Whether a small value is what it alerts on. */
  readonly below: boolean;
  /** By time. */
  readonly alerts: readonly PastAlert[];
  /** What it asks for, where not one of its metrics was ever heard of. */
  readonly blind?: readonly string[];
  /** A window, ms, in which most often there are not two samples, which are so far apart, ms: a function there gives nothing. */
  readonly short?: TooShort['window'];
}

export interface Backtest {
  readonly log: string;
  /** ms since 1970, ends included. */
  readonly since: number;
  readonly until: number;
  /** Alerting rules, in the order of their files. */
  readonly rules: readonly PastRule[];
  /** Of recording rules too. */
  readonly failures: readonly PastFailures[];
  /** Times of which the log has no samples. */
  readonly gaps: readonly Stretch[];
}

/** How long an alert was firing between two moments, ms. */
export const firedFor = (
  { firingAt, resolvedAt }: Pick<PastAlert, 'firingAt' | 'resolvedAt'>,
  { since, until }: Pick<Backtest, 'since' | 'until'>,
): number =>
  firingAt === undefined ? 0 : Math.max(0, Math.min(resolvedAt ?? until, until) - Math.max(firingAt, since));

export interface RuleCounts {
  readonly fired: number;
  readonly onlyPending: number;
  /** ms in all alerts together, and in the one that fired longest. */
  readonly firing: number;
  readonly longest: number;
}

export const countAlerts = ({ alerts }: PastRule, span: Pick<Backtest, 'since' | 'until'>): RuleCounts => {
  const times = alerts.filter(({ firingAt }) => firingAt !== undefined).map((one) => firedFor(one, span));
  return {
    fired: times.length,
    onlyPending: alerts.length - times.length,
    firing: times.reduce((sum, one) => sum + one, 0),
    longest: times.reduce((a, b) => Math.max(a, b), 0),
  };
};
