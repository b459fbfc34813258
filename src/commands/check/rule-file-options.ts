/** Prometheus's rule files as a check: the options. */

import type { Command } from 'commander';
import { UserError } from '../../exit.js';
import { type Severities, severitiesFrom } from '../alerts/severity.js';
import { duration, repeat } from '../options.js';

/** Which rules are evaluated, and what of it is told. */
export interface RuleWatch {
  readonly files: readonly string[];
  /** A prometheus.yml whose rule_files are evaluated as well, with its evaluation_interval and external_labels. */
  readonly config?: string;
  readonly severities: Severities;
  /** Seconds back to which it is looked since when an alert has been firing. */
  readonly lookback: number;
  /** Only what began or ended since the run before is told. */
  readonly onChange: boolean;
  /** Where it is remembered what was told. */
  readonly state?: string;
}

const HOUR = 3600;

export const addRuleFileOptions = (command: Command): Command =>
  command
    .optionsGroup("Prometheus's rule files; they replace the defaults too:")
    .option('--rules <files...>', 'evaluate these rules from the log, now', repeat)
    .option('--prometheus-config <file>', 'evaluate the rule_files of this prometheus.yml')
    .option('--severity-map <word=state>', 'what severities mean: page=critical,ticket=warning', repeat)
    .option('--lookback <time>', 'how far back to look since when it fires (default: 1h)', duration(1))
    .option('--on-change', 'print only when something began or ended since the run before: for cron');

type Options = Readonly<Record<string, unknown>>;

/** Options that mean nothing without them. */
const DEPENDENT = ['severityMap', 'lookback', 'onChange'] as const;

const flag = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What is to be evaluated; undefined where nobody asked for it. Throws a UserError where the call makes no sense. */
export const ruleWatchFrom = (options: Options): RuleWatch | undefined => {
  const files = (options['rules'] as readonly string[] | undefined) ?? [];
  const config = options['prometheusConfig'] as string | undefined;
  if (files.length === 0 && config === undefined) {
    const alone = DEPENDENT.find((name) => options[name] !== undefined);
    if (alone !== undefined) throw new UserError(`${flag(alone)} needs --rules FILE`, { kind: 'usage' });
    return undefined;
  }
  return {
    files,
    ...(config === undefined ? {} : { config }),
    severities: severitiesFrom((options['severityMap'] as readonly string[] | undefined) ?? []),
    lookback: (options['lookback'] as number | undefined) ?? HOUR,
    onChange: options['onChange'] === true,
    ...(options['state'] === undefined ? {} : { state: options['state'] as string }),
  };
};
