/** Samples for Prometheus and for our engine alike: what applications and node_exporter have, and what is odd. */

import { formatFloat } from '../../src/core/go-float.js';
import { labelsFrom, METRIC_NAME } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';

interface Made {
  readonly labels: Readonly<Record<string, string>>;
  /** At step n; undefined is no sample. */
  readonly at: (step: number) => number | undefined;
}

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';
  /** `suffix` goes behind the family's name. */
  readonly series: readonly (Made & { readonly suffix?: string })[];
}

/** A whole number of seconds, so that both write the same times. */
export const STEP = 15_000;
export const STEPS = 481;
/** ms. Off the minute, so that no step of a subquery meets a sample. */
export const START = Date.UTC(2026, 0, 5, 10, 0, 7);

/** The same at every run: a linear congruential generator. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

/** All its values, made once. */
const remembered = (
  make: (next: () => number, step: number, before: number) => number,
  seed: number,
  first: number,
) => {
  const next = random(seed);
  const values = [first];
  for (let step = 1; step < STEPS; step++) values.push(make(next, step, values[step - 1] as number));
  return (step: number): number => values[step] as number;
};

/** Grows by up to `most` a step; begins anew at some steps. Until then a fraction keeps it apart from the others. */
const counter = (seed: number, most: number, resets: readonly number[] = [], first = 100_000 + seed / 1024) =>
  remembered(
    (next, step, before) => (resets.includes(step) ? 0 : before) + Math.floor(next() * most),
    seed,
    first,
  );

const walk = (seed: number, first: number, by: number) =>
  remembered((next, _, before) => before + (next() - 0.5) * by, seed, first);

const CODES = ['200', '404', '500'];
const BOUNDS = ['0.005', '0.01', '0.05', '0.1', '0.5', '1', '2.5', '+Inf'];

const requests: Family = {
  name: 'http_requests',
  type: 'counter',
  series: ['api', 'web'].flatMap((job, a) =>
    ['0', '1', '2'].flatMap((instance, b) =>
      CODES.map((code, c) => ({
        suffix: '_total',
        labels: { job, instance, code, method: c === 1 ? 'POST' : 'GET' },
        at: counter(a * 100 + b * 10 + c + 1, 200 / (c + 1), b === 1 ? [100 + c, 300] : []),
      })),
    ),
  ),
};

/** Cumulative buckets: each bound's own counter and all those below it. */
const histogram = (labels: Readonly<Record<string, string>>, seed: number): Family['series'] => {
  const own = BOUNDS.map((_, index) => counter(seed + index, 30 - 3 * index));
  const upTo = (step: number, index: number): number =>
    own.slice(0, index + 1).reduce((sum, at) => sum + at(step), 0);
  return [
    ...BOUNDS.map((le, index) => ({
      suffix: '_bucket',
      labels: { ...labels, le },
      at: (step: number) => upTo(step, index),
    })),
    { suffix: '_count', labels, at: (step) => upTo(step, BOUNDS.length - 1) },
    { suffix: '_sum', labels, at: (step) => upTo(step, BOUNDS.length - 1) * 0.125 },
  ];
};

const durations: Family = {
  name: 'http_request_duration_seconds',
  type: 'histogram',
  series: ['api', 'web'].flatMap((job, index) => histogram({ job, instance: '0' }, 500 + index * 20)),
};

const gauge = (name: string, series: readonly Made[]): Family => ({ name, type: 'gauge', series });

/** Sine-like, without the rounding of Math.sin, which need not be the same everywhere. */
const wave = (period: number, high: number) => (step: number) =>
  high * (1 - Math.abs(((step % period) / period) * 2 - 1)) - high / 4;

