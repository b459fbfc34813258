/** `sysmon tail`: the end of any log, and what comes after it. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { clean } from '../core/clean.js';
import { EXIT, UserError } from '../exit.js';
import { LEVELS } from '../lines/line.js';
import type { World } from '../world.js';
import { examples, type Run } from './command.js';
import { level, list, moment, repeat } from './options.js';
import { findLog } from './places.js';
import {
  type Amount,
  DEFAULT_AMOUNT,
  parseAmount,
  parsePid,
  parseSeconds,
  parseUnchangedStats,
} from './tail/amounts.js';
import { filesOf } from './tail/glob.js';
import { STDIN } from './tail/input.js';
import { openLater } from './tail/later.js';
import { runRaw } from './tail/raw.js';
import type { FollowWish, Source } from './tail/source.js';
import { translateWords } from './tail/words.js';
import { hasInput } from './texts/has-input.js';

export const translate = (words: readonly string[], { options }: Command): readonly string[] =>
  translateWords(words, options);

/** The text of an option, once it is seen to be right: in a file, or in the words of a call. */
const checked =
  (parse: (text: string) => unknown) =>
  (text: string): string => {
    try {
      parse(text);
      return text;
    } catch (error) {
      if (error instanceof UserError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

const pids = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  checked(parsePid)(text),
];

const ABOUT = `
Without FILE it is sysmon's own log, and its archives are its past; but where
standard input is a pipe or a file, that is read, as by GNU tail, whose options,
messages and exit codes these are. On a terminal lines are shown for people; a
pipe or a file gets them untouched. With options for which lines, -n counts
those that are wanted; with --since and no -n all since then are shown.

Where lines are asked for, a pipe named as "-", or with -f, is shown as it
comes, such as the journal: journalctl -f -o json | sysmon tail -`;

const EXITS = `
Exit codes: 0 done, 1 a file could not be read or followed, or wrong usage,
130 stopped by Ctrl-C.`;

/** Which lines are shown, and of which files. */
const addOwnOptions = (command: Command, world: World): Command =>
  command
    .optionsGroup('Which lines:')
    .option('--since <time>', 'from then on: 14:00, "yesterday 14:00", ISO 8601, or 2h ago', moment(world))
    .option('--until <time>', 'up to then', moment(world))
    .option('--level <level>', `of this level and more serious: ${LEVELS.join(', ')}`, level)
    .option('--grep <pattern>', 'that match an extended regular expression; may be repeated', repeat)
    .option('-i, --ignore-case', 'upper and lower case are the same to --grep')
    .option('--where <expression>', 'fields: \'cpu.used_percent > 90 and host = "web-1"\'')
    .option('--no-multiline', 'stack traces and other continued lines are lines like others')
    .optionsGroup('How they are shown:')
    .option('--raw', 'untouched on a terminal too')
    .option('--pretty', 'for people in a pipe too')
    .option('--json', 'a JSON object for each: time, level, message, fields')
    .option('--fields <names>', 'only these fields', list)
    .option('--hide <names>', 'not these fields', list)
    .option('--utc', 'times in UTC; those that name no zone are taken for UTC')
    .option('--local', 'times on the local clock (default)')
    .option('--color', 'with colours (default on a terminal)')
    .option('--no-color', 'without colours')
    .addOption(
      new Option(
        '--format <format>',
        'of the lines: json, logfmt, access, syslog, regex:(?<name>…) …',
      ).default(undefined, 'auto'),
    )
    .optionsGroup('Which files:')
    .option('--glob <pattern>', 'files by a pattern, and files of a directory; may be repeated', repeat)
    .option('--archives', 'with the rotated ones: FILE.1, FILE.2.gz, FILE-20260101.gz')
    .option('--merge', 'several files as one, in the order of their times')
    .addOption(
      new Option('--file <path>', "sysmon's own log, where no FILE is named").default(
        undefined,
        findLog(world),
      ),
    );

/** GNU tail's own options. */
const addGnuOptions = (command: Command): Command =>
  command
    .optionsGroup('As in GNU tail:')
    .addOption(
      new Option('-n, --lines <n>', 'the last n lines; with a plus, +n, from the nth line on')
        .argParser(checked((text) => parseAmount(text, 'lines')))
        .default(undefined, '10'),
    )
    .option(
      '-c, --bytes <n>',
      'the same in bytes; 1K is 1024, 1kB is 1000, 1b is 512',
      checked((text) => parseAmount(text, 'bytes')),
    )
    .option('-f, --follow [how]', 'go on with what is added: by descriptor, or by name')
    .option('--retry', 'keep trying to open what is not there; -F is --follow=name --retry')
    .option('--pid <n>', 'with -f, end when this process has ended; may be repeated', pids)
    .addOption(
      new Option('-s, --sleep-interval <seconds>', 'time between two looks')
        .argParser(checked(parseSeconds))
        .default(undefined, '1'),
    )
    .option('-q, --quiet', 'never name the files')
    .option('-v, --verbose', 'always name the files')
    .option('-z, --zero-terminated', 'lines end with NUL')
    .option(
      '--max-unchanged-stats <n>',
      'taken, but not needed: a name is looked at each time',
      checked(parseUnchangedStats),
    )
    .option('--poll', 'look now and then instead of waiting for the system to tell');

export const define = (command: Command, run: Run, world: World): void => {
  addOwnOptions(addGnuOptions(command.argument('[file...]', '- is standard input')), world)
    .addHelpText('after', ABOUT)
    .addHelpText('after', EXITS)
    .addHelpText(
      'after',
      examples(
        ['sysmon tail -f', "sysmon's own log as it is written"],
        ['sysmon tail -F /var/log/nginx/access.log', 'a log that is rotated'],
        ['sysmon tail -n 5000 --level warn app.log', 'the last 5000 lines that are warnings or worse'],
        ['sysmon tail --since 10m --merge --glob "/var/log/*.log"', 'several as one, by their times'],
      ),
    );

  run(async (files, options, isTyped) => {
    const say = (text: string): void => world.stderr.write(`sysmon tail: ${clean(text)}\n`);
    const interrupted = new AbortController();
    const off = world.onSignal('SIGINT', () => interrupted.abort());
    try {
      const code = await tail(world, files, options, isTyped, say, interrupted.signal);
      return interrupted.signal.aborted ? EXIT.interrupted : code;
    } finally {
      off();
    }
  });
};

type Options = Readonly<Record<string, unknown>>;

const amountOf = (options: Options, isTyped: (option: string) => boolean): Amount | undefined => {
  const { lines, bytes } = options as { lines?: string; bytes?: string };
  if (bytes !== undefined && (lines === undefined || isTyped('bytes'))) return parseAmount(bytes, 'bytes');
  return lines === undefined ? undefined : parseAmount(lines, 'lines');
};

/** Options that lines have to be read for; without them it is bytes that are shown. */
const ASKS_LINES = [
  'since',
  'until',
  'level',
  'grep',
  'where',
  'format',
  'json',
  'fields',
  'hide',
  'merge',
  'archives',
];

/** GNU tail's warnings about options that do nothing. */
const warn = (wish: FollowWish | undefined, options: Options, say: (text: string) => void): void => {
  if (options['retry'] === true && wish === undefined)
    say('warning: --retry ignored; --retry is useful only when following');
  else if (options['retry'] === true && wish?.by === 'descriptor')
    say('warning: --retry only effective for the initial open');
  if (options['pid'] !== undefined && wish === undefined)
    say('warning: PID ignored; --pid=PID is useful only when following');
};

const tail = async (
  world: World,
  files: readonly string[],
  options: Options,
  isTyped: (option: string) => boolean,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<number> => {
  const amount = amountOf(options, isTyped);
  const globs = (options['glob'] as readonly string[] | undefined) ?? [];
  const named = [...files, ...globs.flatMap(filesOf)];
  const isOwn =
    files.length === 0 && globs.length === 0 && (options['file'] !== undefined || !hasInput(world));
  const sources: readonly Source[] = isOwn
    ? [{ path: (options['file'] as string | undefined) ?? findLog(world), own: true }]
    : (files.length === 0 && globs.length === 0 ? [STDIN] : named).map((path) => ({ path }));
  if (sources.length === 0 && options['follow'] === undefined)
    throw new UserError(`no file is called ${globs.join(' or ')}`);
  const { follow } = options;
  const wish: FollowWish | undefined =
    follow === undefined || follow === false
      ? undefined
      : {
          by: isOwn ? 'name' : follow === 'name' ? 'name' : 'descriptor',
          retry: isOwn || options['retry'] === true,
          poll: options['poll'] === true,
          seconds: parseSeconds((options['sleepInterval'] as string | undefined) ?? '1'),
          pids: ((options['pid'] as readonly string[] | undefined) ?? [])
            .map(parsePid)
            .filter((pid) => pid > 0),
        };
  warn(wish, options, say);
  if (wish?.by === 'name' && sources.some(({ path }) => path === STDIN))
    throw new UserError("cannot follow '-' by name");
  // Nothing is read where nothing could be shown.
  if (amount?.count === 0 && !amount.fromStart && wish === undefined) return EXIT.ok;
  const call = {
    sources,
    separator: options['zeroTerminated'] === true ? 0 : 10,
    wish,
    ...(wish?.retry === true &&
      wish.by === 'name' &&
      globs.length > 0 && { later: openLater(globs, sources) }),
    say,
    signal,
  };
  const withHeaders =
    options['verbose'] === true || ((sources.length > 1 || globs.length > 0) && options['quiet'] !== true);
  const isPeople = options['raw'] !== true && (world.stdout.isTerminal || options['pretty'] === true);
  const asksLines = isOwn || isPeople || ASKS_LINES.some((name) => options[name] !== undefined);
  if (!asksLines) return runRaw(world, { ...call, withHeaders, amount: amount ?? DEFAULT_AMOUNT });
  const { runWanted } = await import('./tail/wanted.js');
  return runWanted(world, { ...call, amount }, options, {
    isPeople,
    withHeaders,
    isLive: files.includes(STDIN) || follow !== undefined,
  });
};
