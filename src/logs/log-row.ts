/**
 * A log, archives included, as one row of lines in the order in which they were written, in which one can stand anywhere and
 * go either way. Only the pieces that are stood on are read; the last few stay in memory.
 */

import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Group } from '../core/group.js';
import { UserError } from '../exit.js';
import type { Archive } from './archive-name.js';
import { rememberHeads } from './head-groups.js';
import { linesIn as linesInText } from './lines.js';
import type { OnProblem } from './log-file.js';
import { listSet, mayHold } from './log-set.js';
import { findLines, type PieceLines } from './piece-lines.js';
import { FileMoved, type Piece, type PiecedFile, pieceFile } from './pieces.js';
import type { LogRecord } from './record.js';

type Groups = ReadonlyMap<string, Group>;

/** Where a line stands. Lines are only ever added behind it, so it stays right for as long as its file is there. */
export interface Place {
  readonly file: PiecedFile;
  readonly piece: number;
  /** Among the lines of the piece that may be records. */
  readonly line: number;
}

export interface LogRow {
  /** Oldest first; the live file is the last one. */
  readonly files: () => readonly PiecedFile[];
  /** Which of the files may hold records of this time. */
  readonly mayHold: (time: number) => readonly boolean[];
  readonly linesOf: (file: PiecedFile, piece: Piece) => PieceLines;
  /** The lines of a text that was read aside, without keeping them. */
  readonly linesIn: (file: PiecedFile, text: Buffer) => PieceLines;
  readonly timeAt: (place: Place) => number;
  readonly recordAt: (place: Place, only?: ReadonlySet<string>) => LogRecord | undefined;
  readonly bareAt: (place: Place) => LogRecord | undefined;
  /** Whether the place is still one of this row. */
  readonly has: (place: Place) => boolean;
  /** Negative where `a` was written before `b`. */
  readonly order: (a: Place, b: Place) => number;
  /** The lines behind a place, or all of them; pieces are passed over that hold nothing up to `limit()`. */
  readonly after: (place?: Place) => Generator<Place, void>;
  /** The lines before a place, or all of them, newest first. */
  readonly before: (place?: Place, limit?: () => number) => Generator<Place, void>;
  /** Looks for what was written, rotated, compressed and given up since. */
  readonly refresh: () => void;
  /** Does it, anew after a look where a file moves away meanwhile. */
  readonly steadily: <T>(act: () => T) => T;
  readonly steadilyAside: <T>(act: () => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

/** Decompressed lines that stay in memory: a window and the detail before it are in two members. */
const KEPT_BYTES = 6 * 1024 * 1024;

/** A log that changes faster than it can be read is given up after so many looks. */
const LOOKS = 20;

/** Keeps what was used last, up to so many bytes, and always the newest. */
const keepRecent = <K, V extends { readonly text: Buffer }>(most: number) => {
  const kept = new Map<K, V>();
  let bytes = 0;
  const drop = (key: K): void => {
    bytes -= kept.get(key)?.text.length ?? 0;
    kept.delete(key);
  };
  return {
    get: (key: K, make: () => V): V => {
      const value = kept.get(key) ?? make();
      drop(key);
      kept.set(key, value);
      bytes += value.text.length;
      for (const old of kept.keys()) {
        if (bytes <= most || old === key) break;
        drop(old);
      }
      return value;
    },
    clear: () => {
      kept.clear();
      bytes = 0;
    },
  };
};

/** Whether a file is still the one at its path, with what was appended to it taken in. */
const follows = (file: PiecedFile, now: Stats): boolean => {
  try {
    return file.follow(now);
  } catch (error) {
    if (error instanceof FileMoved) return false;
    throw error;
  }
};

/** Opens the log at `path`, its links followed. Throws a UserError where the file is there but cannot be read. */
export const openRow = (path: string, own: Groups, onProblem: OnProblem): LogRow => {
  const told = new Set<string>();
  const tell: OnProblem = (text) => {
    if (!told.has(text)) onProblem(text);
    told.add(text);
  };
  const groupsIn = rememberHeads(own);
  const groupsOfFile = new WeakMap<PiecedFile, Groups>();
  const cache = keepRecent<Piece, PieceLines>(KEPT_BYTES);
  let archives: readonly Archive[] = [];
  let live: PiecedFile | undefined;
  let byName = new Map<string, PiecedFile>();
  let files: readonly PiecedFile[] = [];
  let indexes = new Map<PiecedFile, number>();

  const refresh = (): void => {
    const found = listSet(path, tell);
    archives = found.archives.filter(({ name }) => name !== undefined);
    byName = new Map(
      archives.map(({ name = '' }) => [name, byName.get(name) ?? pieceFile(join(dirname(path), name), tell)]),
    );
    if (found.live === undefined) live = undefined;
    else if (live === undefined || !follows(live, found.live)) live = pieceFile(path, tell);
    files = [...byName.values(), ...(live === undefined ? [] : [live])];
    indexes = new Map(files.map((file, index) => [file, index]));
  };

  /** What to do about an error at the nth look: another one. */
  const lookAgain = (error: unknown, look: number): void => {
    if (!(error instanceof FileMoved)) throw error;
    if (look === LOOKS) throw new UserError(`${path} changes faster than it can be read`);
    refresh();
  };

  const steadily = <T>(act: () => T): T => {
    for (let look = 1; ; look++) {
      try {
        return act();
      } catch (error) {
        lookAgain(error, look);
      }
    }
  };

  const steadilyAside = async <T>(act: () => Promise<T>): Promise<T> => {
    for (let look = 1; ; look++) {
      try {
        return await act();
      } catch (error) {
        lookAgain(error, look);
      }
    }
  };

  const groupsOf = (file: PiecedFile): Groups => {
    const known = groupsOfFile.get(file);
    if (known !== undefined) return known;
    const [first] = file.pieces();
    const groups = first && groupsIn(linesInText(linesOf(file, first).text));
    if (groups !== undefined) groupsOfFile.set(file, groups);
    return groups ?? own;
  };

  const linesIn = (file: PiecedFile, text: Buffer): PieceLines => findLines(text, () => groupsOf(file));
  const linesOf = (file: PiecedFile, piece: Piece): PieceLines =>
    cache.get(piece, () => linesIn(file, file.read(piece)));
  const linesAt = ({ file, piece }: Place): PieceLines => linesOf(file, file.pieces()[piece] as Piece);
  const indexOf = (file: PiecedFile): number => indexes.get(file) ?? -1;

  function* after(place?: Place): Generator<Place, void> {
    const from = place === undefined ? 0 : indexOf(place.file);
    for (const file of files.slice(from)) {
      const isFirst = file === place?.file;
      const pieces = file.pieces();
      for (let piece = isFirst ? place.piece : 0; piece < pieces.length; piece++) {
        const { count } = linesOf(file, pieces[piece] as Piece);
        const begin = isFirst && piece === place.piece ? place.line + 1 : 0;
        for (let line = begin; line < count; line++) yield { file, piece, line };
      }
    }
  }

  function* before(
    place?: Place,
    limit: () => number = () => Number.POSITIVE_INFINITY,
  ): Generator<Place, void> {
    const until = place === undefined ? files.length : indexOf(place.file) + 1;
    for (const file of files.slice(0, until).reverse()) {
      const isFirst = file === place?.file;
      const pieces = file.pieces();
      for (let piece = isFirst ? place.piece : pieces.length - 1; piece >= 0; piece--) {
        const one = pieces[piece] as Piece;
        const stands = isFirst && piece === place.piece;
        if (!stands && limit() !== Number.POSITIVE_INFINITY && file.timesOf(one).earliest > limit()) continue;
        const end = stands ? place.line : linesOf(file, one).count;
        for (let line = end - 1; line >= 0; line--) yield { file, piece, line };
      }
    }
  }

  /** Whether the live file ends before the time it was begun, which names of archives cannot tell: the clock was set back. */
  const isSetBack = (): boolean => {
    const last = live?.pieces().at(-1);
    if (live === undefined || last === undefined) return false;
    const { count, timeAt } = linesOf(live, last);
    return count > 0 && timeAt(count - 1) < (archives.at(-1)?.time ?? Number.NEGATIVE_INFINITY);
  };

  refresh();
  return {
    files: () => files,
    mayHold: (time) => {
      const may = mayHold(archives, { since: time, until: time });
      return isSetBack() ? [...may.slice(0, archives.length), true] : may;
    },
    linesOf,
    linesIn,
    timeAt: (place) => linesAt(place).timeAt(place.line),
    recordAt: (place, only) => linesAt(place).recordAt(place.line, only),
    bareAt: (place) => linesAt(place).bareAt(place.line),
    has: ({ file }) => indexes.has(file),
    order: (a, b) => indexOf(a.file) - indexOf(b.file) || a.piece - b.piece || a.line - b.line,
    after,
    before,
    refresh,
    steadily,
    steadilyAside,
    close: () => {
      cache.clear();
      files = [];
      indexes = new Map();
    },
  };
};
