/** The selectors in an expression. */

import type { Expr, VectorSelector } from '../../promql/ast.js';

const partsOf = (expr: Expr): readonly Expr[] => {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'vectorSelector':
      return [];
    case 'matrixSelector':
      return [expr.selector];
    case 'call':
      return expr.args;
    case 'binary':
      return [expr.lhs, expr.rhs];
    case 'aggregate':
      return expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
    default:
      return [expr.expr];
  }
};

/** The expression and all that is in it, in the order in which it was written. */
export function* walk(expr: Expr): Generator<Expr, void> {
  yield expr;
  for (const part of partsOf(expr)) yield* walk(part);
}

export const selectorsIn = (expr: Expr): readonly VectorSelector[] =>
  [...walk(expr)].filter((one) => one.kind === 'vectorSelector');
