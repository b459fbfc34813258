/** What a function of PromQL is to the parser and to the engine. Each is an entry in a table in `functions/`; `functions/index.ts` joins them. */

import type { Annotator } from './annotations.js';
import type { Call, ValueType } from './ast.js';
import type { Matrix, Range, Value } from './value.js';

/** What the parser checks. In `functions/signatures.ts`, so that parsing loads no implementation. */
export interface Signature {
  readonly name: string;
  readonly args: readonly ValueType[];
  /** How many more of the last one may be given (-1: any number), and of these none has to be; 0: exactly `args`. */
  readonly variadic: number;
  readonly returns: ValueType;
  /** Behind a feature flag in Prometheus: refused by name. */
  readonly experimental?: true;
}

export interface Context {
  /** ms since 1970, of each step. */
  readonly times: Float64Array;
  /** Delayed name removal: names go at the end rather than at once. */
  readonly delayed: boolean;
  readonly annotator: Annotator;
  /** The call itself, for places in the text and for `absent`, which looks at the matchers of its argument. */
  readonly call: Call;
}

/** Where a range function puts the values of one series; `has` is 0 everywhere at first. */
export interface Column {
  readonly values: Float64Array;
  readonly has: Uint8Array;
}

/**
 * A function of the samples in a window, such as `rate`: given one series, it fills all steps in one pass. The windows only
 * move on, so a pass costs as much as there are samples and steps. `args` are the other arguments in their order, at all steps.
 */
export type OverTime = (
  range: Range,
  windows: Pick<Matrix, 'starts' | 'ends'>,
  args: readonly Float64Array[],
  out: Column,
  context: Context,
) => void;

export type Implementation =
  /** Of a range vector, series by series. The name goes, unless it `keepsName` as in last_over_time. */
  | { readonly kind: 'over time'; readonly fill: OverTime; readonly keepsName?: true }
  /** Of each value of an instant vector, the first argument, by itself; scalar arguments follow as they are at the step. The name goes. */
  | { readonly kind: 'each'; readonly map: (value: number, ...args: readonly number[]) => number }
  /** All else: given values, gives a value. */
  | { readonly kind: 'whole'; readonly call: (args: readonly Value[], context: Context) => Value };

/** What cannot be evaluated though it parses, in Prometheus's words: `vector cannot contain metrics with the same labelset`. */
export class EvaluationError extends Error {}
