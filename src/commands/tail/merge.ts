/** Lines of several files in the order of their times. */

import type { Clock } from '../../core/clock.js';
import type { Unit } from './units.js';

/** A unit and when it counts: its own time, or that of the line before it in its file. */
interface Timed {
  readonly unit: Unit;
  readonly time: number;
}

/** Gives each unit of a file its time. */
const timer = (): ((unit: Unit) => Timed) => {
  let last = Number.NEGATIVE_INFINITY;
  return (unit) => {
    last = unit.time() ?? last;
    return { unit, time: last };
  };
};

/** Merges what several files hold; each must be in order for all to be. Equal times keep the order of the files. */
export function* mergeUnits(files: readonly Iterable<Unit>[]): Generator<Unit, void> {
  const heads = files.map((units) => {
    const iterator = units[Symbol.iterator]();
    const timeOf = timer();
    const next = (): Timed | undefined => {
      const { value, done } = iterator.next();
      return done === true ? undefined : timeOf(value);
    };
    return { head: next(), next };
  });
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const one of heads)
      if (one.head !== undefined && (first?.head === undefined || one.head.time < first.head.time))
        first = one;
    if (first?.head === undefined) return;
    yield first.head.unit;
    first.head = first.next();
  }
}

/** How long a line is held back for an older one of another file, ms. */
const HOLD = 500;

export interface Merger {
  readonly push: (unit: Unit) => void;
  /** Gives all that is held. */
  readonly flush: () => void;
}

/** Puts lines that come within half a second of each other in the order of their times. */
export const openMerger = (clock: Clock, signal: AbortSignal, show: (unit: Unit) => void): Merger => {
  const timers = new Map<unknown, (unit: Unit) => Timed>();
  let held: (Timed & { readonly came: number })[] = [];
  let isWaiting = false;
  const give = (until: number): void => {
    // What is older than something that is shown goes before it.
    const last = held.findLastIndex(({ came }) => came <= until);
    for (const { unit } of held.slice(0, last + 1)) show(unit);
    held = held.slice(last + 1);
  };
  const wait = async (): Promise<void> => {
    isWaiting = true;
    while (held.length > 0 && !signal.aborted) {
      await clock.sleep(HOLD / 5, signal);
      give(clock.monotonic() * 1000 - HOLD);
    }
    isWaiting = false;
  };
  return {
    push: (unit) => {
      let timeOf = timers.get(unit.source);
      if (timeOf === undefined) {
        timeOf = timer();
        timers.set(unit.source, timeOf);
      }
      const timed = { ...timeOf(unit), came: clock.monotonic() * 1000 };
      const at = held.findLastIndex(({ time }) => time <= timed.time) + 1;
      held.splice(at, 0, timed);
      if (!isWaiting) void wait();
    },
    flush: () => give(Number.POSITIVE_INFINITY),
  };
};
