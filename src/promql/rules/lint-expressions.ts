/** Slips in expressions: each look at one rule's expression is an entry of a table. */

import type { Call, Expr, MatrixSelector, VectorSelector } from '../ast.js';
import { formatDuration } from '../durations.js';
import { allParts, selectorsIn } from '../parts.js';
import type { LintOptions } from './lint.js';
import type { Rule } from './rule.js';

interface Slip {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

type Lint = (rule: Rule, options: LintOptions) => readonly Slip[];

const RATES = new Set(['rate', 'irate', 'increase']);
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const COUNTER = /(?:_total|_sum|_count|_bucket)$/;
/** node_exporter's copies of kernel counters, which keep the kernel's names. */
const KERNEL = /^node_(?:vmstat_(?!nr_)|netstat_(?!Tcp_CurrEstab$))/;

const callsOf = (expr: Expr, names: ReadonlySet<string>): readonly Call[] =>
  allParts(expr).filter((part) => part.kind === 'call' && names.has(part.name)) as Call[];

const written = (rule: Rule, { start, end }: Expr): string => rule.query.slice(start, end);

/** The selector without its name: `{job="api"}`. */
const bracesOf = (rule: Rule, selector: VectorSelector): string =>
  /\{.*\}/s.exec(written(rule, selector))?.[0] ?? '';

const isRecorded = (name: string): boolean => name === '' || name.includes(':');

const unwrapped = (expr: Expr): Expr => (expr.kind === 'paren' ? unwrapped(expr.expr) : expr);

const quantiles: Lint = (rule) =>
  callsOf(rule.expr, new Set(['histogram_quantile'])).flatMap((call): readonly Slip[] => {
    const [phi, inner] = call.args as [Expr, Expr];
    const selectors = selectorsIn(inner).filter(({ name }) => !isRecorded(name));
    const [selector] = selectors;
    if (selector === undefined) return [];
    const hasRate = callsOf(inner, RATES).length > 0;
    const hasBuckets = selectors.some(({ name }) => name.endsWith('_bucket'));
    if (hasRate && hasBuckets) return [];
    const base = selector.name.replace(/_(?:bucket|sum|count)$/, '');
    const right = `histogram_quantile(${written(rule, phi)}, sum by (le) (rate(${base}_bucket${bracesOf(rule, selector)}[5m])))`;
    const lacks = [
      ...(hasRate ? [] : ['a rate, since buckets count from the start of the program']),
      ...(hasBuckets
        ? []
        : [`the buckets, which are in ${base}_bucket (unless ${selector.name} is a native histogram)`]),
    ];
    return [
      {
        code: hasBuckets ? 'quantile-without-rate' : 'quantile-without-buckets',
        message: `${written(rule, call)} lacks ${lacks.join(', and ')}`,
        hint: `Write ${right}`,
      },
    ];
  });

const rates: Lint = (rule, { scrapeInterval }) =>
  callsOf(rule.expr, RATES).flatMap((call): readonly Slip[] => {
    const [arg] = call.args;
    if (arg?.kind !== 'matrixSelector') return [];
    const { selector, range }: MatrixSelector = arg;
    const slips: Slip[] = [];
    if (![COUNTER, KERNEL].some((one) => one.test(selector.name)) && !isRecorded(selector.name))
      slips.push({
        code: 'rate-of-gauge',
        message: `${call.name}() is for counters, and ${selector.name} is not named like one (_total, _sum, _count, _bucket)`,
        hint: `For a gauge write ${call.name === 'increase' ? 'delta' : 'deriv'}(${written(rule, arg)})`,
      });
    if (scrapeInterval !== undefined && range < 2 * scrapeInterval)
      slips.push({
        code: 'short-window',
        message: `${written(rule, arg)} mostly holds less than two samples, which are ${formatDuration(scrapeInterval)} apart`,
        hint: `Make it [${formatDuration(4 * scrapeInterval)}] or more`,
      });
    return slips;
  });

const rawCounters: Lint = (rule) => {
  if (rule.kind === 'record') return [];
  return allParts(rule.expr).flatMap((part): readonly Slip[] => {
    if (part.kind !== 'binary' || !COMPARISONS.has(part.operator) || part.rhs.type !== 'scalar') return [];
    const counter = unwrapped(part.lhs);
    if (counter.kind !== 'vectorSelector' || !counter.name.endsWith('_total') || part.operator === '==')
      return [];
    const text = written(rule, counter);
    return [
      {
        code: 'counter-without-rate',
        message: `${text} only ever grows: once over a limit, it stays there until the program starts anew`,
        hint: `Write rate(${text}[5m]), or increase(${text}[5m])`,
      },
    ];
  });
};

const conditions: Lint = (rule) => {
  const { type } = rule.expr;
  if (type === 'matrix' || type === 'string')
    return [
      {
        code: 'not-a-vector',
        message: `the expression is a ${type === 'matrix' ? 'range vector' : 'string'}: each evaluation fails`,
        hint:
          type === 'matrix'
            ? `A function such as avg_over_time(${rule.query.trim()}) makes a value of it`
            : '',
      },
    ];
  if (rule.kind === 'record') return [];
  const top = unwrapped(rule.expr);
  if (top.kind === 'binary' && top.bool)
    return [
      {
        code: 'bool-comparison',
        message: 'a comparison with bool gives 0 or 1, and an alert fires on both',
        hint: 'Leave bool out: then only what holds is left over',
      },
    ];
  // Always firing is what it is for: it tells that alerts get through.
  const isHeartbeat = top.kind === 'call' && top.name === 'vector';
  return isHeartbeat || canBeEmpty(top)
    ? []
    : [
        {
          code: 'no-comparison',
          message: `${type === 'scalar' ? 'fires always' : 'fires for every series there is, whatever its value'}: there is no comparison`,
          hint: `Write ${rule.query.trim()} > LIMIT`,
        },
      ];
};

/** Whether something in it takes series away. */
const canBeEmpty = (expr: Expr): boolean =>
  allParts(expr).some(
    (part) =>
      (part.kind === 'binary' && (part.operator === 'unless' || part.operator === 'and')) ||
      (part.kind === 'binary' && COMPARISONS.has(part.operator) && !part.bool && part.type === 'vector') ||
      (part.kind === 'call' && part.name.startsWith('absent')) ||
      (part.kind === 'vectorSelector' && (isRecorded(part.name) || part.name === 'ALERTS')),
  );

export const EXPRESSION_LINTS: readonly Lint[] = [quantiles, rates, rawCounters, conditions];
