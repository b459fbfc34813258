/** What is searched for and what becomes of it, as plain data: another thread can be given it. */

import type { LineContext } from '../format.js';
import type { Level } from '../line.js';
import type { PatternOptions } from '../pattern/index.js';
import type { PrintOptions } from './print.js';
import type { ScanOptions } from './scan.js';

/** Which lines are wanted for what they say. */
export interface Selection {
  readonly since?: number;
  readonly until?: number;
  readonly level?: Level;
  /** An expression, as `parseWhere` reads it. */
  readonly where?: string;
}

/** What becomes of the records that are selected. */
export type Output =
  | { readonly kind: 'lines' }
  | { readonly kind: 'json' }
  | { readonly kind: 'fields'; readonly names: readonly string[]; readonly json: boolean }
  | { readonly kind: 'tally'; readonly countBy?: string; readonly summary?: string };

export interface SearchPlan {
  readonly output: Output;
  /** Undefined: any line. */
  readonly pattern: PatternOptions | undefined;
  /** Undefined: whatever a line says. */
  readonly selection: Selection | undefined;
  /** Lines that continue another are one with it. */
  readonly multiline: boolean;
  readonly scan: ScanOptions;
  readonly print: PrintOptions;
}

/** How one text is read. */
export interface Traits {
  /** A format's name or specification, as `openFormat` takes it. */
  readonly format: string;
  /** Whether records begin with a time (multiline.ts). */
  readonly stamped: boolean;
  readonly context: LineContext;
}
