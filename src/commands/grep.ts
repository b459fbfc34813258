/** `sysmon grep`: what GNU grep does, over logs and what they say. */

import { type Command, Option } from 'commander';
import { UserError } from '../exit.js';
import type { World } from '../world.js';
import { examples, type Run } from './command.js';
import type { Glob } from './grep/globs.js';
import { requestFrom } from './grep/request.js';
import { runGrep } from './grep/run.js';
import { translateWords } from './grep/words.js';
import { level, moment, repeat } from './options.js';

export const translate = translateWords;

const usage = (message: string): never => {
  throw new UserError(message, { kind: 'usage' });
};

const contextLength = (text: string): number =>
  /^ *\+?\d+$/.test(text) ? Number(text) : usage(`${text}: invalid context length argument`);

const maxCount = (text: string): number =>
  /^ *[-+]?\d+$/.test(text) ? Number(text) : usage('invalid max count');

const ABOUT = `
Without FILE, what is piped in is searched; where nothing is, sysmon's own log
with its archives. "-" is standard input. A file named .gz is read as what it
holds; with --archives all files of a log are one text, oldest first.

With --where, --since, --until, --level, --fields, --count-by or --summary the
PATTERN may be left out: it is where the first word names a file that is there.
-e PATTERN leaves no doubt.

Patterns are extended regular expressions with Perl's classes (\\d \\w \\s); of
alternatives the leftmost that matches is taken, as in ripgrep. -v inverts the
PATTERN, not the other conditions.

The journal can be piped in: journalctl -o json | sysmon grep --level warn

Exit codes: 0 a line was selected, 1 none was, 2 something went wrong.`;

export const define = (command: Command, run: Run, world: World): void => {
  // --include and --exclude are weighed in the order in which they stand.
  const globs: Glob[] = [];
  const take =
    (include: boolean) =>
    (glob: string): readonly Glob[] => {
      globs.push({ include, glob });
      return globs;
    };
  command
    .argument('[pattern]', 'what to look for')
    .argument('[files...]', 'where')
    .optionsGroup('Patterns:')
    .option('-E, --extended-regexp', 'patterns are extended regular expressions (default)')
    .option('-F, --fixed-strings', 'patterns are plain text')
    .option('-G, --basic-regexp', 'patterns are basic regular expressions')
    .option('-e, --regexp <pattern>', 'a pattern; may be repeated', repeat)
    .option('-f, --pattern-file <file>', 'patterns of a file, one a line; also --file', repeat)
    .option('-i, --ignore-case', 'upper and lower case are the same')
    .addOption(new Option('--no-ignore-case', 'they are not').hideHelp())
    .option('-S, --smart-case', 'the same where the pattern has no upper case')
    .option('-w, --word-regexp', 'only whole words match')
    .option('-x, --line-regexp', 'only whole lines match')
    .option('-v, --invert-match', 'select lines that do not match')
    .optionsGroup('What lines say:')
    .option('--since <time>', 'from then on: 14:00, "yesterday 14:00", ISO 8601, or 2h ago', moment(world))
    .option('--until <time>', 'up to then', moment(world))
    .option(
      '--level <level>',
      'of this level and more serious: trace, debug, info, warn, error, fatal',
      level,
    )
    .option('--where <expression>', 'fields: \'cpu.used_percent > 90 and host = "web-1"\'')
    .option(
      '--format <format>',
      'of the lines: auto, json, logfmt, access, syslog, regex:(?<name>…) …',
      'auto',
    )
    .option('--multiline', 'stack traces and other continued lines are one with the line they continue')
    .option('--utc', 'times that name no zone are UTC')
    .option('--local', 'times that name no zone are local (default)')
    .option('--explain', 'say which format the lines are in, and why, and end')
    .optionsGroup('Output:')
    .option('-c, --count', 'only how many lines are selected')
    .option('-l, --files-with-matches', 'only names of files with selected lines')
    .option('-L, --files-without-match', 'only names of files without')
    .option('-o, --only-matching', 'only the parts that match')
    .option('-q, --quiet', 'nothing; the exit code says it')
    .option('-s, --no-messages', 'no messages about files that cannot be read')
    .option('-m, --max-count <n>', 'at most so many lines of each file', maxCount)
    .option('-n, --line-number', 'with line numbers')
    .option('-b, --byte-offset', 'with byte offsets')
    .option('-H, --with-filename', 'with file names')
    .option('-h, --no-filename', 'without file names')
    .option('--label <name>', 'what standard input is called')
    .option('-Z, --null', 'a NUL after file names')
    .option('-z, --null-data', 'lines end with NUL')
    .option('-a, --text', 'all files are text, as they are anyway')
    .option('--line-buffered', 'each line at once')
    .option('--color [when]', 'mark what matches: always, never, auto')
    .option('-A, --after-context <n>', 'with so many lines after', contextLength)
    .option('-B, --before-context <n>', 'with so many lines before', contextLength)
    .option('-C, --context <n>', 'both; -5 does the same', contextLength)
    .option('--group-separator <text>', 'between groups of lines', '--')
    .option('--no-group-separator', 'nothing between them')
    .option('--json', "one JSON object a line, in ripgrep's shape")
    .option('--fields <names>', 'only these fields: name=value …, or an object with --json')
    .option('--count-by <field>', 'how many lines have which value')
    .option('--summary <field>', 'count, min, average, p50, p95, p99, max')
    .optionsGroup('Files:')
    .option('--archives', 'with the rotated ones: FILE.1, FILE.2.gz, FILE-20260101.gz, oldest first')
    .option('-r, --recursive', 'all files below directories')
    .option('-R, --dereference-recursive', 'likewise, through symbolic links')
    .option('--include <glob>', 'only files with such names', take(true))
    .option('--exclude <glob>', 'no files with such names', take(false))
    .option('--exclude-dir <glob>', 'no directories with such names', repeat)
    .option('-d, --directories <action>', 'read (says that it is one), skip, recurse')
    .addHelpText('after', ABOUT)
    .addHelpText(
      'after',
      examples(
        ["sysmon grep --where 'cpu.used_percent > 90'", 'samples of the own log, archives included'],
        ['sysmon grep -i error /var/log/syslog', 'as GNU grep does'],
        ['sysmon grep --level error --since 1h app.log', 'by what lines say'],
        ['sysmon grep --count-by status --archives access.log', 'how many of which'],
      ),
    );

  run(async (_args, options) => {
    const words = command.args;
    return runGrep(requestFrom(words, options, world), world);
  });
};
