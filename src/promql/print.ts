/** An expression as text: Prometheus's own canonical form. It reads back as the same expression. */

import { goFloat } from '../core/go-float.js';
import type { Aggregate, Binary, Expr, NumberLiteral, VectorSelector, When } from './ast.js';
import { formatDuration } from './durations.js';
import { METRIC_NAME } from './labels.js';
import type { Matcher } from './matcher.js';
import { compareTexts, isPlainLabel, quote } from './strings.js';

const printLabel = (name: string): string => (isPlainLabel(name) ? name : quote(name));

const printLabels = (names: readonly string[]): string => `(${names.map(printLabel).join(', ')})`;

const printMatcher = ({ name, operator, value }: Matcher): string =>
  `${printLabel(name)}${operator}${quote(value)}`;

const printWhen = ({ at, offset }: When): string => {
  const moment = typeof at === 'number' ? (at / 1000).toFixed(3) : `${at}()`;
  return (at === undefined ? '' : ` @ ${moment}`) + (offset === 0 ? '' : ` offset ${formatDuration(offset)}`);
};

const printNumber = ({ value, duration }: NumberLiteral): string =>
  duration ? formatDuration(Math.round(value * 1000)) : goFloat(value, 'f');

/** Without its time, which stands behind a range. */
const printSelector = ({ name, matchers }: VectorSelector): string => {
  const shown = matchers
    .filter((one) => name === '' || one.name !== METRIC_NAME || one.operator !== '=' || one.value !== name)
    .map(printMatcher)
    .sort(compareTexts);
  // Nothing at all would be no selector; Prometheus refuses to read such a one.
  return shown.length === 0 ? name || '{}' : `${name}{${shown.join(',')}}`;
};

const printAggregate = ({ operator, without, grouping, param, expr }: Aggregate): string => {
  const by = without ? 'without' : 'by';
  const groups = without || grouping.length > 0 ? ` ${by} ${printLabels(grouping)} ` : '';
  return `${operator}${groups}(${param === undefined ? '' : `${print(param)}, `}${print(expr)})`;
};

const printBinary = ({ lhs, rhs, operator, bool, matching }: Binary): string => {
  let how = bool ? ' bool' : '';
  if (matching !== undefined) {
    const { card, on, labels, include } = matching;
    const isGrouped = card === 'many-to-one' || card === 'one-to-many';
    if (on || labels.length > 0 || isGrouped) how += ` ${on ? 'on' : 'ignoring'} ${printLabels(labels)}`;
    if (isGrouped) how += ` group_${card === 'many-to-one' ? 'left' : 'right'} ${printLabels(include)}`;
  }
  // Its sign would be that of the whole power. Prometheus's own text has this fault.
  const isBase = operator === '^' && lhs.kind === 'number' && lhs.value === Number.POSITIVE_INFINITY;
  return `${isBase ? 'Inf' : print(lhs)} ${operator}${how} ${print(rhs)}`;
};

export const print = (expr: Expr): string => {
  switch (expr.kind) {
    case 'number':
      return printNumber(expr);
    case 'string':
      return quote(expr.value);
    case 'vectorSelector':
      return printSelector(expr) + printWhen(expr);
    case 'matrixSelector':
      return `${printSelector(expr.selector)}[${formatDuration(expr.range)}]${printWhen(expr.selector)}`;
    case 'subquery': {
      const step = expr.step === undefined ? '' : formatDuration(expr.step);
      return `${print(expr.expr)}[${formatDuration(expr.range)}:${step}]${printWhen(expr)}`;
    }
    case 'call':
      return `${expr.name}(${expr.args.map(print).join(', ')})`;
    case 'aggregate':
      return printAggregate(expr);
    case 'binary':
      return printBinary(expr);
    case 'unary':
      return `${expr.operator}${print(expr.expr)}`;
    case 'paren':
      return `(${print(expr.expr)})`;
  }
};
