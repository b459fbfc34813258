/** What operators do with two numbers. */

import type { ArithmeticOperator, BinaryOperator, ComparisonOperator } from '../ast.js';

/** As Go has it, and IEEE 754's pow: 1 to the power of anything is 1, and so is −1 to the power of an infinity. */
const power = (base: number, exponent: number): number => {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
};

const ARITHMETIC: Readonly<Record<ArithmeticOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': power,
  atan2: Math.atan2,
};

const COMPARISON: Readonly<Record<ComparisonOperator, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

export const isComparison = (operator: BinaryOperator): operator is ComparisonOperator =>
  operator in COMPARISON;

/**
 * The result for two operands, or undefined where a comparison filters them out. A comparison between vectors gives the left
 * one; `bool` makes it 1 or 0.
 */
export const operation = (
  operator: BinaryOperator,
  bool: boolean,
): ((a: number, b: number) => number | undefined) => {
  if (!isComparison(operator)) return ARITHMETIC[operator as ArithmeticOperator];
  const holds = COMPARISON[operator];
  return bool ? (a, b) => (holds(a, b) ? 1 : 0) : (a, b) => (holds(a, b) ? a : undefined);
};
