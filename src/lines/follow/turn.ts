/** One turn of a track: it looks where the name leads, and reads a block. Turns are short, so that many files get theirs. */

import { findCopies } from './between.js';
import { codeOf } from './file-system.js';
import type { Source, Step } from './source.js';
import { type Following, look, type Track } from './track.js';
import type { Followed } from './types.js';
import { LONGEST_HELD } from './unfinished.js';

export interface Turning extends Following {
  readonly isRaw: boolean;
  readonly unfinishedAfter: number;
  /** The last look: nothing is waited for. */
  isLast: boolean;
}

/** Seconds that the end of an unfinished line is waited for before the next file is begun. */
const GRACE = 0.5;

/**
 * Seconds without growth after which a file is let go that its name has left: because there is another one, or, where its last name is gone,
 * because its room on the disk is wanted.
 */
const LINGER = 60;

/** Files of one track that are read to their end and kept open; a name that is rotated all the time must not eat the descriptors. */
const MOST_LATE = 16;

const bytesOf = (track: Track, bytes: Uint8Array, unfinished: boolean): Followed => ({
  kind: 'bytes',
  file: track.file,
  bytes,
  unfinished,
});

const wakeAt = (track: Track, at: number): void => {
  track.wakeAt = Math.min(track.wakeAt, at);
};

function* say(track: Track): Generator<Followed, void> {
  const said = track.said;
  track.said = [];
  for (const happening of said) yield { kind: 'happening', file: track.file, happening };
}

/** Gives what a source holds back of a line that will not be finished any more. */
function* release(track: Track, source: Source): Generator<Followed, void> {
  const rest = source.unfinished.release();
  if (rest !== undefined) yield bytesOf(track, rest, true);
}

function* pass(track: Track, source: Source, bytes: Uint8Array, isRaw: boolean): Generator<Followed, void> {
  if (isRaw) {
    yield bytesOf(track, bytes, false);
    return;
  }
  const whole = source.unfinished.take(bytes);
  if (whole !== undefined) yield bytesOf(track, whole, false);
  if (source.unfinished.length() > LONGEST_HELD) yield* release(track, source);
}

/** A file that was read has been truncated: its copy has the rest, where one was made before. */
function* tellTruncated(
  turning: Turning,
  track: Track,
  source: Source,
  step: Step & { kind: 'truncated' },
): Generator<Followed, void> {
  const { how, offset, print } = step;
  const happening = { what: 'truncated', how, offset } as const;
  const known = [...track.sources, ...track.late];
  const copies =
    how === 'cut' ? undefined : findCopies(turning.reading, track.file.path, source, offset, print, known);
  const rest = copies?.found[0]?.source;
  const held = how === 'cut' ? undefined : source.unfinished.release();
  if (held !== undefined && rest === undefined) yield bytesOf(track, held, true);
  yield { kind: 'happening', file: track.file, happening };
  if (copies === undefined) return;
  if (held !== undefined) rest?.unfinished.take(held);
  for (const path of copies.missed)
    yield { kind: 'happening', file: track.file, happening: { what: 'missed', path } };
  for (const { path, source: copy } of copies.found) {
    // Most copies hold nothing that was not read before: of those there is nothing to say.
    if (!copy.hasMore()) continue;
    yield { kind: 'happening', file: track.file, happening: { what: 'found', path } };
  }
  const at = track.sources.indexOf(source);
  track.sources.splice(Math.max(0, at), 0, ...copies.found.map((copy) => copy.source));
  track.isMoved = true;
}

/** Is done with a source. */
const drop = (track: Track, source: Source): void => {
  source.close();
  track.sources = track.sources.filter((other) => other !== source);
  track.late = track.late.filter((other) => other !== source);
  track.isMoved = true;
};

/** A source that cannot be read is done with; by name, something else may come. */
function* giveUp(turning: Turning, track: Track, source: Source, error: unknown): Generator<Followed, void> {
  const code = codeOf(error);
  yield* release(track, source);
  drop(track, source);
  if (track.named !== source) return;
  track.named = undefined;
  track.error = code;
  track.isGivenUp = !(turning.byName && turning.retry);
  yield {
    kind: 'happening',
    file: track.file,
    happening: { what: 'unreadable', code, givenUp: track.isGivenUp },
  };
}

