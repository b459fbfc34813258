/** Lines: those that are wanted, as somebody wants to see them. */

import { fstatSync } from 'node:fs';
import { type FollowedFile, seenBefore } from '../../lines/follow/index.js';
import type { World } from '../../world.js';
import { wholeUntil } from './blocks.js';
import { unitsOfFile } from './file-units.js';
import { type Ending, exitOf, follow } from './follow.js';
import { closeInput, type Input, openAgain, openInput, STDIN, streamOf } from './input.js';
import { amountOf, type LinesCall } from './lines-call.js';
import { mergeUnits, openMerger } from './merge.js';
import { cannotFollow, cannotOpen, cannotRead, NOTHING_LEFT } from './messages.js';
import { openReadings, type Readings } from './reading.js';
import type { FollowWish, Source } from './source.js';
import { unitsOfStream } from './stream-units.js';
import { type Joiner, openJoiner, type Unit } from './units.js';

/** A file that was opened, and what is shown of it first. */
interface Begun {
  readonly source: Source;
  readonly readings: Readings;
  readonly units: Iterable<Unit> | AsyncIterable<Unit>;
  readonly file?: FollowedFile;
  readonly close: () => void;
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

/** The units up to where the system gives no more of them. */
function* asFarAsReadable(units: Iterable<Unit>, onError: (error: unknown) => void): Generator<Unit, void> {
  try {
    yield* units;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    onError(error);
  }
}

/** Opens a file; says what is wrong and gives nothing to show where that fails. `onError` is called where it fails later, while it is read. */
const begin = (
  world: World,
  source: Source,
  call: LinesCall,
  onError: (error: unknown) => void,
): Begun & { readonly isOk: boolean } => {
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
  const offset = Math.max(start, end);
  return {
    source,
    readings,
    units: asFarAsReadable(unitsOfFile(source, readings, fd, start, end, call), onError),
    ...(wish !== undefined && { file: { path, fd, offset, seen: seenBefore(fd, offset) } }),
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
    const begun = begin(world, source, call, (error) => {
      say(cannotRead(source, error));
      isOk = false;
    });
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
): Promise<Ending> => {
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
