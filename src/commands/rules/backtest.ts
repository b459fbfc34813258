/** `sysmon rules backtest`: what rules would have done over the log. */

import { InvalidArgumentError, Option } from 'commander';
import { clean } from '../../core/clean.js';
import { BACKTEST_EXIT, UserError } from '../../exit.js';
import { formatMoment, formatSpan } from '../../formats/plot-times.js';
import type { Rule, RuleGroup } from '../../promql/rules/rule.js';
import type { World } from '../../world.js';
import { colourLevel } from '../colour.js';
import { type CommandModule, examples } from '../command.js';
import { glyphsFrom } from '../glyphs.js';
import * as option from '../options.js';
import { findLog } from '../places.js';

const NAME = 'sysmon rules backtest';
const WEEK = 7 * 86_400_000;

interface BacktestOptions {
  readonly since?: number;
  readonly until?: number;
  readonly file?: string;
  readonly prometheusConfig?: string;
  readonly only?: readonly RegExp[];
  readonly severityMap?: readonly string[];
  readonly timeline?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly failOnAlert?: boolean;
  readonly color?: boolean;
}

const pattern = (text: string, before: readonly RegExp[] = []): readonly RegExp[] => {
  try {
    return [...before, new RegExp(text)];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
};

export const define: CommandModule['define'] = (command, run, world) => {
  const time = option.moment(world);
  command
    .argument('[files...]', 'rule files')
    .optionsGroup('When:')
    .addOption(
      new Option('--since <time>', 'from then on: 7d, "yesterday 14:00", ISO 8601')
        .argParser(time)
        .default(undefined, '7d'),
    )
    .addOption(
      new Option('--until <time>', 'up to then').argParser(time).default(undefined, "the log's last sample"),
    )
    .optionsGroup('Of what:')
    .option('--prometheus-config <file>', 'evaluate the rule_files of this prometheus.yml')
    .addOption(new Option('-f, --file <path>', 'the log').default(undefined, findLog(world)))
    .addOption(
      new Option('--only <regex>', 'only alerts whose name matches; may be given several times').argParser(
        pattern,
      ),
    )
    .optionsGroup('What is written:')
    .addOption(new Option('--timeline', 'draw the timeline').default(undefined, 'on a terminal'))
    .option('--no-timeline', 'tables only')
    .option('-v, --verbose', 'all that was ever pending, and what alerts said')
    .option('--json', 'as JSON: every alert with its times, in ms since 1970')
    .option('--color', 'colours even where it is no terminal')
    .option('--no-color', 'no colours')
    .option(
      '--severity-map <word=state>',
      'what severities mean: page=critical,ticket=warning',
      option.repeat,
    )
    .option('--fail-on-alert', 'exit 3 where anything fired: for CI')
    .addHelpText(
      'after',
      `
Rules are evaluated at multiples of their group's interval, where it has none
of what --prometheus-config says, or 1m, from as long before --since as their
"for" needs. Where the log has no samples there is no data, as for a server
that could not scrape.

Exit codes: 0 evaluated, 1 not, 2 wrong usage, 3 something fired with
--fail-on-alert.
${examples(['sysmon rules backtest alerts.yml', 'the last week'], ["sysmon rules backtest 'rules/*.yml' --since 30d --only Disk", 'some of them'], ['sysmon rules backtest new.yml --since yesterday --until 06:00 -v', 'one night'], ['sysmon rules backtest alerts.yml --json | jq .episodes', 'for programs'])}`,
    );
  run((files, options) => backtest(files, options as BacktestOptions, world));
};

interface Span {
  readonly since: number;
  readonly until: number;
  readonly oldest: number | undefined;
}

/** What is looked at, as far as there is a log. Throws a UserError where that is nothing. */
const spanFrom = (
  options: BacktestOptions,
  log: { readonly oldest: number; readonly newest: number } | undefined,
  now: number,
): Span => {
  const until = options.until ?? Math.min(now, log?.newest ?? now);
  const since = options.since ?? Math.max(until - WEEK, log?.oldest ?? 0);
  const has =
    log &&
    `The log has samples from ${formatSpan(Math.floor(log.oldest / 1000) * 1000, Math.floor(log.newest / 1000) * 1000)}.`;
  if (options.since !== undefined && options.until !== undefined && since > until)
    throw new UserError('--since is after --until', { kind: 'usage' });
  if (log !== undefined && (since > log.newest || until < log.oldest))
    throw new UserError('the log has no samples in this time', has === undefined ? {} : { hint: has });
  return { since: Math.max(since, log?.oldest ?? since), until, oldest: log?.oldest };
};

/** Which alerting rules are told of. Throws a UserError where that is none. */
const chosenBy = (
  only: readonly RegExp[] | undefined,
  groups: readonly RuleGroup[],
): ((rule: Rule) => boolean) => {
  const isWanted = ({ name }: Rule): boolean => only === undefined || only.some((one) => one.test(name));
  const alerting = groups.flatMap(({ rules }) => rules).filter(({ kind }) => kind === 'alert');
  if (alerting.length === 0)
    throw new UserError('there is no alerting rule in these files', { kind: 'usage' });
  if (alerting.some(isWanted)) return isWanted;
  const names = [...new Set(alerting.map(({ name }) => name))];
  const more = names.length > 8 ? ', …' : '';
  throw new UserError(`--only: no alerting rule has such a name`, {
    kind: 'usage',
    hint: `There are ${names.slice(0, 8).join(', ')}${more}`,
  });
};

const BAR = 20;

/** `evaluating rules [########------------] 42 %` */
const progress = (what: string, part: number, ascii: boolean): string => {
  const [full, empty, open, close] = ascii ? ['#', '-', '[', ']'] : ['█', '░', '', ''];
  const done = Math.round(Math.min(1, Math.max(0, part)) * BAR);
  const percent = String(Math.floor(part * 100)).padStart(3);
  return `${open}${full?.repeat(done)}${empty?.repeat(BAR - done)}${close}${percent} %  ${what}`;
};

const backtest = async (
  files: readonly string[],
  options: BacktestOptions,
  world: World,
): Promise<number> => {
  const { stdout, stderr, env, clock } = world;
  const { prometheusConfig: config } = options;
  if (files.length === 0 && config === undefined)
    throw new UserError('no rule file is named', {
      kind: 'usage',
      hint: `For example: ${NAME} alerts.yml, or ${NAME} --prometheus-config prometheus.yml`,
    });
  const { loadRuleSet } = await import('../alerts/rule-set.js');
  const { severitiesFrom } = await import('../alerts/severity.js');
  const severities = severitiesFrom(options.severityMap ?? []);
  const { groups, replay } = await loadRuleSet(files, config, `${NAME} FILE`);
  const isWanted = chosenBy(options.only, groups);
  const { openSeries } = await import('../series-source.js');
  const series = await openSeries({ file: options.file, command: NAME }, world);
  const log = series.span();
  const span = spanFrom(options, log, clock.now());
  const glyphs = glyphsFrom(undefined, world);

  const { evaluatePast } = await import('../alerts/past.js');
  const { withSpinner } = await import('../spinner.js');
  const found = await withSpinner(
    world,
    `reading ${clean(series.path)}`,
    (say) =>
      evaluatePast(series.source, {
        ...span,
        groups,
        isWanted,
        severities,
        log: series.path,
        replay,
        onProgress: (what, part) => say(progress(what, part, glyphs === 'ascii')),
        breathe: () => new Promise((resolve) => setImmediate(resolve)),
        clock: clock.monotonic,
      }),
    { silent: true },
  );
  if (!options.json && options.since !== undefined && span.since > options.since)
    stderr.write(`${NAME}: the log begins only at ${formatMoment(Math.round(span.since / 1000) * 1000)}\n`);

  if (options.json) {
    const { backtestJson } = await import('../../formats/backtest-json.js');
    stdout.write(backtestJson(found));
  } else {
    const { backtestText } = await import('../../formats/backtest-text.js');
    const { openPalette } = await import('../../formats/palette.js');
    const drawn = options.timeline ?? stdout.isTerminal;
    stdout.write(
      await backtestText(found, {
        palette: await openPalette(colourLevel(options.color, stdout, env)),
        // A pipe's lines are for programs and pagers, which have them as long as they are.
        width: stdout.isTerminal ? stdout.columns() - 1 : Number.POSITIVE_INFINITY,
        drawWidth: stdout.columns(),
        height: stdout.rows(),
        glyphs,
        timeline: drawn,
        verbose: options.verbose === true,
      }),
    );
  }
  const hasFired = found.rules.some(({ alerts }) => alerts.some(({ firingAt }) => firingAt !== undefined));
  return options.failOnAlert && hasFired ? BACKTEST_EXIT.fired : BACKTEST_EXIT.ok;
};
