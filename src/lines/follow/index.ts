/** Follows files: every line once, in order, whole, whatever happens to their names. */

import { realFileSystem } from './file-system.js';
import { openReading, placeOf } from './source.js';
import { closeTrack, isQuiet, openTrack, type Track } from './track.js';
import { type Turning, takeTurn } from './turn.js';
import type { Followed, FollowedFile, Follower, FollowOptions } from './types.js';
import { openWatches } from './watches.js';

export { seenBefore } from './source.js';
export type { Followed, FollowedFile, Follower, FollowOptions, Happening, Place } from './types.js';

const NEWLINE = 10;

/** Seconds between two looks at FIFOs and devices, of which Linux tells nothing: a read of one that is empty is a system call. */
const STREAM_POLL = 0.025;

/** The looks behind the events take at most this part of a core: of a thousand files they come every ten seconds or so. */
const SWEEP_SHARE = 0.0005;

/** Turns after which timers, signals and events get theirs. */
const TURNS = 16;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether anything more can come of a track. */
const isLive = ({ byName, retry }: Turning, track: Track): boolean =>
  !track.isGivenUp && (retry || !byName || track.error === undefined);

/** Follows files until it is told to end, or none is left. Opens nothing before it is iterated over, once. */
export const openFollower = (options: FollowOptions): Follower => {
  const { clock, signal, files, pollSeconds = 1, sweepSeconds = 5 } = options;
  const fileSystem = options.fileSystem ?? realFileSystem;
  const turning: Turning = {
    reading: openReading(fileSystem, clock, options.separator ?? NEWLINE),
    byName: options.by === 'name',
    retry: options.retry,
    isRaw: options.pass === 'raw',
    unfinishedAfter: options.unfinishedAfter ?? Number.POSITIVE_INFINITY,
    isLast: false,
  };
  let tracks: readonly Track[] = [];
  /** To be looked at. */
  const due = new Set<Track>();
  /** That nobody tells of. */
  const polled = new Set<Track>();
  /** With a time at which they are due. */
  const timed = new Set<Track>();
  const codes = new Set<string>();
  let nextPoll = 0;
  let nextSweep = 0;
  let isFinishing = false;
  let nap: AbortController | undefined;
  const wake = (): void => nap?.abort();

  const watches = openWatches(fileSystem, (track, isPlace) => {
    // A directory on the way to it may have come.
    if (isPlace && track.named === undefined) track.isMoved = true;
    due.add(track);
    wake();
  });

  /** Sets the watches of tracks, which are then to be looked at again. */
  function* place(moved: Iterable<Track>): Generator<Followed, void> {
    const failed = new Map<string, FollowedFile[]>();
    for (const track of moved) {
      track.isMoved = false;
      due.add(track);
      const code = options.events ? watches.place(track) : undefined;
      if (code === undefined && options.events && !track.sources.some(({ isStream }) => isStream)) {
        polled.delete(track);
        continue;
      }
      polled.add(track);
      if (code !== undefined) failed.set(code, [...(failed.get(code) ?? []), track.file]);
    }
    for (const [code, files] of failed) {
      if (codes.has(code)) continue;
      codes.add(code);
      yield { kind: 'polling', files, code };
    }
  }

  /** Gives each track that is due its turn. */
  function* takeTurns(): Generator<Followed, void> {
    const round = [...due];
    due.clear();
    for (const track of round) {
      const isMore = yield* takeTurn(turning, track);
      if (isMore) due.add(track);
      if (track.wakeAt < Number.POSITIVE_INFINITY) timed.add(track);
      else timed.delete(track);
      if (track.isMoved) yield* place([track]);
    }
  }

  const pollAfter = (): number =>
    options.events && [...polled].some(({ sources }) => sources.some(({ isStream }) => isStream))
      ? Math.min(STREAM_POLL, pollSeconds)
      : pollSeconds;

  /** Waits for something to be due. */
  const sleep = async (): Promise<void> => {
    const soonest = [...timed].reduce((time, track) => Math.min(time, track.wakeAt), nextSweep);
    const until = polled.size > 0 ? Math.min(soonest, nextPoll) : soonest;
    const ms = (until - clock.monotonic()) * 1000;
    if (ms <= 0) return breathe();
    nap = new AbortController();
    await clock.sleep(ms, nap.signal);
    nap = undefined;
  };

  /** Makes due what the time has come for. */
  const callUp = (): 'sweep' | undefined => {
    const now = clock.monotonic();
    for (const track of timed) if (track.wakeAt <= now) due.add(track);
    if (polled.size > 0 && now >= nextPoll) {
      for (const track of polled) if (!isQuiet(turning, track)) due.add(track);
      nextPoll = now + pollAfter();
    }
    if (now < nextSweep) return undefined;
    for (const track of tracks) if (!isQuiet(turning, track)) due.add(track);
    return 'sweep';
  };

  async function* follow(): AsyncGenerator<Followed, void> {
    let isNews = true;
    yield* place(tracks);
    for (let turns = 0; ; turns++) {
      const started = clock.monotonic();
      const called = callUp();
      if (called !== undefined || watches.isDoubtful()) yield* place(watches.misplaced());
      for (const item of takeTurns()) {
        if (signal?.aborted) return;
        isNews = true;
        yield item;
      }
      if (called !== undefined) {
        const now = clock.monotonic();
        const took = isNews ? 0 : now - started;
        nextSweep = now + Math.max(sweepSeconds, took / SWEEP_SHARE);
      }
      if (signal?.aborted) return;
      if (due.size > 0) {
        if (turns % TURNS === 0) await breathe();
        continue;
      }
      if (turning.isLast) return;
      if (isFinishing || !tracks.some((track) => isLive(turning, track))) {
        turning.isLast = true;
        for (const track of tracks) due.add(track);
        continue;
      }
      if (isNews) yield { kind: 'idle' };
      isNews = false;
      // What came while the taker was busy.
      if (due.size === 0 && !isFinishing && !signal?.aborted) await sleep();
    }
  }

  return {
    place: (file) => {
      const source = tracks.find((track) => track.file === file)?.sources[0];
      return source && placeOf(source);
    },
    finish: () => {
      isFinishing = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      signal?.addEventListener('abort', wake);
      tracks = files.map((file) => openTrack(turning, file));
      try {
        yield* follow();
      } finally {
        signal?.removeEventListener('abort', wake);
        watches.close();
        for (const track of tracks) closeTrack(track);
      }
    },
  };
};
