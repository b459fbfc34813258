/** Label matchers: `=`, `!=`, `=~`, `!~`. */

import { compileMatch } from './regexp.js';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  /** As it was written: the text, or the regular expression in RE2's syntax. */
  readonly value: string;
  /** Whether a label of this value passes; a label that is not there has the value ''. */
  readonly matches: (value: string) => boolean;
}

/** Throws a RegexpError where the value is to be a regular expression and is none. */
export const makeMatcher = (name: string, operator: MatchOperator, value: string): Matcher => {
  const of = (matches: Matcher['matches']): Matcher => ({ name, operator, value, matches });
  if (operator === '=') return of((text) => text === value);
  if (operator === '!=') return of((text) => text !== value);
  const matches = compileMatch(value);
  return of(operator === '=~' ? matches : (text) => !matches(text));
};
