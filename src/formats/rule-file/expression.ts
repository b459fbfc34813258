/** What a rule measures, as PromQL over node_exporter's own names. */

import { decimal } from '../../core/decimal.js';
import { formatDuration } from '../../core/duration.js';
import { fieldOf, type Group } from '../../core/group.js';
import type { Range } from '../../core/range.js';
import type { Rule } from '../../core/rule.js';
import { fullName } from '../../core/series-names.js';
import { ENOUGH } from '../../core/too-short.js';

/** An expression in lines, each but the first a part that is joined by an operator at its beginning. */
export type Lines = readonly string[];

/** Where the range of rates comes from the scraper and not from the rule: enough for four scrapes of 15 s, or one of a minute twice. */
const SHORT_RANGE = 120;

/** What tells the rows of a group apart, in whatever is scraped. */
export const rowLabels = (group: Group): string => ['job', 'instance', ...group.identity].join(', ');

const quote = (text: string): string => JSON.stringify(text);

/** Matchers of the rows that a rule speaks of. */
const matchersOf = ({ path, rows }: Rule, group: Group): string => {
  const { id } = path;
  if (id !== undefined)
    return group.identity.map((name, index) => `${name}=${quote(id[index] ?? '')}`).join(',');
  return rows?.counted || rows?.shown ? (group.countedMatchers ?? '') : '';
};

const braces = (matchers: readonly string[]): string => {
  const all = matchers.filter((one) => one !== '');
  return all.length === 0 ? '' : `{${all.join(',')}}`;
};

/** The series of a field with a name of node_exporter's; undefined for those it does not have. */
const seriesOf = (group: Group, name: string, matchers: string): string | undefined => {
  const field = fieldOf(group, name);
  if (field?.prometheus === undefined) return undefined;
  const full = fullName(group, name, field);
  // What only sysmon exports is not there where node_exporter is scraped.
  if (full.startsWith('sysmon_')) return undefined;
  const constant = Object.entries(field.prometheus.labels ?? {}).map(
    ([label, value]) => `${label}=${quote(value)}`,
  );
  return `${full}${braces([...constant, matchers])}`;
};

/** The newest value of a field, or its mean over the last `seconds` where it is made of counters. */
export const fieldExpression = (
  group: Group,
  name: string,
  matchers = '',
  seconds = SHORT_RANGE,
): string | undefined => {
  const { promql } = fieldOf(group, name) ?? {};
  if (promql === undefined) return seriesOf(group, name, matchers);
  return promql.replaceAll('{$rows}', braces([matchers])).replaceAll('$range', formatDuration(seconds));
};

const isName = (expression: string): boolean => /^[a-z_:][\w:]*(\{[^}]*\})?$/i.test(expression);

/** A function over the past of an expression, which need not be a series itself. */
const overTime = (name: string, expression: string, seconds: number): string => {
  const range = formatDuration(seconds);
  return isName(expression) ? `${name}(${expression}[${range}])` : `${name}((${expression})[${range}:1m])`;
};

/** Growth per second of several counters together; undefined where node_exporter lacks one. */
const growth = (
  names: readonly string[],
  group: Group,
  matchers: string,
  range: string,
): string | undefined => {
  const rates: string[] = [];
  for (const name of names) {
    // Other sides of an operator are matched by their labels.
    const series = seriesOf(group, name, rates.length === 0 ? matchers : '');
    if (series === undefined) return undefined;
    rates.push(`rate(${series}[${range}])`);
  }
  return rates.length === 1 ? rates[0] : `(${rates.join(' + ')})`;
};

type RatioRule = Rule & { readonly measure: Extract<Rule['measure'], { readonly kind: 'share' | 'each' }> };

const ratio = ({ path, measure }: RatioRule, group: Group, matchers: string): string | undefined => {
  const { kind, of, per, seconds } = measure;
  const own = fieldOf(group, path.field)?.promql;
  if (own?.includes('$range')) return fieldExpression(group, path.field, matchers, seconds);
  const range = formatDuration(seconds);
  const part = growth(of, group, matchers, range);
  const whole = per === 'time' ? '' : growth(per, group, '', range);
  if (part === undefined || whole === undefined) return undefined;
  return `${kind === 'share' ? '100 * ' : ''}${part}${whole === '' ? '' : ` / ${whole}`}`;
};

