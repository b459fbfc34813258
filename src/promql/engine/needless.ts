/** What need not be evaluated, since nothing can come of it: the right side of an `and` that has nothing on its left. */

import type { Binary, Expr } from '../ast.js';
import type { Value } from '../value.js';
import { isComparison } from './operators.js';

/** Functions of windows that neither fail nor have anything to note. */
const SILENT: ReadonlySet<string> = new Set([
  'predict_linear',
  'deriv',
  ...['avg', 'min', 'max', 'sum', 'count', 'last', 'present'].map((what) => `${what}_over_time`),
]);

/** Whether leaving it out makes no difference but for its values: what it would say in errors and annotations is nothing. */
const isSilent = (expr: Expr): boolean => {
  switch (expr.kind) {
    case 'number':
    case 'vectorSelector':
      return true;
    // Of several metrics the names would go, and what is left of two could be the same.
    case 'matrixSelector':
      return expr.selector.name !== '';
    case 'paren':
      return isSilent(expr.expr);
    case 'call':
      return SILENT.has(expr.name) && expr.args.every(isSilent);
    case 'binary': {
      const { lhs, rhs, operator, bool } = expr;
      const scalars = [lhs, rhs].filter(({ type }) => type === 'scalar').length;
      const filters = isComparison(operator) && !bool && scalars === 1;
      return (filters || scalars === 2) && isSilent(lhs) && isSilent(rhs);
    }
    default:
      return false;
  }
};

/** Whether the left side of an operator is already the result. */
export const isDecided = ({ operator, rhs }: Binary, lhs: Value): boolean =>
  (operator === 'and' || operator === 'unless') &&
  lhs.type === 'vector' &&
  lhs.lines.length === 0 &&
  isSilent(rhs);
