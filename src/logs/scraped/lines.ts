/** The lines of a log that may be of some times, archives first, several of their members at once in other threads. */

import { closeSync, fstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemReason } from '../../exit.js';
import type { Archive } from '../archive-name.js';
import { linesIn, readFully } from '../lines.js';
import { findParts, inflateAside, type OnProblem, openIfThere } from '../log-file.js';
import { pickArchives } from '../log-set.js';
import { findStretches } from '../series/stretches.js';
import { overlaps, type TimeRange } from '../time-index.js';

export interface LinesOptions {
  readonly path: string;
  /** Its files of one moment; `fd` is of the one being written. */
  readonly set: { readonly archives: readonly Archive[]; readonly fd: number | undefined };
  readonly range: TimeRange;
  readonly onProblem: OnProblem;
  readonly signal?: AbortSignal | undefined;
  /** How much is done, 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** Members on their way at once. */
const AHEAD = 3;

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

/** A line is written when its scrape is over: so much later than the time it has. */
const LATE_MS = 120_000;

async function* plain(fd: number, { range: { since, until } }: LinesOptions): AsyncGenerator<Batch> {
  const range = { since: since - LATE_MS, until: until + LATE_MS };
  for (const { start, end } of findStretches(fd, fstatSync(fd).size, [range])) {
    const text = Buffer.allocUnsafe(end - start);
    yield linesIn(text.subarray(0, readFully(fd, text, 0, text.length, start)));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* ofArchive(archive: Archive, options: LinesOptions): AsyncGenerator<Batch> {
  const { path, onProblem } = options;
  const { name } = archive;
  if (name === undefined) return;
  // Plain ones may be compressed at this moment.
  for (const candidate of name.endsWith('.gz') ? [name] : [name, `${name}.gz`]) {
    let fd: number | undefined;
    try {
      fd = openIfThere(join(dirname(path), candidate));
      if (fd === undefined) continue;
      yield* candidate.endsWith('.gz') ? packed(fd, candidate, options) : plain(fd, options);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      onProblem(`${candidate}: ${systemReason(error)}`);
      return;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
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
  if (set.fd !== undefined)
    for await (const batch of plain(set.fd, options)) {
      if (signal?.aborted) return;
      yield batch;
    }
  onProgress?.(1);
}
