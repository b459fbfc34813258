/** `sysmon log`: appends samples of this machine to a rotating log, or to standard output. */

import { type Command, Option } from 'commander';
import type { Rule } from '../core/rule.js';
import type { Sample } from '../core/sample.js';
import { Sampler } from '../core/sampler.js';
import { longestRate } from '../core/schedule.js';
import { UserError } from '../exit.js';
import { LOG_LIMITS, type LogWriter, openLogWriter, openStreamWriter } from '../logs/log-writer.js';
import { openLog } from '../logs/reader.js';
import { type LogRecord, RECORD_VERSION, type SampleRecord } from '../logs/record.js';
import { GROUPS } from '../vitals/index.js';
import { openSource, type Source } from '../vitals/source.js';
import type { World } from '../world.js';
import { openWatcher } from './alerting.js';
import type { CommandModule } from './command.js';
import { examples } from './command.js';
import * as option from './options.js';
import { pastFor } from './past.js';
import { defaultLog } from './places.js';
import { record, uptimeOf } from './recording.js';
import { addRuleOptions, processesOf, rulesFrom } from './rule-options.js';
import { statusLine } from './status-line.js';
import { VERSION } from './version.js';

const DAY = 86_400;

/** Ages of files are looked at by a check, not recorded. */
const NOT_RECORDED = ['file-age', 'log-age'];

