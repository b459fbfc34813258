/** A line for each point: its time, a column for each label, its value. */

import { labelOf } from '../promql/labels.js';
import { csvCell, csvNumber } from './csv.js';
import type { QueryFormat } from './query-answer.js';

const line = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`;

const iso = (time: number): string => {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
};

export const csv: QueryFormat = function* ({ result }) {
  if (result.type === 'scalar' || result.type === 'string') {
    yield line(['time', 'value']);
    yield line([iso(result.time), result.type === 'string' ? result.text : csvNumber(result.value)]);
    return;
  }
  const names = [...new Set(result.series.flatMap(({ labels }) => labels.names))].sort();
  yield line(['time', ...names, 'value']);
  for (const { labels, times, values } of result.series) {
    const cells = names.map((name) => labelOf(labels, name));
    for (let index = 0; index < times.length; index++)
      yield line([iso(times[index] as number), ...cells, csvNumber(values[index] as number)]);
  }
};
