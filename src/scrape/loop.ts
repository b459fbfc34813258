/** Scrapes one target at its times, until it is told to stop. */

import { isUtf8 } from 'node:buffer';
import type { Clock } from '../core/clock.js';
import {
  ExpositionError,
  familyOf,
  formatOf,
  readExposition,
  rememberExposition,
  type Samples,
} from './exposition.js';
import { type Fetcher, NoAnswer } from './fetch.js';
import { createTeller } from './flaps.js';
import type { ScrapeJob } from './job.js';
import { offsetOf, placeOf, scrapedLabels, type Target } from './target.js';

/** What is said of a family, where its series are kept. */
export interface FamilyFacts {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** One scrape: columns of samples, or the reason why there are none. */
export interface ScrapeResult {
  readonly time: number;
  readonly seconds: number;
  readonly error?: string;
  /** Samples that there were, where not all of them are here. */
  readonly scraped?: number;
  readonly series: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly stamps?: ArrayLike<number | undefined> | undefined;
}

/** Where the scrapes of a target go. */
export interface TargetSink {
  readonly seriesOf: (family: FamilyFacts, labels: Readonly<Record<string, string>>) => number;
  /** Raised when the numbers that `seriesOf` gave are no more good. */
  readonly edition: () => number;
  readonly write: (result: ScrapeResult) => void;
  readonly end: (time: number) => void;
}

export interface LoopOptions {
  readonly job: ScrapeJob;
  readonly target: Target;
  readonly fetcher: Fetcher;
  readonly sink: TargetSink;
  readonly clock: Clock;
  readonly say: (message: string) => void;
  /** Only one scrape, at once. */
  readonly once: boolean;
  readonly stop: AbortSignal;
}

/** Timers come late by about so much: then the scrape counts for when it was due, as in Prometheus. */
const TOLERANCE_MS = 2;

const NOTHING: Omit<Samples, 'stamps'> = { series: [], values: [] };

/** What an exporter may be ahead of the clock here; what is further is left out, as by Prometheus. */
const AHEAD_MS = 600_000;

/** The same without what is of a time to come. */
const withoutFuture = ({ series, values, stamps }: Samples, now: number): Samples => {
  const isFuture = (stamp: number | undefined): boolean => stamp !== undefined && stamp > now + AHEAD_MS;
  if (stamps?.some(isFuture) !== true) return { series, values, stamps };
  const kept = series.map((_, index) => index).filter((index) => !isFuture(stamps[index]));
  return {
    series: kept.map((index) => series[index] as number),
    values: kept.map((index) => values[index] as number),
    stamps: kept.map((index) => stamps[index]),
  };
};

/** How many samples were read of an answer that is of no use. */
const samplesBefore = (error: unknown): number => (error instanceof ExpositionError ? error.samples : 0);

const others = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Scrapes a target each time it is called. */
const createScrape = ({
  job,
  target,
  fetcher,
  sink,
  clock,
  say,
  stop,
}: LoopOptions): ((time: number) => Promise<void>) => {
  const memory = rememberExposition();
  let edition = sink.edition();

  const resolve = (name: string, labels: readonly (readonly [string, string])[]): number => {
    const family = familyOf(name, memory.families) ?? { name, type: 'untyped', help: '', unit: '' };
    return sink.seriesOf(family, scrapedLabels(name, labels, target.labels, job.honorLabels));
  };

  const read = async (): Promise<Samples> => {
    const { body, contentType } = await fetcher.get(target.url, stop);
    const format = formatOf(contentType);
    if (format === undefined)
      throw new NoAnswer(`${JSON.stringify(contentType.slice(0, 100))} is not the content type of metrics`);
    if (!isUtf8(body)) throw new NoAnswer('the answer is not UTF-8');
    if (edition !== sink.edition()) memory.series.clear();
    edition = sink.edition();
    const reading = readExposition(body.toString('utf8'), format, memory, resolve);
    for (;;) {
      const step = reading.next();
      if (step.done) return step.value;
      await others();
    }
  };

  const tell = createTeller({ who: `${placeOf(target)} (job ${job.name})`, clock: clock.monotonic, say });

  return async (time) => {
    const started = clock.monotonic();
    const took = (): number => Math.round((clock.monotonic() - started) * 1e6) / 1e6;
    let result: ScrapeResult;
    try {
      const samples = await read();
      const scraped = samples.series.length;
      if (job.sampleLimit > 0 && scraped > job.sampleLimit) throw new NoAnswer('sample limit exceeded');
      if (!job.honorTimestamps) samples.stamps = undefined;
      result = { time, seconds: took(), scraped, ...withoutFuture(samples, clock.now()) };
    } catch (error) {
      if (stop.aborted) return;
      if (!(error instanceof NoAnswer || error instanceof ExpositionError)) throw error;
      result = { time, seconds: took(), error: error.message, scraped: samplesBefore(error), ...NOTHING };
    }
    if (stop.aborted) return;
    sink.write(result);
    tell(result.error);
  };
};

/** The next time on the target's own grid after this one. */
const nextDue = (now: number, offset: number, intervalMs: number): number =>
  Math.floor((now - offset) / intervalMs + 1) * intervalMs + offset;

/** Longer sleeps are cut, so that a clock that is set moves what is due. */
const LONGEST_SLEEP = 30_000;

/** Resolves when it was told to stop. */
export const scrapeTarget = async (options: LoopOptions): Promise<void> => {
  const { job, target, sink, clock, once, stop } = options;
  const scrape = createScrape(options);
  if (once) return scrape(clock.now());
  const intervalMs = job.interval * 1000;
  const offset = Math.round(offsetOf(target.id, intervalMs));
  const tolerance = Math.min(TOLERANCE_MS, intervalMs / 100);
  for (let due = nextDue(clock.now(), offset, intervalMs); !stop.aborted; ) {
    const left = due - clock.now();
    if (left > 0) {
      // The clock was set back.
      if (left > intervalMs) due = nextDue(clock.now(), offset, intervalMs);
      else await clock.sleep(Math.min(Math.max(1, left), LONGEST_SLEEP), stop);
      continue;
    }
    const now = clock.now();
    await scrape(now - due <= tolerance ? due : now);
    due = nextDue(Math.max(clock.now(), due), offset, intervalMs);
  }
  sink.end(clock.now());
};
