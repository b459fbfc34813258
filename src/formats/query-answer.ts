/** What a query gave, and how it may be shown. */

import type { Glyphs } from '../core/glyphs.js';
import type { Unit } from '../core/group.js';
import type { Moments, Result } from '../promql/engine.js';
import type { MetricType } from '../promql/series.js';
import type { ColourLevel } from './palette.js';

export interface QueryAnswer {
  /** The expression as it was typed. */
  readonly query: string;
  readonly result: Result;
  readonly moments: Moments;
  /** Of the values, where it can be told. */
  readonly unit?: Unit;
  /** What is known of a metric. */
  readonly metric: (name: string) => { readonly type: MetricType; readonly help: string } | undefined;
}

export interface QueryLook {
  readonly colourLevel: ColourLevel;
  /** Cells that a line may take; Infinity where nobody looks at it on a terminal. */
  readonly width: number;
  readonly height: number;
  readonly glyphs: Glyphs;
}

/** Text in pieces: an answer can be larger than a text may be. */
export type QueryFormat = (
  answer: QueryAnswer,
  look: QueryLook,
) => Iterable<string> | Promise<Iterable<string>>;
