/** What is asked of lines, and how much of them. */

import type { LineFormat } from '../../lines/format.js';
import { type Amount, DEFAULT_AMOUNT } from './amounts.js';
import type { Later } from './later.js';
import type { Wanted } from './reading.js';
import type { Sink } from './sinks.js';
import type { FollowWish, Source } from './source.js';

export interface LinesCall {
  readonly sources: readonly Source[];
  /** Undefined where nobody said how much. */
  readonly amount: Amount | undefined;
  readonly wanted: Wanted;
  readonly format: LineFormat | undefined;
  readonly multiline: boolean;
  /** Minutes east of Greenwich for times that name no zone; the local zone's rules where not given. */
  readonly zone: number | undefined;
  readonly merge: boolean;
  /** Whether archives of other logs than sysmon's count as their past. */
  readonly archives: boolean;
  /** Whether standard input is shown as it comes once it has nothing more for a moment. */
  readonly live: boolean;
  readonly separator: number;
  readonly wish: FollowWish | undefined;
  /** Files that are to be followed as well when they appear. */
  readonly later?: Later;
  readonly sink: Sink;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

const ALL: Amount = { unit: 'lines', fromStart: true, count: 1 };

/** How much is shown: of a time since which somebody asks, everything. */
export const amountOf = ({ amount, wanted }: LinesCall): Amount =>
  amount ?? (wanted.since === undefined ? DEFAULT_AMOUNT : ALL);
