/** The one place that knows the process: streams, clock, signals, environment. Everything else gets it as an argument. */

import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import type { Clock } from './core/clock.js';

/** Where text goes. Writing to a reader that has gone away does nothing. */
export interface Output {
  readonly write: (text: string | Uint8Array) => void;
  /**
   * Resolves when there is room for more, or nobody reads any more. Who writes much waits for it now and then: else a
   * slow pipe's backlog fills the memory, and the end of its reader is never noticed.
   */
  readonly drained: () => Promise<void>;
  readonly isTerminal: boolean;
  /** The stream itself, for a library that draws on it; undefined where it is not a real one. */
  readonly stream?: NodeJS.WriteStream;
  /** Width in cells; 80 where it is not known. */
  readonly columns: () => number;
  readonly rows: () => number;
  /** Aborted when nothing more can be written: whoever read this has closed it, or it failed. */
  readonly gone: AbortSignal;
  /** What the system said where text was lost, as on a full disk; a closed pipe loses nothing that anyone wants. */
  readonly failure: () => Error | undefined;
}

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly pid: number;
  /** Undefined where there are no user numbers. */
  readonly uid: number | undefined;
  readonly hostname: string;
  readonly clock: Clock;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Calls back at a signal instead of what it does by default; gives back a function that undoes it. */
  readonly onSignal: (signal: NodeJS.Signals, callback: () => void) => () => void;
  /** Whether there is a process with this number, one that we may not signal included. */
  readonly isRunning: (pid: number) => boolean;
  /** Keeps the heap of a process that runs for months small; what is called a thousand times a second pays for it. */
  readonly stayLean: () => Promise<void>;
  /** CPU time of this process, s, and its resident memory, bytes. */
  readonly ownUse: () => { readonly cpuSeconds: number; readonly residentBytes: number };
}

/** setTimeout fires at once beyond this many ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Who sleeps until a signal: it has one listener, since adding and removing one is as dear as reading a file. */
const sleepers = new WeakMap<AbortSignal, Set<() => void>>();

const sleepersOf = (signal: AbortSignal): Set<() => void> => {
  const known = sleepers.get(signal);
  if (known !== undefined) return known;
  const waiting = new Set<() => void>();
  sleepers.set(signal, waiting);
  signal.addEventListener('abort', () => {
    for (const wake of [...waiting]) wake();
  });
  return waiting;
};

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const waiting = signal && sleepersOf(signal);
    let left = ms;
    let timer: NodeJS.Timeout;
    const done = (): void => {
      clearTimeout(timer);
      waiting?.delete(done);
      resolve();
    };
    const next = (): void => {
      if (left <= 0) {
        done();
        return;
      }
      const step = Math.min(left, LONGEST_TIMER);
      left -= step;
      timer = setTimeout(next, step);
    };
    waiting?.add(done);
    if (left > 0) next();
    else timer = setTimeout(done, 0);
  });

/** A stream has one listener, however many Worlds know it. */
const outputs = new WeakMap<NodeJS.WriteStream, Output>();

const outputOf = (stream: NodeJS.WriteStream): Output => {
  const output = outputs.get(stream) ?? openOutput(stream);
  outputs.set(stream, output);
  return output;
};

const openOutput = (stream: NodeJS.WriteStream): Output => {
  const gone = new AbortController();
  let failure: Error | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A closed pipe and a terminal that died end quietly; a full disk under a redirection does not.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') failure ??= error;
    gone.abort();
  });
  return {
    write: (text) => {
      if (!gone.signal.aborted) stream.write(text);
    },
    drained: () =>
      new Promise((resolve) => {
        if (gone.signal.aborted || !stream.writableNeedDrain) {
          setImmediate(resolve);
          return;
        }
        const done = (): void => {
          stream.off('drain', done);
          gone.signal.removeEventListener('abort', done);
          resolve();
        };
        stream.once('drain', done);
        gone.signal.addEventListener('abort', done, { once: true });
      }),
    isTerminal: stream.isTTY === true,
    stream,
    columns: () => stream.columns ?? 80,
    rows: () => stream.rows ?? 24,
    gone: gone.signal,
    failure: () => failure,
  };
};

/** The World as it really is. */
export const realWorld = (process: NodeJS.Process): World => ({
  env: process.env,
  platform: process.platform,
  pid: process.pid,
  uid: process.getuid?.(),
  get hostname() {
    return hostname();
  },
  clock: {
    now: () => Date.now(),
    monotonic: () => Number(process.hrtime.bigint()) / 1e9,
    sleep,
  },
  get stdin() {
    return process.stdin;
  },
  // Node makes a stream when it is first asked for, and most runs have nothing to say on the second.
  get stdout() {
    return outputOf(process.stdout);
  },
  get stderr() {
    return outputOf(process.stderr);
  },
  onSignal: (signal, callback) => {
    process.on(signal, callback);
    return () => process.off(signal, callback);
  },
  isRunning: (pid) => {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  stayLean: async () => {
    const { setFlagsFromString } = await import('node:v8');
    // The young generation grows to 48 MB under a few hundred samples a second, and compiled code by 10 MB, for nothing:
    // at one sample a second no code gets hot. The settings are looked at whenever they matter, so they can be changed
    // in a process that runs.
    setFlagsFromString('--semi-space-growth-factor=1');
    setFlagsFromString('--no-opt');
    // Else the heap is marked in small steps, with other threads' help, whenever the process idles: more work in all than
    // the one pause of some milliseconds now and then that nobody notices here.
    setFlagsFromString('--no-incremental-marking');
  },
  ownUse: () => {
    const { user, system } = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
  },
});
