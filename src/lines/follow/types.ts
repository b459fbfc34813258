/** What a follower is asked, and what it gives. */

import type { Clock } from '../../core/clock.js';
import type { FileSystem } from './file-system.js';
import type { Seen } from './fingerprint.js';

/** A file to follow. What its reader has shown already is not shown again: following begins at `offset`. */
export interface FollowedFile {
  /** As the system takes it. Following by descriptor something that has no name, it may be any text. */
  readonly path: string;
  /**
   * The file, opened already by whoever read up to `offset`, so that nothing that happens to the name in between is lost. The follower closes it.
   * Open with O_NONBLOCK what may be a FIFO.
   */
  readonly fd?: number;
  /** Byte to begin at; 0 where not given. What cannot be sought, as a FIFO, is read as it comes. */
  readonly offset?: number;
  /** What was read before `offset`. Without it, what stands there when following begins is taken for that: a file truncated in between is not told. */
  readonly seen?: Seen;
  /**
   * Why it could not be opened or followed, said already: a code such as ENOENT, EACCES, EISDIR. Nothing more is said until that changes. Without `fd`
   * and `error` the follower opens the file itself.
   */
  readonly error?: string;
  /** Opened files to be read before it, oldest first: what a `Resumption` has before its last place. The follower closes them. */
  readonly earlier?: readonly Place[];
}

export interface FollowOptions {
  readonly files: readonly FollowedFile[];
  /** `name`: whatever the path leads to from time to time. `descriptor`: the file that was opened, wherever it goes. */
  readonly by: 'name' | 'descriptor';
  /**
   * Whether to go on with names that lead to nothing. Without it a file is given up that cannot be opened at first, by name also one that is
   * gone while there is no other left. By descriptor it matters until the file is open.
   */
  readonly retry: boolean;
  /**
   * `raw`: bytes as they come, an unfinished last line included, as GNU tail. `lines`: whole lines only, with their ends; an unfinished last line is
   * held back until it is finished, its file is over, or `unfinishedAfter` has passed.
   */
  readonly pass: 'raw' | 'lines';
  /** Seconds without growth after which `lines` passes an unfinished last line on; not given: it waits. */
  readonly unfinishedAfter?: number;
  /** The byte that ends a line: 10 where not given; 0 for -z. */
  readonly separator?: number;
  /** Whether the system is asked to tell of changes; without, all is looked at every `pollSeconds`. */
  readonly events: boolean;
  /** Seconds between two looks at files of which no events can be had. 1 where not given. */
  readonly pollSeconds?: number;
  /** Seconds between two looks at all files behind the events, in case one went missing. 5 where not given. */
  readonly sweepSeconds?: number;
  /** Ends following at once. `finish()` does so after a last look. */
  readonly signal?: AbortSignal;
  readonly clock: Clock;
  /** The real one where not given. */
  readonly fileSystem?: FileSystem;
}

/** What happened to a file: all that GNU tail has messages for, and what it does not notice. */
export type Happening =
  /** The name led to nothing (ENOENT, ENOTDIR), and now leads to a file. `same`: the one from before, gone on with where it was. */
  | { readonly what: 'appeared'; readonly same: boolean }
  /** As `appeared`, where something else was in the way before: no permission, a directory. */
  | { readonly what: 'accessible'; readonly same: boolean }
  /** The name leads to another file, which is read from its beginning after the old one's end. */
  | { readonly what: 'replaced' }
  /**
   * A file that came and went between two looks was found in its directory under the name `path`, and is read in its turn.
   */
  | { readonly what: 'found'; readonly path: string }
  /** Such a file was found, but is compressed or cannot be read: its lines are not shown. */
  | { readonly what: 'missed'; readonly path: string }
  /**
   * The file has become `shorter`, or was `rewritten` though it is as long or longer: it is read from its beginning. `cut`: only its last bytes were taken
   * away; it is read on from its new end. `offset` is where reading stood, so what stood in the file beyond it was never read.
   */
  | { readonly what: 'truncated'; readonly how: 'shorter' | 'rewritten' | 'cut'; readonly offset: number }
  /** The name leads to nothing that can be opened: `code` is ENOENT, EACCES … The old file is read on as long as it is written to. */
  | { readonly what: 'inaccessible'; readonly code: string; readonly givenUp: boolean }
  /** The name leads to what cannot be followed, as a directory or a socket. */
  | { readonly what: 'untailable'; readonly givenUp: boolean }
  /** The file cannot be read; following goes on by name where something else may come. */
  | { readonly what: 'unreadable'; readonly code: string; readonly givenUp: boolean };

export type Followed =
  /** Bytes of a file. They are valid until the next item is asked for. */
  | {
      readonly kind: 'bytes';
      readonly file: FollowedFile;
      readonly bytes: Uint8Array;
      /** Of `lines`: the last line has no end: it was held for long enough, is too long to hold, or its file is over. */
      readonly unfinished: boolean;
    }
  | { readonly kind: 'happening'; readonly file: FollowedFile; readonly happening: Happening }
  /** No events can be had for these, and why (ENOSPC, EMFILE, the file system's kind): they are polled. Said once a reason. */
  | { readonly kind: 'polling'; readonly files: readonly FollowedFile[]; readonly code: string }
  /** All that there is has been given; comes once before each sleep. */
  | { readonly kind: 'idle' };

/** Where reading stands, and what was read there: by now the file may hold something else. */
export interface Place {
  readonly fd: number;
  readonly offset: number;
  readonly seen: Seen;
}

/**
 * Gives what comes, in order; between two items nothing is read, so a slow taker slows it down and no more. Ends when the signal is aborted, after
 * `finish`, or when no file is left to follow: by then each was said to be given up.
 */
export interface Follower extends AsyncIterable<Followed> {
  /** Asks for one last look at everything: the iteration ends once what there is then has been given. */
  readonly finish: () => void;
  /** Up to where a file was given: what `markPlace` makes a bookmark of, for another run. Undefined while nothing is open. */
  readonly place: (file: FollowedFile) => Place | undefined;
}
