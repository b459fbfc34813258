/** When samples are due, and what happened to time between two of them. Pure. */

import type { Clock } from './clock.js';

/** The next multiple of `interval` after `now`, both ms since 1970: ticks are aligned to the clock, so they cannot drift. */
export const nextTick = (now: number, interval: number): number =>
  (Math.floor(now / interval + 1e-9) + 1) * interval;

/** One moment on each of the clocks there are. */
export interface Moment {
  /** ms since 1970; can be set. */
  readonly wall: number;
  /** s; stands still while the machine sleeps. */
  readonly monotonic: number;
  /** s since boot, sleep included; undefined where the system does not say. */
  readonly uptime: number | undefined;
}

export interface Interruption {
  readonly reason: 'clock' | 'suspend' | 'late';
  /** How far the clock was moved, how long the machine slept, or how long no sample was taken. */
  readonly seconds: number;
  /** Samples that were due meanwhile. */
  readonly missed: number;
  /** Whether rates over it would mean nothing. */
  readonly breaksRates: boolean;
}

/** NTP slews the clock by at most 500 ppm; what moves it by more than this at once has set it. */
const CLOCK_STEP = 1;

/** No rate crosses a gap longer than this: three intervals, but a hiccup is no gap however short the interval. */
export const longestRate = (intervalSeconds: number): number => Math.max(3 * intervalSeconds, 1);

/**
 * Now, on all clocks. How long the machine has been up costs a read, and tells a sleep from a set clock: it is asked at the first
 * moment, and where the wall clock and the monotonic one have gone apart since the moment before.
 */
export const momentAt = (
  clock: Pick<Clock, 'now' | 'monotonic'>,
  uptime: () => number | undefined,
  before: Moment | undefined,
): Moment => {
  const wall = clock.now();
  const monotonic = clock.monotonic();
  if (before === undefined) return { wall, monotonic, uptime: uptime() };
  const passed = monotonic - before.monotonic;
  const apart = Math.abs((wall - before.wall) / 1000 - passed) > CLOCK_STEP / 2;
  const steady = before.uptime === undefined ? undefined : before.uptime + passed;
  return { wall, monotonic, uptime: apart ? uptime() : steady };
};

/** Which place of the grid a moment falls on. */
const tickAt = ({ wall }: Moment, interval: number): number => Math.floor(wall / 1000 / interval + 1e-9);

const NOTHING: readonly Interruption[] = [];

/** What came between two samples that should be `interval` seconds apart; nothing on an ordinary day. */
export const interruptions = (before: Moment, now: Moment, interval: number): readonly Interruption[] => {
  const measured = now.monotonic - before.monotonic;
  const real =
    now.uptime === undefined || before.uptime === undefined ? measured : now.uptime - before.uptime;
  const slept = real - measured;
  const moved = (now.wall - before.wall) / 1000 - real;
  const ticks = tickAt(now, interval) - tickAt(before, interval);
  if (slept <= CLOCK_STEP && Math.abs(moved) <= CLOCK_STEP && ticks <= 1) return NOTHING;
  const found: Interruption[] = [];
  const missedIn = (seconds: number): number => Math.max(0, Math.round(seconds / interval) - 1);
  if (slept > CLOCK_STEP)
    found.push({ reason: 'suspend', seconds: slept, missed: missedIn(real), breaksRates: true });
  if (Math.abs(moved) > CLOCK_STEP)
    found.push({ reason: 'clock', seconds: moved, missed: 0, breaksRates: true });
  // Ticks of the grid that lie between, and no more than there was time for, since the clock may have been set by less than is said.
  const late = Math.min(ticks - 1, Math.ceil(measured / interval - 1e-6));
  // A tick after a set clock falls on another place of the grid: up to an interval early or late is its own doing.
  if (late > 0 && found.length === 0)
    found.push({
      reason: 'late',
      seconds: measured,
      missed: late,
      breaksRates: measured > longestRate(interval),
    });
  return found;
};
