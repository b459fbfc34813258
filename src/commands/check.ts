/** `sysmon check`: judges this machine and says so in words and in the exit code, 0 to 3 and nothing else. */

import { Option } from 'commander';
import { DEFAULT_RULES } from '../core/defaults.js';
import { OUTSIDE } from '../core/outside.js';
import { CHECK_EXIT, UserError } from '../exit.js';
import type { CheckReport } from '../formats/check-report.js';
import { CHECK_FORMATS, type CheckFormat } from '../formats/index.js';
import { GROUPS } from '../vitals/index.js';
import type { World } from '../world.js';
import { addLineOptions, lineRulesFrom, lineWatchFrom } from './check/line-options.js';
import { joinParts, type Part } from './check/part.js';
import { addRuleFileOptions, ruleWatchFrom } from './check/rule-file-options.js';
import { judgeValues } from './check/values.js';
import { colourLevel } from './colour.js';
import type { CommandModule } from './command.js';
import { examples } from './command.js';
import type { Wish } from './evidence.js';
import * as option from './options.js';
import { findLog } from './places.js';
import { addRuleOptions, processesOf, rulesFrom } from './rule-options.js';
import { openPlaces, placesIn } from './rule-places.js';

interface CheckOptions extends Readonly<Record<string, unknown>> {
  readonly file?: string;
  readonly sample: number;
  readonly format: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly list?: boolean;
  readonly listPaths?: boolean;
  readonly color?: boolean;
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
  readonly source: 'auto' | 'linux' | 'portable';
}

export const define: CommandModule['define'] = (command, run, world) => {
  addRuleFileOptions(addLineOptions(addRuleOptions(command)))
    .optionsGroup('What is judged:')
    .addOption(new Option('-f, --file <path>', 'the log to judge from').default(undefined, findLog(world)))
    .addOption(
      new Option('--sample <time>', 'time between two readings where the log is not fresh')
        .argParser(option.duration(0.01, 3600))
        .default(0.5, '500ms'),
    )
    .option('--list', 'print the rules that would be judged, and judge nothing')
    .option('--list-paths', 'print all that can be named, with its value now, and judge nothing')
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <name>', 'how to say it').choices([...CHECK_FORMATS.keys()]).default('text'),
    )
    .addOption(new Option('--json', 'the same as --format json').conflicts('format'))
    .option('-q, --quiet', 'print nothing when all is well')
    .option('-v, --verbose', 'show all that was judged')
    .option('--color', 'colours even where the output is no terminal')
    .option('--no-color', 'no colours');
  option.addFilterOptions(command);
  option.addSourceOptions(command).addHelpText(
    'after',
    `
Exit codes: 0 all is well, 1 warning, 2 critical, 3 unknown or wrong usage.
${examples(
  ['sysmon check', 'good defaults; any threshold replaces them'],
  ['sysmon check --cpu 80,95 --memory 85,95 --disk /var=90,95', 'warning and critical limits'],
  ['sysmon check --cpu 90 --for 5m', 'only if so in every sample of five minutes'],
  ["sysmon check -c 'filesystem[/].available_bytes=5GB:'", 'any value, any range'],
  ['sysmon check --process nginx=1: --format nagios', 'at least one nginx, for Nagios or Icinga'],
  ["sysmon check --grep 'Failed password' /var/log/auth.log --within 5m --max 10", 'lines of any log'],
  ['sysmon check --rules alert_rules.yml', "Prometheus's alerting rules, from the log"],
  ['sysmon check --rules alerts.yml --on-change', 'mail from cron only when something begins or ends'],
  ['sysmon check --list', 'what would be judged'],
)}`,
  );
  run((files, options, isTyped) => check(files, options as unknown as CheckOptions, isTyped('file'), world));
};

/** A pipe takes whole lines. */
const widthFor = ({ stdout }: World): number =>
  stdout.isTerminal ? stdout.columns() : Number.POSITIVE_INFINITY;

const isJson = ({ json, format }: CheckOptions): boolean => json === true || format === 'json';

/** What names the log: a file that the call itself names has to be there. */
const namerOf = ({ file }: CheckOptions, isTyped: boolean, { env }: World): Wish['named'] => {
  if (file !== undefined) return isTyped ? '--file' : 'the configuration';
  return env['SYSMON_LOG'] ? '$SYSMON_LOG' : undefined;
};

const check = async (
  files: readonly string[],
  options: CheckOptions,
  isTyped: boolean,
  world: World,
): Promise<number> => {
  if (options.format === 'nagios' && (options.list || options.listPaths))
    throw new UserError('a list is text or JSON, and not for Nagios', { kind: 'usage' });
  const places = openPlaces(options);
  const watch = await lineWatchFrom(files, options);
  const others = watch === undefined ? [] : lineRulesFrom(watch, options);
  const ruleWatch = ruleWatchFrom(options);
  const rules = places.resolve(rulesFrom(options, [], others, ruleWatch === undefined ? DEFAULT_RULES : []));
  if (ruleWatch !== undefined && (options.list === true || options.listPaths === true))
    throw new UserError('a list is of what is judged without rule files', {
      kind: 'usage',
      hint: `What is in them: sysmon rules lint ${ruleWatch.files[0]}`,
    });
  if (options.list === true) {
    const { formatRules, formatRulesJson } = await import('../formats/rules-text.js');
    const groups = new Map([...GROUPS, ...OUTSIDE]);
    world.stdout.write(
      isJson(options) ? formatRulesJson(rules, groups) : await formatRules(rules, groups, widthFor(world)),
    );
    return CHECK_EXIT.ok;
  }
  const parts: Part[] = [];
  if (rules.length > 0 || options.listPaths === true) {
    const source = await option.sourceFrom(options, world, { mustEnd: true });
    try {
      const wanted = { ...option.wantedFrom(options, processesOf(options)), places: placesIn(rules) };
      if (options.listPaths === true) {
        const { listPaths } = await import('./list-paths.js');
        world.stdout.write(
          await listPaths({ wanted, apart: options.sample, json: isJson(options) }, source, world),
        );
        return CHECK_EXIT.ok;
      }
      const named = namerOf(options, isTyped, world);
      parts.push(await judgeValues({ rules, wanted, watch, places, named }, source, options, world));
    } finally {
      source.close();
    }
  }
  if (ruleWatch !== undefined) {
    const { judgeAlerts } = await import('./check/alerts.js');
    parts.push(await judgeAlerts(ruleWatch, options.file, world));
  }
  const report = joinParts(parts as [Part, ...Part[]], world);
  // Whoever wants to hear of changes only is not told that all is as it was.
  const isSilent =
    ruleWatch?.onChange === true
      ? parts.every(({ isNews }) => isNews !== true)
      : options.quiet === true && report.state === 'ok';
  if (!isSilent) world.stdout.write(await formatReport(report, options, world));
  for (const { settle } of parts) settle?.();
  return CHECK_EXIT[report.state];
};

const formatReport = async (report: CheckReport, options: CheckOptions, world: World): Promise<string> => {
  const load = CHECK_FORMATS.get(isJson(options) ? 'json' : options.format) as () => Promise<CheckFormat>;
  return (await load()).report(report, {
    verbose: options.verbose === true,
    colourLevel: colourLevel(options.color, world.stdout, world.env),
    width: widthFor(world),
    ...(world.stdout.isTerminal && { height: world.stdout.rows() }),
  });
};
