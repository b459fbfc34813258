/** Rules of the judge as rules of Prometheus: what it records, and an alert of each severity. */

import { formatDuration } from '../../core/duration.js';
import { fieldOf, type Group, type Unit } from '../../core/group.js';
import { formatPath } from '../../core/path.js';
import type { Range } from '../../core/range.js';
import type { Rule, Severity } from '../../core/rule.js';
import { describeLimits, describeRange } from '../../core/words.js';
import {
  comparisons,
  conditionsOf,
  fieldExpression,
  type Lines,
  measuredExpression,
  rowLabels,
} from './expression.js';

export interface Alert {
  readonly name: string;
  readonly severity: Severity;
  readonly expression: Lines;
  readonly summary: string;
  readonly description: string;
}

export interface Translated {
  /** What the rule is, and where it alerts, in words. */
  readonly words: string;
  /** The measured value under a name of its own, for rules that look at it more than once. */
  readonly record?: { readonly name: string; readonly expression: Lines };
  readonly alerts: readonly Alert[];
  /** Nothing that Prometheus could evaluate without sysmon: why. */
  readonly reason?: string;
}

/** `disk-full-in` → `NodeDiskFullIn`. */
export const alertName = (rule: string): string =>
  `Node${rule
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('')}`;

const unitOf = ({ unit, path }: Rule, group: Group): Unit =>
  unit ?? fieldOf(group, path.field)?.unit ?? 'count';

const VALUE: Readonly<Record<Unit, string>> = {
  percent: '{{ $value | printf "%.1f" }} %',
  bytes: '{{ $value | humanize1024 }}B',
  bytes_per_second: '{{ $value | humanize1024 }}B/s',
  per_second: '{{ $value | printf "%.0f" }}/s',
  seconds: '{{ $value | humanizeDuration }}',
  unix_seconds: '{{ $value | humanizeTimestamp }}',
  celsius: '{{ $value | printf "%.1f" }} °C',
  hertz: '{{ $value | humanize }}Hz',
  ratio: '{{ $value | printf "%.2f" }}',
  boolean: '{{ $value }}',
  count: '{{ $value | printf "%.0f" }}',
};

const summaryOf = (rule: Rule, group: Group): string => {
  const place = group.identity.map((name) => ` {{ $labels.${name} }}`).join('');
  const value = rule.measure.kind === 'changed' ? '' : ` ${VALUE[unitOf(rule, group)]}`;
  return `{{ $labels.instance }}: ${rule.title}${place}${value}`;
};

const descriptionOf = (rule: Rule, group: Group, severity: Severity): string => {
  const { limits, leave, about } = rule;
  const unit = unitOf(rule, group);
  const own = describeLimits({ ...rule, limits: { [severity]: limits[severity] } }, unit);
  const left = leave?.[severity];
  const until = left === undefined ? '' : ` Goes on while it is ${describeRange(left, unit)}.`;
  const said = about === undefined ? '' : `${about} `;
  return `${said}${own[0]?.toUpperCase()}${own.slice(1)}.${until}`;
};

const firing = (name: string, severity: Severity): string =>
  `ALERTS{alertname="${name}", alertstate="firing", severity="${severity}"}`;

const beyond = (value: string, range: Range): readonly string[] =>
  comparisons(range).map((comparison) => `${value} ${comparison}`);

const alternatives = (lines: readonly string[]): Lines =>
  lines.map((line, index) => (index === 0 ? line : `or ${line}`));

/** Lines within parentheses where something follows that would otherwise bind to the last of them alone. */
const within = (lines: Lines, following: Lines): Lines =>
  following.length === 0 || lines.length === 1
    ? [...lines, ...following]
    : ['(', ...lines.map((line) => `  ${line}`), ')', ...following];

const alsoOf = ({ also }: Rule, group: Group, severity: Severity): Lines => {
  const condition = also?.[severity];
  const value = condition && fieldExpression(group, condition.field);
  if (condition === undefined || value === undefined) return [];
  const [first = '', ...others] = beyond(value, condition.range);
  const all = others.length === 0 ? first : `(${[first, ...others].join(' or ')})`;
  return [`and on (${rowLabels(group)}) ${all}`];
};

/** Something became so: an alarm that has begun goes on for as long as it is, which the past alone forgets. */
const changedLines = (rule: Rule, group: Group, measured: Lines, name: string, severity: Severity): Lines =>
  within(
    [`${measured[0]} > 0`, `or on (${rowLabels(group)}) ${firing(name, severity)}`],
    alsoOf(rule, group, severity),
  );

const compared = (rule: Rule, group: Group, value: string, name: string, severity: Severity): Lines => {
  const enter = rule.limits[severity];
  const stay = rule.leave?.[severity];
  const held = `and on (${rowLabels(group)}) ${firing(name, severity)}`;
  return within(
    alternatives([
      ...(enter === undefined ? [] : beyond(value, enter)),
      ...(stay === undefined ? [] : beyond(value, stay).map((line) => `${line} ${held}`)),
    ]),
    alsoOf(rule, group, severity),
  );
};

/** A record's name says whose it is: `sysmon:disk_full_in:seconds`. */
const recordName = (rule: Rule, unit: Unit): string =>
  `sysmon:${rule.name.replace(/[^a-zA-Z0-9_]/g, '_')}:${unit}`;

export const translate = (rule: Rule, groups: ReadonlyMap<string, Group>): Translated => {
  const group = groups.get(rule.path.group);
  const unit = group === undefined ? 'count' : unitOf(rule, group);
  const words = `${rule.name}: ${rule.title}. ${describeLimits(rule, unit)}`;
  const measured = group && measuredExpression(rule, group);
  if (group === undefined || measured === undefined)
    return { words, alerts: [], reason: `node_exporter has nothing like ${formatPath(rule.path)}` };
  const name = alertName(rule.name);
  const severities = (['warning', 'critical'] as const).filter((one) => rule.limits[one] !== undefined);
  const conditions = conditionsOf(rule, group);
  const isChange = rule.measure.kind === 'changed';
  const recorded = !isChange && (severities.length > 1 || rule.leave !== undefined);
  const record = recorded
    ? { name: recordName(rule, unit), expression: [...measured, ...conditions] }
    : undefined;
  const alerts = severities.map((severity): Alert => {
    const lines =
      record !== undefined
        ? compared(rule, group, record.name, name, severity)
        : isChange
          ? changedLines(rule, group, measured, name, severity)
          : compared(rule, group, measured.join(' '), name, severity);
    return {
      name,
      severity,
      expression: record === undefined ? within(lines, conditions) : lines,
      summary: summaryOf(rule, group),
      description: descriptionOf(rule, group, severity),
    };
  });
  return { words, alerts, ...(record && { record }) };
};

/** Three evaluations in a row, as the log's alerts take: the first, and two more. */
export const holdsFor = (interval: number, inARow: number): string => formatDuration(interval * (inARow - 1));
