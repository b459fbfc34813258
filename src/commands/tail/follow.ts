/** Follows the files of a call until something ends it. */

import { type Followed, type FollowedFile, openFollower } from '../../lines/follow/index.js';
import type { World } from '../../world.js';
import { happened, NOTHING_LEFT } from './messages.js';
import type { FollowWish, Source } from './source.js';

/** Why nothing is followed any more: no file is left, the processes are gone, or somebody stopped it. */
export type Ending = 'nothing left' | 'finished' | 'stopped';

export interface FollowCall {
  /** What is followed, and what it was called. */
  readonly files: ReadonlyMap<FollowedFile, Source>;
  readonly wish: FollowWish;
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

/** Calls back now and again until the signal. */
const every = async (world: World, seconds: number, signal: AbortSignal, look: () => void): Promise<void> => {
  while (!signal.aborted) {
    look();
    await world.clock.sleep(seconds * 1000, signal);
  }
};

export const follow = async (world: World, call: FollowCall): Promise<Ending> => {
  const { files, wish, separator, pass } = call;
  const { stdout } = world;
  const over = new AbortController();
  const stop = (): void => over.abort();
  for (const signal of [call.signal, stdout.gone]) {
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  }
  const follower = openFollower({
    files: [...files.keys()],
    by: wish.by,
    retry: wish.retry,
    pass,
    unfinishedAfter: UNFINISHED_AFTER,
    separator,
    events: !wish.poll,
    pollSeconds: wish.seconds,
    signal: over.signal,
    clock: world.clock,
  });
  let isFinished = false;
  void every(world, LOOK_SECONDS, over.signal, () => stdout.look?.());
  if (wish.pids.length > 0)
    void every(world, Math.max(wish.seconds, 0.001), over.signal, () => {
      if (wish.pids.some((pid) => world.isRunning(pid))) return;
      isFinished = true;
      follower.finish();
    });
  try {
    for await (const item of follower) await take(world, call, item);
    return over.signal.aborted ? 'stopped' : isFinished ? 'finished' : 'nothing left';
  } finally {
    stop();
  }
};

const take = async (world: World, call: FollowCall, item: Followed): Promise<void> => {
  if (item.kind === 'idle') return call.onIdle();
  if (item.kind === 'polling') {
    if (/^(ENOSPC|ENOMEM|EMFILE)$/.test(item.code)) call.say('inotify resources exhausted');
    return;
  }
  const source = call.files.get(item.file) as Source;
  if (item.kind === 'happening') call.say(happened(source, item.happening, call.wish.retry));
  else {
    call.onBytes(source, Buffer.from(item.bytes), item.unfinished);
    await world.stdout.drained();
  }
};

/** What to say at the end. */
export const ENDING_TEXT: Readonly<Partial<Record<Ending, string>>> = { 'nothing left': NOTHING_LEFT };
