/** The contract of a part of the machine that can be measured. */

import type { Group } from './group.js';
import type { Reading } from './sample.js';

/** What the one who takes samples wants to have read. The same for every sample of a run. */
export interface Wanted {
  /** Processes to list, by CPU and by memory; 0 for none, Infinity for all, those that use nothing included. */
  readonly top: number;
  /** Whether process arguments may be recorded: they can carry secrets. */
  readonly processArguments: boolean;
  /** Processes to watch by name or PID file. */
  readonly processes: readonly ProcessSelector[];
  /** Which of the identities of a group are let in; the vital's defaults where not given. */
  readonly filters: Readonly<Partial<Record<'filesystem' | 'disk' | 'network', Filter>>>;
  /** Directories that somebody named: the filesystems they lie on are wanted, whichever those are. */
  readonly places?: readonly string[];
}

export interface ProcessSelector {
  /** What it is called in the record: the name, or the PID file's base name. */
  readonly name: string;
  readonly pidFile?: string;
}

/** Patterns with `*` and `?`, whole names; `only` wins over all else, `except` leaves out more than the defaults do. */
export interface Filter {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

export const WANT_DEFAULTS: Wanted = { top: 5, processArguments: false, processes: [], filters: {} };

/** What a vital is told at each reading. */
export interface Ask extends Wanted {
  /** Whether detail fields are due, so that files only they need can be left unread. */
  readonly detail: boolean;
  /** Wall clock at the reading, ms since 1970. */
  readonly time?: number;
  /** Seconds since boot, sleep included, where the clocks tell it: then nobody need ask the system. */
  readonly uptime?: number;
}

/**
 * One part of the machine. `read` touches it and gives raw values: counters and plain gauges, possibly more rows
 * than are recorded. `derive` is pure: it makes what people read (rates, percentages) from two raw readings. `before`
 * may come from a log, and then has only what was recorded.
 *
 * `read` throws, or gives a `failed` reading for one of its groups, when it cannot read; a group the machine lacks
 * is left out. It never starts a child process unless it says so.
 */
export interface Vital {
  readonly groups: readonly Group[];
  readonly read: (ask: Ask) => readonly Reading[] | Promise<readonly Reading[]>;
  readonly derive?: (
    now: readonly Reading[],
    before: readonly Reading[] | undefined,
    seconds: number,
    ask: Ask,
  ) => readonly Reading[];
  /** Gives back what reading holds, such as a child process. */
  readonly close?: () => void;
}
