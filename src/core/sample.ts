/** What was measured at one moment. Reading fills it, everything else only looks at it. */

import type { Group } from './group.js';

/** One row of a group. A field that is absent is not known: not read, not there, or not due. */
export interface Row {
  /** Values of the group's identity, in its order. */
  readonly id: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
  readonly numbers: Readonly<Record<string, number>>;
}

/** A group that was read (`rows` may be empty), or the reason why it could not be. */
export type Reading =
  | { readonly group: Group; readonly rows: readonly Row[] }
  | { readonly group: Group; readonly failed: string };

/** A rule that holds at the moment of a sample, as the log repeats it in each record. */
export interface ActiveAlert {
  readonly rule: string;
  /** The row it holds for, as a path: `filesystem["/var"].used_percent`. */
  readonly path: string;
  readonly state: 'warning' | 'critical';
  /** Since when, ms since 1970. */
  readonly since: number;
}

export interface Sample {
  /** Wall clock of the tick, ms since 1970. */
  readonly time: number;
  /** Number of its record in the log; undefined before it is written. */
  readonly seq?: number;
  readonly host: string;
  /** Identifies the boot: counters of two boots have nothing in common. */
  readonly boot: string;
  /** Seconds between samples as they were asked for; undefined for a single one with none before it. */
  readonly interval?: number;
  /** Set where the fields that are recorded once a minute were due as well. */
  readonly detail?: true;
  /** Readings that were due, by group name, in the registry's order. */
  readonly readings: ReadonlyMap<string, Reading>;
  readonly alerts?: readonly ActiveAlert[];
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});

export const row = (
  id: readonly string[],
  numbers: Readonly<Record<string, number>>,
  texts: Readonly<Record<string, string>> = NONE,
): Row => ({ id, texts, numbers });

/**
 * A row on its way into a sample: what is undefined in it is as good as absent, since only what is known is recorded.
 * Leaving it out here would be one more copy of every row of every sample.
 */
export const looseRow = (
  id: readonly string[],
  numbers: Readonly<Record<string, number | undefined>>,
  texts?: Readonly<Record<string, string>>,
): Row => row(id, numbers as Row['numbers'], texts);

const NO_ROWS: readonly Row[] = [];

/** Rows of a group; none where it is absent or failed. */
export const rowsOf = (readings: readonly Reading[] | undefined, name: string): readonly Row[] => {
  if (readings === undefined) return NO_ROWS;
  for (let index = 0; index < readings.length; index++) {
    const reading = readings[index] as Reading;
    if (reading.group.name === name) return 'rows' in reading ? reading.rows : NO_ROWS;
  }
  return NO_ROWS;
};

export const rowsIn = (sample: Sample, name: string): readonly Row[] => {
  const reading = sample.readings.get(name);
  return reading !== undefined && 'rows' in reading ? reading.rows : [];
};

/** Seconds since boot, sleep included, at which a sample was taken; undefined where it does not say. */
export const uptimeOf = (sample: Sample): number | undefined =>
  rowsIn(sample, 'system')[0]?.numbers['uptime_seconds'];

export const sameId = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
};

/** The same thing in another reading: the row with this identity. */
export const rowLike = (rows: readonly Row[], id: readonly string[]): Row | undefined => {
  for (let index = 0; index < rows.length; index++)
    if (sameId((rows[index] as Row).id, id)) return rows[index];
  return undefined;
};
