/** Why a rule that looks back has too little to look at: one statement about the log, whatever was measured. */

import { formatDuration } from './duration.js';
import type { Point } from './points.js';

/** What of the log was looked at, ms since 1970. */
export interface LogSpan {
  /** When it began; undefined where there is none. */
  readonly began?: number;
  /** When it ended, where nobody writes it any more. */
  readonly ended?: number;
}

/** Share of the samples expected in a window that must be there. */
export const ENOUGH = 0.8;

/** Seconds in words, as exactly as it matters so long after. */
export const sayAge = (seconds: number): string => {
  const grain = seconds < 10 ? 0.1 : seconds < 3600 ? 1 : seconds < 86_400 ? 60 : 3600;
  return formatDuration(Math.round(Math.round(seconds / grain) * grain * 10) / 10);
};

/** Said of the points of a row that do not cover the last `seconds` before `now`. `log` is undefined where nobody will read it. */
export const whyTooShort = (
  log: LogSpan | undefined,
  points: readonly Point[],
  seconds: number,
  now: number,
): string => {
  const ago = (time: number): string => sayAge(Math.max(0, now - time) / 1000);
  if (log === undefined) return 'too little was recorded';
  const { began, ended } = log;
  if (ended !== undefined) return `the log ended ${ago(ended)} ago`;
  if (began === undefined) return 'there is no log';
  if (began > now - seconds * 1000) return `the log began ${ago(began)} ago`;
  // Gaps, or a disk that has only just come.
  return points.length === 0 ? 'the log does not have it' : 'the log has too little of it';
};
