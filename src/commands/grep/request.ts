/** What a call of grep asks for, from its options. */

import { readFileSync } from 'node:fs';
import { UserError } from '../../exit.js';
import type { Level } from '../../lines/line.js';
import { type PatternOptions, patternsOfFile, patternsOfText } from '../../lines/pattern/index.js';
import { makePlan, type Output, type SearchPlan, type Selection } from '../../lines/search/plan.js';
import type { World } from '../../world.js';
import { colourLevel } from '../colour.js';
import { reasonOf } from '../texts/reasons.js';
import type { Glob } from './globs.js';
import { isFile, splitWords } from './split-words.js';

export interface Request {
  readonly plan: SearchPlan;
  readonly files: readonly string[];
  /** What is given of the lines: themselves, how many they are, or the names of the files that have some or none. */
  readonly give: 'lines' | 'counts' | 'matching' | 'others' | 'nothing';
  readonly json: boolean;
  readonly explain: boolean;
  /** A format's name, or `auto`. */
  readonly format: string;
  /** Minutes east of Greenwich for times without a zone; the local zone where undefined. */
  readonly zone: number | undefined;
  readonly names: boolean | undefined;
  readonly label: string;
  readonly messages: boolean;
  readonly archives: boolean;
  readonly directories: 'read' | 'skip' | 'recurse';
  readonly follow: boolean;
  readonly globs: readonly Glob[];
  readonly excludedDirectories: readonly string[];
  /** It is known before anything is read that no line will be selected. */
  readonly isHopeless: boolean;
}

type Options = Readonly<Record<string, unknown>>;

const usage = (message: string, hint?: string): never => {
  throw new UserError(message, { kind: 'usage', ...(hint !== undefined && { hint }) });
};

