/** Round numbers at the top of a graph and beside it. */

/** What people count in: tens, or for bytes thousands of 1024. */
export type Base = 1000 | 1024;

const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/**
 * The smallest round number that is at least this value: 1, 2 or 5 times a power of ten; with base 1024 of B, KiB, MiB and so
 * on (… 200 KiB, 500 KiB, 1 MiB). `least` is its own lower limit, so that an idle graph does not magnify noise.
 */
export const niceMax = (value: number, base: Base = 1000, least = 1): number => {
  const wanted = Math.max(value, least);
  if (!(wanted > 0) || !Number.isFinite(wanted)) return 1;
  // A logarithm can be off by the last bit, so it begins one lower.
  for (let power = Math.floor(Math.log(wanted) / Math.log(base)) - 1; ; power++) {
    const unit = power < 0 ? 1 / base ** -power : base ** power;
    for (const round of ROUND) if (round * unit >= wanted) return round * unit;
  }
};

/** The greatest value that is known; undefined where none is. */
export const greatest = (values: readonly (number | undefined)[]): number | undefined => {
  let most: number | undefined;
  for (const value of values) if (value !== undefined && !(value <= (most ?? -Infinity))) most = value;
  return most;
};

/** Values from 0 to a round maximum in equal steps, at most this many steps: 0, 50, 100. */
export const ticks = (max: number, most: number): readonly number[] => {
  // Halves, quarters, fifths and tenths of 1, 2 or 5 are said in few digits.
  const steps = [10, 5, 4, 2].find((count) => count <= most) ?? 1;
  return Array.from({ length: steps + 1 }, (_, step) => (max * step) / steps);
};
