/** A machine for whole commands: its clocks, CPU, memory and boot are set by hand, and sleeping takes no real time. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/core/clock.js';
import { main } from '../../src/main.js';
import { temporaryFolder } from '../logs/bench-log.js';
import { record } from '../vitals/recorded.js';
import { type TestWorld, type TestWorldOptions, testWorld } from '../world.js';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Line = Readonly<Record<string, unknown>> & { readonly msg: string; readonly time: number };

export interface Machine {
  readonly clock: Clock;
  readonly folder: string;
  /** In its folder. */
  readonly path: (name: string) => string;
  readonly write: (path: string, text: string) => void;
  /** Time passes on all clocks. */
  readonly pass: (seconds: number) => void;
  /** The wall clock is set. */
  readonly setClock: (bySeconds: number) => void;
  /** It sleeps: the monotonic clock stands still. */
  readonly suspend: (seconds: number) => void;
  readonly reboot: () => void;
  /** Share of time that its CPU is busy from now on, 0 to 1. */
  readonly busy: (share: number) => void;
  readonly memory: (usedPercent: number) => void;
  /** Does something as soon as so many seconds have passed from now. */
  readonly in: (seconds: number, act: () => void | Promise<void>) => void;
  /** Runs a command on it to its end. The function is given the World first. */
  readonly run: (
    argv: readonly string[],
    options?: TestWorldOptions,
    use?: (test: TestWorld) => void,
  ) => Promise<Ended>;
  /** Lines of a log file. */
  readonly lines: (name?: string) => readonly Line[];
}

/** What a sampler waits for a vital that is read by other threads: that takes real time, and a clock that leaps ahead of it would call it late. */
const PATIENCE = 2000;

const TOTAL_KB = 1_000_000;

/** A moment that is on no grid. */
export const START = Date.parse('2026-11-21T12:00:01.250Z');

export const openMachine = (files: Readonly<Record<string, string>> = {}): Machine => {
  const folder = temporaryFolder();
  let wall = START;
  let monotonic = 50_000;
  let uptime = 100_000;
  let boot = 1;
  let share = 0.2;
  let used = 40;
  const cpu = { busy: 1000, idle: 9000 };
  const events: { readonly at: number; readonly act: () => void | Promise<void> }[] = [];

  const recorded = record({
    'proc/loadavg': '0.50 0.40 0.30 1/100 1234\n',
    'proc/1/mountinfo': '',
    'sys/placeholder': '',
    'root/placeholder': '',
    ...files,
  });
  onTestFinished(recorded.remove);

  const writeClocks = (): void => {
    const modes = `${Math.round(cpu.busy)} 0 0 ${Math.round(cpu.idle)} 0 0 0 0 0 0`;
    recorded.write('proc/uptime', `${uptime.toFixed(2)} 1.00\n`);
    recorded.write(
      'proc/stat',
      `cpu  ${modes}\ncpu0 ${modes}\nbtime ${Math.round(wall / 1000 - uptime)}\nprocesses 9\n`,
    );
  };
  const writeMemory = (): void =>
    recorded.write(
      'proc/meminfo',
      `MemTotal: ${TOTAL_KB} kB\nMemFree: 100 kB\nMemAvailable: ${Math.round(TOTAL_KB * (1 - used / 100))} kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n`,
    );
  const writeBoot = (): void =>
    recorded.write('proc/sys/kernel/random/boot_id', `00000000-0000-4000-8000-00000000000${boot}\n`);
  writeClocks();
  writeMemory();
  writeBoot();

  const pass = (seconds: number): void => {
    wall += seconds * 1000;
    monotonic += seconds;
    uptime += seconds;
    cpu.busy += seconds * 100 * share;
    cpu.idle += seconds * 100 * (1 - share);
    writeClocks();
  };
  /** The event that is due next within so many seconds. */
  const takeEvent = (until: number) => {
    events.sort((a, b) => a.at - b.at);
    return (events[0]?.at ?? Number.POSITIVE_INFINITY) <= until ? events.shift() : undefined;
  };
  const clock: Clock = {
    now: () => wall,
    monotonic: () => monotonic,
    sleep: async (ms, signal) => {
      if (ms === PATIENCE)
        await sleep(ms, undefined, { signal: signal as AbortSignal, ref: false }).catch(() => {});
      else await new Promise((resolve) => setImmediate(resolve));
      const end = monotonic + ms / 1000;
      while (signal?.aborted !== true) {
        const event = takeEvent(end);
        if (event === undefined) {
          if (end > monotonic) pass(end - monotonic);
          return;
        }
        if (event.at > monotonic) pass(event.at - monotonic);
        await event.act();
      }
    },
  };
  const { procfs, sysfs, rootfs } = recorded.tree.roots;
  const roots = ['--procfs', procfs, '--sysfs', sysfs, '--rootfs', rootfs];
  const path = (name: string): string => join(folder, name);
  return {
    clock,
    folder,
    path,
    write: recorded.write,
    pass,
    setClock: (seconds) => {
      wall += seconds * 1000;
    },
    suspend: (seconds) => {
      wall += seconds * 1000;
      uptime += seconds;
      writeClocks();
    },
    reboot: () => {
      boot++;
      uptime = 30;
      wall += 40_000;
      monotonic = 20;
      Object.assign(cpu, { busy: 0, idle: 0 });
      writeClocks();
      writeBoot();
    },
    busy: (to) => {
      share = to;
    },
    memory: (percent) => {
      used = percent;
      writeMemory();
    },
    in: (seconds, act) => {
      events.push({ at: monotonic + seconds, act });
    },
    run: async ([command = '', ...words], options, use) => {
      const test = testWorld({ clock, ...options });
      use?.(test);
      const machine = command === 'export' || command === 'query' ? [] : roots;
      const code = await main([command, ...machine, ...words], test.world);
      return { code, stdout: test.stdout(), stderr: test.stderr() };
    },
    lines: (name = 'log') => parseLines(readFileSync(path(name), 'utf8')),
  };
};

/** NDJSON → lines; throws for one that is not whole. */
export const parseLines = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
