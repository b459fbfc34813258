/** `sysmon log`: appends samples of this machine to a rotating log, or to standard output. */

import { resolve } from 'node:path';
import type { Group } from '../core/group.js';
import { nearestWord } from '../core/nearest.js';
import type { Rule } from '../core/rule.js';
import { Sampler } from '../core/sampler.js';
import { longestRate } from '../core/schedule.js';
import { wrap } from '../core/wrap.js';
import { EXIT, UserError } from '../exit.js';
import { type LogWriter, openLogWriter, openStreamWriter } from '../logs/log-writer.js';
import { type LogRecord, RECORD_VERSION } from '../logs/record.js';
import { GROUPS } from '../vitals/index.js';
import type { Source } from '../vitals/source.js';
import type { World } from '../world.js';
import { openWatcher } from './alerting.js';
import type { CommandModule } from './command.js';
import { examples } from './command.js';
import { addLogOptions, isRecorded, type LogOptions, NOT_RECORDED } from './log-options.js';
import { NO_PAST, type Past, readPast, secondsSince } from './log-past.js';
import * as option from './options.js';
import { defaultLog } from './places.js';
import { record } from './recording.js';
import { addRuleOptions, processesOf, rulesFrom } from './rule-options.js';
import { openPlaces, placesIn, refuseSlips } from './rule-places.js';
import { addScrapeOptions, refuseIdle, wantsScraping } from './scrape-options.js';
import type { RunningScraping, Scraping } from './scraping.js';
import { say, statusLine } from './status-line.js';
import { VERSION } from './version.js';

export const define: CommandModule['define'] = (command, run, world) => {
  addLogOptions(command, world);
  addScrapeOptions(command);
  addRuleOptions(command, NOT_RECORDED);
  option.addFilterOptions(command);
  option
    .addSourceOptions(command)
    .addHelpText('after', () => `\n${wrap(`Groups: ${[...GROUPS.keys()].join(', ')}.`, 80, '  ')}`)
    .addHelpText(
      'after',
      examples(
        ['sysmon log --interval 5', 'a sample every five seconds into the usual log'],
        ['sysmon log --count 1', 'one, with rates since the one before: for cron'],
        ["sysmon log --file - | jq '.cpu // empty'", 'to standard output'],
        ['sysmon log --file vitals.log --keep 5', 'elsewhere, and less of it'],
        ['sysmon log --scrape app=http://127.0.0.1:8000/metrics', 'an application as well'],
        ['sysmon log --prometheus-config prometheus.yml', 'all that Prometheus would scrape'],
      ),
    );
  run((_, options, isTyped) => {
    refuseIdle(options as LogOptions, isTyped);
    return log(options as LogOptions, world);
  });
};

const hintFor = (name: string): string => {
  const nearest = nearestWord(name, GROUPS.keys());
  return nearest === undefined ? `There are: ${[...GROUPS.keys()].join(', ')}.` : `Did you mean ${nearest}?`;
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
      hint: hintFor(unknown),
    });
  const isIn = (name: string): boolean =>
    (only === undefined || only.includes(name)) && !(except ?? []).includes(name);
  if (![...GROUPS.keys()].some(isIn))
    throw new UserError('no group is left to record', {
      kind: 'usage',
      hint: 'Name other groups with --only, or fewer with --except.',
    });
  return isIn;
};

const log = async (options: LogOptions, world: World): Promise<number> => {
  const groups = groupFilter(options.only, options.except);
  const rules = options.alerts
    ? openPlaces(options).resolve(rulesFrom(rangedOnly(options), NOT_RECORDED).filter(isRecorded))
    : [];
  refuseSlips(rules, GROUPS);
  const scraping = wantsScraping(options)
    ? await (await import('./scraping.js')).prepareScraping(options, world)
    : undefined;
  const source = await option.sourceFrom(options, world);
  try {
    return await logFrom(source, { options, rules, groups, scraping }, world);
  } finally {
    source.close();
  }
};

/** The log itself, or standard output with its lines. */
const openWriter = (
  path: string | undefined,
  options: LogOptions,
  host: string,
  groups: (name: string) => boolean,
  world: World,
): Promise<LogWriter> => {
  const { clock } = world;
  const opening = (described: readonly Group[]) => (): LogRecord[] => [
    { kind: 'schema', time: clock.now(), host, v: RECORD_VERSION, groups: described },
  ];
  const all = [...GROUPS.values()];
  if (path === undefined)
    return openStreamWriter({
      write: world.stdout.write,
      opening: opening(all.filter(({ name }) => groups(name))),
    });
  return openLogWriter({
    path,
    limits: options,
    // All of them, whatever this run records: the next one may record others into the same file.
    opening: opening(all),
    clock,
    uid: world.uid,
    lock: { pid: world.pid, isRunning: world.isRunning },
    makeDirectory: options.file === undefined,
    say: (message) => say(world, message),
  });
};

/** Path of the log, links and all; undefined for standard output. */
const pathFrom = ({ file }: LogOptions, world: World): string | undefined =>
  file === '-' ? undefined : file === undefined ? defaultLog(world) : resolve(file);

