/** What can be asked for: metrics by name. */

import { clean } from '../core/clean.js';
import { toJson } from '../core/json-text.js';
import { widthOf } from '../core/width.js';
import { wrap } from '../core/wrap.js';
import type { Metric } from '../promql/series.js';
import { openPalette } from './palette.js';
import type { QueryLook } from './query-answer.js';

/** Narrower columns of help are hard to read. */
const LEAST_HELP = 20;
const GAP = 2;

export const formatMetrics = async (
  metrics: readonly Metric[],
  { width, colourLevel }: Pick<QueryLook, 'width' | 'colourLevel'>,
): Promise<string> => {
  const { formatTable } = await import('./table.js');
  const { faint } = await openPalette(colourLevel);
  const cells = metrics.map(({ name, type, unit = '', help }) => [name, type, unit, help].map(clean));
  const titles = ['metric', 'type', 'unit', 'what'];
  const before = [0, 1, 2].reduce(
    (sum, at) => sum + GAP + Math.max(...[titles, ...cells].map((row) => widthOf(row[at] as string))),
    0,
  );
  const room = Math.max(LEAST_HELP, width - before);
  const rows = cells.map((row) => [...row.slice(0, 3), wrap(row[3] as string, room)]);
  return formatTable(
    titles.map((title) => ({ title })),
    rows,
    faint,
  );
};

/** As Prometheus's API gives them: /api/v1/metadata. */
export const formatMetricsJson = (metrics: readonly Metric[]): string => {
  const data = Object.fromEntries(
    metrics.map(({ name, type, help, unit }) => [
      name,
      [{ type: type === 'untyped' ? 'unknown' : type, help, unit: unit ?? '' }],
    ]),
  );
  return `${toJson({ status: 'success', data })}\n`;
};
