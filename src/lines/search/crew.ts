/** Searches one large file in several threads; what they find comes out in the file's order. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../exit.js';
import type { Collector } from './collect.js';
import { type CrewMessage, type CrewTask, SLOT, SLOTS } from './crew-messages.js';
import type { Engine } from './engine.js';
import type { SearchPlan, Traits } from './plan.js';
import { openRange, type RangedFile, rangeCount } from './ranges.js';
import { addTallies } from './read-lines.js';
import { freePiece, newSharedPieces, SHARED_PIECES, sharedPiece } from './shared-pieces.js';

/** From this size on the threads are worth their start, bytes. */
const WORTH = 64 * 1024 * 1024;

/** Each costs some 20 MB of memory. */
const MOST_WORKERS = 3;

/** V8 would let the young objects of each thread grow to three times this. */
const LIMITS = { maxYoungGenerationSizeMb: 16 };

/** Where build.js puts the worker: beside the bundle, or in dist while we run from source. */
const workerScript = (): string => {
  const beside = fileURLToPath(new URL('./search-worker.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../../dist/search-worker.js', import.meta.url));
};

/** Whether ranges can be searched apart: nothing that is printed depends on what stands before its line. */
export const canSplit = (
  { scan, print, multiline, output }: SearchPlan,
  bytes: number,
  processors: number,
): boolean =>
  bytes >= WORTH &&
  processors > 1 &&
  scan.before === undefined &&
  scan.after === undefined &&
  scan.most === Number.POSITIVE_INFINITY &&
  !print.numbers &&
  output.kind !== 'json' &&
  !print.lineBuffered &&
  !multiline &&
  existsSync(workerScript());

export interface CrewOptions {
  readonly plan: SearchPlan;
  readonly file: RangedFile;
  readonly name: string;
  readonly traits: Traits | undefined;
  readonly processors: number;
  /** Searches in this thread until another is ready. */
  readonly engine: Engine;
  readonly out: Collector;
  /** Writes a piece, and resolves when the memory it is in may be used for something else. */
  readonly give: (piece: Buffer) => Promise<void>;
  /** Whether nobody wants more. */
  readonly isGone: () => boolean;
}

interface RangeResult {
  readonly pieces: { readonly memory: SharedArrayBuffer; readonly slot: number; readonly length: number }[];
  count: number | undefined;
}

/** Gives how many records were selected. */
export const searchInThreads = async (options: CrewOptions): Promise<number> => {
  const { plan, file, name, traits, processors, engine, out, give, isGone } = options;
  const ranges = rangeCount(file);
  /** Where nothing is printed, this thread searches along; else it writes what the others print, in order. */
  const joins = plan.scan.quiet;
  const size = Math.min(joins ? processors - 1 : processors, MOST_WORKERS, ranges);
  const shared = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT);
  const numbers = new Int32Array(shared);
  const results = new Map<number, RangeResult>();
  let isReady = false;
  /** Workers that have told all they had. */
  let over = 0;
  let failure: Error | undefined;
  let wake = (): void => {};

  const resultOf = (range: number): RangeResult => {
    const known = results.get(range);
    if (known !== undefined) return known;
    const result: RangeResult = { pieces: [], count: undefined };
    results.set(range, result);
    return result;
  };
  const take = (memory: SharedArrayBuffer, message: CrewMessage): void => {
    if (message.kind === 'ready') isReady = true;
    else if (message.kind === 'over') {
      addTallies(engine.tallies, message.tallies);
      over++;
    } else if (message.kind === 'failed') failure = new UserError(message.text, message.options);
    else if (message.kind === 'piece')
      resultOf(message.range).pieces.push({ memory, slot: message.slot, length: message.length });
    else resultOf(message.range).count = message.count;
    wake();
  };
  const memories: SharedArrayBuffer[] = [];
  const workers = Array.from({ length: size }, () => {
    const pieces = newSharedPieces();
    memories.push(pieces);
    const task: CrewTask = { plan, file, name, traits, shared, pieces };
    const worker = new Worker(workerScript(), { workerData: task, execArgv: [], resourceLimits: LIMITS });
    worker.on('message', (message: CrewMessage) => take(pieces, message));
    worker.on('error', (error) => {
      failure = error;
      wake();
    });
    return worker;
  });

  let total = 0;
  /** The range whose output is next. */
  let front = 0;
  const isEnough = (): boolean => (plan.scan.firstOnly && total > 0) || isGone();
  /** The number of a range that may be searched here now. */
  const takeRange = (): number | undefined => {
    if (joins) {
      const range = Atomics.add(numbers, SLOT.next, 1);
      return range < ranges ? range : undefined;
    }
    // Only while the others start, and only the one whose turn it is: its output goes straight out.
    if (isReady || front >= ranges) return undefined;
    return Atomics.compareExchange(numbers, SLOT.next, front, front + 1) === front ? front : undefined;
  };
  const searchHere = async (): Promise<void> => {
    while (failure === undefined && !isEnough()) {
      const range = takeRange();
      if (range === undefined) return;
      const { feed, origin } = openRange(file, range);
      await engine.search(feed, name, traits, origin);
      // Before anything of the ranges behind it.
      out.flush();
      resultOf(range).count = engine.count();
      while (await passOn());
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  /** What the front has for us by now. Gives whether there was something. */
  const passOn = async (): Promise<boolean> => {
    const result = results.get(front);
    const next = result?.pieces.shift();
    if (next !== undefined) {
      await give(sharedPiece(next.memory, next.slot).subarray(0, next.length));
      freePiece(next.memory, next.slot);
      return true;
    }
    if (result?.count === undefined) return false;
    total += result.count;
    results.delete(front++);
    return true;
  };
  try {
    await searchHere();
    const isTallying = plan.output.kind === 'tally';
    while ((front < ranges || (isTallying && over < size)) && !isEnough()) {
      if (failure !== undefined) throw failure;
      if (await passOn()) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return total;
  } finally {
    Atomics.store(numbers, SLOT.stop, 1);
    // Who waits for a place to put its output may go on to see that.
    for (const memory of memories) for (let slot = 0; slot < SHARED_PIECES; slot++) freePiece(memory, slot);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
};
