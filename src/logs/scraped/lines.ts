/** The lines of a log that may be of some times, archives first, several of their members at once in other threads. */

import { closeSync, fstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemReason } from '../../exit.js';
import type { Archive } from '../archive-name.js';
import { linesIn } from '../lines.js';
import { findParts, inflateAside, type LogFile, type OnProblem, openIfThere } from '../log-file.js';
import { type LogSet, openArchive, pickArchives } from '../log-set.js';
import { overlaps, type TimeRange } from '../time-index.js';

export interface LinesOptions {
  readonly path: string;
  readonly set: LogSet;
  readonly range: TimeRange;
  readonly onProblem: OnProblem;
  readonly signal?: AbortSignal | undefined;
  /** How much is done, 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** Members on their way at once. */
const AHEAD = 3;

/** Lines of a plain file after which others have their turn. */
const TURN_LINES = 500;

/** Lines together, in the file's order; each holds until the next batch is asked for. */
export type Batch = Iterable<Buffer>;

async function* packed(fd: number, name: string, { range, onProblem }: LinesOptions): AsyncGenerator<Batch> {
  const parts = findParts(fd, fstatSync(fd).size).filter((part) => overlaps(part, range));
  const start = (index: number): Promise<Buffer> | undefined => {
    const part = parts[index];
    return part === undefined
      ? undefined
      : inflateAside(fd, part).catch((error: Error) => {
          onProblem(`${name}: ${part.bytes} bytes from offset ${part.start} are damaged: ${error.message}`);
          return Buffer.alloc(0);
        });
  };
  const waiting = Array.from({ length: AHEAD }, (_, index) => start(index));
  for (let index = 0; index < parts.length; index++) {
    const text = await waiting.shift();
    waiting.push(start(index + AHEAD));
    if (text !== undefined) yield linesIn(text);
  }
}

async function* plain(file: LogFile, { range }: LinesOptions): AsyncGenerator<Batch> {
  const lines = file.lines(range);
  let hasMore = true;
  function* some(): Generator<Buffer, void> {
    for (let count = 0; count < TURN_LINES; count++) {
      const next = lines.next();
      if (next.done) {
        hasMore = false;
        return;
      }
      yield next.value;
    }
  }
  while (hasMore) {
    yield some();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* ofArchive(archive: Archive, options: LinesOptions): AsyncGenerator<Batch> {
  const { path, onProblem } = options;
  const { name } = archive;
  if (name === undefined) return;
  let fd: number | undefined;
  // Plain ones may be compressed at this moment.
  const compressed = name.endsWith('.gz') ? name : `${name}.gz`;
  const file = name.endsWith('.gz') ? undefined : openArchive(path, archive, onProblem);
  try {
    if (file !== undefined) return yield* plain(file, options);
    fd = openIfThere(join(dirname(path), compressed));
    if (fd !== undefined) yield* packed(fd, compressed, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    onProblem(`${compressed}: ${systemReason(error)}`);
  } finally {
    file?.close();
    if (fd !== undefined) closeSync(fd);
  }
}

/** Ends early where the signal is aborted. */
export async function* readBatches(options: LinesOptions): AsyncGenerator<Batch> {
  const { set, range, signal, onProgress } = options;
  const archives = pickArchives(set.archives, range);
  const files = archives.length + 1;
  for (const [index, archive] of archives.entries()) {
    for await (const batch of ofArchive(archive, options)) {
      if (signal?.aborted) return;
      yield batch;
    }
    onProgress?.((index + 1) / files);
  }
  if (set.live !== undefined)
    for await (const batch of plain(set.live, options)) {
      if (signal?.aborted) return;
      yield batch;
    }
  onProgress?.(1);
}
