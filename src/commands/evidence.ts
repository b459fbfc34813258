/** What `sysmon check` judges: the newest record of the log where it is fresh, else the machine itself. */

import { statSync } from 'node:fs';
import { isShown } from '../core/aside.js';
import { LOOKBACK, openHistory } from '../core/history.js';
import type { Evidence } from '../core/judge.js';
import { latest } from '../core/latest.js';
import { file as fileGroup, log as logGroup, OUTSIDE } from '../core/outside.js';
import { holderOf } from '../core/rows.js';
import type { Rule } from '../core/rule.js';
import type { Reading, Row, Sample } from '../core/sample.js';
import { row, rowLike, uptimeOf } from '../core/sample.js';
import { longestRate } from '../core/schedule.js';
import type { LogSpan } from '../core/too-short.js';
import type { Wanted } from '../core/vital.js';
import { systemReason, UserError } from '../exit.js';
import { type Log, openLog } from '../logs/reader.js';
import { GROUPS } from '../vitals/index.js';
import type { Source } from '../vitals/source.js';
import type { World } from '../world.js';
import { groupsPicked, readMachine } from './machine.js';
import type { Origin } from './origin.js';
import { pastFor } from './past.js';

export interface Wish {
  readonly rules: readonly Rule[];
  readonly wanted: Wanted;
  /** Groups that are to be read elsewhere than the log has them from. */
  readonly moved: readonly string[];
  /** Where the filesystem that holds a directory is mounted; undefined where that cannot be told. */
  readonly mountPointOf: (path: string) => string | undefined;
  /** The log, and what named it: then it has to be one. */
  readonly path: string;
  readonly named: '--file' | 'the configuration' | '$SYSMON_LOG' | undefined;
  /** Seconds between two readings of the machine. */
  readonly apart: number;
  /** What was read elsewhere. */
  readonly others: readonly Reading[];
}

export interface Found {
  readonly evidence: Evidence;
  readonly origin: Origin;
}

/** What the rules look at, and what the summary says of it. */
const groupsNeeded = (rules: readonly Rule[]): ReadonlySet<string> => {
  const groups = new Set(['system', ...rules.map(({ path }) => path.group)]);
  if (rules.some(({ who }) => who !== undefined)) groups.add('top').add('cpu');
  return groups;
};

/** Whether a reading has the row that a rule names. A record has what its log was told to look at, and what nobody looks at is old in it. */
const hasNamed = ({ path, nearest }: Rule, reading: Reading, { mountPointOf }: Wish): boolean => {
  if (path.id === undefined || !('rows' in reading)) return true;
  const own = rowLike(reading.rows, path.id);
  if (own !== undefined) return isShown(own);
  const [place = ''] = path.id;
  const known = nearest ? holderOf(reading.rows, place)?.id[0] : undefined;
  return known !== undefined && known === (mountPointOf(place) ?? known);
};

/** Whether an error says that there is nothing, as opposed to something that cannot be used. */
const isMissing = (error: unknown): boolean => {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
};

/** The log, where there is one of ours. Throws a UserError where something else was named. */
const openIfOurs = ({ path, named }: Wish): Log | undefined => {
  // Who keeps a log elsewhere says so before it is begun.
  const mayLack = named !== '--file';
  let log: Log;
  try {
    log = openLog(path, GROUPS);
  } catch (error) {
    if (named === undefined || (mayLack && isMissing(error))) return undefined;
    throw error;
  }
  const state = log.state();
  if (state === 'ours') return log;
  log.close();
  if (named === undefined || (mayLack && (state === 'missing' || state === 'empty'))) return undefined;
  const what = {
    missing: 'no such file',
    empty: 'it has no records yet',
    foreign: 'it is not a log of sysmon',
    newer: 'it was written by a newer version of sysmon',
  }[state];
  throw new UserError(`${path}: ${what}`, {
    hint: mayLack ? `It is what ${named} names.` : 'Leave --file out to read the machine itself.',
  });
};

/** Age of a sample in seconds, on the clock that no one can set where there is one. */
const ageOf = (sample: Sample, source: Source, now: number): number => {
  const [then, uptime] = [uptimeOf(sample), source.uptime()];
  return then === undefined || uptime === undefined ? (now - sample.time) / 1000 : uptime - then;
};

/**
 * Whether a sample still tells how things are: of this boot, and no older than three of its intervals, but five minutes at
 * most. The interval of a single sample is the time since the one before it, which may be days.
 */
const isFresh = (sample: Sample, source: Source, now: number): boolean => {
  if (sample.boot !== source.boot || sample.interval === undefined) return false;
  const age = ageOf(sample, source, now);
  return age > -1 && age <= Math.min(longestRate(sample.interval), LOOKBACK);
};

/** How long ago the files that rules ask for, and the log, were written to. */
const readAges = (
  { rules, path }: Wish,
  { ended, next, stranger }: Past,
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
      return code === 'ENOENT' ? [] : [row([name], {}, { error: systemReason(error) })];
    }
  });
  const none = stranger === undefined ? `there is no log at ${path}` : `${path} is the log of ${stranger}`;
  const age: Reading =
    ended === undefined
      ? { group: logGroup, failed: none }
      : { group: logGroup, rows: [row([], { ...since(ended), ...overdue(next, now) })] };
  return [{ group: fileGroup, rows }, age];
};

