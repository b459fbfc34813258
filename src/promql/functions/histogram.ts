/** histogram_quantile and histogram_fraction on classic histograms: one series a bucket, counting all up to its label `le`. */

import type { Context, Implementation } from '../functions.js';
import { type Labels, labelOf, METRIC_NAME, withLabel } from '../labels.js';
import { quote } from '../strings.js';
import type { Line, Value, Vector } from '../value.js';
import { argumentOf, ofMetric, scalarOf, unnamed, vectorOf } from './lines.js';
import { warnOfQuantile } from './quantiles.js';

const BUCKET = 'le';

const NUMBER = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const HEXADECIMAL = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/** A bound as Go's strconv.ParseFloat reads it; undefined where it does not, as for one too large. */
const boundOf = (text: string): number | undefined => {
  if (NUMBER.test(text)) {
    const bound = Number(text.replaceAll('_', ''));
    return Number.isFinite(bound) ? bound : undefined;
  }
  const [, minus, whole, part, power] = HEXADECIMAL.exec(text) ?? [];
  if (whole !== undefined && part !== undefined && whole + part !== '') {
    const bound = Number(BigInt(`0x${whole}${part}`)) * 2 ** (Number(power) - 4 * part.length);
    return Number.isFinite(bound) ? (minus === '-' ? -bound : bound) : undefined;
  }
  const [, sign] = INFINITY.exec(text) ?? [];
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text.toLowerCase() === 'nan' ? Number.NaN : undefined;
};

/** The buckets of a histogram at some step, in ascending order, each bound once. */
class Buckets {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
  length = 0;

  constructor(most: number) {
    this.bounds = new Float64Array(most);
    this.counts = new Float64Array(most);
  }

  add(bound: number, count: number): void {
    // Bounds written in several ways, as 0.5 and 5e-1, are one bucket.
    if (this.length > 0 && this.bounds[this.length - 1] === bound)
      this.counts[this.length - 1] = (this.counts[this.length - 1] as number) + count;
    else {
      this.bounds[this.length] = bound;
      this.counts[this.length] = count;
      this.length++;
    }
  }

  bound(index: number): number {
    return this.bounds[index] as number;
  }

  count(index: number): number {
    return this.counts[index] as number;
  }

  /** All that was observed; undefined where there is no bucket for all. */
  get total(): number | undefined {
    return this.length > 0 && this.bounds[this.length - 1] === Number.POSITIVE_INFINITY
      ? this.count(this.length - 1)
      : undefined;
  }
}

const SMALLEST_NORMAL = 2 ** -1022;
/** What rates of buckets that were counted alike may differ by, from rounding alone. */
const TOLERANCE = 1e-12;

const almostEqual = (a: number, b: number): boolean => {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
};

/** Counts that fall from one bucket to the next are raised. True where that was more than what rounding does. */
const raise = (buckets: Buckets): boolean => {
  let raised = false;
  let before = buckets.count(0);
  for (let index = 1; index < buckets.length; index++) {
    const count = buckets.count(index);
    if (count === before) continue;
    const alike = almostEqual(before, count);
    if (alike || count < before) {
      buckets.counts[index] = before;
      if (!alike) raised = true;
    } else before = count;
  }
  return raised;
};

/** The value below which so many of the observations are, taken to be spread evenly in their bucket. Raises counts that fall. */
const quantileIn = (quantile: number, buckets: Buckets, onRaise: () => void): number => {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  if (buckets.total === undefined) return Number.NaN;
  const raised = raise(buckets);
  const last = buckets.length - 1;
  if (last < 1 || buckets.count(last) === 0) return Number.NaN;
  if (raised) onRaise();
  const rank = quantile * buckets.count(last);
  let index = 0;
  // Halving as Go's sort.Search does, which finds the end where a count is NaN.
  for (let high = last; index < high; ) {
    const middle = (index + high) >>> 1;
    if (buckets.count(middle) >= rank) high = middle;
    else index = middle + 1;
  }
  if (index === last) return buckets.bound(last - 1);
  const end = buckets.bound(index);
  if (index === 0) return end <= 0 ? end : end * (rank / buckets.count(0));
  const start = buckets.bound(index - 1);
  const below = buckets.count(index - 1);
  return start + (end - start) * ((rank - below) / (buckets.count(index) - below));
};

