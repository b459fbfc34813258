/** What is searched for and what becomes of it, as plain data: another thread can be given it. */

import type { LineContext } from '../format.js';
import type { Level } from '../line.js';
import { type PatternOptions, plainPattern } from '../pattern/index.js';
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

/** What scanning and printing go by alike is said once. */
export interface PlanWish extends Partial<Omit<SearchPlan, 'pattern' | 'scan' | 'print'>> {
  readonly pattern?: Parameters<typeof plainPattern>[0] | undefined;
  /** What lines end with: a newline where not given. */
  readonly eol?: number;
  readonly invert?: boolean;
  readonly scan?: Partial<Omit<ScanOptions, 'eol' | 'invert'>>;
  readonly print?: Partial<Omit<PrintOptions, 'eol' | 'invert' | 'units'>>;
}

const NEWLINE = 10;

/** A plan in which all that is not wished for is as GNU grep has it without options: any line, as it is. */
export const makePlan = ({
  output = { kind: 'lines' },
  pattern,
  selection,
  multiline = false,
  eol = NEWLINE,
  invert = false,
  scan,
  print,
}: PlanWish): SearchPlan => ({
  output,
  pattern: pattern && plainPattern({ zero: eol === 0, ...pattern }),
  selection,
  multiline,
  scan: {
    eol,
    invert,
    quiet: false,
    firstOnly: false,
    most: Number.POSITIVE_INFINITY,
    before: undefined,
    after: undefined,
    ...scan,
  },
  print: {
    eol,
    invert,
    onlyMatching: false,
    names: false,
    numbers: false,
    offsets: false,
    nullNames: false,
    colour: false,
    safe: false,
    lineBuffered: false,
    separator: '--',
    units: multiline,
    ...print,
  },
});

/** How one text is read. */
export interface Traits {
  /** A format's name or specification, as `openFormat` takes it. */
  readonly format: string;
  /** Whether records begin with a time (multiline.ts). */
  readonly stamped: boolean;
  readonly context: LineContext;
}
