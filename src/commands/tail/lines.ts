/** Lines: those that are wanted, as somebody wants to see them. */

import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FollowedFile } from '../../lines/follow/index.js';
import type { LineFormat } from '../../lines/format.js';
import { rangeOf } from '../../lines/seek.js';
import type { World } from '../../world.js';
import { type Amount, DEFAULT_AMOUNT } from './amounts.js';
import { archiveBlocks, archiveBlocksBackward, pastOf } from './archives.js';
import { blocksBackward, splitForward, wholeUntil } from './blocks.js';
import { exitOf, follow } from './follow.js';
import { closeInput, type Input, openAgain, openInput, STDIN, streamOf } from './input.js';
import { findBeginning } from './last.js';
import type { Later } from './later.js';
import { mergeUnits, openMerger } from './merge.js';
import { cannotFollow, cannotOpen, cannotRead, NOTHING_LEFT } from './messages.js';
import { lastUnits, unitsIn } from './past.js';
import { openReadings, type Readings, type Wanted } from './reading.js';
import type { Sink } from './sinks.js';
import type { FollowWish, Source } from './source.js';
import { type Joiner, openJoiner, type Unit } from './units.js';

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

/** A file that was opened, and what is shown of it first. */
interface Begun {
  readonly source: Source;
  readonly readings: Readings;
  readonly units: Iterable<Unit> | AsyncIterable<Unit>;
  readonly file?: FollowedFile;
  readonly close: () => void;
}

const isFiltered = ({ since, until, level, where, grep }: Wanted): boolean =>
  [since, until, level, where, grep].some((one) => one !== undefined);

const ALL: Amount = { unit: 'lines', fromStart: true, count: 1 };

/** How much is shown: of a time since which somebody asks, everything. */
const amountOf = ({ amount, wanted }: LinesCall): Amount =>
  amount ?? (wanted.since === undefined ? DEFAULT_AMOUNT : ALL);

function* concat(...all: readonly Iterable<Buffer>[]): Generator<Buffer, void> {
  for (const blocks of all) yield* blocks;
}

function* skip(units: Iterable<Unit>, count: number): Generator<Unit, void> {
  let left = count;
  for (const unit of units) if (left-- <= 0) yield unit;
}

const timesOf = ({ since, until }: Wanted) => ({
  since: since ?? Number.NEGATIVE_INFINITY,
  until: until ?? Number.POSITIVE_INFINITY,
});

/** What a file holds of what is asked for, up to `end`. */
function* unitsOfFile(
  source: Source,
  readings: Readings,
  fd: number,
  start: number,
  end: number,
  call: LinesCall,
): Generator<Unit, void> {
  const { separator, wanted, say } = call;
  const amount = amountOf(call);
  const parts = { source, readings, separator };
  const range = timesOf(wanted);
  const hasPast = source.own === true || call.archives;
  const past = hasPast && start === 0 ? pastOf(source.path, range, say) : [];
  const read = (path: string) => ({ path, range, separator, say });
  if (!amount.fromStart && amount.unit === 'lines' && (isFiltered(wanted) || past.length > 0)) {
    const blocks = concat(
      blocksBackward(fd, start, end, separator),
      ...[...past].reverse().map((path) => archiveBlocksBackward(read(path))),
    );
    yield* lastUnits(blocks, amount.count, parts);
    return;
  }
  // What has no size, as most of /proc, is read to its end.
  const until = end === 0 && start === 0 && call.wish === undefined ? Number.POSITIVE_INFINITY : end;
  const from = amount.fromStart && isFiltered(wanted) ? start : findBeginning(fd, amount, separator, start);
  if (from === undefined && !amount.fromStart) {
    yield* lastUnits([...splitForward(fd, start, until, separator)].reverse(), amount.count, parts);
    return;
  }
  const seen = from ?? start;
  const forward = concat(
    ...(amount.fromStart ? past.map((path) => archiveBlocks(read(path))) : []),
    splitForward(fd, seek(readings, fd, seen, until, call), until, separator),
  );
  const units = unitsIn(forward, parts);
  yield* amount.fromStart && amount.unit === 'lines' ? skip(units, Math.max(0, amount.count - 1)) : units;
}

