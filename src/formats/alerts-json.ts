/** Alerts for programs. */

import type { AlertChange, AlertFound, AlertsFound } from '../core/alert.js';
import { jsonNumber } from './check-json.js';

const alertOf = (alert: AlertFound): Record<string, unknown> => ({
  name: alert.name,
  phase: alert.phase,
  state: alert.state,
  ...(alert.severity === undefined ? {} : { severity: alert.severity }),
  labels: Object.fromEntries(alert.labels),
  annotations: Object.fromEntries(alert.annotations),
  value: jsonNumber(alert.value),
  since: alert.since,
  sinceAtLeast: alert.sinceAtLeast,
  kept: alert.kept,
  group: alert.group,
  file: alert.file,
  line: alert.line,
});

const changeOf = ({ kind, alert, until, before, now }: AlertChange): Record<string, unknown> => {
  const { phase: _, kept: __, ...rest } = alertOf({ ...alert, phase: 'firing', kept: false });
  return {
    kind,
    ...rest,
    ...(until === undefined ? {} : { until }),
    ...(before === undefined ? {} : { before: jsonNumber(before) }),
    ...(now === undefined ? {} : { now: jsonNumber(now) }),
  };
};

/** What the report has below `alerts`. */
export const alertsJson = (found: AlertsFound): Record<string, unknown> => ({
  rules: found.rules,
  active: found.alerts.map(alertOf),
  ...(found.changes === undefined ? {} : { changes: found.changes.map(changeOf) }),
  failed: found.failures,
  withoutData: found.blind.map(({ rule, metrics, near }) => ({
    rule,
    metrics,
    ...(near === undefined ? {} : { didYouMean: near }),
  })),
  tooShort: found.short.map(({ rule, window }) => ({
    rule,
    function: window.call,
    metric: window.metric,
    seconds: window.range / 1000,
    samplesApartSeconds: window.apart / 1000,
  })),
  ...(found.stale === undefined ? {} : { stale: found.stale }),
});
