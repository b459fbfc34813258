/** Label matchers: `=`, `!=`, `=~`, `!~`. */

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  /** As it was written: the text, or the regular expression in RE2's syntax. */
  readonly value: string;
  /** Whether a label of this value passes; a label that is not there has the value ''. */
  readonly matches: (value: string) => boolean;
}
