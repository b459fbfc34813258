/** How a process that runs for months at a sample a second keeps its heap small: V8's settings, and when garbage is collected. */

/** Garbage that is worth looking for, bytes: what lived for some minutes, as the past that rules look back at. */
const WORTH_TIDYING = 1e6;

let wasLean = false;

/** Collects garbage once the heap has grown by that much; V8 alone waits for twenty times as much. */
const openTidy = async (): Promise<() => void> => {
  const { getHeapStatistics, setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect !== 'function') return () => {};
  // Whoever was lean before comes back with the garbage of what it hurried for.
  let limit = wasLean ? 0 : Number.POSITIVE_INFINITY;
  wasLean = true;
  return () => {
    const used = getHeapStatistics().used_heap_size;
    if (used > limit) collect();
    else if (limit !== Number.POSITIVE_INFINITY) return;
    limit = getHeapStatistics().used_heap_size + WORTH_TIDYING;
  };
};

/**
 * How long V8 may mark in small steps, ms. Some eight seconds after the start its memory reducer collects what the start has
 * left, and is done; where it may not, it wakes the process every eight seconds to ask again, for as long as that runs.
 */
const SETTLING = 20_000;

/** Of this process while it stays lean. */
let collectIfWorth = (): void => {};

/** Sets V8 up for it; gives back a function that undoes that. */
export const stayLean = async (): Promise<() => void> => {
  const { setFlagsFromString } = await import('node:v8');
  // The young generation grows to 48 MB under a few hundred samples a second, and compiled code by 10 MB, for nothing:
  // at one sample a second no code gets hot. The settings are looked at whenever they matter, so they can be changed
  // in a process that runs.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-opt');
  // Else the heap is marked in small steps, with other threads' help, whenever the process idles: more work in all than
  // the one pause of some milliseconds now and then that nobody notices here.
  const settled = setTimeout(() => setFlagsFromString('--no-incremental-marking'), SETTLING).unref();
  collectIfWorth = await openTidy();
  return () => {
    collectIfWorth = () => {};
    clearTimeout(settled);
    setFlagsFromString('--semi-space-growth-factor=2');
    setFlagsFromString('--opt');
    setFlagsFromString('--incremental-marking');
  };
};

/** Gives memory back where much of it is garbage by now. */
export const tidy = (): void => collectIfWorth();
