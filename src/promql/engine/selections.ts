/** What an evaluation will ask of its series, told beforehand. */

import type { Expr, VectorSelector } from '../ast.js';
import type { Selection } from '../series.js';
import { type Bounds, LOOKBACK, lookFrom, multipleAfter, SUBQUERY_STEP } from './steps.js';
import type { SelectionsOf } from './types.js';

/** The first and the last moment at which a part is evaluated. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export const selectionsOf: SelectionsOf = (root, moments, options = {}) => {
  const lookback = options.lookback ?? LOOKBACK;
  const subqueryStep = options.subqueryStep ?? SUBQUERY_STEP;
  const bounds: Bounds = moments;
  const found: Selection[] = [];

  const select = (node: VectorSelector, { from, to }: Span, range: number): void => {
    const since = lookFrom(node, from, bounds) - range + 1;
    const until = lookFrom(node, to, bounds);
    if (since <= until) found.push({ matchers: node.matchers, since, until });
  };

  const walk = (expr: Expr, span: Span): void => {
    switch (expr.kind) {
      case 'number':
      case 'string':
        break;
      case 'vectorSelector':
        select(expr, span, lookback);
        break;
      case 'matrixSelector':
        select(expr.selector, span, expr.range);
        break;
      case 'subquery': {
        const step = expr.step ?? subqueryStep;
        const from = multipleAfter(lookFrom(expr, span.from, bounds) - expr.range, step);
        const to = Math.floor(lookFrom(expr, span.to, bounds) / step) * step;
        if (from <= to) walk(expr.expr, { from, to });
        break;
      }
      case 'call':
        for (const arg of expr.args) walk(arg, span);
        break;
      case 'aggregate':
        if (expr.param !== undefined) walk(expr.param, span);
        walk(expr.expr, span);
        break;
      case 'binary':
        walk(expr.lhs, span);
        walk(expr.rhs, span);
        break;
      case 'unary':
      case 'paren':
        walk(expr.expr, span);
        break;
    }
  };

  walk(root, { from: moments.start, to: moments.end });
  return found;
};
