/** Follows files in a test, and keeps what comes. */

import { openFollower } from '../../../src/lines/follow/index.js';
import type { FollowedFile, FollowOptions, Happening } from '../../../src/lines/follow/types.js';
import { realWorld } from '../../../src/world.js';

export interface Collected {
  /** Bytes of a file so far, latin1. */
  readonly text: (path: string) => string;
  readonly happenings: Happening[];
  /** Codes of why files are polled. */
  readonly polling: string[];
  /** Pieces that were given as unfinished. */
  readonly unfinished: string[];
  /** Resolves when this holds; it is looked at after each item. */
  readonly until: (holds: () => boolean) => Promise<void>;
  /** Ends after a last look. */
  readonly finish: () => Promise<void>;
  /** Ends at once. */
  readonly abort: () => Promise<void>;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<void>;
}

export type Wanted = Partial<Omit<FollowOptions, 'files' | 'signal'>>;

const WAIT = 10_000;

export const collect = (files: readonly (string | FollowedFile)[], wanted: Wanted = {}): Collected => {
  const aborting = new AbortController();
  const follower = openFollower({
    by: 'name',
    retry: true,
    pass: 'lines',
    events: true,
    clock: realWorld(process).clock,
    ...wanted,
    files: files.map((file) => (typeof file === 'string' ? { path: file } : file)),
    signal: aborting.signal,
  });
  const texts = new Map<string, string[]>();
  const happenings: Happening[] = [];
  const polling: string[] = [];
  const unfinished: string[] = [];
  const waiting = new Set<() => void>();
  const ended = (async () => {
    for await (const item of follower) {
      if (item.kind === 'bytes') {
        const text = Buffer.from(item.bytes).toString('latin1');
        const known = texts.get(item.file.path) ?? [];
        known.push(text);
        texts.set(item.file.path, known);
        if (item.unfinished) unfinished.push(text);
      }
      if (item.kind === 'happening') happenings.push(item.happening);
      if (item.kind === 'polling') polling.push(item.code);
      for (const look of [...waiting]) look();
    }
  })();
  return {
    text: (path) => (texts.get(path) ?? []).join(''),
    happenings,
    polling,
    unfinished,
    until: (holds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(
              `not within ${WAIT} ms: ${holds}; ${JSON.stringify(happenings)} ${JSON.stringify([...texts])}`.slice(
                0,
                4000,
              ),
            ),
          );
        }, WAIT);
        const look = (): void => {
          if (!holds()) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        ended.then(look, reject);
        look();
      }),
    finish: () => {
      follower.finish();
      return ended;
    },
    abort: () => {
      aborting.abort();
      return ended;
    },
    ended,
  };
};
