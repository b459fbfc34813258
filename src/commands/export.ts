/** `sysmon export`: the log as other tools read it. */

import { type Command, Option } from 'commander';
import { clean } from '../core/clean.js';
import { LOOKBACK } from '../core/history.js';
import { toJson } from '../core/json-text.js';
import { latest } from '../core/latest.js';
import { row, rowsIn, type Sample } from '../core/sample.js';
import { UserError } from '../exit.js';
import { SAMPLE_FORMATS } from '../formats/index.js';
import { encodeRecord } from '../logs/codec.js';
import { type Log, openLog } from '../logs/reader.js';
import type { LogRecord } from '../logs/record.js';
import { GROUPS } from '../vitals/index.js';
import type { World } from '../world.js';
import { examples, type Run } from './command.js';
import { checkState, refusePipe } from './log-state.js';
import { moment } from './options.js';
import { findLog } from './places.js';
import { withSpinner } from './spinner.js';
import { writePieces } from './write-pieces.js';

/** How much older than the newest record a value may be that counts as the newest, ms. */
const LOOKBACK_MS = LOOKBACK * 1000;

interface Range {
  /** ms since 1970, ends included. */
  readonly since?: number;
  readonly until?: number;
}

/** The record as its line in the log, but for what only a later version knows. */
const formatRecord = (record: LogRecord): string => {
  const { level, msg, fields } = encodeRecord(record);
  return `${toJson({ level, time: record.time, host: record.host, msg, ...fields })}\n`;
};

const sampleRecord = (sample: Sample): LogRecord => ({
  kind: 'sample',
  time: sample.time,
  host: sample.host,
  ...(sample.seq === undefined ? {} : { seq: sample.seq }),
  sample,
});

/** The records themselves, which hold more than samples. */
const JSON_FORMAT = 'json';

const FORMATS = [...SAMPLE_FORMATS.keys(), JSON_FORMAT];

/** What is written, piece by piece: the newest of everything, or all of a range. */
const piecesOf = async (
  log: Log,
  path: string,
  { format, range, last }: { readonly format: string; readonly range: Range; readonly last: boolean },
): Promise<Iterable<string>> => {
  const newest = last ? readLatest(log, path) : undefined;
  const { range: all, last: one } = (await SAMPLE_FORMATS.get(format)?.()) ?? {
    *range() {
      for (const record of log.records(range)) yield formatRecord(record);
    },
    last: (sample: Sample) => [formatRecord(sampleRecord(sample))],
  };
  return newest === undefined ? all(() => log.samples(range)) : one(newest);
};

/** The newest value of everything, as one sample. Throws a UserError for a log that has none. */
const readLatest = (log: Log, path: string): Sample => {
  const newest = log.last((record) => record.kind === 'sample', new Set());
  const sample = newest && latest(log.recent(newest.time - LOOKBACK_MS), LOOKBACK_MS, { withAside: true });
  if (sample === undefined) throw new UserError(`${path} holds no samples`);
  return atItsTime(sample);
};

/** The clock is recorded once a minute; beside values that are newer it would seem to be slow by as much. */
const atItsTime = (sample: Sample): Sample => {
  const clock = sample.readings.get('clock');
  const shown = rowsIn(sample, 'clock')[0]?.numbers['time_seconds'];
  if (clock === undefined || shown === undefined || Math.abs(shown - sample.time / 1000) < 1) return sample;
  const now = { group: clock.group, rows: [row([], { time_seconds: sample.time / 1000 })] };
  return { ...sample, readings: new Map([...sample.readings, ['clock', now]]) };
};

/** Whether anything is there to be written: of a range without samples nothing would be, and nobody knows why. */
const isEmpty = (log: Log, format: string, range: Range): boolean => {
  const found = format === JSON_FORMAT ? log.records(range) : log.samples(range);
  for (const _ of found) return false;
  return true;
};

export const define = (command: Command, run: Run, world: World): void => {
  command
    .argument('[file]', 'the log')
    .addOption(new Option('-f, --file <path>', 'the same').default(undefined, findLog(world)))
    .addOption(new Option('--format <format>', 'of what is written').choices(FORMATS).default('prometheus'))
    .addOption(
      new Option('--last', 'only the newest value of everything, at most five minutes old').conflicts([
        'since',
        'until',
      ]),
    )
    .option('--since <time>', 'from then on: 14:00, "yesterday 14:00", ISO 8601, or 2h ago', moment(world))
    .option('--until <time>', 'up to then', moment(world))
    .addHelpText(
      'after',
      examples(
        ['sysmon export --last', 'the newest values, as node_exporter gives them'],
        ['sysmon export --format csv --since 2h > two-hours.csv', 'a table, a column for each path'],
        ['sysmon export --format json --since yesterday --until today', 'the records, archives included'],
        ['sysmon export --format openmetrics > all.om', 'for promtool tsdb create-blocks-from openmetrics'],
      ),
    );

  run(async ([file], options) => {
    const named = file ?? (options['file'] as string | undefined);
    if (file !== undefined && command.getOptionValueSource('file') === 'cli' && options['file'] !== file)
      throw new UserError(`which log: ${file} or ${options['file']}?`, {
        kind: 'usage',
        hint: 'Name one of them.',
      });
    refusePipe(named);
    const path = named ?? findLog(world);
    const format = options['format'] as string;
    const { since, until } = options as Range;
    if (since !== undefined && until !== undefined && since > until)
      throw new UserError('--since is later than --until', { kind: 'usage' });
    const log = openLog(path, GROUPS, (text) => world.stderr.write(`sysmon export: ${clean(text)}\n`));
    try {
      checkState(log, path, named !== undefined);
      const range = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
      if ((since !== undefined || until !== undefined) && isEmpty(log, format, range))
        world.stderr.write(`sysmon export: ${clean(path)} holds nothing of this time\n`);
      const pieces = await piecesOf(log, path, { format, range, last: options['last'] === true });
      await withSpinner(world, `exporting ${clean(path)}`, () => writePieces(pieces, world));
    } finally {
      log.close();
    }
    return 0;
  });
};
