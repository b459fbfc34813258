/** Rules and verdicts in words. Names in them come from the machine: who prints them makes them safe for a terminal. */

import { formatDuration } from './duration.js';
import type { Unit } from './group.js';
import { formatPath } from './path.js';
import { unitOfName } from './quantity.js';
import type { Range } from './range.js';
import { alerts } from './range.js';
import type { Condition, Limits, Measure, Rule, Verdict } from './rule.js';
import { type Base, baseOfLimits, formatLimit, formatValue } from './units.js';

/** Units whose values may well be negative: of the others nobody needs to be told that they may not be below 0. */
const isSigned = (unit: Unit): boolean => unit === 'celsius';

/** Where a range alerts: `above 90 %`, `below 10 or above 20`. */
export const describeRange = ({ start, end, inside }: Range, unit: Unit): string => {
  const say = (value: number): string => formatLimit(value, unit);
  if (unit === 'boolean') {
    const [no, yes] = [0, 1].map((value) => alerts({ start, end, inside }, value));
    return no === yes ? (no ? 'always' : 'never') : yes ? 'if yes' : 'if no';
  }
  const low = start !== -Infinity;
  const high = end !== Infinity;
  if (inside) {
    if (start === end) return `at ${say(start)}`;
    if (low && high) return `from ${say(start)} to ${say(end)}`;
    return low ? `at ${say(start)} or above` : high ? `at ${say(end)} or below` : 'always';
  }
  const parts: string[] = [];
  if (low && !(start === 0 && high && !isSigned(unit))) parts.push(`below ${say(start)}`);
  if (high) parts.push(`above ${say(end)}`);
  return parts.length === 0 ? 'never' : parts.join(' or ');
};

/** The side of a range that a value is beyond. */
const describeBreach = (range: Range, value: number, unit: Unit): string => {
  if (unit === 'boolean') return `should be ${value === 0 ? 'yes' : 'no'}`;
  if (range.inside) return describeRange(range, unit);
  return value > range.end
    ? `above ${formatLimit(range.end, unit)}`
    : `below ${formatLimit(range.start, unit)}`;
};

/** How a value is measured; empty for the newest one. */
const describeMeasure = (measure: Measure): string => {
  switch (measure.kind) {
    case 'average':
    case 'share':
    case 'each':
      return ` on average over ${formatDuration(measure.seconds)}`;
    case 'throughout':
    case 'lowest':
      return ` in every sample of ${formatDuration(measure.seconds)}`;
    case 'changed':
      return ` within the last ${formatDuration(measure.seconds)}`;
    case 'empty in':
      return ` at the pace of the last ${formatDuration(measure.seconds)}`;
    case 'increase':
      return ` in ${formatDuration(measure.seconds)}`;
    case 'value':
      return '';
  }
};

/** Condition in words: `available below 5 GB`. */
const describeCondition = ({ field, range }: Condition): string => {
  const unit = unitOfName(field);
  const name = unit === undefined ? field : field.slice(0, -unit.length);
  return `${name.replaceAll('_', ' ').trim()} ${describeRange(range, unit ?? 'count')}`;
};

/** All that a rule asks: `warning above 80 %, critical above 90 % and available below 5 GB`. */
export const describeLimits = (rule: Rule, unit: Unit): string => {
  const { measure, limits, also } = rule;
  const parts = (['warning', 'critical'] as const).flatMap((severity) => {
    const range = limits[severity];
    if (range === undefined) return [];
    if (measure.kind === 'changed') return `${severity} if so`;
    const condition = also?.[severity];
    return `${severity} ${describeRange(range, unit)}${condition ? ` and ${describeCondition(condition)}` : ''}`;
  });
  return `${parts.join(', ')}${describeMeasure(measure)}`;
};

/** What a rule that names any value by its path is about: the path of the row that was found. */
const pathNamed = ({ rule, path, called }: Verdict): string | undefined => {
  if (rule.title !== formatPath(rule.path)) return undefined;
  return `${formatPath(path)}${called === undefined ? '' : ` (${called})`}`;
};

/** The row, where the rule's title does not name it already: ` /var`, ` on /` for a path that lies there. */
const place = ({ rule, path }: Verdict): string => {
  const id = path.id ?? [];
  if (id.length === 0) return '';
  if (rule.path.id === undefined) return ` ${id.join(' ')}`;
  return rule.nearest && id.join() !== rule.path.id.join() ? ` (on ${id.join(' ')})` : '';
};

/** What a verdict is about: `disk in use /var`. */
export const what = (verdict: Verdict): string =>
  pathNamed(verdict) ?? `${verdict.rule.title}${place(verdict)}`;

/** The same in a word or two, for the one line that says what is wrong: `disk /var`. */
export const shortWhat = (verdict: Verdict): string =>
  pathNamed(verdict) ?? `${verdict.rule.name}${place(verdict)}`;

/** Units that the value shares with its limits. */
const baseFor = ({ warning, critical }: Limits, unit: Unit): Base | undefined =>
  unit !== 'bytes' && unit !== 'bytes_per_second'
    ? undefined
    : baseOfLimits(
        [warning, critical].flatMap((range) => (range === undefined ? [] : [range.start, range.end])),
      );

/** The value with its unit; undefined where there is none. */
export const valueText = ({ value, newest, unit, rule }: Verdict): string | undefined => {
  const base = baseFor(rule.limits, unit);
  if (value === undefined) return newest === undefined ? undefined : `${formatValue(newest, unit, base)} now`;
  if (rule.measure.kind === 'changed') return value === 0 ? 'no' : 'yes';
  if (rule.measure.kind === 'empty in' && value === Infinity) return 'does not fill';
  if (rule.measure.kind === 'each' && value === Infinity) return 'nothing gets done';
  // Half a second more or less means nothing in an hour.
  const rounded = unit === 'seconds' && Math.abs(value) >= 3600 ? Math.round(value / 60) * 60 : value;
  return formatValue(rounded, unit, base);
};

/** Why there was nothing to compare; undefined where there was. */
export const reasonText = ({ reason, needs }: Verdict): string | undefined =>
  reason === undefined || needs === undefined ? reason : `needs ${formatDuration(needs)}, and ${reason}`;

/** The limit that the value is beyond, or all of them, or why there was nothing to compare. */
export const thresholdText = (verdict: Verdict): string => {
  const { rule, state, value, unit } = verdict;
  const { measure, limits, leave, also } = rule;
  const reason = reasonText(verdict);
  if (reason !== undefined) return reason;
  if ((state !== 'warning' && state !== 'critical') || value === undefined) return describeLimits(rule, unit);
  if (measure.kind === 'changed') return describeMeasure(measure).trim();
  const range = limits[state];
  const entered = range !== undefined && alerts(range, value);
  const beyond = entered ? range : (leave?.[state] ?? range);
  const condition = also?.[state];
  return [
    entered ? '' : 'still ',
    beyond === undefined ? '' : describeBreach(beyond, value, unit),
    condition === undefined ? '' : ` and ${describeCondition(condition)}`,
    describeMeasure(measure),
  ].join('');
};

/** A verdict as one sentence without its state: `disk in use /var: 93 %, above 90 %`. */
export const sentence = (verdict: Verdict): string => {
  const value = valueText(verdict);
  const threshold = thresholdText(verdict);
  return `${what(verdict)}: ${value === undefined ? threshold : `${value}, ${threshold}`}`;
};
