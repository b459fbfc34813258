/** What `sysmon check` judges: the newest record of the log where it is fresh, else the machine itself. */

import { statSync } from 'node:fs';
import { file as fileGroup, log as logGroup } from '../core/ages.js';
import { formatDuration } from '../core/duration.js';
import { LOOKBACK, openHistory } from '../core/history.js';
import type { Evidence } from '../core/judge.js';
import { latest } from '../core/latest.js';
import { holderOf } from '../core/rows.js';
import type { Rule } from '../core/rule.js';
import type { Reading, Sample } from '../core/sample.js';
import { row, rowLike } from '../core/sample.js';
import { longestRate } from '../core/schedule.js';
import type { Wanted } from '../core/vital.js';
import { systemReason, UserError } from '../exit.js';
import { type Log, openLog } from '../logs/reader.js';
import { GROUPS } from '../vitals/index.js';
import type { Source } from '../vitals/source.js';
import type { World } from '../world.js';
import { groupsPicked, readMachine } from './machine.js';
import { pastFor } from './past.js';
import { uptimeOf } from './recording.js';

export interface Wish {
  readonly rules: readonly Rule[];
  readonly wanted: Wanted;
  /** Groups that are to be read elsewhere than the log has them from. */
  readonly moved: readonly string[];
  /** Where the filesystem that holds a directory is mounted; undefined where that cannot be told. */
  readonly mountPointOf: (path: string) => string | undefined;
  /** The log, and whether it was named: then it has to be one. */
  readonly path: string;
  readonly named: boolean;
  /** Seconds between two readings of the machine. */
  readonly apart: number;
}

export interface Found {
  readonly evidence: Evidence;
  /** Where it comes from, in words. */
  readonly source: string;
}

/** Groups that are files' ages: read here, not by a vital. */
const AGES = new Set([fileGroup.name, logGroup.name]);

/** What the rules look at, and what the summary says of it. */
const groupsNeeded = (rules: readonly Rule[]): ReadonlySet<string> => {
  const groups = new Set(['system', ...rules.map(({ path }) => path.group)]);
  if (rules.some(({ who }) => who !== undefined)) groups.add('top').add('cpu');
  return groups;
};

/** Whether a reading has the row that a rule names. A record has what its log was told to look at. */
const hasNamed = ({ path, nearest }: Rule, reading: Reading, { mountPointOf }: Wish): boolean => {
  if (path.id === undefined || !('rows' in reading) || rowLike(reading.rows, path.id)) return true;
  const [place = ''] = path.id;
  const known = nearest ? holderOf(reading.rows, place)?.id[0] : undefined;
  return known !== undefined && known === (mountPointOf(place) ?? known);
};

const openIfOurs = ({ path, named }: Wish): Log | undefined => {
  let log: Log;
  try {
    log = openLog(path, GROUPS);
  } catch (error) {
    if (named) throw error;
    return undefined;
  }
  const state = log.state();
  if (state === 'ours') return log;
  log.close();
  if (!named) return undefined;
  const what = {
    missing: 'no such file',
    empty: 'it has no records yet',
    foreign: 'it is not a log of sysmon',
    newer: 'it was written by a newer version of sysmon',
  }[state];
  throw new UserError(`${path}: ${what}`, { hint: 'Leave --file out to read the machine itself.' });
};

/** Age of a sample in seconds, on the clock that no one can set where there is one. */
const ageOf = (sample: Sample, source: Source, now: number): number => {
  const [then, uptime] = [uptimeOf(sample), source.uptime()];
  return then === undefined || uptime === undefined ? (now - sample.time) / 1000 : uptime - then;
};

/** Whether a sample still tells how things are: of this boot, and no older than three of its intervals. */
const isFresh = (sample: Sample, source: Source, now: number): boolean => {
  if (sample.boot !== source.boot || sample.interval === undefined) return false;
  const age = ageOf(sample, source, now);
  return age > -1 && age <= longestRate(sample.interval);
};

const inWords = (seconds: number): string =>
  formatDuration(seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds));

/** How long ago the files that rules ask for, and the log, were written to. */
const readAges = (
  rules: readonly Rule[],
  newest: number | undefined,
  path: string,
  now: number,
): readonly Reading[] => {
  const paths = new Set(
    rules.flatMap((rule) => (rule.path.group === fileGroup.name ? (rule.path.id ?? []) : [])),
  );
  const since = (time: number) => ({ age_seconds: Math.round(now - time) / 1000 });
  const rows = [...paths].flatMap((name) => {
    try {
      return [row([name], since(statSync(name).mtimeMs))];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR' ? [] : [row([name], {}, { error: systemReason(error) })];
    }
  });
  const age: Reading =
    newest === undefined
      ? { group: logGroup, failed: `there is no log at ${path}` }
      : { group: logGroup, rows: [row([], since(newest))] };
  return [{ group: fileGroup, rows }, age];
};

/** Everything known of the last minutes as one sample. */
const newestOf = (samples: readonly Sample[], since: number): Sample | undefined =>
  latest(
    samples.filter(({ time }) => time >= since),
    LOOKBACK * 1000,
  );

/** A sample without some of its groups. */
const without = (groups: readonly string[], sample: Sample | undefined): Sample | undefined =>
  sample === undefined || groups.length === 0
    ? sample
    : { ...sample, readings: new Map([...sample.readings].filter(([name]) => !groups.includes(name))) };

/** Gathers what the rules need: from the log as far as it goes, from the machine the rest. */
export const gather = async (wish: Wish, source: Source, world: World): Promise<Found> => {
  const { rules, path } = wish;
  const now = world.clock.now();
  const groups = groupsNeeded(rules);
  const history = openHistory(rules);
  const log = openIfOurs(wish);
  try {
    const samples = log === undefined ? [] : pastFor(rules, log, groups, now);
    for (const sample of samples) history.add(sample);
    const newest = samples.at(-1);
    const fresh = newest !== undefined && isFresh(newest, source, now);
    const recorded = fresh
      ? without(wish.moved, newestOf(samples, newest.time - LOOKBACK * 1000))
      : undefined;
    const has = (name: string): boolean => {
      const reading = recorded?.readings.get(name);
      return (
        reading !== undefined &&
        rules.every((rule) => rule.path.group !== name || hasNamed(rule, reading, wish))
      );
    };
    const picked = groupsPicked(wish.wanted);
    const lacking = new Set(
      [...groups].filter((name) => !AGES.has(name) && (!has(name) || picked.includes(name))),
    );
    const live =
      recorded === undefined || rules.some((rule) => lacking.has(rule.path.group))
        ? await readMachine(wish, lacking, recorded, source, world)
        : undefined;
    if (live !== undefined && recorded === undefined) history.add(live.sample);

    const lastRecord = newest?.time ?? log?.last(() => true)?.time;
    const readings = new Map<string, Reading>(recorded?.readings);
    for (const [name, reading] of live?.sample.readings ?? []) readings.set(name, reading);
    for (const reading of readAges(rules, lastRecord, path, now)) readings.set(reading.group.name, reading);
    const base = recorded ?? (live as { sample: Sample }).sample;
    return {
      evidence: { now: { ...base, readings }, history, held: recorded?.alerts ?? [] },
      source: [
        recorded === undefined ? '' : `log, ${inWords(Math.max(0, ageOf(recorded, source, now)))} ago`,
        live === undefined
          ? ''
          : live.readings === 1
            ? 'read now'
            : `two readings ${formatDuration(wish.apart)} apart`,
      ]
        .filter((part) => part !== '')
        .join('; '),
    };
  } finally {
    log?.close();
  }
};
