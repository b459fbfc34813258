/** A World for tests: text is kept, signals are sent by hand, time is real unless a clock is given. */

import { Readable } from 'node:stream';
import type { Clock } from '../src/core/clock.js';
import { main } from '../src/main.js';
import type { Tty } from '../src/screen/tty.js';
import { realWorld, type World } from '../src/world.js';

export interface TestWorldOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly uid?: number;
  readonly systemRoot?: string;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly stdin?: string;
  readonly platform?: string;
  /** What `openTty` gives. */
  readonly tty?: Tty;
  /** Called in place of stopping the process. */
  readonly onStop?: () => void;
}

export interface TestWorld {
  readonly world: World;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Calls what `onSignal` left for this signal. */
  readonly send: (signal: NodeJS.Signals) => void;
  readonly closeStdout: () => void;
}

/** This machine may have a log of its own, which is nothing to a test. */
const NO_LOG = { SYSMON_LOG: '/dev/null/sysmon.log' };

export const testWorld = (options: TestWorldOptions = {}): TestWorld => {
  const real = realWorld(process);
  const kept = { stdout: '', stderr: '' };
  const gone = new AbortController();
  const handlers = new Map<string, Set<() => void>>();
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string | Uint8Array) => {
      kept[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
    },
    drained: async () => {},
    isTerminal: options.terminal ?? false,
    columns: () => options.columns ?? 80,
    rows: () => 24,
    gone: gone.signal,
    failure: () => undefined,
  });
  const world: World = {
    env: {
      PATH: '/nonexistent',
      HOME: '/nonexistent',
      XDG_CONFIG_HOME: '/nonexistent',
      ...(options.env?.['XDG_STATE_HOME'] === undefined ? NO_LOG : {}),
      ...options.env,
    },
    platform: options.platform ?? real.platform,
    pid: real.pid,
    uid: options.uid ?? real.uid,
    // The log and the configuration of the machine that the tests run on are nothing to them.
    systemRoot: options.systemRoot ?? '/nonexistent',
    hostname: 'test-host',
    clock: options.clock ?? real.clock,
    stdin: Readable.from([options.stdin ?? '']),
    stdout: output('stdout'),
    stderr: output('stderr'),
    isSettled: () => true,
    onSignal: (signal, callback) => {
      const set = handlers.get(signal) ?? new Set();
      handlers.set(signal, set.add(callback));
      return () => set.delete(callback);
    },
    isRunning: real.isRunning,
    stayLean: async () => () => {},
    tidy: () => {},
    openTty: async () => options.tty && { ...options.tty, close: () => {} },
    onCrash: () => () => {},
    stopGroup: () => options.onStop?.(),
    ownUse: real.ownUse,
  };
  return {
    world,
    stdout: () => kept.stdout,
    stderr: () => kept.stderr,
    send: (signal) => {
      for (const callback of handlers.get(signal) ?? []) callback();
    },
    closeStdout: () => gone.abort(),
  };
};

/** Runs a command line to its end. */
export const sysmon = async (
  argv: readonly string[],
  options?: TestWorldOptions,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> => {
  const test = testWorld(options);
  const code = await main(argv, test.world);
  return { code, stdout: test.stdout(), stderr: test.stderr() };
};

/** A clock that moves only when something sleeps, and by hand. Sleeping takes no real time. */
export const fakeClock = (
  startMs: number,
): Clock & { jump: (ms: number) => void; pass: (ms: number) => void } => {
  let wall = startMs;
  let monotonic = 1000;
  const pass = (ms: number): void => {
    wall += ms;
    monotonic += ms / 1000;
  };
  return {
    now: () => wall,
    monotonic: () => monotonic,
    sleep: async (ms, signal) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted !== true) pass(ms);
    },
    /** Time passes on all clocks. */
    pass,
    /** The wall clock is set. */
    jump: (ms) => {
      wall += ms;
    },
  };
};
