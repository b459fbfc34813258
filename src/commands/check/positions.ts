/** Where the runs before have read to, so that a line counts once. */

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { formatDuration } from '../../core/duration.js';
import { UserError } from '../../exit.js';
import { type Bookmark, resume, takeBookmark } from '../../lines/follow/bookmark.js';
import type { World } from '../../world.js';
import { readMemory, writeMemory } from '../memory-file.js';
import { stateFolder } from '../places.js';
import type { LineWatch } from './line-options.js';

/** Part of an open file. */
export interface Stretch {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
}

export interface Positions {
  /**
   * What of a log was not counted yet, opened, oldest first: whole lines, up to where it ends now. Of a log that no run has seen nothing.
   * From now on it counts as read. Throws what the system says.
   */
  readonly resume: (path: string) => readonly Stretch[];
  /** Which lines are counted, in words. */
  readonly since: () => string;
  /** Remembers what was reached. Throws a UserError where that cannot be: the next run would count twice. */
  readonly save: () => void;
}

/** What is remembered of a log in a check, as JSON. */
interface Memory {
  readonly v: 1;
  /** ms since 1970. */
  readonly time: number;
  readonly bookmark: Bookmark;
}

const isMemory = (value: unknown): value is Memory => {
  const { v, time, bookmark } = (value ?? {}) as Partial<Memory>;
  return v === 1 && typeof time === 'number' && typeof bookmark?.head === 'object';
};

/**
 * Two checks that look for different things each count for themselves, and so do those of different logs: a server runs its checks side by side,
 * and of two that wrote one memory the later would undo what the other had counted.
 */
const nameOf = (watch: LineWatch, path: string): string => {
  const { patterns, ignoreCase, level, where, severity, format } = watch;
  const what = JSON.stringify([patterns, ignoreCase, level ?? '', where ?? '', severity ?? '', format, path]);
  return `lines-${createHash('sha256').update(what).digest('hex').slice(0, 16)}.json`;
};

const HINTS = {
  of: 'positions',
  unreadable: 'It says which lines were counted.',
  foreign: 'Remove it, and lines are counted from now on.',
  unwritable: 'Without it lines would count again: name another folder with --state.',
};

const NEWLINE = 10;
const BLOCK_BYTES = 64 * 1024;

/** Offset behind the last line that is finished: the rest of one that is being written comes with the next run. */
const lastLineEnd = (fd: number, start: number, end: number): number => {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let to = end; to > start; ) {
    const from = Math.max(start, to - block.length);
    const count = readSync(fd, block, 0, to - from, from);
    const at = block.subarray(0, count).lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
    to = from;
  }
  return start;
};

/** A log that no run has seen: it counts from its last line on. */
const atEnd = (path: string) => {
  const fd = openSync(path, 'r');
  const offset = lastLineEnd(fd, 0, fstatSync(fd).size);
  return { places: [{ path, fd, offset }], kind: 'same', missed: [] } as const;
};

/** Throws a UserError where what is remembered cannot be read. */
export const openPositions = (watch: LineWatch, world: World): Positions => {
  const { clock } = world;
  const folder = watch.state ?? stateFolder(world);
  const fileOf = (path: string): string => join(folder, nameOf(watch, path));
  const reached = new Map<string, Bookmark>();
  /** When the logs were read before, the longest ago. */
  let before: number | undefined;
  for (const path of watch.files.map((file) => resolvePath(file))) {
    const memory = readMemory(fileOf(path), isMemory, HINTS);
    if (memory === undefined) continue;
    reached.set(path, memory.bookmark);
    before = Math.min(before ?? memory.time, memory.time);
  }
  let isFirst = false;
  let isLost = false;

  return {
    resume: (path) => {
      const bookmark = reached.get(path);
      const { places, kind, missed } = bookmark === undefined ? atEnd(path) : resume(path, bookmark);
      if (bookmark === undefined) isFirst = true;
      if (kind === 'new' || missed.length > 0) isLost = true;
      const stretches = places.map((place, index): Stretch => {
        const { size } = fstatSync(place.fd);
        // What was put aside gets no more lines: its last one is over.
        const end = index < places.length - 1 ? size : lastLineEnd(place.fd, place.offset, size);
        return { fd: place.fd, start: place.offset, end };
      });
      const last = places.at(-1);
      if (last?.path !== path) {
        for (const { fd } of places) closeSync(fd);
        // Says what the matter is.
        closeSync(openSync(path, 'r'));
        throw new UserError('it cannot be followed: it changes all the time');
      }
      reached.set(path, takeBookmark(last.fd, stretches.at(-1)?.end ?? 0));
      return stretches;
    },
    since: () => {
      const seconds =
        before === undefined ? undefined : Math.max(0, Math.round((clock.now() - before) / 1000));
      return [
        seconds === undefined ? 'lines from now on' : `lines since the run ${formatDuration(seconds)} ago`,
        ...(isFirst && before !== undefined ? ['of a log not seen before those from now on'] : []),
        ...(isLost ? ['some may be missing: a log was replaced since'] : []),
      ].join('; ');
    },
    save: () => {
      for (const [path, bookmark] of reached) {
        const memory: Memory = { v: 1, time: clock.now(), bookmark };
        writeMemory(fileOf(path), memory, world.pid, HINTS);
      }
    },
  };
};