export interface LogOptions extends Readonly<Record<string, unknown>> {
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

const addOptions = (command: Command): Command =>
  command
    .option(
      '-i, --interval <time>',
      'time between samples: seconds, 500ms, 1m (default: 5)',
      option.duration(0.001, DAY),
    )
    .option('-f, --file <path>', 'the log; - is standard output (default: where sysmon keeps its log)')
    .option('--count <n>', 'stop after so many samples', option.count(1))
    .option('--duration <time>', 'stop after this time', option.duration(0.001))
    .option('--top <n>', 'record the n largest processes by CPU and by memory', option.count(0, 1000), 5)
    .option('--process-arguments', 'record process arguments too; they can carry secrets')
    .option(
      '--detail-interval <time>',
      'time between samples with every detail',
      option.duration(0.001, DAY),
      60,
    )
    .option('--only <groups>', 'only these groups, such as cpu,memory', option.list)
    .option('--except <groups>', 'not these groups', option.list)
    .option('--no-alerts', 'record no alerts')
    .option(
      '--max-size <size>',
      'rotate when the file reaches this size',
      option.size(1024),
      LOG_LIMITS.maxSize,
    )
    .addOption(
      new Option('--rotate <when>', 'rotate by the calendar')
        .choices(['hourly', 'daily', 'weekly', 'never'])
        .default(LOG_LIMITS.rotate),
    )
    .option('--keep <n>', 'archives to keep', option.count(0), LOG_LIMITS.keep)
    .option(
      '--max-total <size>',
      'space for the log and its archives',
      option.size(4096),
      LOG_LIMITS.maxTotal,
    )
    .option('--compress', 'compress archives', LOG_LIMITS.compress)
    .option('--no-compress', 'leave archives as they are');

export const define: CommandModule['define'] = (command, run, world) => {
  addOptions(command);
  addRuleOptions(command, NOT_RECORDED);
  option.addFilterOptions(command);
  option
    .addSourceOptions(command)
    .addHelpText(
      'after',
      examples(
        ['sysmon log --interval 5', 'a sample every five seconds into the usual log'],
        ['sysmon log --count 1', 'one sample, with rates since the one before: for cron'],
        ['sysmon log --file - --interval 1 | jq .cpu', 'to standard output'],
        ['sysmon log --file vitals.log --max-size 10MB --keep 5', 'elsewhere, and small'],
      ),
    );
  run((_, options) => log(options as LogOptions, world));
};

/** Throws a UserError at a name that is no group. */
export const groupFilter = (
  only: readonly string[] | undefined,
  except: readonly string[] | undefined,
): ((name: string) => boolean) => {
  const unknown = [...(only ?? []), ...(except ?? [])].find((name) => !GROUPS.has(name));
  if (unknown !== undefined)
    throw new UserError(`there is no group "${unknown}"`, {
      kind: 'usage',
      hint: `There are: ${[...GROUPS.keys()].join(', ')}.`,
    });
  return (name) => (only === undefined || only.includes(name)) && !(except ?? []).includes(name);
};

interface Past {
  readonly newest: Sample | undefined;
  /** What the rules need, oldest first. */
  readonly recent: readonly Sample[];
}

/** What the log already holds, to go on from. */
const readPast = (path: string, rules: readonly Rule[], now: number): Past => {
  const log = openLog(path, GROUPS);
  try {
    const newest = log.last((record: LogRecord): record is SampleRecord => record.kind === 'sample')?.sample;
    const groups = new Set(rules.map((rule) => rule.path.group));
    return { newest, recent: rules.length === 0 ? [] : pastFor(rules, log, groups, now) };
  } finally {
    log.close();
  }
};

const log = async (options: LogOptions, world: World): Promise<number> => {
  const toStdout = options.file === '-';
  const path = options.file ?? defaultLog(world);
  const groups = groupFilter(options.only, options.except);
  const stop = new AbortController();
  let reason = 'stopped';
  const { clock } = world;
  const roots = { procfs: options.procfs, sysfs: options.sysfs, rootfs: options.rootfs };
  const source = await openSource({
    kind: options.source,
    roots,
    platform: world.platform,
    hostname: world.hostname,
    now: clock.now,
  });
  const { host, boot } = source;
  const say = (message: string): void => world.stderr.write(`sysmon log: ${message}\n`);
  const opening = (): LogRecord[] => [
    {
      kind: 'schema',
      time: clock.now(),
      host,
      v: RECORD_VERSION,
      groups: [...GROUPS.values()].filter((one) => groups(one.name)),
    },
  ];

  const rules = options.alerts ? rulesFrom(rangedOnly(options), NOT_RECORDED) : [];
  const past: Past = toStdout ? { newest: undefined, recent: [] } : readPast(path, rules, clock.now());
  const previous = past.newest;
  const single = options.count === 1;
  const writer: LogWriter = toStdout
    ? await openStreamWriter({ write: world.stdout.write, opening })
    : await openLogWriter({
        path,
        limits: options,
        opening,
        clock,
        uid: world.uid,
        lock: { pid: world.pid, isRunning: world.isRunning },
        makeDirectory: options.file === undefined,
        say,
      });
  const sampler = new Sampler({
    vitals: source.vitals,
    wanted: option.wantedFrom(options, processesOf(options)),
    clock,
    host,
    boot,
    groups,
    patience: source.patience,
  });
  const since = previous === undefined ? undefined : secondsSince(previous, source, clock.now());
  const interval = options.interval ?? (single ? since : 5);
  if (previous !== undefined && since !== undefined && (single || since <= longestRate(interval ?? 0)))
    sampler.seed(previous, since);

  const end = (signal: NodeJS.Signals) => (): void => {
    reason = signal;
    stop.abort();
  };
  const off = [
    world.onSignal('SIGTERM', end('SIGTERM')),
    world.onSignal('SIGINT', end('SIGINT')),
    world.onSignal('SIGHUP', writer.reopen),
  ];
  world.stdout.gone.addEventListener('abort', () => toStdout && stop.abort());
  const status = statusLine(world, toStdout, writer, interval);
  try {
    const common = { time: clock.now(), host };
    if (previous !== undefined && previous.boot !== boot) {
      const seconds = Math.max(0, (common.time - previous.time) / 1000);
      writer.write({ kind: 'gap', ...common, reason: 'reboot', seconds, missed: 0 });
    }
    if (!single) {
      writer.write({
        kind: 'start',
        ...common,
        boot,
        version: VERSION,
        pid: world.pid,
        ...(interval === undefined ? {} : { interval }),
      });
    }
    const ended = await record({
      sampler,
      sink: writer,
      clock,
      host,
      uptime: source.uptime,
      interval,
      detailInterval: options.detailInterval,
      count: options.count ?? Number.POSITIVE_INFINITY,
      duration: options.duration ?? Number.POSITIVE_INFINITY,
      stop: stop.signal,
      ...(rules.length === 0 ? {} : { watcher: openWatcher(rules, past.recent) }),
      onSample: status.show,
    });
    if (ended !== 'stopped') reason = ended;
    if (!single) writer.write({ kind: 'stop', time: clock.now(), host, reason });
  } finally {
    for (const undo of off) undo();
    status.close();
    sampler.close();
    source.close();
    await writer.close();
  }
  if (writer.lost() > 0)
    throw new UserError(`${writer.lost()} lines could not be written to ${path}`, {
      hint: 'The log says when and why as soon as there is room.',
    });
  return reason === 'SIGINT' ? 130 : 0;
};

/** `--process nginx` is recorded; `--process nginx=1:` is judged as well. */
const rangedOnly = (options: LogOptions): Readonly<Record<string, unknown>> => {
  const ranged = options.process?.filter((text) => text.includes('='));
  const { process: _, ...rest } = options;
  return ranged === undefined || ranged.length === 0 ? rest : { ...rest, process: ranged };
};

/** Time from a recorded sample to now on the clock that no one can set; undefined over a reboot or where it is not known. */
const secondsSince = (sample: Sample, source: Source, now: number): number | undefined => {
  if (sample.boot !== source.boot) return undefined;
  const [then, uptime] = [uptimeOf(sample), source.uptime()];
  const seconds = then === undefined || uptime === undefined ? (now - sample.time) / 1000 : uptime - then;
  return seconds > 0 ? Math.round(seconds * 1000) / 1000 : undefined;
};
