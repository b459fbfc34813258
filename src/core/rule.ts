/** What must hold, and what was found. Rules are plain data, so that a judge and a Prometheus rule file can be made from them. */

import type { Unit } from './group.js';
import type { Path } from './path.js';
import type { Range } from './range.js';

export type Severity = 'warning' | 'critical';

export type State = 'ok' | Severity | 'unknown' | 'not judged';

/** A range of each severity: what the value must stay within (`@` ranges: without). */
export interface Limits {
  readonly warning?: Range;
  readonly critical?: Range;
}

/** How the value that is compared comes from the past. */
export type Measure =
  /** The newest value. */
  | { readonly kind: 'value' }
  /** The mean of the samples of the last `seconds`. */
  | { readonly kind: 'average'; readonly seconds: number }
  /** Every value of the last `seconds` must alert: the mildest of them counts. */
  | { readonly kind: 'throughout'; readonly seconds: number }
  /**
   * What the growth of some counters of the row is of that of others in the last `seconds`, in percent: an average that is
   * exact whatever happened between two records.
   */
  | {
      readonly kind: 'share';
      readonly seconds: number;
      readonly of: readonly string[];
      /** What there was to be had: of these counters, or simply of time. */
      readonly per: readonly string[] | 'time';
    }
  /** How much some counters of the row grew for each that others did, or each second: seconds a request, faults a second. */
  | {
      readonly kind: 'each';
      readonly seconds: number;
      readonly of: readonly string[];
      readonly per: readonly string[] | 'time';
    }
  /** The least value of the last `seconds`, of a field so slow that a few points tell: the load of fifteen minutes. */
  | { readonly kind: 'lowest'; readonly seconds: number }
  /** How much a counter grew in the last `seconds`; resets and boots begin at 0. */
  | { readonly kind: 'increase'; readonly seconds: number }
  /** Seconds until a falling value is at 0, at the pace of the last `seconds`; infinite where it does not fall. */
  | { readonly kind: 'empty in'; readonly seconds: number }
  /** 1 where the value was another at some time of the last `seconds`, else 0. */
  | { readonly kind: 'changed'; readonly seconds: number };

export type MeasureKind = Measure['kind'];

/** Holds where `range` alerts for the field of the row that is judged. */
export interface Condition {
  readonly field: string;
  readonly range: Range;
}

/** Which rows of a group a path without an identity means. */
export interface RowFilter {
  /** Those that a person means by "my disks" and "my network" only: rows without the text `aside`. */
  readonly counted?: boolean;
  /** Those, and what is built on them: the rows that stand in every record, so that it makes no difference where they come from. */
  readonly shown?: boolean;
  /** Identities with a rule of their own. */
  readonly except?: readonly (readonly string[])[];
}

export interface Rule {
  /** Short and unique among the rules judged: `cpu`, `disk`, `disk /var`. */
  readonly name: string;
  /** Names the value in a sentence: `memory in use`. */
  readonly title: string;
  readonly path: Path;
  /** The path's identity is a place in a tree: where no row has it, the row that is nearest above it. */
  readonly nearest?: boolean;
  readonly rows?: RowFilter;
  readonly measure: Measure;
  readonly limits: Limits;
  /** A state once entered is left only when these are quiet as well: hysteresis. The same as `limits` where not given. */
  readonly leave?: Limits;
  /** A severity counts only where this holds as well: critical only with less than 5 GB free. */
  readonly also?: { readonly warning?: Condition; readonly critical?: Condition };
  /** Where one of these holds the row is fine, and that is why: there is no swap. */
  readonly fine?: readonly (Condition & { readonly reason: string })[];
  /** What a group, row or field that is not there means. */
  readonly missing: 'unknown' | 'ok' | 'not judged';
  /** What too short a past means. */
  readonly tooShort: 'unknown' | 'not judged';
  /** Unit of the measured value where it is not the field's own, such as seconds for `empty in`. */
  readonly unit?: Unit;
  /** Not judged until the machine has been up this long, s. */
  readonly afterBoot?: number;
  /** What it means for whoever is told, in a sentence or two: what a Prometheus rule file says of it. */
  readonly about?: string;
  /** The number of the `top` rows that tells who is behind it. */
  readonly who?: 'cpu_percent' | 'memory_bytes';
}

export interface Verdict {
  readonly rule: Rule;
  /** The row judged; the rule's own path where it found none. */
  readonly path: Path;
  /** The name of what the row is about, where its identity is only a number: a process's. */
  readonly called?: string;
  readonly state: State;
  /** As measured; undefined where nothing could be. */
  readonly value?: number;
  /** The field's newest value, where the past was too short to measure: what people look for, and what is judged only where it says all. */
  readonly newest?: number;
  readonly unit: Unit;
  /** Whether the value is a count that only grows. */
  readonly counter: boolean;
  /** Why it is unknown, not judged or fine without looking at the value; in words. */
  readonly reason?: string;
  /** Seconds of the past that it takes, where the log has too little of them. */
  readonly needs?: number;
  /** There was nothing to judge, as opposed to too little past: the machine lacks it. */
  readonly absent?: true;
}

/** A rule as it was typed that cannot be one: what is wrong, and what to write instead. */
export class RuleError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