const patternFile = (path: string, world: World): string[] => {
  try {
    return patternsOfFile(readFileSync(path === '-' ? (world.stdinDescriptor ?? 0) : path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path}: ${reasonOf(error)}`, { cause: error });
  }
};

/** A backslash and what follows it is no upper case that anyone typed: `\S`, `\W`. */
const hasUpperCase = (pattern: string): boolean => /\p{Lu}/u.test(pattern.replace(/\\.|\[:\w+:\]/gsu, ''));

const patternOptions = (patterns: readonly string[], options: Options): PatternOptions => ({
  patterns,
  syntax: options['fixedStrings'] ? 'fixed' : options['basicRegexp'] ? 'basic' : 'extended',
  ignoreCase:
    options['ignoreCase'] === true || (options['smartCase'] === true && !patterns.some(hasUpperCase)),
  wholeWord: options['wordRegexp'] === true,
  wholeLine: options['lineRegexp'] === true,
  zero: options['nullData'] === true,
});

const selectionFrom = (options: Options): Selection | undefined => {
  const { since, until, level, where } = options as {
    readonly where?: string;
    readonly since?: number;
    readonly until?: number;
    readonly level?: Level;
  };
  if (since !== undefined && until !== undefined && since > until) usage('--since is later than --until');
  const selection: Selection = {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(level !== undefined && { level }),
    ...(where !== undefined && { where }),
  };
  return Object.keys(selection).length === 0 ? undefined : selection;
};

const directoriesFrom = (options: Options): Request['directories'] => {
  if (options['recursive'] === true || options['dereferenceRecursive'] === true) return 'recurse';
  const action = (options['directories'] as string | undefined) ?? 'read';
  if (action === 'read' || action === 'skip' || action === 'recurse') return action;
  return usage(
    `invalid argument '${action}' for '--directories'`,
    "Valid arguments are 'read', 'recurse', 'skip'.",
  );
};

const hasColour = (options: Options, world: World): boolean => {
  const when = options['color'];
  if (when === 'always' || when === 'yes' || when === 'force') return true;
  if (when === 'never' || when === 'no' || when === 'none') return false;
  if (when !== undefined && when !== true && !['auto', 'tty', 'if-tty'].includes(String(when)))
    usage(`"${when}" is no choice for --color`, 'Choices are always, never, auto.');
  return colourLevel(undefined, world.stdout, world.env) > 0;
};

const NEWLINE = 10;

/** What nobody looks for: a mistyped name must not be taken for a PATTERN that is found nowhere. */
const LIKE_A_FILE = /^[\w.~-]*\/[\w./~-]+$|^[\w-]+\.(log|gz|json|ndjson|txt)$/;

interface OutputWords {
  readonly fields: readonly string[] | undefined;
  readonly countBy: string | undefined;
  readonly summary: string | undefined;
  readonly json: boolean;
}

const outputFrom = ({ fields, countBy, summary, json }: OutputWords): Output => {
  if (countBy !== undefined || summary !== undefined) {
    if (fields !== undefined) usage('--fields shows lines, --count-by and --summary count them: choose');
    return {
      kind: 'tally',
      ...(countBy !== undefined && { countBy }),
      ...(summary !== undefined && { summary }),
    };
  }
  if (fields !== undefined) return { kind: 'fields', names: fields, json };
  return json ? { kind: 'json' } : { kind: 'lines' };
};

/** Throws a UserError for a call that makes no sense. */
export const requestFrom = (words: readonly string[], options: Options, world: World): Request => {
  const selection = selectionFrom(options);
  const fields = (options['fields'] as string | undefined)?.split(',').map((name) => name.trim());
  const countBy = options['countBy'] as string | undefined;
  const summary = options['summary'] as string | undefined;
  const explain = options['explain'] === true;
  const json = options['json'] === true;
  const texts = options['regexp'] as readonly string[] | undefined;
  const patternFiles = options['patternFile'] as readonly string[] | undefined;
  const saysWhat = [selection, fields, countBy, summary].some((one) => one !== undefined) || explain;
  const given =
    texts === undefined && patternFiles === undefined
      ? undefined
      : [
          ...(texts ?? []).flatMap(patternsOfText),
          ...(patternFiles ?? []).flatMap((path) => patternFile(path, world)),
        ];
  const directories = directoriesFrom(options);
  const { pattern, files } = splitWords(words, given !== undefined, saysWhat, (word) =>
    isFile(word, directories === 'recurse'),
  );
  if (given === undefined && pattern === undefined && !saysWhat)
    usage('no PATTERN', 'sysmon grep PATTERN [FILE]… searches; sysmon grep --help tells more.');
  if (saysWhat && pattern !== undefined && files.length === 0 && LIKE_A_FILE.test(pattern))
    usage(`${pattern}: No such file or directory`, `To search for that text: -e '${pattern}'`);
  const patterns = given ?? (pattern === undefined ? undefined : patternsOfText(pattern));
  const invert = options['invertMatch'] === true;
  if (invert && patterns === undefined) usage('-v inverts a PATTERN, and there is none');

  const isQuiet = options['quiet'] === true;
  const give = isQuiet
    ? 'nothing'
    : options['filesWithMatches'] === true
      ? 'matching'
      : options['filesWithoutMatch'] === true
        ? 'others'
        : options['count'] === true
          ? 'counts'
          : 'lines';
  const context = options['context'] as number | undefined;
  const most = options['maxCount'] as number | undefined;
  const hasMost = most !== undefined && most >= 0;
  const firstOnly = give === 'nothing' || give === 'matching' || give === 'others';
  const eol = options['nullData'] === true ? 0 : NEWLINE;
  const compiled = patterns && patternOptions(patterns, options);
  const matchesAll = compiled !== undefined && patterns?.length === 1 && patterns[0] === '';
  const multiline = options['multiline'] === true;
  return {
    plan: makePlan({
      output: outputFrom({ fields, countBy, summary, json }),
      pattern: compiled,
      selection,
      multiline,
      eol,
      invert,
      scan: {
        quiet: give !== 'lines',
        firstOnly,
        most: hasMost ? most : Number.POSITIVE_INFINITY,
        before: (options['beforeContext'] as number | undefined) ?? context,
        after: (options['afterContext'] as number | undefined) ?? context,
      },
      print: {
        onlyMatching: options['onlyMatching'] === true,
        numbers: options['lineNumber'] === true,
        offsets: options['byteOffset'] === true,
        nullNames: options['null'] === true,
        colour: hasColour(options, world),
        safe: world.stdout.isTerminal,
        lineBuffered: options['lineBuffered'] === true,
        separator:
          options['groupSeparator'] === false ? undefined : String(options['groupSeparator'] ?? '--'),
      },
    }),
    files,
    give,
    json,
    explain,
    format: String(options['format'] ?? 'auto'),
    zone: options['utc'] === true ? 0 : undefined,
    names: options['withFilename'] === true ? true : options['filename'] === false ? false : undefined,
    label: (options['label'] as string | undefined) ?? '(standard input)',
    messages: options['messages'] !== false,
    archives: options['archives'] === true,
    directories,
    follow: options['dereferenceRecursive'] === true,
    globs: ((options['include'] ?? options['exclude']) as readonly Glob[] | undefined) ?? [],
    excludedDirectories: (options['excludeDir'] as readonly string[] | undefined) ?? [],
    isHopeless:
      give !== 'others' &&
      ((hasMost && most === 0) || (matchesAll && invert && !compiled.wholeLine && !compiled.wholeWord)),
  };
};
