/** Follows the files of a call until something ends it. */

import type { Clock } from '../../core/clock.js';
import { type Followed, type FollowedFile, type Follower, openFollower } from '../../lines/follow/index.js';
import type { World } from '../../world.js';
import type { Later } from './later.js';
import { happened } from './messages.js';
import { openNames } from './names.js';
import type { FollowWish, Source } from './source.js';

/** Why nothing is followed any more: no file is left, the processes are gone, or somebody stopped it. */
export type Ending = 'nothing left' | 'finished' | 'stopped';

/** GNU tail's exit codes, which depend on how it waits. */
export const exitOf = (ending: Ending, isOk: boolean, { poll }: FollowWish): number => {
  if (poll) return isOk ? 0 : 1;
  return ending === 'nothing left' ? 1 : 0;
};

export interface FollowCall {
  /** What is followed, and what it was called. */
  readonly files: ReadonlyMap<FollowedFile, Source>;
  readonly wish: FollowWish;
  /** Looks for files that are to be followed as well. */
  readonly later?: Later;
  readonly pass: 'raw' | 'lines';
  readonly separator: number;
  readonly onBytes: (source: Source, bytes: Buffer, unfinished: boolean) => void;
  /** Before each sleep: all that there is has been given. */
  readonly onIdle: () => void;
  readonly say: (text: string) => void;
  /** Stops it. */
  readonly signal: AbortSignal;
}

/** An unfinished last line is shown after so long, s. */
const UNFINISHED_AFTER = 1;

/** Seconds between two looks whether anybody still reads, and whether processes live. */
const LOOK_SECONDS = 1;

/** Directories are read anew at most so often, s. */
const SCAN_SECONDS = 0.1;

/** A pause of nothing would leave no time for anything else, s. */
const LEAST_SECONDS = 0.01;

/** Calls back now and again until the signal. */
const every = async (clock: Clock, seconds: number, signal: AbortSignal, look: () => void): Promise<void> => {
  while (!signal.aborted) {
    look();
    await clock.sleep(seconds * 1000, signal);
  }
};

export const follow = async (world: World, call: FollowCall): Promise<Ending> => {
  const { wish, separator, pass, later } = call;
  const { stdout, clock } = world;
  const over = new AbortController();
  const stop = (): void => over.abort();
  for (const signal of [call.signal, stdout.gone]) {
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  }
  const followers = new Set<Follower>();
  let isFinished = false;
  // Told of changes, GNU tail waits for a name that was moved away, though nobody asked it to retry, but not for one that was deleted.
  const isPatient = wish.by === 'name' && !wish.retry && !wish.poll;
  const names = openNames(isPatient ? [...call.files.keys()] : []);

  const run = async (files: FollowCall['files']): Promise<void> => {
    if (files.size === 0) return;
    const follower = openFollower({
      files: [...files.keys()],
      by: wish.by,
      retry: wish.retry || isPatient,
      pass,
      unfinishedAfter: UNFINISHED_AFTER,
      separator,
      events: !wish.poll,
      pollSeconds: wish.seconds,
      signal: over.signal,
      clock,
    });
    followers.add(follower);
    if (isFinished) follower.finish();
    for await (const item of follower) {
      await take(world, { ...call, files }, item);
      if (isPatient && item.kind === 'happening') names.note(item.file, item.happening);
      if (isPatient && names.areGone()) break;
    }
    followers.delete(follower);
  };

  const finish = (): void => {
    isFinished = true;
    for (const follower of followers) follower.finish();
  };
  void every(clock, LOOK_SECONDS, over.signal, () => stdout.look?.());
  if (wish.pids.length > 0)
    void every(clock, Math.max(wish.seconds, LEAST_SECONDS), over.signal, () => {
      if (!wish.pids.some((pid) => world.isRunning(pid))) finish();
    });
  try {
    const first = run(call.files);
    if (later === undefined) await first;
    else {
      const runs = [first];
      let end: (error?: unknown) => void = () => {};
      const ended = new Promise<unknown>((resolve) => {
        end = resolve;
      });
      over.signal.addEventListener('abort', () => end(), { once: true });
      first.catch(end);
      void every(clock, Math.max(wish.seconds, SCAN_SECONDS), over.signal, () => {
        if (isFinished) return void Promise.all(runs).then(() => end(), end);
        const found = later();
        // Mostly there is nothing new: to remember each look would fill the memory in some months.
        if (found.size === 0) return;
        const more = run(found);
        more.catch(end);
        runs.push(more);
      });
      const error = await ended;
      if (error !== undefined) throw error;
    }
    return over.signal.aborted ? 'stopped' : isFinished ? 'finished' : 'nothing left';
  } finally {
    stop();
    names.close();
  }
};

const take = async (world: World, call: FollowCall, item: Followed): Promise<void> => {
  if (item.kind === 'idle') return call.onIdle();
  if (item.kind === 'polling') {
    if (/^(ENOSPC|ENOMEM|EMFILE)$/.test(item.code)) call.say('inotify resources exhausted');
    return;
  }
  const source = call.files.get(item.file) as Source;
  if (item.kind === 'happening') call.say(happened(source, item.happening, call.wish));
  else {
    call.onBytes(source, Buffer.from(item.bytes), item.unfinished);
    await world.stdout.drained();
  }
};
