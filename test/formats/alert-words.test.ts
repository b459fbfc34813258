/** Alerts in words. */

import { describe, expect, test } from 'vitest';
import { unitOf } from '../../src/commands/query/unit.js';
import type { AlertFound } from '../../src/core/alert.js';
import { alertValue, summarizeAlerts } from '../../src/formats/alert-words.js';
import { parse } from '../../src/promql/parse.js';

describe('the value of an alert', () => {
  test.each([
    ['node_memory_MemAvailable_bytes < 32e9', 24_051_816_858, '22.4 GiB'],
    ['predict_linear(node_filesystem_avail_bytes[1h], 14400) < 0', -3_435_973_837, '-3.20 GiB'],
    ['100 * (a_bytes / b_bytes) > 80', 87.66666, '87.7 %'],
    ['100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100 > 80', 91, '91 %'],
    ['rate(node_disk_read_bytes_total[5m]) > 1e6', 2_500_000, '2.38 MiB/s'],
    ['rate(http_requests_total[5m]) > 1', 1234.5678, '1235/s'],
    ['time() - backup_timestamp_seconds > 86400', 90_061, '1d1h1m1s'],
    ['histogram_quantile(0.9, rate(call_duration_seconds_bucket[5m])) > 0.1', 0.123456, '123ms'],
    ['node_boot_time_seconds > 0', 1_795_276_800, '2026-11-21T16:00:00Z'],
    ['node_load1 > 4', 5.123456, '5.123'],
    ['errors_total / calls_total > 0.1', 0.123456, '0.1235'],
    ['increase(restarts_total[1h]) > 3', 4.25, '4.25'],
    ['a_bytes / b_bytes', 0.5, '0.5'],
    ['a_bytes > 1', Number.POSITIVE_INFINITY, '+Inf'],
    ['absent(a_bytes)', 1, '1'],
    ['a_bytes * 8 > 1', 1e6, '1e+06'],
  ])('of %s, %d, is %s', (expr, value, expected) => {
    expect(
      alertValue(
        value,
        unitOf(parse(expr), () => undefined),
      ),
    ).toBe(expected);
  });
});

describe('what was found of rules, in a line', () => {
  const alert = (phase: AlertFound['phase'], state: AlertFound['state']): AlertFound => ({
    name: 'A',
    group: 'g',
    file: 'f.yml',
    line: 1,
    phase,
    state,
    severity: undefined,
    labels: [],
    annotations: [],
    value: 2,
    since: 0,
    sinceAtLeast: false,
    kept: false,
  });
  const [pending, informing, firing] = [
    alert('pending', 'ok'),
    alert('firing', 'ok'),
    alert('firing', 'warning'),
  ];
  test.each([
    [0, [], 'there are no alerting rules'],
    [1, [], 'the one rule is quiet'],
    [1, [pending], 'the one rule does not fire yet; 1 pending'],
    [1, [informing, pending], 'the one rule fires; 1 pending; 1 for information'],
    [1, [firing, pending], 'A 2; 1 pending'],
    [12, [], 'none of 12 rules fires'],
    [12, [pending], 'none of 12 rules fires; 1 pending'],
    [12, [firing, firing, firing, firing], 'A 2; A 2; A 2; and 1 more'],
  ] as const)('of %d rules with some alerts: case %#', (rules, alerts, expected) => {
    const found = { rules, alerts, failures: [], blind: [], short: [], quiet: [] };
    expect(summarizeAlerts(found)).toBe(expected);
  });
});
