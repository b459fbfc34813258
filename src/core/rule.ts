/** What must hold, and what was found. */

import type { Group, Unit } from './group.js';
import type { Path } from './path.js';
import type { Range } from './range.js';
import type { Sample } from './sample.js';

export type State = 'ok' | 'warning' | 'critical' | 'unknown' | 'not judged';

/** A range of each severity; a value outside it alerts (`@` ranges: inside). */
export interface Limits {
  readonly warning?: Range;
  readonly critical?: Range;
}

/** How the value that is compared comes from the past. */
export type Measure =
  /** The newest value. */
  | { readonly kind: 'value' }
  /** The average over the last `seconds`. */
  | { readonly kind: 'average'; readonly seconds: number }
  /** Every value of the last `seconds` must alert: the mildest of them counts. */
  | { readonly kind: 'throughout'; readonly seconds: number }
  /** How much a counter grew in the last `seconds`. */
  | { readonly kind: 'increase'; readonly seconds: number }
  /** Seconds until a falling value is at 0, at the pace of the last `seconds`; infinite where it does not fall. */
  | { readonly kind: 'empty in'; readonly seconds: number }
  /** 1 where the value differs from what it was `seconds` ago, else 0. */
  | { readonly kind: 'changed'; readonly seconds: number };

export interface Rule {
  /** Short and unique among the rules judged: `cpu`, `disk`. */
  readonly name: string;
  readonly path: Path;
  readonly measure: Measure;
  readonly limits: Limits;
  /** A state once entered is left only inside these: hysteresis against flapping. The same as `limits` where not given. */
  readonly leave?: Limits;
  /** A severity counts only where this holds as well, in the same row: critical only with less than 5 GB free. */
  readonly also?: { readonly critical?: Condition; readonly warning?: Condition };
  /** Rows with this value of a text or identity only; such as leaving out read-only images. */
  readonly rows?: (row: {
    readonly id: readonly string[];
    readonly texts: Readonly<Record<string, string>>;
  }) => boolean;
  /** What a group, row or field that is not there means: a default rule about a thing the machine lacks is not judged. */
  readonly missing: 'unknown' | 'ok' | 'not judged';
  /** Names the value in a sentence: `memory in use`. */
  readonly title: string;
  /** Unit of the measured value where it is not the field's own, such as seconds for `empty in`. */
  readonly unit?: Unit;
  /** Quiet until the machine has been up this long, s. */
  readonly afterBoot?: number;
}

export interface Condition {
  readonly field: string;
  readonly range: Range;
}

export interface Verdict {
  readonly rule: Rule;
  /** The row judged; undefined where the rule found none. */
  readonly path: Path;
  readonly state: State;
  readonly value?: number;
  readonly unit: Unit;
  /** Why, in words, with value and threshold. */
  readonly text: string;
}

/** The past that a rule asks for: samples of one boot or more, oldest first, without the newest. */
export type Past = readonly Sample[];

export interface Evidence {
  readonly now: Sample;
  readonly past: Past;
  readonly groups: ReadonlyMap<string, Group>;
}