/** How many observations are at most as large as a bound, which lies in or between buckets. The lowest begins at 0 if it ends above. */
const rankOf = (value: number, buckets: Buckets): number => {
  let rank = 0;
  for (let index = 0; index < buckets.length; index++) {
    const end = buckets.bound(index);
    const count = buckets.count(index);
    const start = index > 0 ? buckets.bound(index - 1) : end > 0 ? 0 : Number.NEGATIVE_INFINITY;
    if (start >= value) return rank;
    if (end > value)
      // Nothing is known of what is spread without an end.
      return start === Number.NEGATIVE_INFINITY
        ? count
        : rank + ((count - rank) * (value - start)) / (end - start);
    rank = count;
  }
  return buckets.total as number;
};

/** Which part of the observations is between two values. */
const fractionIn = (lower: number, upper: number, buckets: Buckets): number => {
  const { total } = buckets;
  if (total === undefined || total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  const below = rankOf(lower, buckets);
  const upTo = rankOf(upper, buckets);
  return (Math.min(upTo, total) - Math.min(below, total)) / total;
};

interface Histogram {
  /** Without `le`. */
  readonly labels: Labels;
  readonly dropName: boolean;
  /** Ascending. */
  readonly buckets: { readonly bound: number; readonly line: Line }[];
}

/** Series that differ in nothing but `le` are one histogram. */
const histogramsOf = (
  { lines }: Vector,
  { annotator, call }: Context,
  argument: number,
): readonly Histogram[] => {
  const histograms = new Map<string, Histogram>();
  for (const line of lines) {
    const text = labelOf(line.labels, BUCKET);
    const bound = boundOf(text);
    if (bound === undefined) {
      if (line.has.includes(1))
        annotator.warn(
          `bucket label "le" is missing or has a malformed value of ${quote(text)}${ofMetric(labelOf(line.labels, METRIC_NAME))}`,
          argumentOf(call, argument),
        );
      continue;
    }
    const labels = withLabel(line.labels, BUCKET, '');
    const histogram = histograms.get(labels.key);
    if (histogram === undefined)
      histograms.set(labels.key, { labels, dropName: line.dropName, buckets: [{ bound, line }] });
    else histogram.buckets.push({ bound, line });
  }
  for (const { buckets } of histograms.values())
    buckets.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0));
  return [...histograms.values()];
};

/** A number for each histogram at each step where any of its buckets has a value. */
const mapHistograms = (
  histograms: readonly Histogram[],
  context: Context,
  map: (buckets: Buckets, step: number, histogram: Histogram) => number,
): Vector => {
  const steps = context.times.length;
  const lines = histograms.map((histogram) => {
    const values = new Float64Array(steps);
    const has = new Uint8Array(steps);
    const buckets = new Buckets(histogram.buckets.length);
    for (let step = 0; step < steps; step++) {
      buckets.length = 0;
      for (const { bound, line } of histogram.buckets)
        if (line.has[step] === 1) buckets.add(bound, line.values[step] as number);
      if (buckets.length === 0) continue;
      values[step] = map(buckets, step, histogram);
      has[step] = 1;
    }
    return unnamed(histogram, context, values, has);
  });
  return { type: 'vector', lines };
};

const HELP = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';

const histogramQuantile = (args: readonly Value[], context: Context): Vector => {
  const { annotator, call } = context;
  const quantiles = scalarOf(args, 0).values;
  for (const quantile of new Set(quantiles)) warnOfQuantile(quantile, annotator, argumentOf(call, 0));
  return mapHistograms(histogramsOf(vectorOf(args, 1), context, 1), context, (buckets, step, { labels }) =>
    quantileIn(quantiles[step] as number, buckets, () =>
      annotator.inform(
        `input to histogram_quantile needed to be fixed for monotonicity (see ${HELP})${ofMetric(labelOf(labels, METRIC_NAME))}`,
        argumentOf(call, 1),
      ),
    ),
  );
};

const histogramFraction = (args: readonly Value[], context: Context): Vector => {
  const lower = scalarOf(args, 0).values;
  const upper = scalarOf(args, 1).values;
  return mapHistograms(histogramsOf(vectorOf(args, 2), context, 2), context, (buckets, step) =>
    fractionIn(lower[step] as number, upper[step] as number, buckets),
  );
};

export const histogramFunctions: Readonly<Record<string, Implementation>> = {
  histogram_fraction: { kind: 'whole', call: histogramFraction },
  histogram_quantile: { kind: 'whole', call: histogramQuantile },
};