/** Where lines of the times that are asked for begin. */
const seek = (readings: Readings, fd: number, from: number, size: number, { wanted }: LinesCall): number => {
  if (wanted.since === undefined || from > 0 || !Number.isFinite(size) || size === 0) return from;
  for (const block of splitForward(fd, 0, Math.min(size, SAMPLE_BYTES), 10)) {
    const reading = readings.for(block.toString('utf8').split('\n').slice(0, SAMPLE_LINES));
    return rangeOf(fd, size, { since: wanted.since, format: reading.format, context: reading.context }).start;
  }
  return from;
};

const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_LINES = 100;

/** Standard input is quiet after so many ms without a byte. */
const QUIET = 200;

/** The units of what is read as it comes: the last of them, or as they come. */
async function* unitsOfStream(
  world: World,
  stream: Readable,
  source: Source,
  readings: Readings,
  call: LinesCall,
): AsyncGenerator<Unit, void> {
  const { separator } = call;
  const amount = amountOf(call);
  const most = amount.fromStart ? Number.POSITIVE_INFINITY : amount.count;
  let isLive = amount.fromStart;
  let ready: Unit[] = [];
  let left = amount.fromStart ? Math.max(0, amount.count - 1) : 0;
  const joiner = openJoiner({
    source,
    readings,
    separator,
    onUnit: (unit) => {
      if (left > 0) left--;
      else ready.push(unit);
      // Cut now and then, not each time.
      if (!isLive && ready.length > 2 * most + 1000) ready = ready.slice(-most);
    },
  });
  const take = (): Unit[] => {
    const units = isLive || most === Number.POSITIVE_INFINITY ? ready : most === 0 ? [] : ready.slice(-most);
    ready = [];
    return units;
  };
  let rest: Buffer[] = [];
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  try {
    for (;;) {
      const next = chunks.next();
      if (call.live) {
        const woken = new AbortController();
        const isQuiet = await Promise.race([
          next.then(() => false),
          world.clock.sleep(isLive ? 1 : QUIET, woken.signal).then(() => true),
        ]);
        woken.abort();
        if (isQuiet) {
          joiner.flush();
          yield* take();
          isLive = true;
        }
      }
      const { done, value } = await next;
      if (done === true) break;
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      const cut = bytes.lastIndexOf(separator) + 1;
      if (cut > 0) {
        joiner.push(Buffer.concat([...rest, bytes.subarray(0, cut)]));
        rest = [];
        if (isLive) yield* take();
      }
      if (cut < bytes.length) rest.push(bytes.subarray(cut));
    }
    if (rest.length > 0) joiner.push(Buffer.concat(rest));
  } catch (error) {
    if (!call.signal.aborted && !world.stdout.gone.aborted) throw error;
  }
  joiner.flush();
  yield* take();
}

const openReadingsFor = (world: World, call: LinesCall, changed: number | undefined): Readings =>
  openReadings({
    wanted: call.wanted,
    ...(call.format && { format: call.format }),
    multiline: call.multiline,
    context: {
      // What is followed goes on for years: each line is at most as old as now.
      get notAfter() {
        return call.wish === undefined && changed !== undefined ? changed : world.clock.now();
      },
      ...(call.zone !== undefined && { zone: call.zone }),
    },
  });

/** Opens a file; says what is wrong and gives nothing to show where that fails. */
const begin = (world: World, source: Source, call: LinesCall): Begun & { readonly isOk: boolean } => {
  const { wish, say, separator, sink } = call;
  const { path } = source;
  const again = wish?.retry === true;
  const failed = (error: unknown): Begun & { isOk: boolean } => ({
    source,
    readings: openReadingsFor(world, call, undefined),
    units: [],
    ...(again && { file: { path, error: (error as NodeJS.ErrnoException).code ?? 'EIO' } }),
    close: () => {},
    isOk: false,
  });
  let input: Input;
  try {
    input = openInput(path, world);
  } catch (error) {
    say(cannotOpen(source, error));
    return failed(error);
  }
  const { fd, kind, start } = input;
  if (kind === 'directory' || kind === 'other') {
    sink.head(source);
    const error = Object.assign(new Error(), { code: 'EISDIR' });
    say(cannotRead(source, error));
    if (wish !== undefined) say(cannotFollow(source, !again));
    closeInput(input);
    return failed(error);
  }
  if (kind !== 'file' || fd === undefined) {
    const readings = openReadingsFor(world, call, undefined);
    const stream = streamOf(input, world);
    const end = (): void => void stream.destroy();
    for (const one of [call.signal, world.stdout.gone]) one.addEventListener('abort', end, { once: true });
    const isOver = wish === undefined || path === STDIN;
    return {
      source,
      readings,
      units: unitsOfStream(world, stream, source, readings, call),
      ...(!isOver && { file: { path, fd: openAgain(path) } }),
      close: () => {},
      isOk: true,
    };
  }
  const { size, mtimeMs } = fstatSync(fd);
  const readings = openReadingsFor(world, call, mtimeMs);
  const end = wish === undefined ? size : wholeUntil(fd, size, separator);
  return {
    source,
    readings,
    units: unitsOfFile(source, readings, fd, start, end, call),
    ...(wish !== undefined && { file: { path, fd, offset: Math.max(start, end) } }),
    close: () => {
      if (wish === undefined) closeInput(input);
    },
    isOk: true,
  };
};

