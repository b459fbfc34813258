/** The steps that `+` and `-` go by. */

const PACES = [0.2, 0.5, 1, 2, 5, 10, 30, 60] as const;

const SPEEDS = [1, 2, 5, 10, 30, 60, 300, 1800] as const;

const neighbour = (steps: readonly number[], now: number, by: 1 | -1): number => {
  const found = by > 0 ? steps.find((step) => step > now) : steps.findLast((step) => step < now);
  return found ?? now;
};

/** `+` is slower: a longer time between samples, s. */
export const nextPace = (now: number, by: 1 | -1): number => neighbour(PACES, now, by);

/** Seconds of the past shown in one. */
export const nextSpeed = (now: number, by: 1 | -1): number => neighbour(SPEEDS, now, by);
