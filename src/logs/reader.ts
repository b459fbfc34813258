/** Reading a log: its archives and the file being written are one row of records. */

import type { Group } from '../core/group.js';
import type { Sample } from '../core/sample.js';
import { decodeRecord, kindOf } from './codec.js';
import { rememberHeads } from './head-groups.js';
import type { Wish } from './leap.js';
import { ALWAYS, type LogFile, type OnProblem } from './log-file.js';
import { followLinks } from './log-place.js';
import { openArchive, openSet, pickArchives } from './log-set.js';
import { type Entry, gatherRecent, type RecentOptions } from './recent.js';
import type { LogRecord } from './record.js';
import { encodeSchema, joinSchema } from './schema.js';
import { timeOf } from './time-index.js';

export interface ReadOptions {
  /** Earliest and latest time wanted, ms since 1970, ends included. */
  readonly since?: number;
  readonly until?: number;
  /** Groups to decode; the others stand in the samples as if they had not been due. */
  readonly only?: ReadonlySet<string>;
}

/**
 * `missing`: no file. `empty`: not a line in it. `foreign`: lines, but none of ours. `newer`: written by a version whose
 * records cannot be understood here.
 */
export type LogState = 'missing' | 'empty' | 'foreign' | 'newer' | 'ours';

/** A log as it was when it was opened: what is appended later is not seen. */
export interface Log {
  readonly state: () => LogState;
  /** Records of these times in the order in which they were written, whatever the clock did. */
  readonly records: (options?: ReadOptions) => Generator<LogRecord, void>;
  readonly samples: (options?: ReadOptions) => Generator<Sample, void>;
  /** Records from the newest to the oldest, through the archives too. */
  readonly newestFirst: (only?: ReadonlySet<string>) => Generator<LogRecord, void>;
  /** The newest record that is accepted. */
  readonly last: {
    <T extends LogRecord>(
      accept: (record: LogRecord) => record is T,
      only?: ReadonlySet<string>,
    ): T | undefined;
    (accept: (record: LogRecord) => boolean, only?: ReadonlySet<string>): LogRecord | undefined;
  };
  /**
   * The newest samples back to `since`, oldest first; of the time before, those with detail, and of the time before that
   * fewer: see RecentOptions. Read from the end and no further than it takes: the first older sample ends it, and so
   * does the place where the clock was set back.
   */
  readonly recent: (
    since: number,
    only?: ReadonlySet<string>,
    more?: Partial<Omit<RecentOptions, 'since' | 'only'>>,
  ) => readonly Sample[];
  readonly close: () => void;
}

type Groups = ReadonlyMap<string, Group>;
type Only = ReadonlySet<string> | undefined;

/** How far from a file's ends something of ours is looked for before it is called foreign. */
const LOOK_LINES = 2000;

const text = (line: Buffer): string => line.toString('utf8');

/** Every record's decoding goes through them all. */
const pickGroups = (groups: Groups, only: Only): Groups =>
  only === undefined ? groups : new Map([...groups].filter(([name]) => only.has(name)));

/** Gives the groups to read a file with: each is looked at once, and one schema is parsed once, however many begin with it. */
const rememberGroups = (own: Groups): ((file: LogFile, only: Only) => Groups) => {
  const known = new WeakMap<LogFile, Map<Only, Groups>>();
  const headOf = rememberHeads(own);
  return (file, only) => {
    const ofFile = known.get(file) ?? new Map<Only, Groups>();
    known.set(file, ofFile);
    const groups = ofFile.get(only) ?? pickGroups(headOf(file.lines(ALWAYS), only) ?? own, only);
    ofFile.set(only, groups);
    return groups;
  };
};

const stateOf = (live: LogFile): LogState => {
  let state: LogState = 'empty';
  for (const lines of [live.lines(ALWAYS), live.linesBackward()]) {
    let looked = 0;
    for (const line of lines) {
      if (++looked > LOOK_LINES) break;
      const kind = kindOf(text(line));
      if (kind !== undefined && kind !== 'newer') return 'ours';
      if (state !== 'newer') state = kind ?? 'foreign';
    }
  }
  return state;
};

/**
 * Opens the log at `path`; `own` are the groups this version knows. Throws a UserError where the file is there but cannot
 * be read. What cannot be read later on is told to `onProblem`, and left out.
 */
export const openLog = (path: string, own: Groups, onProblem: OnProblem = () => {}): Log => {
  const real = followLinks(path);
  const { archives, live } = openSet(real, onProblem);
  const groupsOf = rememberGroups(own);

  function* withArchive<T>(
    archive: (typeof archives)[number],
    read: (file: LogFile) => Generator<T, void>,
  ): Generator<T, void> {
    const file = openArchive(real, archive, onProblem);
    if (file === undefined) return;
    try {
      yield* read(file);
    } finally {
      file.close();
    }
  }

  function* recordsOf(file: LogFile, options: ReadOptions): Generator<LogRecord, void> {
    const { since = ALWAYS.since, until = ALWAYS.until, only } = options;
    // Looked up only when there is something to decode: most archives are opened for their headers alone.
    let groups: Groups | undefined;
    for (const line of file.lines({ since, until })) {
      const time = timeOf(line);
      if (time !== undefined && (time < since || time > until)) continue;
      groups ??= groupsOf(file, only);
      const record = decodeRecord(text(line), groups, only);
      if (record === undefined || record.time < since || record.time > until) continue;
      if (record.kind === 'schema') groups = joinSchema(own, encodeSchema(record.groups), only);
      yield record;
    }
  }

  function* records(options: ReadOptions = {}): Generator<LogRecord, void> {
    const { since = ALWAYS.since, until = ALWAYS.until } = options;
    for (const archive of pickArchives(archives, { since, until }))
      yield* withArchive(archive, (file) => recordsOf(file, options));
    if (live !== undefined) yield* recordsOf(live, options);
  }

  function* entriesIn(file: LogFile, only: Only, containing?: Buffer, wish?: Wish): Generator<Entry, void> {
    const groups = groupsOf(file, only);
    for (const line of file.linesBackward(containing, wish)) yield { line, groups };
  }

  function* entriesNewestFirst(only: Only, containing?: Buffer, wish?: Wish): Generator<Entry, void> {
    if (live !== undefined) yield* entriesIn(live, only, containing, wish);
    for (const archive of [...archives].reverse())
      yield* withArchive(archive, (file) => entriesIn(file, only, containing, wish));
  }

  function* newestFirst(only?: ReadonlySet<string>): Generator<LogRecord, void> {
    for (const { line, groups } of entriesNewestFirst(only)) {
      const record = decodeRecord(text(line), groups, only);
      if (record !== undefined) yield record;
    }
  }

  const find = (
    accept: (record: LogRecord) => boolean,
    only?: ReadonlySet<string>,
  ): LogRecord | undefined => {
    for (const record of newestFirst(only)) if (accept(record)) return record;
    return undefined;
  };

  return {
    state: () => (live !== undefined ? stateOf(live) : archives.length > 0 ? 'ours' : 'missing'),
    records,
    *samples(options) {
      for (const record of records(options)) if (record.kind === 'sample') yield record.sample;
    },
    newestFirst,
    last: find as Log['last'],
    recent: (since, only, more) =>
      gatherRecent((containing, wish) => entriesNewestFirst(only, containing, wish), {
        since,
        only,
        detailSince: since,
        sparseSince: since,
        between: only,
        ...more,
      }),
    close: () => live?.close(),
  };
};
