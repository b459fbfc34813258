/** What `sysmon check` found, as every format shows it. */

import type { AlertsFound } from '../core/alert.js';
import type { State, Verdict } from '../core/rule.js';

export interface CheckReport {
  /** Moment that was judged, ms since 1970. */
  readonly time: number;
  readonly host: string;
  /** Of the whole. */
  readonly state: Exclude<State, 'not judged'>;
  /** One line without the state. */
  readonly summary: string;
  /** Where the values come from: `log, 3 s ago`. */
  readonly source: string;
  /** In the order of the rules. */
  readonly verdicts: readonly Verdict[];
  /** What rule files say; undefined where none were given. */
  readonly alerts?: AlertsFound;
}

/** What a state is called where people and monitoring systems look for it. */
export const STATE_WORD: Readonly<Record<State, string>> = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
  'not judged': 'not judged',
};