interface Plan {
  readonly options: LogOptions;
  readonly rules: readonly Rule[];
  readonly groups: (name: string) => boolean;
  readonly scraping: Scraping | undefined;
}

const logFrom = async (
  source: Source,
  { options, rules, groups, scraping }: Plan,
  world: World,
): Promise<number> => {
  const path = pathFrom(options, world);
  const wanted = { ...option.wantedFrom(options, processesOf(options)), places: placesIn(rules) };
  const writer = await openWriter(path, options, source.host, groups, world);
  let reason = '';
  let scraper: RunningScraping | undefined;
  try {
    scraper = await scraping?.start({
      log: path === undefined ? undefined : writer.path,
      host: source.host,
      once: options.count === 1,
      limits: options,
    });
    const past = path === undefined ? NO_PAST : readPast(path, options.count === 1, rules, world.clock.now());
    const sampler = new Sampler({
      vitals: source.vitals,
      wanted,
      clock: world.clock,
      host: source.host,
      boot: source.boot,
      groups,
      patience: source.patience,
    });
    try {
      reason = await recordInto(writer, { sampler, source, past, rules, options, scraper }, world);
    } finally {
      sampler.close();
    }
  } finally {
    // Who told it to stop wants it to end now; else there is time, and perhaps no other run that lasts long enough.
    const finish = OF_ITSELF.has(reason);
    try {
      await scraper?.close({ finish });
    } finally {
      await writer.close({ finish });
    }
  }
  const lost = writer.lost() + (scraper?.lost() ?? 0);
  if (lost > 0)
    throw new UserError(`${lost} lines could not be written to ${path}`, {
      hint: 'See that its directory is there and its disk has room; the next run goes on from there.',
    });
  return reason === 'SIGINT' ? EXIT.interrupted : EXIT.ok;
};

/** Samples that leave too little behind to be worth a look. */
const TIDY_EVERY = 64;

/** Reasons for an end that nobody asked for. */
const OF_ITSELF: ReadonlySet<string> = new Set(['count reached', 'duration reached']);

interface Run {
  readonly sampler: Sampler;
  readonly source: Source;
  readonly past: Past;
  readonly rules: readonly Rule[];
  readonly options: LogOptions;
  readonly scraper: RunningScraping | undefined;
}

/** Records from the start to the stop; gives the reason why it ended. */
const recordInto = async (
  writer: LogWriter,
  { sampler, source, past, rules, options, scraper }: Run,
  world: World,
): Promise<string> => {
  const { clock, stdout } = world;
  const { host, boot } = source;
  const previous = past.newest;
  const single = options.count === 1;
  const toStdout = options.file === '-';
  const base = single ? past.detailed : previous;
  const since = base === undefined ? undefined : secondsSince(base, source, clock.now());
  const interval = options.interval ?? (single ? since : 5);
  if (base !== undefined && since !== undefined && (single || since <= longestRate(interval ?? 0)))
    sampler.seed(base, since);

  const stop = new AbortController();
  let reason = 'stopped';
  const end = (why: string) => (): void => {
    if (!stop.signal.aborted) reason = why;
    stop.abort();
  };
  const reopen = (): void => {
    writer.reopen();
    scraper?.reopen();
  };
  const off = [
    world.onSignal('SIGTERM', end('SIGTERM')),
    world.onSignal('SIGINT', end('SIGINT')),
    // From a terminal that was closed it means the end; a service is told by it to open its log again.
    world.onSignal('SIGHUP', world.stderr.isTerminal ? end('SIGHUP') : reopen),
  ];
  scraper?.onFailed(end('scraping failed'));
  if (toStdout && stdout.gone.aborted) end('output closed')();
  if (toStdout) stdout.gone.addEventListener('abort', end('output closed'));
  const status = statusLine(world, toStdout, writer, interval);
  try {
    const common = { time: clock.now(), host };
    if (previous !== undefined && previous.boot !== boot) {
      const seconds = Math.max(0, (common.time - previous.time) / 1000);
      writer.write({ kind: 'gap', ...common, reason: 'reboot', seconds, missed: 0 });
    }
    if (!single) {
      const pace = interval === undefined ? {} : { interval };
      writer.write({ kind: 'start', ...common, boot, version: VERSION, pid: world.pid, ...pace });
    }
    await world.stayLean();
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
      onSample: (sample, number) => {
        status.show(sample, number);
        if (number % TIDY_EVERY === 0) world.tidy();
      },
    });
    if (ended !== 'stopped') reason = ended;
    if (!single) writer.write({ kind: 'stop', time: clock.now(), host, reason });
    return reason;
  } finally {
    // From here on a second signal ends it at once.
    for (const undo of off) undo();
    status.close();
  }
};

/** `--process nginx` is recorded; `--process nginx=1:` is judged as well. */
const rangedOnly = (options: LogOptions): Readonly<Record<string, unknown>> => {
  const ranged = options.process?.filter((text) => text.includes('='));
  const { process: _, ...rest } = options;
  return ranged === undefined || ranged.length === 0 ? rest : { ...rest, process: ranged };
};
