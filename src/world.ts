/** The one place that knows the process: streams, clock, signals, environment. Everything else gets it as an argument. */

import { closeSync, constants, fstatSync, openSync, type Stats, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import type { Clock } from './core/clock.js';
import { stayLean, tidy } from './lean.js';
import type { Tty } from './screen/tty.js';

/** Where text goes. Writing to a reader that has gone away does nothing. */
export interface Output {
  readonly write: (text: string | Uint8Array) => void;
  /**
   * Resolves when there is room for more, or nobody reads any more. Who writes much waits for it now and then: else a
   * slow pipe's backlog fills the memory, and the end of its reader is never noticed.
   */
  readonly drained: () => Promise<void>;
  readonly isTerminal: boolean;
  /** Its descriptor, to ask the system what it is; undefined where it is none of a process. */
  readonly descriptor?: number;
  /** The stream itself, for a library that draws on it; undefined where it is not a real one. */
  readonly stream?: NodeJS.WriteStream;
  /** Width in cells; 80 where it is not known. */
  readonly columns: () => number;
  readonly rows: () => number;
  /** Aborted when nothing more can be written: whoever read this has closed it, or it failed. */
  readonly gone: AbortSignal;
  /** Asks a pipe whether it has a reader still, which else shows only when something is written: `gone` is aborted where not. */
  readonly look?: () => void;
  /** What the system said where text was lost, as on a full disk; a closed pipe loses nothing that anyone wants. */
  readonly failure: () => Error | undefined;
}

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly pid: number;
  /** Undefined where there are no user numbers. */
  readonly uid: number | undefined;
  /** Where the log, the configuration and the state of the machine are looked for: `/`, and in tests somewhere else. */
  readonly systemRoot: string;
  readonly hostname: string;
  readonly clock: Clock;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** The descriptor behind it; absent where there is none, as in a test. */
  readonly stdinDescriptor?: number;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether nothing is on its way to either: all is written, or `failure` says why not. */
  readonly isSettled: () => boolean;
  /** Calls back at a signal instead of what it does by default; gives back a function that undoes it. */
  readonly onSignal: (signal: NodeJS.Signals, callback: () => void) => () => void;
  /** Whether there is a process with this number, one that we may not signal included. */
  readonly isRunning: (pid: number) => boolean;
  /**
   * Keeps the heap of a process that runs for months small; what is called a thousand times a second pays for it. Gives
   * back a function that undoes it.
   */
  readonly stayLean: () => Promise<() => void>;
  /** Gives memory back where much of it is garbage by now, in a process that stays lean. It costs microseconds to ask. */
  readonly tidy: () => void;
  /** The terminal, for a screen that fills it; undefined where standard output is none. */
  readonly openTty: () => Promise<(Tty & { readonly close: () => void }) | undefined>;
  /** Calls back before anything is said of an error that nobody caught; gives back a function that undoes it. */
  readonly onCrash: (callback: () => void) => () => void;
  /** Stops this process and those it was started with, as Ctrl-Z does; nothing where the system has no such thing. */
  readonly stopGroup: () => void;
  /** CPU time of this process, s, and its resident memory, bytes. */
  readonly ownUse: () => { readonly cpuSeconds: number; readonly residentBytes: number };
}

const NOTHING = new Uint8Array();

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
    const end = (): void => {
      waiting?.delete(wake);
      resolve();
    };
    const wake = (): void => {
      clearTimeout(timer);
      end();
    };
    const next = (): void => {
      const step = Math.min(left, LONGEST_TIMER);
      left -= step;
      timer = setTimeout(left > 0 ? next : end, step);
    };
    waiting?.add(wake);
    next();
  });

/** What a write cannot wait for: files, and Linux's memory devices, such as /dev/null. */
const isPrompt = (stat: Stats, platform: string): boolean =>
  stat.isFile() || (platform === 'linux' && stat.isCharacterDevice() && stat.rdev >>> 8 === 1);

/**
 * A file descriptor that can be written to without Node's streams, whose loading is a tenth of a short command's time.
 * A pipe is opened anew, so that it can say that it is full: nobody waits for a reader here, and whoever shares it
 * finds it as it was. Undefined where only a stream will do.
 */
const openDirect = (fd: number, platform: string): number | undefined => {
  try {
    const stat = fstatSync(fd);
    if (isPrompt(stat, platform)) return fd;
    return stat.isFIFO()
      ? openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
      : undefined;
  } catch {
    return undefined;
  }
};

/** An output, and whether all that was written to it is out. */
interface Opened extends Output {
  readonly isSettled: () => boolean;
}

