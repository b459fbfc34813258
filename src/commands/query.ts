/** `sysmon query`: PromQL over the log. */

import { Option } from 'commander';
import { clean, cleanLines } from '../core/clean.js';
import { EXIT, UserError } from '../exit.js';
import { QUERY_FORMATS } from '../formats/index.js';
import type { QueryAnswer, QueryLook } from '../formats/query-answer.js';
import type { Expr } from '../promql/ast.js';
import type { Moments, Result } from '../promql/engine.js';
import { EvaluationError } from '../promql/functions.js';
import type { World } from '../world.js';
import { colourLevel } from './colour.js';
import { type CommandModule, examples } from './command.js';
import { glyphsFrom } from './glyphs.js';
import * as option from './options.js';
import { findLog } from './places.js';
import { momentsOf, roundStep } from './query/moments.js';
import { setExpressionApart } from './query/words.js';
import { type OpenSeries, openSeries } from './series-source.js';
import { withSpinner } from './spinner.js';
import { writePieces } from './write-pieces.js';

const NAME = 'sysmon query';

interface QueryOptions {
  readonly file?: string;
  readonly at?: number;
  readonly since?: number;
  readonly until?: number;
  readonly step?: number;
  readonly format?: string;
  readonly json?: boolean;
  readonly color?: boolean;
  /** What `--metrics` was given; true for all of them. */
  readonly metrics?: string | true;
}

export const translate: NonNullable<CommandModule['translate']> = setExpressionApart;

export const define: CommandModule['define'] = (command, run, world) => {
  const time = option.moment(world);
  command
    .argument('[expression]', 'what to ask, in PromQL')
    .optionsGroup('When:')
    .addOption(
      new Option('--at <time>', 'at this moment: 14:00, "yesterday 14:00", ISO 8601, or 2h ago')
        .argParser(time)
        .conflicts(['since', 'until', 'step'])
        .default(undefined, 'now'),
    )
    .option('--since <time>', 'at each step from then on', time)
    .addOption(new Option('--until <time>', 'up to then').argParser(time).default(undefined, 'now'))
    .addOption(
      new Option('--step <time>', 'between two steps: 15s, 1m, 1h')
        .argParser(option.duration(0.001))
        .default(undefined, 'a round time that fits'),
    )
    .optionsGroup('What is written:')
    .addOption(
      new Option('--format <format>', 'of the answer')
        .choices([...QUERY_FORMATS.keys()])
        .default(undefined, 'a graph of a range on a terminal, else a table'),
    )
    .addOption(
      new Option('--json', 'the same as --format json, as the API of Prometheus has it').conflicts('format'),
    )
    .option('--color', 'colours even where it is no terminal')
    .option('--no-color', 'no colours')
    .optionsGroup('Of what:')
    .addOption(new Option('-f, --file <path>', 'the log').default(undefined, findLog(world)))
    .addOption(
      new Option('--metrics [regex]', 'list what can be asked for').conflicts([
        'at',
        'since',
        'until',
        'step',
      ]),
    )
    .addHelpText(
      'after',
      examples(
        ["sysmon query 'node_load1'", 'how it is now'],
        ["sysmon query 'rate(node_network_receive_bytes_total[5m])' --since 2h", 'a graph of two hours'],
        ["sysmon query 'sysmon_filesystem_used_percent > 80' --at 'yesterday 03:00'", 'how it was then'],
        ["sysmon query 'max_over_time(up[1d])' --since 30d --step 1d --format csv", 'a line a day'],
        ['sysmon query --metrics filesystem', 'what there is to ask about filesystems'],
      ),
    );

  run(async ([expression, ...more], all) => {
    const options = all as QueryOptions;
    if (more.length > 0) throw new UserError('more than one expression', { kind: 'usage' });
    if (options.metrics !== undefined) {
      const { listMetrics } = await import('./query/metrics.js');
      return listMetrics(world, expression, { ...options, pattern: options.metrics });
    }
    if (expression === undefined)
      throw new UserError('no expression is given', {
        kind: 'usage',
        hint: "For example: sysmon query 'node_load1'; or list what there is: sysmon query --metrics",
      });
    return query(world, expression, options);
  });
};

const usage = (message: string, hint?: string): UserError =>
  new UserError(message, { kind: 'usage', ...(hint === undefined ? {} : { hint }) });

/** How many points are asked for where nobody says: as many as a graph has room for, or a table has lines. */
const pointsFor = (format: string, { width, glyphs }: QueryLook): number => {
  if (format === 'table') return 60;
  // The axis takes some of it, and braille has two points a cell.
  return format === 'graph' ? (Math.min(width, 400) - 10) * (glyphs === 'braille' ? 2 : 1) : 250;
};

