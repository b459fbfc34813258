/** Thresholds as options, for every command that judges. */

import { type Command, Option } from 'commander';
import { DEFAULT_RULES } from '../core/defaults.js';
import { PathError } from '../core/path.js';
import { type Rule, RuleError } from '../core/rule.js';
import { type Typed, thresholdRules, withDefaults } from '../core/threshold.js';
import { THRESHOLD_OPTIONS } from '../core/threshold-options.js';
import { UserError } from '../exit.js';
import { describeThreshold, RANGES } from './describe.js';
import { duration, repeat } from './options.js';

/** `--file-age` → `fileAge`, as commander names it. */
const attribute = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** What stands for the value in the help. */
const valueForm = (needed: boolean | undefined, what: string | undefined): string =>
  what === undefined
    ? '[warn,crit]'
    : needed
      ? `<${what.replace('process ', '')}=warn,crit>`
      : '[path=warn,crit]';

/** Stands for a value that was left out, and may be written in its place. */
const DEFAULT_LIMITS = 'default';

/** The options of thresholds; a value may be left out where there are default limits. */
export const addRuleOptions = (command: Command, leaveOut: readonly string[] = []): Command => {
  command
    .configureHelp({ optionDescription: describeThreshold })
    .addHelpText('after', RANGES)
    .optionsGroup('Thresholds; any of them replaces the defaults:');
  for (const { name, help, key } of THRESHOLD_OPTIONS) {
    if (leaveOut.includes(name)) continue;
    const option = new Option(`--${name} ${valueForm(key?.needed, key?.what)}`, help).argParser(repeat);
    command.addOption(key?.needed ? option : option.preset(DEFAULT_LIMITS));
  }
  return command
    .option('-w, --warning <path=range>', 'warn when a value is out of a range: any that has a path', repeat)
    .option('-c, --critical <path=range>', 'the same, critical', repeat)
    .optionsGroup('How they are judged:')
    .option('--defaults', 'judge the default rules besides')
    .option('--for <time>', 'alert only if so in every sample of this time', duration(0.001))
    .option('--over <time>', 'judge the average over this time', duration(0.001))
    .addOption(
      new Option('--missing <state>', 'what a value that is not there means')
        .choices(['unknown', 'ok'])
        .default('unknown'),
    );
};

type Options = Readonly<Record<string, unknown>>;

const typedFrom = (options: Options, leaveOut: readonly string[]): readonly Typed[] =>
  THRESHOLD_OPTIONS.filter(({ name }) => !leaveOut.includes(name)).flatMap(({ name }) => {
    const given = options[attribute(name)];
    if (given === undefined || given === false) return [];
    const values = given === true ? [DEFAULT_LIMITS] : (given as readonly string[]);
    return values.map((value) => (value === DEFAULT_LIMITS ? { name } : { name, value }));
  });

/**
 * The rules that the options ask for, with `others` that were asked for as well; the default ones where there are none.
 * Throws a UserError.
 */
export const rulesFrom = (
  options: Options,
  leaveOut: readonly string[] = [],
  others: readonly Rule[] = [],
  instead: readonly Rule[] = DEFAULT_RULES,
): readonly Rule[] => {
  try {
    const typed = thresholdRules({
      options: typedFrom(options, leaveOut),
      warning: (options['warning'] as readonly string[] | undefined) ?? [],
      critical: (options['critical'] as readonly string[] | undefined) ?? [],
      missingIsFine: options['missing'] === 'ok',
      ...(options['for'] === undefined ? {} : { throughout: options['for'] as number }),
      ...(options['over'] === undefined ? {} : { over: options['over'] as number }),
    });
    const rules = [...typed, ...others];
    if (rules.length === 0 && options['defaults'] !== true) return instead;
    return options['defaults'] === true ? withDefaults(rules) : rules;
  } catch (error) {
    if (error instanceof RuleError || error instanceof PathError)
      throw new UserError(error.message, {
        kind: 'usage',
        ...('hint' in error && error.hint !== undefined
          ? { hint: `${error.hint[0]?.toUpperCase()}${error.hint.slice(1)}.` }
          : {}),
      });
    throw error;
  }
};

/** What is wrong with a threshold, or several of one option, that somebody wrote into a file; undefined where nothing is. */
export const slipIn = (name: string, value: unknown): UserError | undefined => {
  const isOurs = name === 'warning' || name === 'critical';
  if (!isOurs && !THRESHOLD_OPTIONS.some((one) => attribute(one.name) === name)) return undefined;
  try {
    rulesFrom({ [name]: typeof value === 'boolean' ? value : [value].flat().map(String) });
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
};

/** Names or PID files of processes that rules look at. */
export const processesOf = (options: Options): readonly string[] =>
  ((options['process'] as readonly string[] | undefined) ?? []).map((text) => {
    const at = text.lastIndexOf('=');
    return at < 0 ? text : text.slice(0, at);
  });
