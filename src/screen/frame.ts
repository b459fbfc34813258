/** What a frame is drawn of. Plain data: a frame of the past is the same thing as one of now. */

import type { ActiveAlert, Row, Sample } from '../core/sample.js';
import type { Trail } from './trail.js';

/** The newest reading of a group that succeeded. */
export interface Kept {
  readonly rows: readonly Row[];
  /** Rows of the newest reading that had the fields recorded once a minute as well; undefined until there was one. */
  readonly details?: readonly Row[];
  /** Seconds before the frame's sample that it is from; 0 where it is of this sample, or is read once a minute only. */
  readonly age: number;
  /** Why there is none of this sample. */
  readonly failed?: string;
}

/** Where the samples come from, and how that stands. */
export type Origin =
  | {
      readonly kind: 'live';
      /** Of the log that a `sysmon log` writes on this machine: seconds since its last record; undefined without a log. */
      readonly logAge: number | undefined;
    }
  | {
      readonly kind: 'replay';
      readonly playing: boolean;
      /** Seconds of the past shown in one second. */
      readonly speed: number;
      /** What lies between this sample and the one before: seconds and why, where that is a gap. */
      readonly gap: { readonly seconds: number; readonly reason: string } | undefined;
    }
  | {
      readonly kind: 'pipe';
      /** Set once the other end has closed it. */
      readonly ended: boolean;
      /** Seconds since the last record came. */
      readonly silence: number;
    };

/** A rule that holds, in words. */
export interface ShownAlert extends ActiveAlert {
  readonly text: string;
}

export interface Frame {
  /** The newest sample; undefined until the first has come. */
  readonly sample: Sample | undefined;
  /** By group name: what the sample, and those before it, have of each group. */
  readonly readings: ReadonlyMap<string, Kept>;
  readonly trail: Trail;
  /** More serious first. */
  readonly alerts: readonly ShownAlert[];
  readonly origin: Origin;
  /** Wall clock where this is drawn, ms since 1970, and minutes by which its local time is ahead of UTC. */
  readonly now: number;
  readonly utcOffset: number;
  /** Use of this program itself; undefined where it is not known yet. */
  readonly own: { readonly cpuPercent: number | undefined; readonly memoryBytes: number };
  /** Seconds between samples. */
  readonly interval: number;
}

const NONE: readonly Row[] = [];

/** Rows of a group; none where there is nothing of it. */
export const rowsIn = (frame: Frame, group: string): readonly Row[] =>
  frame.readings.get(group)?.rows ?? NONE;

/** A number of a group's only, or first, row; undefined where it is not known. */
export const numberIn = (frame: Frame, group: string, field: string): number | undefined =>
  rowsIn(frame, group)[0]?.numbers[field];

/** Rows of a group as they were when the fields recorded once a minute were read as well. */
export const detailsIn = (frame: Frame, group: string): readonly Row[] =>
  frame.readings.get(group)?.details ?? NONE;

/** The oldest of these groups that has no reading of this sample, with its age in seconds and the reason. */
export const staleOf = (
  frame: Frame,
  groups: readonly string[],
): { readonly age: number; readonly reason: string } | undefined => {
  let found: { age: number; reason: string } | undefined;
  for (const group of groups) {
    const kept = frame.readings.get(group);
    if (kept?.failed === undefined) continue;
    if (found === undefined || kept.age > found.age) found = { age: kept.age, reason: kept.failed };
  }
  return found;
};
