/** Which labels an expression's result can have, where its text alone says so. */

import type { Expr } from '../ast.js';

/** Functions of one vector that leave its labels alone. */
const LEAVES_LABELS = new Set(
  'abs ceil floor round exp ln log2 log10 sqrt sgn clamp clamp_min clamp_max sort sort_desc'.split(' '),
);

/** Undefined where it depends on the data. */
export const labelsLeft = (expr: Expr): ReadonlySet<string> | undefined => {
  switch (expr.kind) {
    case 'paren':
    case 'unary':
      return labelsLeft(expr.expr);
    case 'aggregate': {
      if (expr.without || expr.operator === 'topk' || expr.operator === 'bottomk') return undefined;
      const value = expr.param?.kind === 'string' ? [expr.param.value] : [];
      return new Set([...expr.grouping, ...value]);
    }
    case 'call': {
      const inner = expr.args.find(({ type }) => type === 'vector');
      const left = inner && labelsLeft(inner);
      if (expr.name === 'histogram_quantile' && left !== undefined)
        return new Set([...left].filter((name) => name !== 'le'));
      return LEAVES_LABELS.has(expr.name) ? left : undefined;
    }
    case 'binary':
      return labelsOfBoth(expr);
    default:
      return undefined;
  }
};

const labelsOfBoth = (expr: Extract<Expr, { kind: 'binary' }>): ReadonlySet<string> | undefined => {
  const { lhs, rhs, matching, operator } = expr;
  if (lhs.type === 'scalar') return labelsLeft(rhs);
  if (rhs.type === 'scalar') return labelsLeft(lhs);
  if (operator === 'and' || operator === 'unless') return labelsLeft(lhs);
  if (operator !== 'or' && matching?.card === 'one-to-one') {
    if (matching.on) return new Set(matching.labels);
    const left = labelsLeft(lhs);
    return left && new Set([...left].filter((name) => !matching.labels.includes(name)));
  }
  return undefined;
};
