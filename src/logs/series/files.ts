/** The files of a log that may hold some times, oldest first, and their lines in portions, so that others can run between them. */

import { closeSync, fstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemReason } from '../../exit.js';
import { LONGEST_LINE, linesIn, readLines } from '../lines.js';
import { findParts, inflate, inflateAside, type OnProblem, openIfThere, type Part } from '../log-file.js';
import { mayHold, openTogether } from '../log-set.js';
import { overlaps, type TimeRange } from '../time-index.js';
import { findStretches } from './stretches.js';

/** Some lines that follow each other; views that hold until the next one is asked for. */
export interface Portion {
  readonly lines: Iterable<Buffer>;
  /** How much of what is wanted of the file this and those before it are, 0 to 1. */
  readonly part: number;
}

export interface SeriesFile {
  /** Whether anything of these times can be in it, as far as can be told without reading it. */
  readonly mayHold: (ranges: readonly TimeRange[]) => boolean;
  /** What it begins with. */
  readonly head: () => Iterable<Buffer>;
  /** All lines that may be of these times, and some that are not. */
  readonly portions: (ranges: readonly TimeRange[]) => AsyncGenerator<Portion, void>;
}

/** Gives each file that may hold one of these times to `use`, one after the other. */
export type WithFiles = (
  ranges: readonly TimeRange[],
  use: (file: SeriesFile, index: number, count: number) => Promise<void>,
) => Promise<void>;

/** Lets others run. Node's own promise of it is a module that takes 2 ms to load. */
const others = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const plainFile = (fd: number, name: string, onProblem: OnProblem): SeriesFile => {
  const { size } = fstatSync(fd);
  const sayTooLong = (): void =>
    onProblem(`${name}: a line of more than ${LONGEST_LINE / 1024 ** 2} MiB is left out`);
  return {
    mayHold: () => true,
    head: () => readLines(fd, 0, size),
    async *portions(ranges) {
      const stretches = findStretches(fd, size, ranges);
      const all = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
      let done = 0;
      for (const { start, end } of stretches) {
        done += end - start;
        yield { lines: readLines(fd, start, end, undefined, sayTooLong), part: done / all };
        await others();
      }
    },
  };
};

/** Mostly enough of a member for the line that says what is in the others. */
const HEAD_BYTES = 16 * 1024;

/** What the first bytes of a member decompress to; nothing where they are damaged, which whoever reads all of it says. */
const beginning = (fd: number, { start }: Part): Buffer => {
  try {
    return inflate(fd, { start, bytes: HEAD_BYTES });
  } catch {
    return Buffer.alloc(0);
  }
};

/** Members that are decompressed ahead, so that another thread does it while lines are read: 1 MiB each. */
const AHEAD = 3;

const packedFile = (fd: number, name: string, onProblem: OnProblem): SeriesFile => {
  const parts = findParts(fd, fstatSync(fd).size);
  const said = new Set<Part>();
  const damaged = (part: Part, error: unknown): Buffer => {
    if (!said.has(part))
      onProblem(
        `${name}: ${part.bytes} bytes from offset ${part.start} are damaged: ${(error as Error).message}`,
      );
    said.add(part);
    return Buffer.alloc(0);
  };
  return {
    mayHold: (ranges) => parts.some((part) => ranges.some((range) => overlaps(part, range))),
    *head() {
      for (const part of parts) {
        let seen = 0;
        if (part.bytes > HEAD_BYTES)
          for (const line of linesIn(beginning(fd, part))) {
            seen++;
            yield line;
          }
        let text: Buffer;
        try {
          text = inflate(fd, part);
        } catch (error) {
          text = damaged(part, error);
        }
        for (const line of linesIn(text)) if (--seen < 0) yield line;
      }
    },
    async *portions(ranges) {
      const wanted = parts.filter((part) => ranges.some((range) => overlaps(part, range)));
      const texts: Promise<Buffer>[] = [];
      for (let index = 0; index < wanted.length; index++) {
        for (let next = index + texts.length; next < wanted.length && texts.length < AHEAD; next++) {
          const part = wanted[next] as Part;
          texts.push(inflateAside(fd, part).catch((error) => damaged(part, error)));
        }
        const text = await (texts.shift() as Promise<Buffer>);
        yield { lines: linesIn(text), part: (index + 1) / wanted.length };
      }
    },
  };
};

/** The descriptor of an archive, under its compressed name where it was compressed meanwhile; undefined where it was given up. */
const openArchive = (
  folder: string,
  name: string,
  onProblem: OnProblem,
): { readonly fd: number; readonly name: string } | undefined => {
  for (const candidate of name.endsWith('.gz') ? [name] : [name, `${name}.gz`]) {
    try {
      const fd = openIfThere(join(folder, candidate));
      if (fd !== undefined) return { fd, name: candidate };
    } catch (error) {
      onProblem(`${candidate}: ${systemReason(error)}`);
      return undefined;
    }
  }
  return undefined;
};

export const filesOf =
  (path: string, onProblem: OnProblem): WithFiles =>
  async (ranges, use) => {
    const { archives, fd: live } = openTogether(path, onProblem);
    try {
      const may = ranges.map((range) => mayHold(archives, range));
      const wanted = archives.filter((_, index) => may.some((one) => one[index]));
      const count = wanted.length + (live === undefined ? 0 : 1);
      for (const [index, { name }] of wanted.entries()) {
        const opened = name === undefined ? undefined : openArchive(dirname(path), name, onProblem);
        if (opened === undefined) continue;
        try {
          const open = opened.name.endsWith('.gz') ? packedFile : plainFile;
          await use(open(opened.fd, opened.name, onProblem), index, count);
        } finally {
          closeSync(opened.fd);
        }
      }
      if (live !== undefined) await use(plainFile(live, basename(path), onProblem), count - 1, count);
    } finally {
      if (live !== undefined) closeSync(live);
    }
  };
