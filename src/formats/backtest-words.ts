/** Moments, times and names of what rules would have done, in words. */

import type { Pairs } from '../core/alert.js';
import type { Backtest, PastAlert, PastRule, Stretch } from '../core/backtest.js';
import { clean } from '../core/clean.js';
import { formatDuration } from '../core/duration.js';
import { alertName, labelsText } from './alert-words.js';
import { formatMoment, formatSpan, shortMoment } from './plot-times.js';

export const lastText = (ms: number): string => formatDuration(Math.round(ms / 1000));

/** What tells a rule from others of its name: its severity, or its group. */
const apartOf = (rule: PastRule, rules: readonly PastRule[]): string => {
  const others = rules.filter((other) => other !== rule && other.name === rule.name);
  if (others.length === 0) return '';
  if (rule.severity !== undefined && others.every(({ severity }) => severity !== rule.severity))
    return rule.severity;
  return others.every(({ group }) => group !== rule.group) ? rule.group : `${rule.group}, line ${rule.line}`;
};

/** `NodeCpu`; `NodeCpu [critical]` where there is another one of the name. */
export const ruleName = (rule: PastRule, rules: readonly PastRule[]): string => {
  const apart = apartOf(rule, rules);
  return clean(apart === '' ? rule.name : `${rule.name} [${apart}]`);
};

/** The same with the labels of one alert. */
export const instanceName = (
  rule: PastRule,
  { labels }: Pick<PastAlert, 'labels'>,
  rules: readonly PastRule[],
): string => {
  const about = labelsText(labels);
  return about === '' ? ruleName(rule, rules) : `${ruleName(rule, rules)} (${about})`;
};

/** As `instanceName` has it, where severities stand in a column of their own. */
export const nameBesideSeverity = (rule: PastRule, { labels }: Pick<PastAlert, 'labels'>): string =>
  alertName({ name: rule.name, labels });

/** Moments of one alert: whole ones, or short ones that leave out the day where it is that of the one before. */
export const momentWriter = (
  short: boolean,
  seconds: boolean,
): ((time: number, before?: number) => string) =>
  short ? (time, before) => shortMoment(time, seconds, before) : (time) => formatMoment(time, seconds);

/** The value that says how bad it was. */
export const worstOf = ({ below }: PastRule, { least, most }: PastAlert): number => (below ? least : most);

/** Labels that all alerts have alike, where there are several: said once, they need not be said again. */
export const commonLabels = (rules: readonly PastRule[]): Pairs => {
  const [first, ...others] = rules.flatMap(({ alerts }) => alerts);
  if (first === undefined || others.length === 0) return [];
  return first.labels.filter(
    ([name, text]) =>
      name !== 'severity' &&
      others.every(({ labels }) => labels.some(([other, value]) => other === name && value === text)),
  );
};

/** The same rules, without these labels. */
export const withoutLabels = (rules: readonly PastRule[], left: Pairs): readonly PastRule[] => {
  const names = new Set(left.map(([name]) => name));
  return rules.map((rule) => ({
    ...rule,
    alerts: rule.alerts.map((alert) => ({
      ...alert,
      labels: alert.labels.filter(([name]) => !names.has(name)),
    })),
  }));
};

const COUNT = 5;

/** Gaps, a line each, and how much the others are. */
export const gapLines = (
  gaps: readonly Stretch[],
  { since, until }: Pick<Backtest, 'since' | 'until'>,
): readonly string[] => {
  if (gaps.length === 0) return [];
  const shown =
    gaps.length > COUNT + 1
      ? [...gaps].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, COUNT)
      : gaps;
  const rest = gaps.filter((gap) => !shown.includes(gap));
  const whole = gaps.length === 1 && gaps[0]?.from === since && gaps[0]?.to === until;
  if (whole) return ['The log has no samples in all this time.'];
  return [
    ...[...shown]
      .sort((a, b) => a.from - b.from)
      .map(
        ({ from, to }) =>
          `The log has no samples from ${formatSpan(Math.round(from / 1000) * 1000, Math.round(to / 1000) * 1000)} (${lastText(to - from)}).`,
      ),
    ...(rest.length === 0
      ? []
      : [
          `And ${rest.length} shorter times without, ${lastText(rest.reduce((sum, { from, to }) => sum + to - from, 0))} together.`,
        ]),
  ];
};
