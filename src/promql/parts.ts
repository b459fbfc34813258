/** What is in an expression. */

import type { Expr, VectorSelector } from './ast.js';

/** What an expression is made of, one level down. */
export const partsOf = (expr: Expr): readonly Expr[] => {
  switch (expr.kind) {
    case 'matrixSelector':
      return [expr.selector];
    case 'subquery':
    case 'unary':
    case 'paren':
      return [expr.expr];
    case 'call':
      return expr.args;
    case 'aggregate':
      return expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
    case 'binary':
      return [expr.lhs, expr.rhs];
    default:
      return [];
  }
};

/** The expression and everything in it, from the outside in. */
export const allParts = (expr: Expr): readonly Expr[] => {
  const found: Expr[] = [];
  const open: Expr[] = [expr];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    found.push(one);
    open.push(...[...partsOf(one)].reverse());
  }
  return found;
};

export const selectorsIn = (expr: Expr): readonly VectorSelector[] =>
  allParts(expr).filter((part) => part.kind === 'vectorSelector');
