/** Scrapes all jobs side by side, and follows the files that name their targets. */

import type { Clock } from '../core/clock.js';
import { createFetcher } from './fetch.js';
import { openTargetFiles } from './files.js';
import type { ScrapeJob } from './job.js';
import { scrapeTarget, type TargetSink } from './loop.js';
import { type Target, targetsOf } from './target.js';

export interface ScraperOptions {
  readonly jobs: readonly ScrapeJob[];
  readonly openSink: (job: ScrapeJob, target: Target) => TargetSink;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly say: (message: string) => void;
  /** One scrape of each, at once, and no more. */
  readonly once: boolean;
}

export interface Scraper {
  /** Resolves when all is over; rejects where a sink threw. */
  readonly done: Promise<void>;
  readonly stop: () => void;
}

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

interface Group {
  readonly stop: AbortSignal;
  /** Ends all of them: a loop threw. */
  readonly fail: (error: unknown) => void;
}

const runJob = async (job: ScrapeJob, options: ScraperOptions, { stop, fail }: Group): Promise<void> => {
  const { clock, once, openSink } = options;
  const said = new Set<string>();
  // What is wrong with a target is wrong each time it is looked at.
  const sayOnce = (message: string): void => {
    if (!said.has(message)) options.say(message);
    said.add(message);
  };
  const fetcher = createFetcher(job, options.userAgent);
  const files = job.files.length === 0 ? undefined : openTargetFiles(job.files, options.say);
  const running = new Map<string, Running>();

  const start = (target: Target): Running => {
    const own = new AbortController();
    const end = (): void => own.abort();
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
    const sink = openSink(job, target);
    const { say } = options;
    const done = scrapeTarget({ job, target, fetcher, sink, clock, say, once, stop: own.signal })
      .catch(fail)
      .finally(() => stop.removeEventListener('abort', end));
    return { stop: own, done };
  };

  /** Begins what is new, and ends what is gone. */
  const follow = async (): Promise<void> => {
    const groups = [...job.groups, ...((await files?.look()) ?? [])];
    const targets = targetsOf(job, groups, sayOnce);
    const ids = new Set(targets.map(({ id }) => id));
    for (const [id, one] of running) {
      if (ids.has(id)) continue;
      one.stop.abort();
      running.delete(id);
      await one.done;
    }
    for (const target of targets) if (!running.has(target.id)) running.set(target.id, start(target));
  };

  try {
    await follow();
    while (files !== undefined && !once && !stop.aborted) {
      await clock.sleep(job.refresh * 1000, stop);
      if (!stop.aborted) await follow();
    }
    await Promise.all([...running.values()].map(({ done }) => done));
  } finally {
    fetcher.close();
  }
};

export const startScraper = (options: ScraperOptions): Scraper => {
  const stop = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    stop.abort();
  };
  const group: Group = { stop: stop.signal, fail };
  const done = Promise.all(options.jobs.map((job) => runJob(job, options, group).catch(fail))).then(() => {
    if (failure !== undefined) throw failure.error;
  });
  return { done, stop: () => stop.abort() };
};