/** `fd` is written to as long as it takes all at once; what it does not take, and all after that, goes to the stream. */
const openOutput = (fd: number | undefined, platform: string, open: () => NodeJS.WriteStream): Opened => {
  const direct = fd === undefined ? undefined : openDirect(fd, platform);
  let isGone = false;
  let failure: Error | undefined;
  /** Made when it is first asked for: Node has to load what it consists of. */
  let gone: AbortController | undefined;
  const goneSoFar = (): AbortSignal => {
    gone ??= new AbortController();
    if (isGone) gone.abort();
    return gone.signal;
  };
  const fail = (error: NodeJS.ErrnoException): void => {
    // A closed pipe and a terminal that died end quietly; a full disk under a redirection does not.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') failure ??= error;
    isGone = true;
    gone?.abort();
  };
  let stream: NodeJS.WriteStream | undefined;
  const toStream = (): NodeJS.WriteStream => {
    stream ??= open().on('error', fail);
    return stream;
  };
  const terminal = direct === undefined ? toStream() : undefined;
  /** Gives what was not taken. */
  const writeDirect = (to: number, bytes: Uint8Array): Uint8Array => {
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(to, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return bytes.subarray(done);
      fail(error as NodeJS.ErrnoException);
    }
    return NOTHING;
  };
  return {
    write: (text) => {
      if (isGone) return;
      let rest = text;
      if (direct !== undefined && stream === undefined)
        rest = writeDirect(direct, typeof text === 'string' ? Buffer.from(text) : text);
      if (rest.length > 0) toStream().write(rest);
    },
    drained: () =>
      new Promise((resolve) => {
        if (isGone || stream?.writableNeedDrain !== true) {
          setImmediate(resolve);
          return;
        }
        const done = (): void => {
          stream?.off('drain', done);
          goneSoFar().removeEventListener('abort', done);
          resolve();
        };
        stream.once('drain', done);
        goneSoFar().addEventListener('abort', done, { once: true });
      }),
    // A stream says only later that it failed.
    isSettled: () => stream === undefined,
    isTerminal: terminal?.isTTY === true,
    ...(terminal && { stream: terminal }),
    ...(fd !== undefined && { descriptor: fd }),
    // A terminal that nobody told its size, as a serial line, says 0.
    columns: () => terminal?.columns || 80,
    rows: () => terminal?.rows || 24,
    get gone() {
      return goneSoFar();
    },
    look: () => {
      if (fd === undefined || isGone || platform !== 'linux') return;
      try {
        // To open a pipe for writing fails where nobody has it open for reading (fifo(7)); only of pipes is this asked.
        if (direct !== undefined && fstatSync(fd).isFIFO())
          closeSync(openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENXIO') {
          isGone = true;
          gone?.abort();
        }
      }
    },
    failure: () => failure,
  };
};

/** The standard streams' file descriptors. */
const DESCRIPTORS = { stdout: 1, stderr: 2 };

/** A process has one of each, however many Worlds know it. */
const outputs = new WeakMap<NodeJS.Process, { stdout?: Opened; stderr?: Opened }>();

const outputOf = (process: NodeJS.Process, name: 'stdout' | 'stderr', fd: number | undefined): Output => {
  const known = outputs.get(process) ?? {};
  outputs.set(process, known);
  known[name] ??= openOutput(fd, process.platform, () => process[name]);
  return known[name];
};

/** The World as it really is. Outputs without a descriptor are written to by their streams alone. */
export const realWorld = (
  process: NodeJS.Process,
  descriptors: { readonly stdout?: number; readonly stderr?: number } = DESCRIPTORS,
): World => ({
  env: process.env,
  platform: process.platform,
  pid: process.pid,
  uid: process.getuid?.(),
  systemRoot: '/',
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
  stdinDescriptor: 0,
  // Node makes a stream when it is first asked for, and most runs have nothing to say on the second.
  get stdout() {
    return outputOf(process, 'stdout', descriptors.stdout);
  },
  get stderr() {
    return outputOf(process, 'stderr', descriptors.stderr);
  },
  isSettled: () => {
    const { stdout, stderr } = outputs.get(process) ?? {};
    return stdout?.isSettled() !== false && stderr?.isSettled() !== false;
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
  stayLean,
  tidy,
  openTty: async () =>
    process.stdout.isTTY ? (await import('./real-tty.js')).openRealTty(process) : undefined,
  onCrash: (callback) => {
    // Before the last one, which says what happened and ends the process.
    process.prependListener('uncaughtException', callback);
    return () => process.off('uncaughtException', callback);
  },
  stopGroup: () => {
    if (process.platform !== 'win32') process.kill(0, 'SIGTSTP');
  },
  ownUse: () => {
    const { user, system } = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
  },
});
