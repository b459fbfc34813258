/** What rules would have done, for programs. */

import { type Backtest, countAlerts, firedFor } from '../core/backtest.js';
import { toJson } from '../core/json-text.js';
import { jsonNumber } from './check-json.js';

const stateOf = ({
  firingAt,
  resolvedAt,
}: {
  readonly firingAt?: number;
  readonly resolvedAt?: number;
}): string => (resolvedAt !== undefined ? 'resolved' : firingAt === undefined ? 'pending' : 'firing');

/** One line. Moments are ms since 1970, in UTC; episodes by time. */
export const backtestJson = (found: Backtest): string => {
  const { log, since, until, rules, failures, gaps } = found;
  const episodes = rules.flatMap((rule) =>
    rule.alerts.map((alert) => ({
      name: rule.name,
      state: stateOf(alert),
      ...(rule.severity === undefined ? {} : { severity: rule.severity }),
      labels: Object.fromEntries(alert.labels),
      annotations: Object.fromEntries(alert.annotations),
      pendingAt: alert.pendingAt,
      sinceAtLeast: alert.sinceAtLeast,
      ...(alert.firingAt === undefined ? {} : { firingAt: alert.firingAt }),
      ...(alert.resolvedAt === undefined ? {} : { resolvedAt: alert.resolvedAt }),
      firingSeconds: firedFor(alert, found) / 1000,
      value: jsonNumber(alert.first),
      min: jsonNumber(alert.least),
      max: jsonNumber(alert.most),
      last: jsonNumber(alert.last),
      group: rule.group,
      file: rule.file,
      line: rule.line,
    })),
  );
  return `${toJson({
    log,
    since,
    until,
    rules: rules.map((rule) => {
      const { fired, onlyPending, firing, longest } = countAlerts(rule, found);
      return {
        name: rule.name,
        ...(rule.severity === undefined ? {} : { severity: rule.severity }),
        fired,
        onlyPending,
        firingSeconds: firing / 1000,
        longestSeconds: longest / 1000,
        ...(rule.blind === undefined ? {} : { withoutData: rule.blind }),
        ...(rule.short === undefined
          ? {}
          : {
              shortWindow: {
                function: rule.short.call,
                metric: rule.short.metric,
                seconds: rule.short.range / 1000,
                samplesApartSeconds: rule.short.apart / 1000,
              },
            }),
        group: rule.group,
        file: rule.file,
        line: rule.line,
      };
    }),
    episodes: episodes.sort((a, b) => a.pendingAt - b.pendingAt),
    failed: failures,
    gaps,
  })}\n`;
};
