/**
 * Quantiles of numbers that come one by one. Exact up to a million of them; of more, logarithmic buckets are kept, which give each quantile
 * within 0.1 % (DDSketch, https://arxiv.org/abs/1908.10693). Plain data, so that workers can hand it over.
 */

export interface Distribution {
  readonly mostExact: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** All numbers, as long as they are few. */
  exact: number[] | undefined;
  /** How many numbers are in each bucket, below zero, at zero and above. */
  readonly negative: Map<number, number>;
  zeros: number;
  readonly positive: Map<number, number>;
}

const MOST_EXACT = 1_000_000;

/** Largest error of a quantile from buckets, as a part of it. */
export const ERROR = 0.001;

const GAMMA = (1 + ERROR) / (1 - ERROR);
const LOG_GAMMA = Math.log(GAMMA);

export const openDistribution = (mostExact = MOST_EXACT): Distribution => ({
  mostExact,
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  exact: [],
  negative: new Map(),
  zeros: 0,
  positive: new Map(),
});

const bucketOf = (size: number): number => Math.ceil(Math.log(size) / LOG_GAMMA);

/** The number that is in the middle of a bucket. */
const middleOf = (bucket: number): number => (2 * Math.exp(bucket * LOG_GAMMA)) / (GAMMA + 1);

const addTo = (buckets: Map<number, number>, bucket: number, times: number): void => {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + times);
};

const intoBuckets = (distribution: Distribution, value: number): void => {
  if (value === 0) distribution.zeros++;
  else addTo(value < 0 ? distribution.negative : distribution.positive, bucketOf(Math.abs(value)), 1);
};

const giveUpExact = (distribution: Distribution): void => {
  for (const value of distribution.exact ?? []) intoBuckets(distribution, value);
  distribution.exact = undefined;
};

/** Adds a finite number. */
export const addNumber = (distribution: Distribution, value: number): void => {
  distribution.count++;
  distribution.sum += value;
  if (value < distribution.min) distribution.min = value;
  if (value > distribution.max) distribution.max = value;
  if (distribution.exact === undefined) intoBuckets(distribution, value);
  else {
    distribution.exact.push(value);
    if (distribution.exact.length > distribution.mostExact) giveUpExact(distribution);
  }
};

/** Adds all numbers of another. */
export const mergeDistribution = (distribution: Distribution, more: Distribution): void => {
  distribution.count += more.count;
  distribution.sum += more.sum;
  distribution.min = Math.min(distribution.min, more.min);
  distribution.max = Math.max(distribution.max, more.max);
  if (more.exact === undefined || distribution.count > distribution.mostExact) giveUpExact(distribution);
  for (const value of more.exact ?? []) {
    if (distribution.exact === undefined) intoBuckets(distribution, value);
    else distribution.exact.push(value);
  }
  for (const [bucket, times] of more.negative) addTo(distribution.negative, bucket, times);
  distribution.zeros += more.zeros;
  for (const [bucket, times] of more.positive) addTo(distribution.positive, bucket, times);
};

/** Gives the number of a rank, counted from 0 and rising with each call. */
const inOrder = ({ negative, zeros, positive, count, min, max }: Distribution) => {
  const runs: [number, number][] = [
    ...[...negative]
      .sort(([a], [b]) => b - a)
      .map(([bucket, times]): [number, number] => [-middleOf(bucket), times]),
    [0, zeros],
    ...[...positive]
      .sort(([a], [b]) => a - b)
      .map(([bucket, times]): [number, number] => [middleOf(bucket), times]),
  ];
  return (rank: number): number => {
    if (rank === 0 || rank === count - 1) return rank === 0 ? min : max;
    let left = rank;
    for (const [value, times] of runs) {
      if (left < times) return Math.min(max, Math.max(min, value));
      left -= times;
    }
    return max;
  };
};

/**
 * Quantiles (0 to 1), between two neighbours in a straight line, as Prometheus's quantile_over_time and NumPy's default have them;
 * NaN where there are no numbers.
 */
export const quantiles = (distribution: Distribution, wanted: readonly number[]): readonly number[] => {
  const { exact, count } = distribution;
  if (count === 0) return wanted.map(() => Number.NaN);
  const sorted = exact === undefined ? undefined : Float64Array.from(exact).sort();
  const at = sorted === undefined ? inOrder(distribution) : (rank: number) => sorted[rank] as number;
  return wanted.map((quantile) => {
    const rank = (count - 1) * quantile;
    const low = at(Math.floor(rank));
    const high = at(Math.ceil(rank));
    return low + (high - low) * (rank - Math.floor(rank));
  });
};
