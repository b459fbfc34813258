/** The unit of an expression's values, as far as it can be told: what is not sure has none. */

import type { Unit } from '../../core/group.js';
import { unitOfName } from '../../core/quantity.js';
import type { Aggregate, Binary, Call, Expr } from '../../promql/ast.js';

/** The unit of a metric that is known; undefined for others. */
export type UnitOfMetric = (name: string) => Unit | undefined;

const UNITS = new Set<string>([
  'percent',
  'bytes',
  'bytes_per_second',
  'per_second',
  'seconds',
  'unix_seconds',
  'celsius',
  'hertz',
  'ratio',
  'boolean',
  'count',
] satisfies Unit[]);

export const isUnit = (text: string | undefined): text is Unit => text !== undefined && UNITS.has(text);

/** Names say their unit before what kind of metric they are (prometheus.io/docs/practices/naming). */
const unitByName = (name: string): Unit | undefined => {
  if (/_(?:count|bucket)$/.test(name)) return 'count';
  const base = name.replace(/_(?:total|sum|max|min)$/, '');
  if (/_(?:timestamp|time)_seconds$/.test(base)) return 'unix_seconds';
  const told = unitOfName(base) ?? /_(ratio|hertz|per_second)$/.exec(base)?.[1];
  if (isUnit(told)) return told;
  return name.endsWith('_total') ? 'count' : undefined;
};

/** What a difference over time has: of moments, a time. */
const difference = (unit: Unit | undefined): Unit | undefined => (unit === 'unix_seconds' ? 'seconds' : unit);

const perSecond = (unit: Unit | undefined): Unit | undefined => {
  switch (unit) {
    case 'bytes':
      return 'bytes_per_second';
    case 'seconds':
    case 'unix_seconds':
      return 'ratio';
    case 'count':
      return 'per_second';
    default:
      return undefined;
  }
};

const COUNTS = new Set(['count_over_time', 'changes', 'resets']);
const RATES = new Set(['rate', 'irate', 'deriv']);
const DIFFERENCES = new Set(['increase', 'delta', 'idelta']);
/** Of their first argument; those that end in `_over_time` have it as their last. */
const SAME = new Set(
  ['abs', 'ceil', 'floor', 'round', 'clamp', 'clamp_max', 'clamp_min', 'sort', 'sort_desc'].concat([
    'sort_by_label',
    'sort_by_label_desc',
    'label_replace',
    'label_join',
    'vector',
    'scalar',
    'predict_linear',
  ]),
);
const NONE = new Set(['absent_over_time', 'present_over_time', 'stdvar_over_time']);

const first = (expr: Expr): string | undefined => {
  switch (expr.kind) {
    case 'vectorSelector':
      return expr.name;
    case 'matrixSelector':
      return expr.selector.name;
    case 'call':
      return expr.args.map(first).find((name) => name !== undefined);
    case 'binary':
      return first(expr.lhs) ?? first(expr.rhs);
    case 'number':
    case 'string':
      return undefined;
    default:
      return first(expr.expr);
  }
};

const ofCall = ({ name, args }: Call, known: UnitOfMetric): Unit | undefined => {
  const unit = (at: number): Unit | undefined => {
    const arg = args.at(at);
    return arg === undefined ? undefined : unitOf(arg, known);
  };
  if (name === 'time' || name === 'timestamp') return 'unix_seconds';
  if (COUNTS.has(name)) return 'count';
  if (RATES.has(name)) return perSecond(unit(0));
  if (DIFFERENCES.has(name)) return difference(unit(0));
  if (name === 'histogram_quantile') {
    // Buckets count, and what they count is in their name.
    const base = first(args[1] as Expr)?.replace(/_bucket$/, '');
    return base === undefined ? undefined : (known(base) ?? unitByName(base));
  }
  if (SAME.has(name)) return unit(0);
  return name.endsWith('_over_time') && !NONE.has(name) ? unit(-1) : undefined;
};

const ofAggregate = ({ operator, expr }: Aggregate, known: UnitOfMetric): Unit | undefined => {
  switch (operator) {
    case 'count':
    case 'count_values':
      return 'count';
    case 'group':
    case 'stdvar':
      return undefined;
    case 'stddev':
      return difference(unitOf(expr, known));
    case 'sum':
      return unitOf(expr, known) === 'boolean' ? 'count' : unitOf(expr, known);
    default:
      return unitOf(expr, known);
  }
};

const bare = (expr: Expr): Expr => (expr.kind === 'paren' ? bare(expr.expr) : expr);

const numberIn = (expr: Expr): number | undefined => {
  const inner = bare(expr);
  return inner.kind === 'number' ? inner.value : undefined;
};

const ofBinary = ({ operator, lhs, rhs, bool }: Binary, known: UnitOfMetric): Unit | undefined => {
  const [left, right] = [unitOf(lhs, known), unitOf(rhs, known)];
  switch (operator) {
    case '+':
    case '-':
      if (numberIn(lhs) !== undefined) return right;
      if (numberIn(rhs) !== undefined) return left;
      if (left === 'unix_seconds')
        return right === 'unix_seconds' && operator === '-'
          ? 'seconds'
          : right === 'seconds'
            ? left
            : undefined;
      return left === right ? left : undefined;
    case '*':
      // A share of the whole in percent.
      return (left === 'ratio' && numberIn(rhs) === 100) || (right === 'ratio' && numberIn(lhs) === 100)
        ? 'percent'
        : undefined;
    case '/':
      return left !== undefined && left === right ? 'ratio' : undefined;
    case '%':
    case '^':
    case 'atan2':
      return undefined;
    case 'or':
      return left === right ? left : undefined;
    case 'and':
    case 'unless':
      return left;
    default:
      // A comparison lets values through, those of the vector.
      return bool ? 'boolean' : numberIn(lhs) === undefined ? left : right;
  }
};

export const unitOf = (expr: Expr, known: UnitOfMetric): Unit | undefined => {
  switch (expr.kind) {
    case 'number':
      return expr.duration ? 'seconds' : undefined;
    case 'string':
      return undefined;
    case 'vectorSelector':
      return known(expr.name) ?? unitByName(expr.name);
    case 'matrixSelector':
      return unitOf(expr.selector, known);
    case 'subquery':
    case 'unary':
    case 'paren':
      return unitOf(expr.expr, known);
    case 'call':
      return ofCall(expr, known);
    case 'aggregate':
      return ofAggregate(expr, known);
    case 'binary':
      return ofBinary(expr, known);
  }
};
