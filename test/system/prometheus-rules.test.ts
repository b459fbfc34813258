/**
 * Rules evaluated by a real Prometheus as time goes by, and by ours afterwards, over the samples that it scraped: recorded
 * series, ALERTS and ALERTS_FOR_STATE have to be the same at every evaluation. Needs Debian's prometheus, and a minute.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Labels, labelsFrom, METRIC_NAME } from '../../src/promql/labels.js';
import { makeMatcher } from '../../src/promql/matcher.js';
import { MemorySet } from '../../src/promql/memory.js';
import { loadRules } from '../../src/promql/rules/load.js';
import { replay } from '../../src/promql/rules/replay.js';
import { type Answer, askAt, type Prometheus, startPrometheus } from '../oracle/prometheus.js';

const RULES = `
groups:
  - name: recorded
    interval: 1s
    rules:
      - record: evaluated
        expr: vector(1)
        labels: { group: recorded }
      - record: job:requests:rate5s
        expr: sum by (job) (rate(requests_total[5s]))
        labels: { from: rules }
      - alert: ManyRequests
        expr: job:requests:rate5s > 40
        for: 3s
        labels: { severity: critical }
        annotations: { summary: '{{ $value }} a second' }
  - name: states
    interval: 1s
    rules:
      - record: evaluated
        expr: vector(1)
        labels: { group: states }
      - alert: QueueLong
        expr: queue_length > 10
        for: 4s
        labels: { severity: '{{ if gt $value 50.0 }}critical{{ else }}warning{{ end }}', queue: '{{ $labels.q }}' }
      - alert: Kept
        expr: flag == 1
        keep_firing_for: 5s
      - alert: KeptAfterPending
        expr: flag == 1
        for: 2s
        keep_firing_for: 3s
      - alert: AtOnce
        expr: queue_length{q="b"} > 0
      - alert: Gone
        expr: absent(queue_length{q="b"})
        for: 2s
      - alert: TargetDown
        expr: up == 0
        for: 1s
      - record: alerts:firing:count
        expr: count by (alertname) (ALERTS{alertstate="firing",alertname!="ManyRequests"})
      - alert: Sticky
        expr: flag == 1 or (queue_length{q="a"} > 5 and on() ALERTS{alertname="Sticky",alertstate="firing"})
`;

const SECONDS = 50;

/** What the exporter says, s after its start; nothing while it is down. */
const exposition = (second: number): string | undefined => {
  if (second >= 40 && second < 44) return undefined;
  const lines = [
    '# TYPE requests_total counter',
    `requests_total{job="shop",code="200"} ${Math.round(second < 12 ? second * 10 : 120 + (second - 12) * (second < 24 ? 60 : 40))}`,
    `requests_total{job="shop",code="500"} ${second < 30 ? Math.floor(second) * 3 : Math.floor(second - 30)}`,
    '# TYPE flag gauge',
    `flag ${(second >= 6 && second < 9) || (second >= 11 && second < 12) || (second >= 26 && second < 33) ? 1 : 0}`,
    '# TYPE queue_length gauge',
    `queue_length{q="a"} ${second >= 8 && second < 20 ? (second >= 15 ? 80 : 20) : second >= 28 && second < 31 ? 30 : second >= 31 ? 7 : 2}`,
  ];
  if (second < 10 || second >= 22) lines.push(`queue_length{q="b"} ${second >= 34 ? 0 : 3}`);
  return `${lines.join('\n')}\n`;
};

let folder: string;
let server: Server;
let prometheus: Prometheus;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'));
  writeFileSync(join(folder, 'rules.yml'), RULES);
  let begun: number | undefined;
  server = createServer((_, response) => {
    begun ??= Date.now();
    const text = exposition((Date.now() - begun) / 1000);
    if (text === undefined) response.writeHead(500).end();
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  prometheus = await startPrometheus(
    folder,
    `
global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: fake
    honor_labels: true
    static_configs: [{ targets: ['127.0.0.1:${port}'], labels: { instance: app } }]
`,
  );
}, 60_000);

