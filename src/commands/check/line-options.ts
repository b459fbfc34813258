/** Lines of other logs as a check: the options, and the rules they make. */

import type { Command } from 'commander';
import { lineRules } from '../../core/line-rules.js';
import { type Rule, RuleError } from '../../core/rule.js';
import { UserError } from '../../exit.js';
import type { Level } from '../../lines/line.js';
import { duration, level, repeat } from '../options.js';

/** Which lines of which files are counted. */
export interface LineWatch {
  readonly files: readonly string[];
  /** Extended regular expressions; none where lines are picked by what they say alone. */
  readonly patterns: readonly string[];
  readonly ignoreCase: boolean;
  readonly level?: Level;
  readonly where?: string;
  /** Seconds back from now; where not given, the lines since the run before. */
  readonly within?: number;
  /** The field that says how serious a line is. */
  readonly severity?: string;
  readonly format: string;
  /** Where positions are remembered. */
  readonly state?: string;
}

export const addLineOptions = (command: Command): Command =>
  command
    .argument('[file...]', 'logs whose lines are counted, with --grep, --level or --where')
    .optionsGroup('Lines of other logs; they replace the defaults too:')
    .option('--grep <pattern>', 'count the lines of FILE that match, each pattern by itself', repeat)
    .option('--ignore-case', 'whatever their case')
    .option('--level <level>', 'only lines of this level or worse', level)
    .option('--where <expression>', 'only lines whose fields are so: \'status >= 500 and host = "web-1"\'')
    .option('--within <time>', 'of the last minutes; else those since the run before', duration(1))
    .option('--max <warn,crit>', 'how many are too many (default: 0)')
    .option('--severity <field>', 'the field that says how serious a line is: each limit counts its own')
    .option('--line-format <name>', 'how the lines are to be read', 'auto')
    .option('--state <dir>', 'where runs remember what they counted and told');

const usage = (message: string, hint?: string): never => {
  throw new UserError(message, { kind: 'usage', ...(hint !== undefined && { hint }) });
};

type Options = Readonly<Record<string, unknown>>;

/** The options that say which lines, of which one has to be there. */
const PICKS = ['grep', 'level', 'where'] as const;

/** Options that mean nothing without them. */
const DEPENDENT = ['ignoreCase', 'within', 'max', 'severity'] as const;

/** What is to be counted; undefined where nobody asked for it. Throws a UserError where the call makes no sense. */
export const lineWatchFrom = async (
  files: readonly string[],
  options: Options,
): Promise<LineWatch | undefined> => {
  if (!PICKS.some((name) => options[name] !== undefined)) {
    if (files.length > 0)
      usage(`nothing is said of the lines of ${files[0]}`, 'Add --grep PATTERN, --level or --where.');
    const alone = DEPENDENT.find((name) => options[name] !== undefined);
    if (alone !== undefined)
      usage(`--${alone.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)} needs --grep PATTERN FILE`);
    return undefined;
  }
  if (files.length === 0)
    usage('which log?', "Name a FILE: sysmon check --grep 'Failed password' /var/log/auth.log");
  const { level, where, within, severity, state } = options as Partial<LineWatch>;
  const format = String(options['lineFormat']);
  // Said before anything is read. Loaded only now: most checks are about vitals alone.
  if (where !== undefined) (await import('../../lines/where/index.js')).parseWhere(where);
  if (format !== 'auto') (await import('../../lines/formats/index.js')).openFormat(format);
  return {
    files,
    patterns: (options['grep'] as readonly string[] | undefined) ?? [],
    ignoreCase: options['ignoreCase'] === true,
    ...(level !== undefined && { level }),
    ...(where !== undefined && { where }),
    ...(within !== undefined && { within }),
    ...(severity !== undefined && { severity }),
    ...(state !== undefined && { state }),
    format,
  };
};

/** What is counted, by the name that it has in the report: a pattern, or how else its lines are picked. */
export const namesIn = ({ patterns, level, where }: LineWatch): readonly string[] =>
  patterns.length > 0
    ? patterns
    : [
        [...(level === undefined ? [] : [`level ${level}`]), ...(where === undefined ? [] : [where])].join(
          ', ',
        ),
      ];

/** The rules about them. Throws a UserError where the limits are none. */
export const lineRulesFrom = (watch: LineWatch, options: Options): readonly Rule[] => {
  const names = namesIn(watch);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) usage(`--grep '${twice}' is there twice`);
  try {
    const max = options['max'] as string | undefined;
    return lineRules({
      names,
      ...(max !== undefined && { max }),
      bySeverity: watch.severity !== undefined,
      missing: options['missing'] === 'ok' ? 'ok' : 'unknown',
    });
  } catch (error) {
    if (error instanceof RuleError)
      throw new UserError(error.message, {
        kind: 'usage',
        ...(error.hint !== undefined && { hint: error.hint }),
      });
    throw error;
  }
};
