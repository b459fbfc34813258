/** The same query nailed to a moment with `@`, as Prometheus's own runner tries: at whatever time it is evaluated then, it says the same. */

import type { Expr } from '../../src/promql/ast.js';

/** Functions whose value depends on the moment of evaluation in spite of `@`, or that `@` changes. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set([
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
]);

/** Undefined where it cannot be nailed. */
export const nailed = (expr: Expr, at: number): Expr | undefined => {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'vectorSelector':
      return expr.at === undefined ? { ...expr, at } : expr;
    case 'matrixSelector': {
      const { selector } = expr;
      return { ...expr, selector: selector.at === undefined ? { ...selector, at } : selector };
    }
    case 'subquery':
      // What is inside moves with the subquery.
      return expr.at === undefined ? { ...expr, at } : expr;
    case 'call': {
      if (OF_THE_MOMENT.has(expr.name)) return undefined;
      const args = expr.args.map((arg) => nailed(arg, at));
      return args.includes(undefined) ? undefined : { ...expr, args: args as Expr[] };
    }
    case 'aggregate': {
      const inner = nailed(expr.expr, at);
      const param = expr.param && nailed(expr.param, at);
      if (inner === undefined || (expr.param !== undefined && param === undefined)) return undefined;
      return { ...expr, expr: inner, ...(param === undefined ? {} : { param }) };
    }
    case 'binary': {
      const [lhs, rhs] = [nailed(expr.lhs, at), nailed(expr.rhs, at)];
      return lhs === undefined || rhs === undefined ? undefined : { ...expr, lhs, rhs };
    }
    case 'unary':
    case 'paren': {
      const inner = nailed(expr.expr, at);
      return inner === undefined ? undefined : { ...expr, expr: inner };
    }
  }
};