const overdue = (next: number | undefined, now: number): Row['numbers'] =>
  next === undefined ? {} : { overdue_seconds: Math.max(0, Math.round(now - next) / 1000) };

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

/** Whether a record is of this machine: by its name, or by its boot where it was given another name since. */
const isOurs = ({ host, boot }: { readonly host: string; readonly boot?: string }, source: Source): boolean =>
  host === source.host || boot === source.boot;

/** What a log holds of this machine. */
interface Past {
  /** As much as the rules need, oldest first. */
  readonly samples: readonly Sample[];
  /** When the last record was written, ms since 1970. */
  readonly ended?: number;
  /** When the next sample is or was due; never where the log was ended on purpose, and it is not known with a single one. */
  readonly next?: number;
  /** The machine whose log it is, where that is another one. */
  readonly stranger?: string;
}

/** A log that is not silent for long is not looked through for how it ended, s. */
const SOON = 60;

const nextDue = (newest: Sample | undefined, log: Log, now: number): number | undefined => {
  const dueAfter = ({ time, interval }: Sample): number | undefined =>
    interval === undefined ? undefined : time + interval * 1000;
  const soon = newest && dueAfter(newest);
  if (soon !== undefined && now - soon < SOON * 1000) return soon;
  const last = log.last(({ kind }) => kind === 'sample' || kind === 'stop', new Set());
  if (last?.kind === 'stop') return Number.POSITIVE_INFINITY;
  return last?.kind === 'sample' ? dueAfter(last.sample) : undefined;
};

/** Throws a UserError where the log was named and is another machine's: what it says of itself would be said of this one. */
const readPast = (wish: Wish, log: Log, groups: ReadonlySet<string>, source: Source, now: number): Past => {
  const samples = pastFor(wish.rules, log, groups, now);
  const last = samples.at(-1) ?? log.last(() => true, new Set());
  if (last === undefined) return { samples };
  const ended = last.time;
  if (isOurs(last, source)) {
    const next = nextDue(samples.at(-1), log, now);
    return {
      samples: samples.filter((one) => isOurs(one, source)),
      ended,
      ...(next === undefined ? {} : { next }),
    };
  }
  if (wish.named !== '--file') return { samples: [], stranger: last.host };
  throw new UserError(`${wish.path} is the log of ${last.host}, and this is ${source.host}`, {
    hint: 'Leave --file out to judge this machine.',
  });
};

/** Gathers what the rules need: from the log as far as it goes, from the machine the rest. */
export const gather = async (wish: Wish, source: Source, world: World): Promise<Found> => {
  const { rules } = wish;
  const now = world.clock.now();
  const groups = groupsNeeded(rules);
  const history = openHistory(rules);
  const log = openIfOurs(wish);
  try {
    const past = log === undefined ? { samples: [] } : readPast(wish, log, groups, source, now);
    for (const sample of past.samples) history.add(sample);
    const newest = past.samples.at(-1);
    const fresh = newest !== undefined && isFresh(newest, source, now);
    const recorded = fresh
      ? without(wish.moved, newestOf(past.samples, newest.time - LOOKBACK * 1000))
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
      [...groups].filter((name) => !OUTSIDE.has(name) && (!has(name) || picked.includes(name))),
    );
    const live =
      recorded === undefined || rules.some((rule) => lacking.has(rule.path.group))
        ? await readMachine(wish, lacking, recorded, source, world)
        : undefined;
    if (live !== undefined && recorded === undefined) history.add(live.sample);

    const readings = new Map<string, Reading>(recorded?.readings);
    for (const [name, reading] of live?.sample.readings ?? []) readings.set(name, reading);
    for (const reading of [...readAges(wish, past, now), ...wish.others])
      readings.set(reading.group.name, reading);
    const base = recorded ?? (live as { sample: Sample }).sample;
    return {
      evidence: {
        now: { ...base, readings },
        history,
        held: recorded?.alerts ?? [],
        log: spanOf(past, fresh),
      },
      origin: originOf(past, recorded, live, { wish, source, now }),
    };
  } finally {
    log?.close();
  }
};

const spanOf = ({ samples: [first], ended }: Past, fresh: boolean): LogSpan => ({
  ...(first !== undefined && { began: first.time }),
  ...(ended !== undefined && !fresh && { ended }),
});

const originOf = (
  { ended, stranger }: Past,
  recorded: Sample | undefined,
  live: { readonly sample: Sample; readonly readings: number } | undefined,
  { wish, source, now }: { readonly wish: Wish; readonly source: Source; readonly now: number },
): Origin => ({
  ...(recorded !== undefined
    ? { log: { age: ageOf(recorded, source, now), fresh: true } }
    : ended !== undefined && { log: { age: (now - ended) / 1000, fresh: false } }),
  ...(stranger !== undefined && { stranger }),
  ...(live !== undefined && {
    live: { groups: new Set(live.sample.readings.keys()), ...(live.readings > 1 && { apart: wish.apart }) },
  }),
});