afterAll(async () => {
  await prometheus?.stop();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Raw {
  readonly labels: Labels;
  readonly points: readonly (readonly [time: number, value: number])[];
}

const rawOf = ({ data }: Answer): readonly Raw[] =>
  (
    (data as { result: unknown }).result as { metric: Record<string, string>; values: [number, string][] }[]
  ).map(({ metric, values }) => ({
    labels: labelsFrom(Object.entries(metric)),
    points: values.map(([seconds, value]) => [Math.round(seconds * 1000), Number(value)] as const),
  }));

/** At its start Prometheus looks for the states of the run before, and writes none until it has. ms */
const RESTORING = 2000;

const WRITTEN = /^(ALERTS|ALERTS_FOR_STATE|evaluated|job:requests:rate5s|alerts:firing:count)$/;

test('rules are in the same states at every moment', async () => {
  await sleep(SECONDS * 1000);
  const now = Date.now();
  const all = rawOf(await askAt(prometheus, '{__name__=~".+"}[5m]', now));
  const nameOf = ({ labels }: Raw): string => labels.values[labels.names.indexOf(METRIC_NAME)] as string;
  const theirs = all.filter((raw) => WRITTEN.test(nameOf(raw)));
  const scraped = all.filter((raw) => !WRITTEN.test(nameOf(raw)));

  const scrapes = scraped.find((raw) => nameOf(raw) === 'up')?.points.map(([time]) => time) ?? [];
  expect(scrapes.length).toBeGreaterThan(SECONDS - 10);
  const set = new MemorySet();
  for (const { labels, points } of scraped) {
    const at = new Map(points);
    let seen = false;
    for (const time of scrapes) {
      const value = at.get(time);
      // The API does not show markers: a scrape without the series is where Prometheus puts one.
      if (value !== undefined) set.append(labels, time, value);
      else if (seen) set.end(labels, time);
      seen = value !== undefined;
    }
  }

  const { groups } = await loadRules(RULES, 'rules.yml');
  for (const group of ['recorded', 'states']) {
    // Each is evaluated at an offset of its own.
    const moments =
      theirs
        .find(({ labels }) => labels.values.includes('evaluated') && labels.values.includes(group))
        ?.points.map(([time]) => time) ?? [];
    expect(moments.length).toBeGreaterThan(SECONDS - 10);
    const [since = 0, until = 0] = [moments[0], moments.at(-1)];
    const chosen = groups.filter(({ name }) => name === group);
    const replayed = replay(chosen, set, { since, until, lockstep: 1000 });
    const names = chosen.flatMap(({ rules }) => rules.map(({ kind, name }) => [kind, name] as const));
    const alerts = new Set(names.filter(([kind]) => kind === 'alert').map(([, name]) => name));
    const records = new Set(names.filter(([kind]) => kind === 'record').map(([, name]) => name));
    const isOurs = (labels: Labels): boolean => {
      const of = (name: string): string => labels.values[labels.names.indexOf(name)] ?? '';
      if (of(METRIC_NAME) === 'evaluated') return of('group') === group;
      return of(METRIC_NAME).startsWith('ALERTS')
        ? alerts.has(of('alertname'))
        : records.has(of(METRIC_NAME));
    };
    const rowsOf = (raws: readonly Raw[]): readonly string[] =>
      raws
        .filter(({ labels }) => isOurs(labels))
        .flatMap(({ labels, points }) =>
          points
            .filter(([time]) => time >= since + RESTORING && time <= until)
            .map(([time, value]) => `${time - since} ${labels.key} ${value.toPrecision(12)}`),
        )
        .sort();
    const ours = replayed.set
      .select({ matchers: [makeMatcher(METRIC_NAME, '=~', WRITTEN.source)], since, until })
      .map(({ labels, times, values }) => ({
        labels,
        points: Array.from(times, (time, index) => [time, values[index] as number] as const),
      }));
    const wanted = rowsOf(theirs);
    expect(wanted.length).toBeGreaterThan(SECONDS);
    expect(rowsOf(ours)).toEqual(wanted);
  }
}, 120_000);
