/** What a where-expression says, as the parser leaves it. */

import type { Name } from './name.js';
import type { Pattern } from './re2.js';

export type Order = '=' | '!=' | '>' | '>=' | '<' | '<=';

/** What a value is held against: a number, nanoseconds, or bytes. */
export type AmountKind = 'number' | 'duration' | 'bytes';

export interface TextTest {
  readonly kind: 'text';
  readonly name: Name;
  readonly negative: boolean;
  readonly text: string;
}

export interface PatternTest {
  readonly kind: 'pattern';
  readonly name: Name;
  readonly negative: boolean;
  /** Anchored at both ends. */
  readonly pattern: Pattern;
}

export interface AmountTest {
  readonly kind: 'amount';
  readonly name: Name;
  readonly order: Order;
  readonly unit: AmountKind;
  readonly amount: number;
}

/** A comparison of one field. */
export type Test = TextTest | PatternTest | AmountTest;

export type Expression = Test | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] };