/** Reads a block of a source; gives what it was. */
function* readBlock(turning: Turning, track: Track, source: Source): Generator<Followed, Step['kind']> {
  let step: Step;
  try {
    step = source.step();
  } catch (error) {
    yield* giveUp(turning, track, source, error);
    return 'skipped';
  }
  if (step.kind === 'bytes') yield* pass(track, source, step.bytes, turning.isRaw);
  if (step.kind === 'truncated') yield* tellTruncated(turning, track, source, step);
  return step.kind;
}

/** Reads what late writers add to files that the name has left. Gives whether there may be more. */
function* readLate(turning: Turning, track: Track): Generator<Followed, boolean> {
  let isMore = false;
  const now = turning.isLast ? Number.POSITIVE_INFINITY : turning.reading.clock.monotonic();
  const [current] = track.sources;
  // The bytes of two files must not meet within a line.
  if (turning.isRaw && current?.endsLine() === false && now < current.grownAt() + GRACE) {
    wakeAt(track, current.grownAt() + GRACE);
    return false;
  }
  for (const source of [...track.late]) {
    const kind = yield* readBlock({ ...turning, isRaw: false }, track, source);
    if (kind !== 'end') {
      isMore = true;
      continue;
    }
    const until = source.grownAt() + LINGER;
    if (now < until && track.late.indexOf(source) >= track.late.length - MOST_LATE) wakeAt(track, until);
    else {
      yield* release(track, source);
      drop(track, source);
    }
  }
  return isMore;
}

/** At the end of a source's file. Gives whether there may be more to read. */
function* atEnd(
  turning: Turning,
  track: Track,
  source: Source,
  isNextBegun: boolean,
): Generator<Followed, boolean> {
  const now = turning.isLast ? Number.POSITIVE_INFINITY : turning.reading.clock.monotonic();
  yield* say(track);
  const [, next] = track.sources;
  if (source.isCopy && next !== undefined) {
    // Nobody writes to a copy: who had begun a line goes on with it in the truncated file.
    const held = source.unfinished.release();
    if (held !== undefined) next.unfinished.take(held);
    drop(track, source);
    return true;
  }
  const isUnfinished = turning.isRaw ? !source.endsLine() : source.unfinished.length() > 0;
  if (isNextBegun) {
    if (isUnfinished && now < source.grownAt() + GRACE) {
      wakeAt(track, source.grownAt() + GRACE);
      return false;
    }
    track.sources.shift();
    track.late.push(source);
    track.isMoved = true;
    return true;
  }
  if (!turning.isRaw && source.unfinished.length() > 0) {
    const until = source.grownAt() + turning.unfinishedAfter;
    if (now >= until) yield* release(track, source);
    else wakeAt(track, until);
  }
  if (turning.byName && track.named !== source && source.isDeleted()) {
    const until = source.grownAt() + LINGER;
    if (now < until) wakeAt(track, until);
    else {
      yield* release(track, source);
      drop(track, source);
    }
  }
  return false;
}

/** Gives what is new of a track, a block of each of its files at most; returns whether there may be more. */
export function* takeTurn(turning: Turning, track: Track): Generator<Followed, boolean> {
  track.wakeAt = Number.POSITIVE_INFINITY;
  if (track.isGivenUp && track.sources.length === 0) {
    yield* say(track);
    return false;
  }
  const isChanged = track.isGivenUp ? true : look(turning, track);
  if (!isChanged && track.isRead && track.late.length === 0 && track.sources.length === 1) {
    if (turning.isRaw || track.sources[0]?.unfinished.length() === 0) return false;
  }
  track.isRead = false;
  const isMoreLate = yield* readLate(turning, track);
  const [source, ...next] = track.sources;
  if (source === undefined) {
    yield* say(track);
    track.isRead = true;
    return isMoreLate;
  }
  // That another file follows is said after what is read before it.
  if (source === track.named) yield* say(track);
  // Before the old one is read: what a writer wrote to it before it turned to the next is then there.
  const isNextBegun = next.some((other) => other.hasMore());
  const kind = yield* readBlock(turning, track, source);
  if (kind !== 'end') return true;
  const isMore = yield* atEnd(turning, track, source, isNextBegun);
  track.isRead = !isMore && !isMoreLate;
  return isMore || isMoreLate;
}