const momentsFrom = (options: QueryOptions, format: string, look: QueryLook, now: number): Moments => {
  const { at, since, until = now, step } = options;
  if (since === undefined) {
    if (options.until !== undefined) throw usage('--until needs --since', 'For one moment: --at');
    if (step !== undefined) throw usage('--step needs --since', 'For example: --since 2h');
    const time = at ?? now;
    return { start: time, end: time, step: 0 };
  }
  const every = step === undefined ? roundStep(until - since, pointsFor(format, look)) : step * 1000;
  return momentsOf(since, until, Math.max(1, Math.round(every)));
};

const formatFrom = ({ format, json, since }: QueryOptions, { stdout }: World): string =>
  json === true ? 'json' : (format ?? (since !== undefined && stdout.isTerminal ? 'graph' : 'table'));

/** Prometheus's own words for what parses and cannot be evaluated. */
const evaluating = <T>(act: () => T): T => {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new UserError(error.message, { cause: error });
  }
};

const isEmpty = (result: Result): boolean =>
  (result.type === 'vector' || result.type === 'matrix') &&
  result.series.every(({ times }) => times.length === 0);

/** What is known of metrics, as far as the format shows it. Names mostly tell the unit; what the log says of it takes longer. */
const knownFor = async (
  expr: Expr,
  format: string,
  { source }: OpenSeries,
): Promise<Pick<QueryAnswer, 'metric' | 'unit'>> => {
  const nothing = { metric: () => undefined };
  if (format === 'csv' || format === 'json') return nothing;
  const { isUnit, unitOf } = await import('./query/unit.js');
  const byName = unitOf(expr, () => undefined);
  if (format !== 'prometheus') {
    if (byName !== undefined) return { ...nothing, unit: byName };
    const { selectorsIn } = await import('../promql/parts.js');
    if (selectorsIn(expr).length === 0) return nothing;
  }
  const metrics = new Map((await source.metrics()).map((metric) => [metric.name, metric]));
  const unit = unitOf(expr, (name) => {
    const told = metrics.get(name)?.unit;
    return isUnit(told) ? told : undefined;
  });
  return { metric: (name) => metrics.get(name), ...(unit === undefined ? {} : { unit }) };
};

const query = async (world: World, text: string, options: QueryOptions): Promise<number> => {
  const { parseExpression } = await import('./query/expression.js');
  const expr = parseExpression(text);
  const format = formatFrom(options, world);
  const { stdout, stderr, env, clock } = world;
  const look: QueryLook = {
    colourLevel: colourLevel(options.color, stdout, env),
    width: format === 'graph' || stdout.isTerminal ? stdout.columns() : Number.POSITIVE_INFINITY,
    height: stdout.rows(),
    glyphs: glyphsFrom(undefined, world),
  };
  const now = clock.now();
  const moments = momentsFrom(options, format, look, now);
  if (moments.step > 0 && expr.type !== 'scalar' && expr.type !== 'vector')
    throw usage(
      `invalid expression type "${expr.type === 'string' ? 'string' : 'range vector'}" for range query, must be scalar or instant vector`,
      expr.type === 'matrix'
        ? 'Leave --since away to see its samples, or put a function such as rate() around it.'
        : undefined,
    );
  if (format === 'graph' && moments.step === 0 && expr.type !== 'matrix')
    throw usage('a graph needs a range of time', 'For example: --since 2h');

  const series = await openSeries({ file: options.file, command: NAME }, world);
  const say = (words: string): void => stderr.write(`${NAME}: ${cleanLines(words)}\n`);
  const { result, known, nothing } = await withSpinner(
    world,
    `reading ${clean(series.path)}`,
    async () => {
      const { evaluate, isOrdered, selectionsOf } = await import('../promql/engine.js');
      const selections = selectionsOf(expr, moments);
      const set = await series.source.load(selections);
      const found = evaluating(() => evaluate(text, expr, set, moments));
      if (isEmpty(found)) {
        const { explainNothing } = await import('./query/nothing.js');
        return { result: found, nothing: await explainNothing({ expr, moments, selections, series, now }) };
      }
      const forPeople = format === 'table' || format === 'graph';
      // What was sorted by the expression stays so; a range has no such order.
      const isFree = moments.step > 0 || !isOrdered(expr);
      const { orderForPeople } = await import('../formats/query-order.js');
      return {
        result: forPeople && isFree ? orderForPeople(found) : found,
        known: await knownFor(expr, format, series),
      };
    },
    { silent: true },
  );
  const { warnings, infos } = result.annotations;
  for (const note of [...warnings, ...infos]) say(note);
  if (nothing !== undefined) say(`nothing found: ${nothing.join('\n  ')}`);

  if (format === 'prometheus') {
    const { isNamed } = await import('../formats/query-exposition.js');
    if (!isNamed(result))
      throw new UserError('the text format needs a name for each series, and an expression has none', {
        hint: `Give it one: label_replace(${text}, "__name__", "NAME", "", "")`,
      });
  }
  const write = await QUERY_FORMATS.get(format)?.();
  const answer: QueryAnswer = { query: text, result, moments, metric: () => undefined, ...known };
  await writePieces((await write?.(answer, look)) ?? [], world, {
    safe: format === 'graph' || format === 'table',
  });
  return EXIT.ok;
};
