/** Checks that every part of a tree is given what it can take: Prometheus's checkAST, in its order. Gives the tree with what is known then. */

import {
  type Binary,
  type Call,
  type Expr,
  ParseError,
  type Span,
  type ValueType,
  type VectorSelector,
} from '../ast.js';
import { signatures } from '../functions/signatures.js';
import type { Signature } from '../functions.js';
import { METRIC_NAME } from '../labels.js';
import { quote } from '../strings.js';

/** As errors call them. */
export const typeName = (type: ValueType): string =>
  type === 'vector' ? 'instant vector' : type === 'matrix' ? 'range vector' : type;

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const SETS = new Set(['and', 'or', 'unless']);
const isOperand = (type: ValueType): boolean => type === 'scalar' || type === 'vector';

export const check = (text: string, root: Expr): Expr => {
  const fail = (span: Span, reason: string): never => {
    throw new ParseError(text, span, reason);
  };

  const expect = (expr: Expr, wanted: ValueType, context: string): Expr => {
    const checked = visit(expr);
    if (expr.type !== wanted)
      fail(expr, `expected type ${typeName(wanted)} in ${context}, got ${typeName(expr.type)}`);
    return checked;
  };

  const checkSelector = (selector: VectorSelector): void => {
    const { name, matchers } = selector;
    const twice = (one: string, other: string): never =>
      fail(selector, `metric name must not be set twice: ${quote(one)} or ${quote(other)}`);
    if (name !== '') {
      const other = matchers.slice(0, -1).find((one) => one.name === METRIC_NAME);
      if (other !== undefined) twice(name, other.value);
      return;
    }
    const names = matchers.filter((one) => one.name === METRIC_NAME && one.operator === '=');
    if (names.length > 1) twice(names[0]?.value as string, names[1]?.value as string);
    if (matchers.every(({ matches }) => matches('')))
      fail(selector, 'vector selector must contain at least one non-empty matcher');
  };

  const checkArguments = ({ name, args, ...span }: Call, signature: Signature): void => {
    const { length } = signature.args;
    const given = `${quote(name)}, got ${args.length}`;
    if (signature.variadic === 0) {
      if (args.length !== length) fail(span, `expected ${length} argument(s) in call to ${given}`);
      return;
    }
    const least = length - 1;
    const most = signature.variadic < 0 ? Number.POSITIVE_INFINITY : least + signature.variadic;
    if (args.length < least) fail(span, `expected at least ${least} argument(s) in call to ${given}`);
    if (args.length > most) fail(span, `expected at most ${most} argument(s) in call to ${given}`);
  };

  const checkBinary = (expr: Binary): Binary => {
    const { operator, bool } = expr;
    const matching = expr.matching as NonNullable<Binary['matching']>;
    const lhs = visit(expr.lhs);
    const rhs = visit(expr.rhs);
    const [left, right] = [lhs.type, rhs.type];
    const isSet = SETS.has(operator);
    const isComparison = COMPARISONS.has(operator);
    /** Where the operator is, more or less: a comment before it counts as it in Prometheus as well. */
    const here = (): Span => {
      const between = text.slice(lhs.end, rhs.start);
      const start = lhs.end + (between.length - between.trimStart().length);
      return { start, end: start + operator.length };
    };
    if (bool && !isComparison) fail(here(), 'bool modifier can only be used on comparison operators');
    if (isComparison && !bool && left === 'scalar' && right === 'scalar')
      fail(here(), 'comparisons between scalars must use BOOL modifier');
    const both = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
    if (both !== undefined)
      fail(here(), `label ${quote(both)} must not occur in ON and GROUP clause at once`);
    for (const side of [lhs, rhs])
      if (!isOperand(side.type))
        fail(side, 'binary expression must contain only scalar and instant vector types');
    if (left !== 'vector' || right !== 'vector') {
      if (matching.labels.length > 0) fail(expr, 'vector matching only allowed between instant vectors');
      if (isSet) fail(expr, `set operator ${quote(operator)} not allowed in binary scalar expression`);
      const { matching: _, ...rest } = expr;
      return { ...rest, lhs, rhs };
    }
    if (isSet && matching.card !== 'one-to-one')
      fail(expr, `no grouping allowed for ${quote(operator)} operation`);
    return { ...expr, lhs, rhs, matching: isSet ? { ...matching, card: 'many-to-many' } : matching };
  };

  const visit = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'aggregate': {
        const inner = expect(expr.expr, 'vector', 'aggregation expression');
        if (expr.param === undefined) return { ...expr, expr: inner };
        const wanted = expr.operator === 'count_values' ? 'string' : 'scalar';
        return { ...expr, expr: inner, param: expect(expr.param, wanted, 'aggregation parameter') };
      }
      case 'binary':
        return checkBinary(expr);
      case 'call': {
        const signature = signatures().get(expr.name) as Signature;
        checkArguments(expr, signature);
        const { args: types } = signature;
        const args = expr.args.map((arg, index) =>
          expect(
            arg,
            types[Math.min(index, types.length - 1)] as ValueType,
            `call to function ${quote(expr.name)}`,
          ),
        );
        return { ...expr, args };
      }
      case 'paren':
        return { ...expr, expr: visit(expr.expr) };
      case 'unary': {
        const inner = visit(expr.expr);
        if (!isOperand(inner.type))
          fail(
            expr,
            `unary expression only allowed on expressions of type scalar or instant vector, got ${quote(typeName(inner.type))}`,
          );
        return { ...expr, expr: inner };
      }
      case 'subquery': {
        const inner = visit(expr.expr);
        if (inner.type !== 'vector')
          fail(expr, `subquery is only allowed on instant vector, got ${inner.type} instead`);
        return { ...expr, expr: inner };
      }
      case 'matrixSelector':
        checkSelector(expr.selector);
        return expr;
      case 'vectorSelector':
        checkSelector(expr);
        return expr;
      default:
        return expr;
    }
  };

  return visit(root);
};