export const FAMILIES: readonly Family[] = [
  requests,
  durations,
  {
    name: 'rpc_duration_seconds',
    type: 'summary',
    series: [
      ...['0.5', '0.9', '0.99'].map((quantile, index) => ({
        labels: { service: 'orders', quantile },
        at: walk(600 + index, 1 + index, 0.1),
      })),
      { suffix: '_sum', labels: { service: 'orders' }, at: counter(610, 9) },
      { suffix: '_count', labels: { service: 'orders' }, at: counter(611, 7) },
    ],
  },
  {
    name: 'node_cpu_seconds',
    type: 'counter',
    series: ['0', '1'].flatMap((cpu, a) =>
      ['idle', 'user', 'system', 'iowait'].map((mode, b) => ({
        suffix: '_total',
        labels: { cpu, mode, instance: 'web-1' },
        at: (step: number) => Math.round(counterOf(a, b)(step)) / 100,
      })),
    ),
  },
  gauge('node_memory_MemAvailable_bytes', [
    { labels: { instance: 'web-1' }, at: walk(700, 4e9, 1e8) },
    { labels: { instance: 'web-2' }, at: walk(701, 8e9, 1e8) },
  ]),
  gauge('node_memory_MemTotal_bytes', [
    { labels: { instance: 'web-1' }, at: () => 8_589_934_592 },
    { labels: { instance: 'web-2' }, at: () => 17_179_869_184 },
  ]),
  gauge(
    'node_filesystem_avail_bytes',
    ['/', '/var', '/home'].map((mountpoint, index) => ({
      labels: { mountpoint, device: `/dev/vda${index}`, instance: 'web-1' },
      at: (step: number) => 5e10 - step * 1e7 * (index + 1),
    })),
  ),
  gauge(
    'node_filesystem_size_bytes',
    ['/', '/var', '/home'].map((mountpoint, index) => ({
      labels: { mountpoint, device: `/dev/vda${index}`, instance: 'web-1' },
      at: () => 1e11,
    })),
  ),
  gauge('temperature_celsius', [
    { labels: { sensor: 'a' }, at: wave(60, 40) },
    { labels: { sensor: 'b' }, at: walk(710, -3, 2) },
    { labels: { sensor: 'broken' }, at: (step) => (step % 7 === 3 ? Number.NaN : step % 11) },
    { labels: { sensor: 'wild' }, at: (step) => (step % 40 === 9 ? Number.POSITIVE_INFINITY : 3 - step) },
  ]),
  gauge('ratio', [
    { labels: { of: 'one' }, at: wave(100, 1) },
    { labels: { of: 'two' }, at: (step) => ((step * 37) % 101) / 101 },
  ]),
  gauge('build_info', [
    { labels: { instance: 'web-1', version: '1.2.3' }, at: () => 1 },
    { labels: { instance: 'web-2', version: '1.3.0' }, at: () => 1 },
  ]),
  gauge('up', [
    { labels: { job: 'api', instance: '0' }, at: () => 1 },
    { labels: { job: 'api', instance: '1' }, at: (step) => (step % 50 < 10 ? 0 : 1) },
    { labels: { job: 'web', instance: '0' }, at: () => 1 },
    { labels: { job: 'web', instance: '2' }, at: (step) => (step > 400 ? 0 : 1) },
  ]),
  gauge('flapping', [
    // Longer than the lookback, and shorter.
    { labels: { kind: 'long' }, at: (step) => (step % 80 < 40 ? step : undefined) },
    { labels: { kind: 'short' }, at: (step) => (step % 20 < 12 ? step * 2 : undefined) },
  ]),
  gauge('odd', [
    { labels: { text: 'quote " backslash \\ newline \n end' }, at: () => 1 },
    { labels: { text: 'üñí ☃' }, at: () => -0.5 },
    { labels: { text: 'a.b-c', Upper: 'X' }, at: (step) => step % 5 },
    { labels: {}, at: () => 1e300 },
  ]),
  // One that goes on under another name.
  gauge('moved_from', [{ labels: { app: 'x' }, at: (step) => (step < 200 ? step : undefined) }]),
  gauge('moved_to', [{ labels: { app: 'x' }, at: (step) => (step >= 240 ? step : undefined) }]),
  gauge('when', [{ labels: { of: 'boot' }, at: () => START / 1000 - 86_400 * 45.25 }]),
  gauge('limit', [
    { labels: { code: '500', severity: 'critical' }, at: () => 30 },
    { labels: { code: '404', severity: 'warning' }, at: () => 60 },
  ]),
];

function counterOf(a: number, b: number) {
  const known = counters[a * 4 + b];
  if (known === undefined) throw new Error('no such counter');
  return known;
}

/** Hundredths of seconds; of the second CPU one goes back, as idle does when a CPU comes back. */
const counters = Array.from({ length: 8 }, (_, index) =>
  counter(800 + index, index % 4 === 0 ? 1400 : 200, index === 4 ? [222] : [], 5_000_000),
);

/** Everything in OpenMetrics's text format. */
export const asOpenMetrics = (): string => {
  let text = '';
  for (const { name, type, series } of FAMILIES) {
    text += `# TYPE ${name} ${type}\n`;
    for (const { suffix = '', labels, at } of series) {
      const inside = Object.entries(labels)
        .map(
          ([key, value]) =>
            `${key}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`,
        )
        .join(',');
      for (let step = 0; step < STEPS; step++) {
        const value = at(step);
        if (value !== undefined)
          text += `${name}${suffix}{${inside}} ${formatFloat(value)} ${(START + step * STEP) / 1000}\n`;
      }
    }
  }
  return `${text}# EOF\n`;
};

/** The same in memory. */
export const asSeriesSet = (): MemorySet => {
  const set = new MemorySet();
  for (const { name, series } of FAMILIES)
    for (const { suffix = '', labels, at } of series) {
      const all = labelsFrom([...Object.entries(labels), [METRIC_NAME, name + suffix]]);
      for (let step = 0; step < STEPS; step++) {
        const value = at(step);
        if (value !== undefined) set.append(all, START + step * STEP, value);
      }
    }
  return set;
};
