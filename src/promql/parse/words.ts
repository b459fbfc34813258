/** What the parts of the parser have in common: the words to come, and how to complain of them. */

import type { Span } from '../ast.js';
import type { Token } from './token.js';

export interface Words {
  readonly text: string;
  readonly peek: () => Token;
  readonly take: () => Token;
  /** What was taken last. */
  readonly last: () => Token;
  /** Takes it if it comes next. */
  readonly accept: (what: string) => Token | undefined;
  /** Of the next word. */
  readonly unexpected: (context?: string, expected?: string) => never;
  readonly fail: (span: Span, reason: string) => never;
  readonly numberOf: (token: Token) => number;
}
