/** What lint has to say of rules that Prometheus would load. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../../src/promql/rules/lint.js';
import { loadRules } from '../../../src/promql/rules/load.js';

const QUANTILE =
  'Write histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))';

const lint = async (rule: string, interval = '') => {
  const text = `groups:\n- name: g\n${interval}  rules:\n  - ${rule.replaceAll('\n', '\n    ')}\n`;
  const loaded = await loadRules(text, 'f.yml');
  expect(loaded.problems).toEqual([]);
  return lintRules(loaded, { scrapeInterval: 15_000 });
};

const alert = (expr: string): string => `alert: A\nexpr: ${JSON.stringify(expr)}\nlabels: {severity: page}`;

describe('lintRules', () => {
  // The expression of an alert, and the codes of what is found.
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['rate(http_requests_total{status=~"5.."}[5m]) > 0.1', []],
    ['histogram_quantile(0.95, http_request_duration_seconds) > 2', ['quantile-without-buckets']],
    [
      'histogram_quantile(0.95, rate(http_request_duration_seconds[5m])) > 2',
      ['rate-of-gauge', 'quantile-without-buckets'],
    ],
    ['histogram_quantile(0.95, http_request_duration_seconds_bucket) > 2', ['quantile-without-rate']],
    ['histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 2', []],
    ['histogram_quantile(0.95, job:latency:rate5m) > 2', []],
    ['rate(node_memory_free_bytes[5m]) < 0', ['rate-of-gauge']],
    ['increase(temperature[1h]) > 5', ['rate-of-gauge']],
    ['increase(node_vmstat_oom_kill[5m]) > 0', []],
    ['rate(node_netstat_Tcp_RetransSegs[5m]) > 1', []],
    ['rate(node_vmstat_nr_dirty[5m]) > 1', ['rate-of-gauge']],
    ['rate(node_netstat_Tcp_CurrEstab[5m]) > 1', ['rate-of-gauge']],
    ['rate(job:requests:sum[5m]) > 1', []],
    ['rate(http_requests_total[20s]) > 1', ['short-window']],
    ['rate(http_requests_total[30s]) > 1', []],
    ['http_requests_total > 1000', ['counter-without-rate']],
    ['http_requests_total == 0', []],
    ['up == bool 0', ['bool-comparison']],
    ['up', ['no-comparison']],
    ['1 + 1', ['no-comparison']],
    ['sum(node_load1) / 4', ['no-comparison']],
    ['vector(1)', []],
    ['absent(up)', []],
    ['up unless on (job) other', []],
    ['job:errors:high', []],
    ['up[5m]', ['not-a-vector']],
    ['"text"', ['not-a-vector']],
  ];
  it.each(cases)('finds in %s: %j', async (expr, codes) => {
    expect((await lint(alert(expr))).map(({ code }) => code).sort()).toEqual([...codes].sort());
  });

  it('shows the right form of a quantile, with the matchers of the wrong one', async () => {
    expect((await lint(alert('histogram_quantile(0.95, http_request_duration_seconds) > 2')))[0]?.hint).toBe(
      QUANTILE,
    );
    const [found] = await lint(alert('histogram_quantile(0.9, lat_bucket{job="a"}) > 2'));
    expect(found?.hint).toBe('Write histogram_quantile(0.9, sum by (le) (rate(lat_bucket{job="a"}[5m])))');
  });

  it('shows a right form that has nothing wrong with it', async () => {
    expect(await lint(alert(`${QUANTILE.replace('Write ', '')} > 2`))).toEqual([]);
  });

  const others: readonly (readonly [string, readonly string[], string?])[] = [
    ['alert: A\nexpr: up == 0', ['no-severity']],
    ['alert: A\nexpr: up == 0\nlabels: {severity: page, v: "{{ $value }}"}', ['value-in-label']],
    ['alert: A\nexpr: up == 0\nlabels: {severity: page, v: "{{ $labels.job }}"}', []],
    [
      'alert: A\nexpr: sum by (job) (up) == 0\nlabels: {severity: page}\nannotations: {s: "{{ $labels.instance }} {{ $labels.job }}"}',
      ['label-is-gone'],
    ],
    [
      'alert: A\nexpr: sum without (job) (up) == 0\nlabels: {severity: page}\nannotations: {s: "{{ $labels.instance }}"}',
      [],
    ],
    [
      'alert: A\nexpr: up == 0\nfor: 30s\nlabels: {severity: page}',
      ['for-below-interval'],
      '  interval: 1m\n',
    ],
    ['record: r\nexpr: up\nlabels: {a: "{{ $value }}"}', ['template-in-record']],
    ['record: a-b\nexpr: up', ['prometheus-version']],
  ];
  it.each(others.map(([rule, codes, interval = '']) => [rule, codes, interval] as const))(
    'finds in the rule %j: %j',
    async (rule, codes, interval) => {
      const found = await lint(rule, interval);
      expect(found.map(({ code }) => code)).toEqual(codes);
    },
  );

  it('finds rules of one name and the same labels', async () => {
    const text =
      'groups:\n- name: g\n  rules:\n  - {record: r, expr: x}\n  - {record: r, expr: y}\n  - {record: r, expr: y, labels: {a: b}}\n';
    const found = lintRules(await loadRules(text, 'f.yml'));
    expect(found.map(({ code, at, message }) => [code, at.line, message])).toEqual([
      ['duplicate-rules', 5, 'r: the same name and labels as the rule in line 4'],
    ]);
  });

  it('has one thing to say of the rules of the documents', async () => {
    const file = new URL('../../fixtures/rules/files/good-user-rules.yml', import.meta.url);
    const found = lintRules(await loadRules(readFileSync(file, 'utf8'), 'alert_rules.yml'));
    expect(found.map(({ code, at, hint }) => [code, at.line, hint])).toEqual([
      ['quantile-without-buckets', 14, QUANTILE],
    ]);
  });
});
