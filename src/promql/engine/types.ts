/** What goes into an evaluation and what comes out of it. */

import type { Annotations } from '../annotations.js';
import type { Expr } from '../ast.js';
import type { Labels } from '../labels.js';
import type { Selection, SeriesSet } from '../series.js';
import type { Value } from '../value.js';

/** Moments of an evaluation: start, start + step … up to the end. An instant query has start = end and step 0. All in ms. */
export interface Moments {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface EngineOptions {
  /** How far back a selector looks for a value, ms; 5 minutes where not given. */
  readonly lookback?: number;
  /** Step of subqueries that name none, ms; a minute where not given, as Prometheus's default evaluation interval. */
  readonly subqueryStep?: number;
  /** Prometheus's delayed name removal, off by default there and here. */
  readonly delayedNames?: boolean;
  /** Aborts a long evaluation. */
  readonly signal?: AbortSignal;
  /** Parts of the expression whose values at the moments are known already. */
  readonly given?: ReadonlyMap<Expr, Value>;
}

/** Points of one series of a result; an instant vector has one point each. */
export interface Points {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export type Result = { readonly annotations: Annotations } & (
  | { readonly type: 'scalar'; readonly time: number; readonly value: number }
  | { readonly type: 'string'; readonly time: number; readonly text: string }
  /** In the order that `sort` and the like made; else by labels. */
  | { readonly type: 'vector'; readonly series: readonly Points[] }
  /** Of a range query, or of an expression that is a range vector. By labels. */
  | { readonly type: 'matrix'; readonly series: readonly Points[] }
);

export type Evaluate = (
  /** The text, for the places that annotations name. */
  query: string,
  expr: Expr,
  set: SeriesSet,
  moments: Moments,
  options?: EngineOptions,
) => Result;

/** What an evaluation will select, so that it can be loaded before. */
export type SelectionsOf = (
  expr: Expr,
  moments: Moments,
  options?: Pick<EngineOptions, 'lookback' | 'subqueryStep'>,
) => readonly Selection[];
