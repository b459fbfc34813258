/** What has the same value at all steps is evaluated at one of them, and spread over the others. */

import type { Expr } from '../ast.js';
import type { Value } from '../value.js';
import { checkSize } from './steps.js';

/** Functions that look at the time of the step itself, whatever their arguments are. */
const OF_THE_STEP: ReadonlySet<string> = new Set([
  'time',
  'timestamp',
  'predict_linear',
  'year',
  'month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
]);

/** Whether an expression and each of its parts is the same at all steps. */
export const findInvariants = (root: Expr): ReadonlySet<Expr> => {
  const found = new Set<Expr>();
  const all = (parts: readonly Expr[]): boolean => {
    // All of them are to be looked at, also after one that is not.
    const each = parts.map(look);
    return each.every(Boolean);
  };
  const judge = (expr: Expr): boolean => {
    switch (expr.kind) {
      case 'number':
      case 'string':
        return true;
      case 'vectorSelector':
        return expr.at !== undefined;
      case 'matrixSelector':
        return expr.selector.at !== undefined;
      case 'subquery':
        look(expr.expr);
        return expr.at !== undefined;
      case 'call':
        return all(expr.args) && !OF_THE_STEP.has(expr.name);
      case 'aggregate':
        return all(expr.param === undefined ? [expr.expr] : [expr.expr, expr.param]);
      case 'binary':
        return all([expr.lhs, expr.rhs]);
      case 'unary':
      case 'paren':
        return look(expr.expr);
    }
  };
  const look = (expr: Expr): boolean => {
    const same = judge(expr);
    if (same) found.add(expr);
    return same;
  };
  look(root);
  return found;
};

const widened = <T extends Float64Array | Uint8Array | Uint32Array>(column: T, count: number): T => {
  const wide = new (column.constructor as new (length: number) => T)(count);
  wide.fill(column[0] as number);
  return wide;
};

/** A value of one step at `count` steps. */
export const spread = (value: Value, count: number): Value => {
  switch (value.type) {
    case 'string':
      return value;
    case 'scalar':
      return { type: 'scalar', values: widened(value.values, count) };
    case 'vector':
      checkSize(value.lines.length * count);
      return {
        type: 'vector',
        lines: value.lines.map((line) => ({
          ...line,
          values: widened(line.values, count),
          has: widened(line.has, count),
        })),
      };
    case 'matrix':
      checkSize(value.ranges.length * count);
      return {
        type: 'matrix',
        ranges: value.ranges.map((range) => ({
          ...range,
          from: widened(range.from, count),
          to: widened(range.to, count),
        })),
        starts: widened(value.starts, count),
        ends: widened(value.ends, count),
      };
  }
};
