/** What `sysmon log` records of applications: jobs from the options, scraped beside the vitals, each into a file of its own. */

import { dirname, join, resolve } from 'node:path';
import { parseSize } from '../core/duration.js';
import { UserError } from '../exit.js';
import type { LogLimits } from '../logs/log-writer.js';
import { scrapeFileName } from '../logs/scraped/place.js';
import { openScrapeWriter, type ScrapeWriter } from '../logs/scraped/writer.js';
import { JOB_DEFAULTS, jobFromUrl, mergeJobs, type ScrapeJob } from '../scrape/job.js';
import { readPrometheusConfig } from '../scrape/prometheus-config.js';
import { startScraper } from '../scrape/scraper.js';
import type { World } from '../world.js';
import { type PerJob, type ScrapeOptions, splitPerJob } from './scrape-options.js';
import { say } from './status-line.js';
import { VERSION } from './version.js';

/** What is to be scraped, with nothing opened yet. */
export interface Scraping {
  /** Opens the files beside this log, and begins; only one scrape of each target where `once`. Throws a UserError. */
  readonly start: (place: {
    readonly log: string | undefined;
    readonly host: string;
    readonly once: boolean;
    readonly limits: LogLimits;
  }) => Promise<RunningScraping>;
}

export interface RunningScraping {
  /** Lets the files be opened again, after somebody's rotation. */
  readonly reopen: () => void;
  /** Calls back where it cannot go on; `close` then says why. */
  readonly onFailed: (callback: () => void) => void;
  /** Lines that could not be written. */
  readonly lost: () => number;
  /** Ends it; a single scrape that is on its way is waited for, unless somebody is in a hurry. */
  readonly close: (options: { readonly finish: boolean }) => Promise<void>;
}

const jobsFrom = async (options: ScrapeOptions, world: World): Promise<readonly ScrapeJob[]> => {
  const interval = options.scrapeInterval ?? JOB_DEFAULTS.interval;
  const timeout = options.scrapeTimeout ?? Math.min(JOB_DEFAULTS.timeout, interval);
  if (timeout > interval)
    throw new UserError('--scrape-timeout is longer than --scrape-interval', {
      kind: 'usage',
      hint: 'A look has to be over before the next one begins.',
    });
  const jobs = mergeJobs((options.scrape ?? []).map((text) => jobFromUrl(text, interval, timeout)));
  if (options.prometheusConfig === undefined) return jobs;
  const config = await readPrometheusConfig(resolve(options.prometheusConfig));
  for (const note of config.notes) say(world, note);
  const twice = config.jobs.find(({ name }) => jobs.some((job) => job.name === name));
  if (twice !== undefined)
    throw new UserError(`job ${twice.name} stands both in --scrape and in ${options.prometheusConfig}`, {
      kind: 'usage',
      hint: 'Give the one in --scrape another name: --scrape name=URL',
    });
  return [...jobs, ...config.jobs];
};

const fileNameOf = ({ name }: ScrapeJob): string => {
  const file = scrapeFileName(name);
  if (file === undefined)
    throw new UserError(`the name of job ${name.slice(0, 40)}… is too long for a file`, { kind: 'usage' });
  return file;
};

/** What an option says for each job, or for all of them under ''. Throws a UserError where it names one that is not there. */
const readPerJob = (
  texts: PerJob | undefined,
  option: string,
  parse: (text: string) => number | undefined,
  jobs: readonly ScrapeJob[],
): ReadonlyMap<string, number> => {
  const names = jobs.map(({ name }) => name);
  const values = new Map<string, number>();
  for (const text of texts ?? []) {
    const [job, value] = splitPerJob(text);
    if (job !== '' && !names.includes(job))
      throw new UserError(`${option}: there is no job "${job}"`, {
        kind: 'usage',
        hint: names.length === 0 ? 'No job is scraped at all.' : `There are: ${names.join(', ')}.`,
      });
    values.set(job, parse(value) as number);
  }
  return values;
};

/** Looks at the options and files. Throws a UserError at what is not right in them. */
export const prepareScraping = async (options: ScrapeOptions, world: World): Promise<Scraping> => {
  const jobs = await jobsFrom(options, world);
  const keep = readPerJob(options.scrapeKeep, '--scrape-keep', Number, jobs);
  const maxTotal = readPerJob(options.scrapeMaxTotal, '--scrape-max-total', parseSize, jobs);
  const named = jobs.map((job) => ({ job, file: fileNameOf(job) }));
  return {
    start: async ({ log, host, once, limits }) => {
      if (log === undefined)
        throw new UserError('what is scraped goes into files beside the log, and standard output has none', {
          kind: 'usage',
          hint: 'Name a file with --file.',
        });
      const { clock, uid, pid, isRunning } = world;
      const writers = new Map<string, ScrapeWriter>();
      const closeAll = async (finish: boolean): Promise<void> => {
        await Promise.all([...writers.values()].map((writer) => writer.close({ finish })));
      };
      try {
        for (const { job, file } of named)
          writers.set(
            job.name,
            await openScrapeWriter({
              path: join(dirname(log), file),
              job: job.name,
              host,
              honorsLabels: job.honorLabels,
              limits: {
                ...limits,
                keep: keep.get(job.name) ?? keep.get('') ?? limits.keep,
                maxTotal: maxTotal.get(job.name) ?? maxTotal.get('') ?? limits.maxTotal,
              },
              clock,
              uid,
              lock: { pid, isRunning },
              say: (message) => say(world, message),
            }),
          );
      } catch (error) {
        await closeAll(false);
        throw error;
      }
      const scraper = startScraper({
        jobs,
        openSink: (job, { name, labels }) =>
          (writers.get(job.name) as ScrapeWriter).openTarget({
            name,
            labels,
            interval: once ? undefined : job.interval,
          }),
        clock,
        userAgent: `sysmon/${VERSION}`,
        say: (message) => say(world, message),
        once,
      });
      let failure: { readonly error: unknown } | undefined;
      let onFailed = (): void => {};
      const done = scraper.done.catch((error: unknown) => {
        failure = { error };
        onFailed();
      });
      return {
        reopen: () => {
          for (const writer of writers.values()) writer.reopen();
        },
        onFailed: (callback) => {
          onFailed = callback;
          if (failure !== undefined) callback();
        },
        lost: () => [...writers.values()].reduce((sum, writer) => sum + writer.lost(), 0),
        close: async ({ finish }) => {
          if (!once || !finish) scraper.stop();
          await done;
          await closeAll(finish);
          if (failure !== undefined) throw failure.error;
        },
      };
    },
  };
};
