/** Whether a line is what an expression asks for. */

import type { LogLine, Value } from '../line.js';
import { amountOf } from './amounts.js';
import type { AmountTest, Expression, Order, Test } from './expression.js';
import { levelsOf, valuesOf } from './look-up.js';

const ORDERS: Readonly<Record<Order, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

const testAmount = ({ name, order, unit, amount }: AmountTest, value: Value): boolean => {
  const found = amountOf(value, unit, name.steps.at(-1) as string);
  return found !== undefined && !Number.isNaN(found) && ORDERS[order](found, amount);
};

/** A value as the text it is compared as. Objects, lists and null are as good as absent: Loki makes no label of them. */
const textOf = (value: Value): string | undefined => (typeof value === 'object' ? undefined : String(value));

/** Whether one value is what the test asks for, its negation left aside. */
const isLike = (test: Exclude<Test, AmountTest>, text: string): boolean =>
  test.kind === 'text' ? text === test.text : test.pattern.test(text);

/**
 * Whether the values of a field are what a test asks for: any of them, where there are more. Absent is the empty text, as a missing
 * label is to Loki; what is no number, duration or size passes no comparison with one, not even `!=`.
 */
export const testValues = (test: Test, values: readonly Value[]): boolean => {
  if (test.kind === 'amount') return values.some((value) => testAmount(test, value));
  const texts: string[] = [];
  for (const value of values) {
    const text = textOf(value);
    if (text !== undefined) texts.push(text);
  }
  if (texts.length === 0) texts.push('');
  return texts.some((text) => isLike(test, text) !== test.negative);
};

/** A level is another one only if it is so by both of its names: `level != "warn"` is not true of pino's 40. */
const testLevel = (test: Test, levels: readonly Value[]): boolean =>
  test.kind !== 'amount' && test.negative
    ? levels.every((level) => testValues(test, [level]))
    : testValues(test, levels);

export const evaluate = (expression: Expression, line: LogLine): boolean => {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => evaluate(part, line));
    case 'or':
      return expression.parts.some((part) => evaluate(part, line));
    default: {
      const levels = levelsOf(line, expression.name);
      return levels === undefined
        ? testValues(expression, valuesOf(line, expression.name))
        : testLevel(expression, levels);
    }
  }
};
