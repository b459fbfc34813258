/** The answer as Prometheus's HTTP API gives it: /api/v1/query and /api/v1/query_range. */

import { escapeJson } from '../core/json-text.js';
import type { Annotations } from '../promql/annotations.js';
import type { Points, Result } from '../promql/engine.js';
import { type Labels, pairsOf } from '../promql/labels.js';
import type { QueryFormat } from './query-answer.js';

/** Seconds, with ms where there are any: `MarshalTimestamp` of Prometheus's util/jsonutil. */
export const apiTime = (ms: number): string => {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  const rest = size % 1000;
  return `${sign}${Math.floor(size / 1000)}${rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`}`;
};

/** Go's float as the API writes it: plain digits from 1e-6 to 1e21, as in JavaScript, but an exponent of two digits. */
export const apiValue = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
};

const point = (time: number, text: string): string => `[${apiTime(time)},"${text}"]`;

const metric = (labels: Labels): string => {
  const pairs = pairsOf(labels).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return escapeJson(`{${pairs.join(',')}}`);
};

function* points({ times, values }: Points): Generator<string, void> {
  for (let index = 0; index < times.length; index++)
    yield `${index === 0 ? '' : ','}${point(times[index] as number, apiValue(values[index] as number))}`;
}

function* data(result: Result): Generator<string, void> {
  yield `{"resultType":"${result.type}","result":`;
  switch (result.type) {
    case 'scalar':
      yield point(result.time, apiValue(result.value));
      break;
    case 'string':
      yield `[${apiTime(result.time)},${escapeJson(JSON.stringify(result.text))}]`;
      break;
    case 'vector':
    case 'matrix':
      yield '[';
      for (const [index, series] of result.series.entries()) {
        const key = result.type === 'vector' ? 'value' : 'values';
        yield `${index === 0 ? '' : ','}{"metric":${metric(series.labels)},"${key}":`;
        if (result.type === 'matrix') yield '[';
        yield* points(series);
        yield result.type === 'matrix' ? ']}' : '}';
      }
      yield ']';
  }
  yield '}';
}

const notes = (name: keyof Annotations, texts: readonly string[]): string =>
  texts.length === 0 ? '' : `,"${name}":${escapeJson(JSON.stringify(texts))}`;

/** The body of a successful answer, in pieces, without a line break at its end. */
function* apiAnswer(result: Result): Generator<string, void> {
  yield '{"status":"success","data":';
  yield* data(result);
  yield `${notes('warnings', result.annotations.warnings)}${notes('infos', result.annotations.infos)}}`;
}

/** The body of one that failed. */
export const apiError = (errorType: 'bad_data' | 'execution' | 'internal', error: string): string =>
  escapeJson(JSON.stringify({ status: 'error', errorType, error }));

export const json: QueryFormat = function* ({ result }) {
  yield* apiAnswer(result);
  yield '\n';
};
