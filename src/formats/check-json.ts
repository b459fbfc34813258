/** What was found, for programs: one JSON object on one line. */

import { decimal } from '../core/decimal.js';
import { toJson } from '../core/json-text.js';
import { formatPath } from '../core/path.js';
import { formatRange } from '../core/range.js';
import type { Limits, Verdict } from '../core/rule.js';
import { reasonText, sentence, what } from '../core/words.js';
import { alertsJson } from './alerts-json.js';
import type { CheckReport } from './check-report.js';
import type { CheckFormat } from './index.js';

/** JSON has no infinities: they are the strings that the log has. */
export const jsonNumber = (value: number): number | string =>
  Number.isFinite(value) ? value : decimal(value);

export const limitsOf = ({ warning, critical }: Limits): Record<string, string> => ({
  ...(warning && { warning: formatRange(warning) }),
  ...(critical && { critical: formatRange(critical) }),
});

const verdictOf = (verdict: Verdict): Record<string, unknown> => {
  const { rule, path, state, value, newest, unit } = verdict;
  const reason = reasonText(verdict);
  return {
    rule: rule.name,
    path: formatPath(path),
    title: what(verdict),
    state,
    ...(value === undefined ? {} : { value: jsonNumber(value), unit }),
    ...(newest === undefined ? {} : { now: jsonNumber(newest), unit }),
    ...limitsOf(rule.limits),
    measure: rule.measure.kind,
    ...('seconds' in rule.measure ? { seconds: rule.measure.seconds } : {}),
    ...(reason === undefined ? {} : { reason }),
    text: sentence(verdict),
  };
};

export const formatCheckJson = ({
  time,
  host,
  state,
  summary,
  source,
  verdicts,
  alerts,
}: CheckReport): string =>
  `${toJson({
    time,
    host,
    state,
    summary,
    source,
    verdicts: verdicts.map(verdictOf),
    ...(alerts === undefined ? {} : { alerts: alertsJson(alerts) }),
  })}\n`;

export const json: CheckFormat = {
  report: formatCheckJson,
  // Who reads JSON from a pipe waits for some.
  excuse: (why) => `${toJson({ state: 'unknown', error: why })}\n`,
};
