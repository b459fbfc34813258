/** What stands in the braces of a selector. */

import { METRIC_NAME } from '../labels.js';
import { type Matcher, type MatchOperator, makeMatcher } from '../matcher.js';
import { RegexpError } from '../regexp.js';
import { unquote } from '../strings.js';
import type { Words } from './words.js';

const OPERATORS = new Set(['=', '!=', '=~', '!~']);

const readMatcher = ({ peek, take, unexpected, fail }: Words): Matcher => {
  const label = peek();
  if (label.kind !== 'identifier' && label.kind !== 'string')
    return unexpected('label matching', 'identifier or "}"');
  take();
  const name = label.kind === 'string' ? unquote(label.text) : label.text;
  if (!OPERATORS.has(peek().what)) {
    if (label.kind === 'string') return makeMatcher(METRIC_NAME, '=', name);
    return unexpected('label matching', 'label matching operator');
  }
  const operator = take().what as MatchOperator;
  const value = peek();
  if (value.kind !== 'string') return unexpected('label matching', 'string');
  take();
  try {
    return makeMatcher(name, operator, unquote(value.text));
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    return fail({ start: label.start, end: value.end }, error.message);
  }
};

/** The brace that opens comes next, or has been taken. */
export const readMatchers = (words: Words, opened = false): Matcher[] => {
  if (!opened) words.accept('{');
  const matchers: Matcher[] = [];
  while (words.accept('}') === undefined) {
    matchers.push(readMatcher(words));
    if (words.accept(',') === undefined && words.peek().what !== '}')
      words.unexpected('label matching', '"," or "}"');
  }
  return matchers;
};
