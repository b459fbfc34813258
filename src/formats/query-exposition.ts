/** The points of a result in Prometheus's text format, with their times. To be asked for of a result that `isNamed`. */

import { formatFloat } from '../core/go-float.js';
import type { Points, Result } from '../promql/engine.js';
import { compareLabels, labelOf, METRIC_NAME } from '../promql/labels.js';
import type { QueryAnswer, QueryFormat } from './query-answer.js';
import { formatLabels } from './query-labels.js';

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** What is told of a family before its points; of values that were made of others, nothing is known. */
const head = (name: string, known: ReturnType<QueryAnswer['metric']>): string => {
  if (known === undefined) return `# TYPE ${name} untyped\n`;
  // The parts of a histogram are one family only where all of them are there.
  const type = known.type === 'histogram' || known.type === 'summary' ? 'untyped' : known.type;
  return `# HELP ${name} ${escapeHelp(known.help)}\n# TYPE ${name} ${type}\n`;
};

/** Whether each point has a metric's name, without which there is no line for it. */
export const isNamed = (result: Result): boolean =>
  (result.type === 'vector' || result.type === 'matrix') &&
  result.series.every(({ labels }) => labelOf(labels, METRIC_NAME) !== '');

export const prometheus: QueryFormat = function* ({ result, metric }) {
  if (result.type === 'scalar' || result.type === 'string') return;
  const families = new Map<string, Points[]>();
  for (const series of result.series) {
    const name = labelOf(series.labels, METRIC_NAME);
    families.set(name, [...(families.get(name) ?? []), series]);
  }
  for (const [name, all] of [...families].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield head(name, metric(name));
    for (const { labels, times, values } of all.sort((a, b) => compareLabels(a.labels, b.labels))) {
      const text = formatLabels(labels);
      for (let index = 0; index < times.length; index++)
        yield `${text} ${formatFloat(values[index] as number)} ${times[index]}\n`;
    }
  }
};
