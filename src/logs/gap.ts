/** What lies between two samples of a log that stand one after the other: nothing, or time that nobody measured. */

import type { Sample } from '../core/sample.js';
import { longestRate } from '../core/schedule.js';
import type { LogRecord } from './record.js';

export interface Gap {
  /**
   * `reboot`: another boot. `stop`: the recorder was stopped. `gap`: a gap record says why. `lost`: lines could not be
   * written. `silence`: none of that, as after kill -9 or a power cut.
   */
  readonly kind: 'gap' | 'stop' | 'reboot' | 'lost' | 'silence';
  /** From the sample before to this one, s; for a clock that was set, how far it was moved (negative: back). */
  readonly seconds: number;
  /** The log's own word for it: `suspend`, `SIGTERM`, …; empty where it says nothing. */
  readonly reason: string;
}

const lastOf = <K extends LogRecord['kind']>(
  records: readonly LogRecord[],
  kind: K,
): Extract<LogRecord, { kind: K }> | undefined =>
  records.findLast((record): record is Extract<LogRecord, { kind: K }> => record.kind === kind);

/**
 * The gap before a sample; `between` are the records since the sample before it, oldest first. A recorder that was
 * stopped and started again, or was late, so shortly that rates still cross it left no gap.
 */
export const gapBefore = (before: Sample, between: readonly LogRecord[], sample: Sample): Gap | undefined => {
  const seconds = (sample.time - before.time) / 1000;
  const gap = lastOf(between, 'gap');
  if (sample.boot !== before.boot || gap?.reason === 'reboot') return { kind: 'reboot', seconds, reason: '' };
  if (gap?.reason === 'suspend') return { kind: 'gap', seconds, reason: gap.reason };
  if (gap?.reason === 'clock') return { kind: 'gap', seconds: gap.seconds, reason: gap.reason };
  if (seconds < 0) return { kind: 'gap', seconds, reason: 'clock' };
  const interval = sample.interval ?? before.interval;
  if (interval === undefined || seconds <= longestRate(interval)) return undefined;
  const stop = lastOf(between, 'stop');
  if (stop !== undefined) return { kind: 'stop', seconds, reason: stop.reason };
  const lost = lastOf(between, 'lost');
  if (lost !== undefined) return { kind: 'lost', seconds, reason: lost.reason };
  if (gap !== undefined) return { kind: 'gap', seconds, reason: gap.reason };
  return { kind: 'silence', seconds, reason: '' };
};
