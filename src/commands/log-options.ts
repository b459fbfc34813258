/** The options of `sysmon log`. */

import { type Command, Option } from 'commander';
import { LOOKBACK } from '../core/history.js';
import { OUTSIDE } from '../core/outside.js';
import type { Rule } from '../core/rule.js';
import { LOG_LIMITS } from '../logs/log-writer.js';
import type { World } from '../world.js';
import * as option from './options.js';
import { defaultLog } from './places.js';
import type { ScrapeOptions } from './scrape-options.js';

const DAY = 86_400;

/** Thresholds that are not for a log: ages of files are looked at by a check, not recorded. */
export const NOT_RECORDED = ['file-age', 'log-age'];

/** Whether a rule is about what is recorded. */
export const isRecorded = ({ path }: Rule): boolean => !OUTSIDE.has(path.group);

export interface LogOptions extends ScrapeOptions {
  readonly interval?: number;
  readonly file?: string;
  readonly maxSize: number;
  readonly rotate: 'hourly' | 'daily' | 'weekly' | 'never';
  readonly keep: number;
  readonly maxTotal: number;
  readonly compress: boolean;
  readonly count?: number;
  readonly duration?: number;
  readonly detailInterval: number;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly process?: readonly string[];
  readonly alerts: boolean;
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
  readonly source: 'auto' | 'linux' | 'portable';
}

export const addLogOptions = (command: Command, world: World): Command =>
  command
    .optionsGroup('Samples:')
    .addOption(
      new Option('-i, --interval <time>', 'time between samples: seconds, 500ms, 1m')
        .argParser(option.duration(0.001, DAY))
        .default(undefined, '5s'),
    )
    .option('--count <n>', 'stop after so many samples', option.count(1))
    .option('--duration <time>', 'stop after this time', option.duration(0.001))
    .addOption(
      new Option('--detail-interval <time>', 'time between samples with every detail')
        // Beyond it what is only in the detail would come and go among the newest values.
        .argParser(option.duration(0.001, LOOKBACK))
        .default(60, '1m'),
    )
    .option('--only <groups>', 'only these groups, such as cpu,memory', option.list)
    .option('--except <groups>', 'not these groups', option.list)
    .option('--top <n>', 'record the n largest processes by CPU and by memory', option.count(0, 1000), 5)
    .option('--process-arguments', 'record process arguments too; they can carry secrets')
    .optionsGroup('The log:')
    .addOption(
      new Option('-f, --file <path>', 'the log; - is standard output').default(undefined, defaultLog(world)),
    )
    .addOption(
      new Option('--rotate <when>', 'begin a new file by the calendar')
        .choices(['hourly', 'daily', 'weekly', 'never'])
        .default(LOG_LIMITS.rotate),
    )
    .addOption(
      new Option('--max-size <size>', 'begin a new file at this size')
        .argParser(option.size(1024))
        .default(LOG_LIMITS.maxSize, '100MB'),
    )
    .addOption(
      new Option('--max-total <size>', 'most space for the log and its archives')
        .argParser(option.size(4096))
        .default(LOG_LIMITS.maxTotal, '1GB'),
    )
    .option('--keep <n>', 'archives to keep', option.count(0), LOG_LIMITS.keep)
    .addOption(new Option('--compress', 'compress archives (default)').default(LOG_LIMITS.compress))
    .option('--no-compress', 'leave archives as they are')
    .optionsGroup('Alerts:')
    .addOption(new Option('--alerts', 'record what begins and ends to hold (default)').default(true))
    .option('--no-alerts', 'record no alerts');
