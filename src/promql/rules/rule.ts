/** Rules as their files say them, checked. */

import type { YamlPlace } from '../../yaml.js';
import type { Expr } from '../ast.js';

export type Pairs = readonly (readonly [name: string, text: string])[];

interface RuleBase {
  readonly name: string;
  /** As it is written, for evaluation and for annotations with places. */
  readonly query: string;
  readonly expr: Expr;
  /** Those of the group, and the rule's own in their place. */
  readonly labels: Pairs;
  readonly at: YamlPlace;
  /** Where the expression begins. */
  readonly queryAt: YamlPlace;
}

export interface RecordingRule extends RuleBase {
  readonly kind: 'record';
}

export interface AlertingRule extends RuleBase {
  readonly kind: 'alert';
  /** ms */
  readonly for: number;
  /** ms */
  readonly keepFiringFor: number;
  readonly annotations: Pairs;
}

export type Rule = RecordingRule | AlertingRule;

export interface RuleGroup {
  readonly file: string;
  readonly name: string;
  readonly at: YamlPlace;
  /** ms; none where the file leaves it to the global setting. */
  readonly interval: number | undefined;
  /** ms; how long before its moment a rule looks. */
  readonly queryOffset: number;
  /** The most alerts or series of one rule; 0 for any number. */
  readonly limit: number;
  readonly rules: readonly Rule[];
}

/** Something that is wrong with a file, where it is known to stand. */
export interface Problem {
  readonly at: YamlPlace;
  readonly message: string;
  readonly hint?: string;
}

export interface RuleFile {
  readonly file: string;
  readonly groups: readonly RuleGroup[];
  /** With any, the file is not to be used. By place. */
  readonly problems: readonly Problem[];
  /** Nothing that keeps it from being used, but surely not what was meant. */
  readonly oddities: readonly Problem[];
}
