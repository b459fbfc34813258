/** What a log already holds, for a recorder that goes on with it. */

import { IN_A_ROW } from '../core/alerts.js';
import type { Rule } from '../core/rule.js';
import { type Sample, uptimeOf } from '../core/sample.js';
import { type Log, openLog } from '../logs/reader.js';
import { GROUPS } from '../vitals/index.js';
import type { Source } from '../vitals/source.js';
import { pastFor } from './past.js';

export interface Past {
  readonly newest: Sample | undefined;
  /** The newest that has every counter: what a single sample's rates are since. */
  readonly detailed: Sample | undefined;
  /** What the rules need, oldest first. */
  readonly recent: readonly Sample[];
}

export const NO_PAST: Past = { newest: undefined, detailed: undefined, recent: [] };

/** The newest samples with all that is in them, oldest first; only the last one where the clock was set back between them. */
const lastSamples = (log: Log): readonly Sample[] => {
  const samples: Sample[] = [];
  for (const record of log.newestFirst()) {
    if (record.kind !== 'sample') continue;
    if (record.time > (samples[0]?.time ?? record.time)) break;
    samples.unshift(record.sample);
    if (samples.length === IN_A_ROW - 1) break;
  }
  return samples;
};

/** The newest sample with detail: between two of them a log has no counters of CPU time. */
const lastDetailed = (log: Log, newest: Sample | undefined): Sample | undefined => {
  if (newest === undefined || newest.detail) return newest;
  const record = log.last((one) => one.kind === 'sample' && one.sample.detail === true);
  return record?.kind === 'sample' ? record.sample : newest;
};

/** What the log already holds, to go on from. */
export const readPast = (path: string, single: boolean, rules: readonly Rule[], now: number): Past => {
  const log = openLog(path, GROUPS);
  try {
    const last = lastSamples(log);
    const newest = last.at(-1);
    const detailed = single ? lastDetailed(log, newest) : undefined;
    if (newest === undefined || rules.length === 0) return { newest, detailed, recent: [] };
    const groups = new Set(['system', ...rules.map((rule) => rule.path.group)]);
    const before = pastFor(rules, log, groups, now).filter(({ time }) => time < (last[0]?.time ?? 0));
    return { newest, detailed, recent: [...before, ...last] };
  } finally {
    log.close();
  }
};

/** Time from a recorded sample to now on the clock that no one can set; undefined over a reboot or where it is not known. */
export const secondsSince = (sample: Sample, source: Source, now: number): number | undefined => {
  if (sample.boot !== source.boot) return undefined;
  const [then, uptime] = [uptimeOf(sample), source.uptime()];
  const seconds = then === undefined || uptime === undefined ? (now - sample.time) / 1000 : uptime - then;
  return seconds > 0 ? Math.round(seconds * 1000) / 1000 : undefined;
};