const PARTS = ['last', 'middle', 'first'];

/** As the judge: at the pace of the slowest third, which is least where all of them fall. */
const emptyIn = (series: string, bare: string, seconds: number): Lines => {
  const third = seconds / 3;
  const paces = PARTS.map((part, index) => {
    const offset = index === 0 ? '' : ` offset ${formatDuration(index * third)}`;
    const fall = `-deriv(${bare}[${formatDuration(third)}]${offset})`;
    return `    ${index === 0 ? '   ' : 'or '}label_replace(${fall}, "third", "${part}", "", "")`;
  });
  return [`${series} / (`, '  min without (third) (', ...paces, '  ) > 0', ')'];
};

/** What is compared with the limits; undefined where node_exporter has nothing like it. */
export const measuredExpression = (rule: Rule, group: Group): Lines | undefined => {
  const { measure, path } = rule;
  const matchers = matchersOf(rule, group);
  const value = fieldExpression(group, path.field, matchers);
  const one = (expression: string | undefined): Lines | undefined =>
    expression === undefined ? undefined : [expression];
  switch (measure.kind) {
    case 'share':
    case 'each':
      return one(ratio(rule as RatioRule, group, matchers));
    case 'lowest':
      return one(value && overTime('min_over_time', value, measure.seconds));
    case 'average':
      return one(value && overTime('avg_over_time', value, measure.seconds));
    case 'throughout': {
      const { start, end, inside } = rule.limits.warning ?? (rule.limits.critical as Range);
      const isUpper = inside ? end === Infinity : start <= 0 && end !== Infinity;
      return one(value && overTime(isUpper ? 'min_over_time' : 'max_over_time', value, measure.seconds));
    }
    case 'increase':
      return one(value && overTime('increase', value, measure.seconds));
    case 'empty in': {
      const bare = fieldExpression(group, path.field);
      return value === undefined || bare === undefined ? undefined : emptyIn(value, bare, measure.seconds);
    }
    case 'changed':
      return one(value && overTime('changes', value, measure.seconds));
    case 'value':
      return one(value);
  }
};

/** Where a range alerts, after an expression: ` > 90`. What alerts on both sides of a range is two alternatives. */
export const comparisons = ({ start, end, inside }: Range): readonly string[] => {
  const low = start !== -Infinity;
  const high = end !== Infinity;
  if (inside) {
    if (start === end) return [`== ${decimal(start)}`];
    return [[...(low ? [`>= ${decimal(start)}`] : []), ...(high ? [`<= ${decimal(end)}`] : [])].join(' ')];
  }
  // "Below 0" comes with any plain limit, and is of no value that there can be.
  return [
    ...(low && !(start === 0 && high) ? [`< ${decimal(start)}`] : []),
    ...(high ? [`> ${decimal(end)}`] : []),
  ];
};

/** Needs so much of the past to be there, as the judge does: else the first minutes would be taken for all of it. */
const enoughPast = ({ measure }: Rule): Lines => {
  // Of these, what there is of the past is all that is asked for.
  if (!('seconds' in measure) || measure.kind === 'increase' || measure.kind === 'changed') return [];
  const missing = Math.max(2 * 60, (1 - ENOUGH) * measure.seconds);
  return [
    `and on (job, instance) present_over_time(` +
      `node_time_seconds[${formatDuration(missing)}] offset ${formatDuration(ENOUGH * measure.seconds)})`,
  ];
};

/**
 * What must hold as well, or must not: lines to stand after the expression. After its comparison too, where there is one: that
 * binds more tightly than "and", and would be with what stands here.
 */
export const conditionsOf = (rule: Rule, group: Group): Lines => {
  const on = rowLabels(group);
  const fine = (rule.fine ?? []).flatMap(({ field, range }) => {
    const value = fieldExpression(group, field);
    return value === undefined
      ? []
      : comparisons(range).map((beyond) => `unless on (${on}) ${value} ${beyond}`);
  });
  const afterBoot =
    rule.afterBoot === undefined
      ? []
      : [`and on (job, instance) time() - node_boot_time_seconds >= ${rule.afterBoot}`];
  return [...enoughPast(rule), ...fine, ...afterBoot];
};
