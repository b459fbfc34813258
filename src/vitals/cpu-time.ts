/** CPU time by mode: what /proc/stat counts of it, and how it grew between two readings. */

import type { Row } from '../core/sample.js';
import { looseRow } from '../core/sample.js';
import { readCounters } from './counters.js';

/** What is undefined is not known. */
type Numbers = Readonly<Record<string, number | undefined>>;

/** Of the line that was read last. */
const columns: number[] = [];

/**
 * The `cpu…` line of /proc/stat that begins at `start`, as seconds. Kernels before 2.6.11 have fewer columns: absent is not zero.
 * All names are written out, here and below: each sample makes such an object for every core, and to add names one by one
 * takes three times as long and as much room.
 */
const secondsByMode = (text: string, start: number, ticks: number): Numbers => {
  const count = readCounters(text, start, columns);
  return {
    user_seconds: secondsIn(0, count, ticks),
    nice_seconds: secondsIn(1, count, ticks),
    system_seconds: secondsIn(2, count, ticks),
    idle_seconds: secondsIn(3, count, ticks),
    iowait_seconds: secondsIn(4, count, ticks),
    irq_seconds: secondsIn(5, count, ticks),
    softirq_seconds: secondsIn(6, count, ticks),
    steal_seconds: secondsIn(7, count, ticks),
    guest_user_seconds: secondsIn(8, count, ticks),
    guest_nice_seconds: secondsIn(9, count, ticks),
  };
};

const secondsIn = (column: number, count: number, ticks: number): number | undefined =>
  column < count ? (columns[column] as number) / ticks : undefined;

/** Without values; `blankOf` in core/finish.ts says what else it is good for. */
const NO_SECONDS = secondsByMode('', 0, 1);

/** Text of /proc/stat → the counters of all CPUs together, and the rows of each. */
export const parseStat = (
  text: string,
  ticks: number,
): { readonly total: Numbers; readonly cores: readonly Row[] } => {
  let total = NO_SECONDS;
  const cores: Row[] = [];
  // Not what comes below: the interrupts' line has thousands of numbers.
  for (let start = 0; text.startsWith('cpu', start); ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const blank = text.indexOf(' ', start);
    // A name without numbers says nothing.
    if (blank >= 0 && blank < end) {
      const numbers = secondsByMode(text, blank, ticks);
      if (blank === start + 3) total = numbers;
      else cores.push(looseRow([text.slice(start + 3, blank)], numbers));
    }
    start = end + 1;
  }
  return { total: cores.length > 0 ? { ...total, cores: cores.length } : total, cores };
};

/** Idle time wobbles back by less than this, s. A larger fall is a reset: a CPU came back online and counts from zero. */
const WOBBLE = 1;

/** Growth by mode, and of which modes together; undefined is not known. */
export interface Growth {
  user: number | undefined;
  nice: number | undefined;
  system: number | undefined;
  iowait: number | undefined;
  irq: number | undefined;
  softirq: number | undefined;
  steal: number | undefined;
  busy: number | undefined;
  all: number | undefined;
}

const UNKNOWN: Readonly<Growth> = {
  user: undefined,
  nice: undefined,
  system: undefined,
  iowait: undefined,
  irq: undefined,
  softirq: undefined,
  steal: undefined,
  busy: undefined,
  all: undefined,
};

/** Of the row that was looked at last. */
const grew: Growth = { ...UNKNOWN };

/** A counter that goes back has not grown; one that was not there is not known. */
const grown = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined ? undefined : now > before ? now - before : 0;

/**
 * Growth by mode; unknown where idle time was reset, since the busy time alone would look like a busy machine. iowait
 * may go back at any time (proc_stat(5)): that counts as no growth rather than as a negative one, as htop and sysstat do.
 * What it gives is good until it is asked again.
 */
export const growth = (now: Numbers, before: Numbers | undefined): Readonly<Growth> => {
  const idleBefore = before?.['idle_seconds'];
  if (before === undefined || idleBefore === undefined) return UNKNOWN;
  if (idleBefore - (now['idle_seconds'] ?? 0) > WOBBLE) return UNKNOWN;
  const idle = grown(now['idle_seconds'], idleBefore);
  grew.user = grown(now['user_seconds'], before['user_seconds']);
  grew.nice = grown(now['nice_seconds'], before['nice_seconds']);
  grew.system = grown(now['system_seconds'], before['system_seconds']);
  grew.iowait = grown(now['iowait_seconds'], before['iowait_seconds']);
  grew.irq = grown(now['irq_seconds'], before['irq_seconds']);
  grew.softirq = grown(now['softirq_seconds'], before['softirq_seconds']);
  grew.steal = grown(now['steal_seconds'], before['steal_seconds']);
  const { user, nice, system, iowait, irq, softirq, steal } = grew;
  grew.busy = (user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0) + (steal ?? 0);
  grew.all = grew.busy + (idle ?? 0) + (iowait ?? 0);
  return grew;
};
