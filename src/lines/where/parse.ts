/**
 * LogQL's label filter expressions: https://grafana.com/docs/loki/latest/query/log_queries/#label-filter-expression
 *
 *     all     = or { "|" or }
 *     or      = and { "or" and }
 *     and     = operand { [ "and" | "," ] operand }
 *     operand = "(" or ")" | name operator value
 *
 * A comma and a space are `and`, which binds tighter than `or`, as in Grafana's own grammar of LogQL; a pipe, which begins another stage there,
 * binds least.
 */

import type { AmountTest, Expression, Order, Test } from './expression.js';
import { readToken, type Token } from './lex.js';
import { type Name, WhereError } from './name.js';
import { compileAnchored } from './re2.js';

/** So deep that nobody writes it, and no stack ends. */
const DEEPEST = 200;

const shown = (text: string, token: Token): string =>
  token.kind === 'end' ? 'the end' : `"${text.slice(token.at, token.end)}"`;

const TEXT_OPERATORS = new Set(['=', '==', '!=', '=~', '!~']);

const testOf = (text: string, name: Name, operator: string, operatorAt: number, value: Token): Test => {
  const isPattern = operator === '=~' || operator === '!~';
  const negative = operator.startsWith('!');
  if (value.kind === 'text') {
    if (!TEXT_OPERATORS.has(operator))
      throw new WhereError(
        `"${operator}" does not compare texts`,
        operatorAt,
        'numbers, durations and sizes stand without quotes',
      );
    if (!isPattern) return { kind: 'text', name, negative, text: value.text };
    try {
      return { kind: 'pattern', name, negative, pattern: compileAnchored(value.text) };
    } catch (error) {
      if (error instanceof WhereError) throw new WhereError(error.message, value.at, error.hint);
      throw error;
    }
  }
  if (value.kind === 'amount') {
    if (isPattern) throw new WhereError(`"${operator}" needs a pattern in quotes`, value.at);
    const order = (operator === '==' ? '=' : operator) as Order;
    const test: AmountTest = { kind: 'amount', name, order, unit: value.unit, amount: value.amount };
    return test;
  }
  if (value.kind === 'name') {
    const word = /^[^\s,()"`]*/.exec(text.slice(value.at))?.[0] as string;
    if (word === 'ip' && /^\s*\(/.test(text.slice(value.end)))
      throw new WhereError('ip() is not known here', value.at, 'compare addresses with =~');
    throw new WhereError(
      `expected a value after "${operator}", not ${word}`,
      value.at,
      `a text stands in quotes: ${name.text} ${operator} "${word}"`,
    );
  }
  throw new WhereError(`expected a value after "${operator}", not ${shown(text, value)}`, value.at);
};

const joined = (kind: 'and' | 'or', parts: readonly Expression[]): Expression =>
  parts.length === 1 ? (parts[0] as Expression) : { kind, parts };

/** Throws WhereError. */
export const parseExpression = (text: string): Expression => {
  let token: Token = readToken(text, 0, 'name');
  const next = (wanted: 'name' | 'value'): Token => {
    token = readToken(text, token.end, wanted);
    return token;
  };
  const isSign = (sign: string): boolean => token.kind === 'sign' && token.sign === sign;

  const operand = (deep: number): Expression => {
    if (isSign('(')) {
      const { at } = token;
      if (deep >= DEEPEST) throw new WhereError('too many parentheses', at);
      next('name');
      const inner = either(deep + 1);
      if (!isSign(')'))
        throw new WhereError(
          `expected ")" for the one at column ${at + 1}, not ${shown(text, token)}`,
          token.at,
        );
      next('name');
      return inner;
    }
    if (token.kind !== 'name') {
      const hint = token.kind === 'amount' ? 'the field stands first: status >= 500' : undefined;
      throw new WhereError(`expected a field's name, not ${shown(text, token)}`, token.at, hint);
    }
    const { name } = token;
    const sign = next('name');
    if (sign.kind !== 'operator') {
      const hint =
        name.text === 'not'
          ? 'write !=, !~ or the opposite comparison'
          : 'such as status >= 500 or host = "web-1"';
      throw new WhereError(
        `expected a comparison after ${name.text}, not ${shown(text, sign)}`,
        sign.at,
        hint,
      );
    }
    const test = testOf(text, name, sign.operator, sign.at, next('value'));
    next('name');
    return test;
  };

  const all = (deep: number): Expression => {
    const parts = [operand(deep)];
    for (;;) {
      if (isSign('and') || isSign(',')) next('name');
      else if (token.kind !== 'name' && !isSign('(')) return joined('and', parts);
      parts.push(operand(deep));
    }
  };

  const either = (deep: number): Expression => {
    const parts = [all(deep)];
    while (isSign('or')) {
      next('name');
      parts.push(all(deep));
    }
    return joined('or', parts);
  };

  if (token.kind === 'end')
    throw new WhereError('the expression is empty', 0, 'such as status >= 500 or host = "web-1"');
  const stages = [either(0)];
  while (isSign('|')) {
    next('name');
    stages.push(either(0));
  }
  const rest = token as Token;
  if (rest.kind !== 'end') throw new WhereError(`unexpected ${shown(text, rest)}`, rest.at);
  return joined('and', stages);
};
