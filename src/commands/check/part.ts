/** What one kind of judging gives to a check, and how several make one report. */

import type { AlertsFound } from '../../core/alert.js';
import type { State, Verdict } from '../../core/rule.js';
import type { CheckReport } from '../../formats/check-report.js';
import type { World } from '../../world.js';

export interface Part {
  readonly state: CheckReport['state'];
  /** One line without the state. */
  readonly summary: string;
  /** Where it is from, in words. */
  readonly source: string;
  /** When and where it was so, where that is not here and now. */
  readonly time?: number;
  readonly host?: string;
  readonly verdicts?: readonly Verdict[];
  readonly alerts?: AlertsFound;
  /** Whether it tells something that the run before did not. */
  readonly isNews?: boolean;
  /** Remembers what was told. To be called once the result is out. */
  readonly settle?: () => void;
}

/** Worst last. What is not known could be anything, but what is critical is so already. */
const RANK: readonly State[] = ['ok', 'warning', 'unknown', 'critical'];

const rank = ({ state }: Part): number => RANK.indexOf(state);

/** One report of all; what is worst is told first. */
export const joinParts = (parts: readonly [Part, ...Part[]], world: World): CheckReport => {
  const sorted = [...parts].sort((a, b) => rank(b) - rank(a));
  const [worst] = sorted as [Part, ...Part[]];
  const alerts = parts.find((part) => part.alerts !== undefined)?.alerts;
  return {
    time: parts[0].time ?? world.clock.now(),
    host: parts[0].host ?? world.hostname,
    state: worst.state,
    summary: sorted.map(({ summary }) => summary).join('; '),
    source: parts.map(({ source }) => source).join('; '),
    verdicts: parts.flatMap(({ verdicts = [] }) => verdicts),
    ...(alerts === undefined ? {} : { alerts }),
  };
};
