/** Results of queries that nobody asked, the same in every run. */

import type { Unit } from '../../src/core/group.js';
import type { QueryAnswer, QueryLook } from '../../src/formats/query-answer.js';
import type { Points } from '../../src/promql/engine.js';
import { labelsFrom } from '../../src/promql/labels.js';

export const NONE = { warnings: [], infos: [] };
export const MINUTE = 60_000;
/** Of a range. */
export const END = Date.parse('2026-11-21T14:00:00Z');

export const HERE = { instance: 'web-1', job: 'node' };

/** The last of the points is at the end; an undefined value is a hole. */
export const series = (
  labels: Readonly<Record<string, string>>,
  count: number,
  valueAt: (index: number) => number | undefined,
  step = MINUTE,
): Points => {
  const points = Array.from(
    { length: count },
    (_, index) => [END - (count - 1 - index) * step, valueAt(index)] as const,
  );
  const known = points.filter((point): point is readonly [number, number] => point[1] !== undefined);
  return {
    labels: labelsFrom(Object.entries(labels)),
    times: Float64Array.from(known, ([time]) => time),
    values: Float64Array.from(known, ([, value]) => value),
  };
};

export const rangeAnswer = (
  query: string,
  all: readonly Points[],
  {
    count = 120,
    step = MINUTE,
    unit,
  }: { readonly count?: number; readonly step?: number; readonly unit?: Unit } = {},
): QueryAnswer => ({
  query,
  result: { type: 'matrix', series: all, annotations: NONE },
  moments: { start: END - (count - 1) * step, end: END, step },
  metric: () => undefined,
  ...(unit === undefined ? {} : { unit }),
});

export const instantAnswer = (query: string, all: readonly Points[], unit?: Unit): QueryAnswer => ({
  query,
  result: { type: 'vector', series: all, annotations: NONE },
  moments: { start: END, end: END, step: 0 },
  metric: () => undefined,
  ...(unit === undefined ? {} : { unit }),
});

export const LOOK: QueryLook = { colourLevel: 0, width: 80, height: 24, glyphs: 'braille' };

const wave = (index: number): number => Math.sin(index / 9);

/** What graphs are drawn of, to be looked at by people. */
export const GRAPHS: Readonly<Record<string, QueryAnswer>> = {
  'one-with-hole': rangeAnswer(
    '100 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100',
    [series(HERE, 120, (at) => (at > 40 && at < 60 ? undefined : 50 + 40 * wave(at)))],
    { unit: 'percent' },
  ),
  several: rangeAnswer(
    'rate(node_network_receive_bytes_total[5m])',
    ['eth0', 'eth1', 'lo', 'wlan0'].map((device, k) =>
      series({ ...HERE, device }, 120, (at) => (k + 1) * 2e6 * (1 + Math.sin(at / 10 + k)) + (at % 7) * 1e5),
    ),
    { unit: 'bytes_per_second' },
  ),
  negative: rangeAnswer('deriv(temperature[5m])', [
    series({ sensor: 'a' }, 120, (at) => 3 * wave(at)),
    series({ sensor: 'b' }, 120, (at) =>
      at === 50
        ? Number.NaN
        : at === 70
          ? Number.POSITIVE_INFINITY
          : at === 90
            ? Number.NEGATIVE_INFINITY
            : 3 * wave(at + 14),
    ),
  ]),
  constant: rangeAnswer('up', [series({ ...HERE, __name__: 'up' }, 120, () => 1)], { unit: 'boolean' }),
  many: rangeAnswer(
    'rate(node_cpu_seconds_total[5m])',
    Array.from({ length: 37 }, (_, k) =>
      series({ ...HERE, cpu: String(k), mode: 'user' }, 120, (at) => k * 3 + wave(at * 9)),
    ),
  ),
  'one-point': rangeAnswer('sum(errors)', [series({}, 120, (at) => (at === 60 ? 42 : undefined))]),
  'only-nan': rangeAnswer('0 / sum(errors)', [series({}, 120, () => Number.NaN)]),
};
