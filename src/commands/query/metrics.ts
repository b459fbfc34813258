/** `sysmon query --metrics`: what can be asked for. */

import { clean } from '../../core/clean.js';
import { EXIT, UserError } from '../../exit.js';
import { formatMetrics, formatMetricsJson } from '../../formats/query-metrics.js';
import type { World } from '../../world.js';
import { colourLevel } from '../colour.js';
import { openSeries } from '../series-source.js';
import { withSpinner } from '../spinner.js';

export interface MetricsOptions {
  readonly file?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly pattern: string | true;
}

const patternFrom = (text: string | true): RegExp => {
  try {
    return new RegExp(text === true ? '' : text, 'i');
  } catch (error) {
    throw new UserError(`--metrics ${String(text)}: ${(error as Error).message}`, {
      kind: 'usage',
      cause: error,
    });
  }
};

export const listMetrics = async (
  world: World,
  expression: string | undefined,
  { file, format, json, color, pattern }: MetricsOptions,
): Promise<number> => {
  if (expression !== undefined)
    throw new UserError('either an expression or --metrics', {
      kind: 'usage',
      hint: `To list those of a name: sysmon query --metrics ${expression}`,
    });
  const isJson = json === true || format === 'json';
  if (!isJson && format !== undefined && format !== 'table')
    throw new UserError(`--metrics has no format ${format}`, { kind: 'usage', hint: 'Give table or json.' });
  const wanted = patternFrom(pattern);
  const { stdout, stderr, env } = world;
  const { source, path } = await openSeries({ file, command: 'sysmon query' }, world);
  const all = await withSpinner(world, `reading ${clean(path)}`, async () => source.metrics(), {
    silent: true,
  });
  const found = all.filter(({ name }) => wanted.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (found.length === 0)
    stderr.write(
      `sysmon query: ${all.length === 0 ? `${clean(path)} holds no samples` : `none of ${all.length} metrics matches ${clean(String(pattern))}`}\n`,
    );
  const width = stdout.isTerminal ? stdout.columns() : Number.POSITIVE_INFINITY;
  const look = { width, colourLevel: colourLevel(color, stdout, env) };
  if (isJson) stdout.write(formatMetricsJson(found));
  else if (found.length > 0) stdout.write(await formatMetrics(found, look));
  return EXIT.ok;
};
