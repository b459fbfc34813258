/** Alerts of Prometheus's rules as they were found, for every command and format that tells of them. */

import type { Unit } from './group.js';
import type { State } from './rule.js';

export type Pairs = readonly (readonly [name: string, text: string])[];

export interface AlertFound {
  readonly name: string;
  /** Its rule's group, and where the rule stands. */
  readonly group: string;
  readonly file: string;
  readonly line: number;
  readonly phase: 'firing' | 'pending';
  /** What its severity means: informational ones are ok. One that is pending changes nothing yet, and is ok too. */
  readonly state: Extract<State, 'ok' | 'warning' | 'critical'>;
  readonly severity: string | undefined;
  /** All of them, but for the name. */
  readonly labels: Pairs;
  readonly annotations: Pairs;
  /** What its expression gave when it last gave anything. */
  readonly value: number;
  /** Of the value, where the expression leaves no doubt. */
  readonly unit?: Unit;
  /** Since when it has been in this phase, ms since 1970. */
  readonly since: number;
  /** It was so at the first moment that was looked at: it may have begun before. */
  readonly sinceAtLeast: boolean;
  /** Its expression no longer holds, and its rule keeps it firing. */
  readonly kept: boolean;
}

/** Something that began or ended since somebody was told last. */
export interface AlertChange {
  readonly kind: 'began' | 'ended';
  readonly alert: Omit<AlertFound, 'phase' | 'kept'>;
  /** When it ended, ms since 1970; of one that ended. */
  readonly until?: number;
  /** What its expression gave when it began to fire. */
  readonly before?: number;
  /** What is compared in the expression, now; undefined where it compares nothing, or nothing is there any more. */
  readonly now?: number;
}

/** A rule whose function mostly has not the two samples in its window that it needs. */
export interface TooShort {
  readonly rule: string;
  /** ms: how long it is, and how far samples are apart. */
  readonly window: {
    readonly call: string;
    readonly metric: string;
    readonly range: number;
    readonly apart: number;
  };
}

export interface Blind {
  readonly rule: string;
  readonly metrics: readonly string[];
  /** What the log has and is called nearly so, where there is something. */
  readonly near?: readonly string[];
}

export interface AlertsFound {
  /** Number of alerting rules. */
  readonly rules: number;
  /** Firing ones first, then the worst, then the oldest. */
  readonly alerts: readonly AlertFound[];
  /** Rules whose evaluation failed, and Prometheus's words for why. */
  readonly failures: readonly { readonly rule: string; readonly message: string }[];
  /** Rules of which not one metric is known, and what they ask for. */
  readonly blind: readonly Blind[];
  /** Others that give nothing, as a window of theirs is too short for the log. */
  readonly short: readonly TooShort[];
  /** Names of rules that were evaluated, know what they need to, and have no alert. */
  readonly quiet: readonly string[];
  /** Why nothing of this can be relied on; undefined where it can. */
  readonly stale?: string;
  /** Where somebody asked for what changed since the run before; its time, where there was one. */
  readonly changes?: readonly AlertChange[];
  readonly comparedWith?: number;
}

const RANK: readonly State[] = ['ok', 'warning', 'unknown', 'critical'];

/** How many rules have nothing to go by. */
export const countUnknown = ({ blind, short }: Pick<AlertsFound, 'blind' | 'short'>): number =>
  blind.length + short.length;

/**
 * The state of them all. Rules that have nothing to go by change nothing, unless there are no others. Where the log has
 * ended nothing is known, whatever fires: absent() holds over any log that has.
 */
export const stateOfAlerts = (
  found: AlertsFound,
): Extract<State, 'ok' | 'warning' | 'critical' | 'unknown'> => {
  const { alerts, failures, rules, stale } = found;
  if (stale !== undefined) return 'unknown';
  const states: State[] = alerts.filter(({ phase }) => phase === 'firing').map(({ state }) => state);
  // No rules, and rules without data, cannot say that all is well.
  if (failures.length > 0 || countUnknown(found) === rules) states.push('unknown');
  const worst = states.reduce<State>((a, b) => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a), 'ok');
  return worst as ReturnType<typeof stateOfAlerts>;
};
