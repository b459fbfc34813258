/** What the engine knows of data: series in columns, and who has them. */

import type { Labels } from './labels.js';
import type { Matcher } from './matcher.js';

/** Plain data, which several may read at once and nobody changes. */
export interface Series {
  readonly labels: Labels;
  /** ms since 1970, each once, ascending. */
  readonly times: Float64Array;
  /** As many as times. */
  readonly values: Float64Array;
  /**
   * When it was seen to be gone, ascending: Prometheus's staleness markers. A selector gives no value from then on until the
   * next sample; functions over a range do not see them. None of them is also the time of a sample.
   */
  readonly ends: Float64Array;
}

/** What a query needs: series that match all of these, in this time. */
export interface Selection {
  readonly matchers: readonly Matcher[];
  /** ms since 1970, ends included. */
  readonly since: number;
  readonly until: number;
}

/** Series that are in memory. */
export interface SeriesSet {
  /** Each series once, in any order; points outside of the times asked for may be among them, and do no harm. */
  readonly select: (selection: Selection) => readonly Series[];
}

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

/** What is known of all series of one name. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** In words of `core/group`'s units where it is one of those. */
  readonly unit?: string;
}

export interface LoadOptions {
  readonly signal?: AbortSignal;
  /** How much of it is done, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/** Where series come from: a log, or files of scraped samples. Throws a UserError where they cannot be read. */
export interface SeriesSource {
  /** Reads all that is asked for in one go: what was loaded answers these selections, and those within them. */
  readonly load: (selections: readonly Selection[], options?: LoadOptions) => Promise<SeriesSet>;
  /** What can be asked for, by name. */
  readonly metrics: () => Promise<readonly Metric[]>;
}