/** Units that are shown before the terminal or the pipe is given time to take them. */
const AT_ONCE = 256;

const showAll = async (
  world: World,
  units: Iterable<Unit> | AsyncIterable<Unit>,
  call: LinesCall,
): Promise<void> => {
  const { stdout } = world;
  let shown = 0;
  const isSync = Symbol.iterator in units;
  for await (const unit of units) {
    call.sink.show(unit);
    if (isSync && ++shown % AT_ONCE !== 0) continue;
    await stdout.drained();
    if (stdout.gone.aborted || call.signal.aborted) return;
  }
};

/** The last of all together, where that many are asked for. */
const lastOfAll = (units: Iterable<Unit>, call: LinesCall): Iterable<Unit> => {
  const { fromStart, count, unit } = amountOf(call);
  if (fromStart || unit === 'bytes') return units;
  const all = [...units];
  return count === 0 ? [] : all.slice(-count);
};

/** Shows the lines that are wanted; gives the exit code. */
export const runLines = async (world: World, call: LinesCall): Promise<number> => {
  const { sources, wish, say, signal, sink, merge } = call;
  const files = new Map<FollowedFile, Source>();
  const readings = new Map<Source, Readings>();
  const merged: Begun[] = [];
  let isOk = true;
  for (const source of sources) {
    const begun = begin(world, source, call);
    isOk &&= begun.isOk;
    readings.set(source, begun.readings);
    if (begun.file !== undefined) files.set(begun.file, source);
    if (!begun.isOk) continue;
    if (merge && Symbol.iterator in begun.units) merged.push(begun);
    else {
      sink.head(source);
      await showAll(world, begun.units, call);
      begun.close();
    }
    if (signal.aborted || world.stdout.gone.aborted) return 0;
  }
  if (merge) {
    const units = mergeUnits(merged.map((one) => one.units as Iterable<Unit>));
    await showAll(world, lastOfAll(units, call), call);
    for (const one of merged) one.close();
  }
  if (wish === undefined || (isOk && files.size === 0 && call.later === undefined)) return isOk ? 0 : 1;
  if (files.size === 0 && call.later === undefined) {
    say(NOTHING_LEFT);
    return 1;
  }
  sink.goOnFrom(sources.at(-1));
  const ending = await followLines(world, call, files, readings);
  if (ending === 'nothing left') say(NOTHING_LEFT);
  return exitOf(ending, isOk, wish);
};

const followLines = async (
  world: World,
  call: LinesCall,
  files: ReadonlyMap<FollowedFile, Source>,
  readings: ReadonlyMap<Source, Readings>,
) => {
  const { separator, say, signal, sink } = call;
  const merger = call.merge ? openMerger(world.clock, signal, sink.show) : undefined;
  const joiners = new Map<Source, Joiner>();
  const waiting = new Set<Joiner>();
  const joinerOf = (source: Source): Joiner => {
    let joiner = joiners.get(source);
    if (joiner === undefined) {
      if (!readings.has(source)) sink.appeared(source);
      joiner = openJoiner({
        source,
        readings: readings.get(source) ?? openReadingsFor(world, call, undefined),
        separator,
        onUnit: merger === undefined ? sink.show : merger.push,
      });
      joiners.set(source, joiner);
    }
    return joiner;
  };
  const flush = (): void => {
    for (const joiner of waiting) joiner.flush();
    waiting.clear();
  };
  const ending = await follow(world, {
    files,
    wish: call.wish as FollowWish,
    ...(call.later && { later: call.later }),
    pass: 'lines',
    separator,
    onBytes: (source, bytes) => {
      const joiner = joinerOf(source);
      joiner.push(bytes);
      waiting.add(joiner);
    },
    onIdle: flush,
    say,
    signal,
  });
  flush();
  merger?.flush();
  return ending;
};
