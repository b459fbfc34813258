/** Values while an expression is evaluated: each at all steps at once, so that a step costs no walk through the tree. */

import type { Labels } from './labels.js';

/** One series of an instant vector: its values at the steps, where it has any. */
export interface Line {
  readonly labels: Labels;
  /** The name is still there for who groups by it, and goes at the end (Prometheus's delayed name removal). */
  readonly dropName: boolean;
  /** One a step. NaN is a value like any other. */
  readonly values: Float64Array;
  /** 1 where there is a value at the step. */
  readonly has: Uint8Array;
}

/** One series of a range vector: its samples, and which of them each step sees. */
export interface Range {
  readonly labels: Labels;
  readonly dropName: boolean;
  /** ms since 1970, ascending. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Of each step: the index of the first sample in its window, and of the first after it. Neither ever goes back. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

export interface Scalar {
  readonly type: 'scalar';
  /** One a step. */
  readonly values: Float64Array;
}

export interface Text {
  readonly type: 'string';
  readonly text: string;
}

export interface Vector {
  readonly type: 'vector';
  /** In the order in which they are shown. No two of them have the same labels at one step. */
  readonly lines: readonly Line[];
}

export interface Matrix {
  readonly type: 'matrix';
  readonly ranges: readonly Range[];
  /** Of each step, ms since 1970: the window is open on the left (its start is not in it) and closed on the right. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

export type Value = Scalar | Text | Vector | Matrix;
