/** The options of `sysmon log` for what applications expose. What they mean is in scraping.ts, which most runs do not load. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseSize } from '../core/duration.js';
import { UserError } from '../exit.js';
import * as option from './options.js';

export interface ScrapeOptions extends Readonly<Record<string, unknown>> {
  readonly scrape?: readonly string[];
  readonly prometheusConfig?: string;
  readonly scrapeInterval?: number;
  readonly scrapeTimeout?: number;
  readonly scrapeKeep?: PerJob;
  readonly scrapeMaxTotal?: PerJob;
}

/** `VALUE`, or `JOB=VALUE` for one of them; kept as it was written, so that it can be shown as such. */
export type PerJob = readonly string[];

/** The job, '' for all of them, and its value. */
export const splitPerJob = (text: string): readonly [job: string, value: string] => {
  const at = text.lastIndexOf('=');
  return [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
};

const perJob =
  (parse: (text: string) => number) =>
  (text: string, before: PerJob = []): PerJob => {
    parse(splitPerJob(text)[1]);
    return [...before, text];
  };

const LEAST_TOTAL = 4096;

const sizeFrom = (text: string): number => {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes < LEAST_TOTAL)
    throw new InvalidArgumentError(
      `Give a size of at least ${LEAST_TOTAL} bytes, such as 500MB, or job=500MB.`,
    );
  return bytes;
};

export const addScrapeOptions = (command: Command): Command =>
  command
    .optionsGroup('Applications and other exporters:')
    .option(
      '--scrape <url>',
      'record what it exposes: http://127.0.0.1:8000/metrics, or job=http://…',
      option.repeat,
    )
    .option('--prometheus-config <file>', 'record what the scrape_configs of this prometheus.yml name')
    .addOption(
      new Option('--scrape-interval <time>', 'time between two looks at each --scrape')
        .argParser(option.duration(0.1))
        .default(undefined, '15s'),
    )
    .addOption(
      new Option('--scrape-timeout <time>', 'how long an answer may take')
        .argParser(option.duration(0.001))
        .default(undefined, '10s'),
    )
    .addOption(
      new Option('--scrape-keep <n>', 'archives to keep of each job, or job=n')
        .argParser(perJob(option.count(0)))
        .default(undefined, 'as --keep'),
    )
    .addOption(
      new Option('--scrape-max-total <size>', 'most space for each job, or job=size')
        .argParser(perJob(sizeFrom))
        .default(undefined, 'as --max-total'),
    );

export const wantsScraping = ({ scrape, prometheusConfig }: ScrapeOptions): boolean =>
  (scrape !== undefined && scrape.length > 0) || prometheusConfig !== undefined;

/** Refuses what would change nothing: options of targets, typed where there is no target that they are for. Throws a UserError. */
export const refuseIdle = (options: ScrapeOptions, isTyped: (option: string) => boolean): void => {
  const nothing = 'For example: --scrape http://127.0.0.1:8000/metrics';
  if (options.scrape === undefined)
    for (const [key, field] of [
      ['scrapeInterval', 'scrape_interval'],
      ['scrapeTimeout', 'scrape_timeout'],
    ] as const) {
      if (!isTyped(key)) continue;
      const file = options.prometheusConfig;
      throw new UserError(`--${field.replace('_', '-')} is for --scrape, and there is none`, {
        kind: 'usage',
        hint: file === undefined ? nothing : `What ${file} names has its ${field} there.`,
      });
    }
  if (wantsScraping(options)) return;
  for (const [key, name] of [
    ['scrapeKeep', '--scrape-keep'],
    ['scrapeMaxTotal', '--scrape-max-total'],
  ] as const)
    if (isTyped(key))
      throw new UserError(`${name} needs something to scrape`, { kind: 'usage', hint: nothing });
};
