/** From `--grep PATTERN --max WARN,CRIT` to rules about how many lines of a log match. */

import { matches } from './outside.js';
import { above } from './range.js';
import type { Limits, Rule } from './rule.js';
import { parseLimits } from './threshold.js';

export interface LineLimits {
  /** What is counted, each by itself: patterns, or one name for all lines that are selected in another way. */
  readonly names: readonly string[];
  /** `WARN,CRIT` as it was typed; a single line is too much where not given. */
  readonly max?: string;
  /** Whether lines say themselves how serious they are: then each limit counts those of its own severity only. */
  readonly bySeverity: boolean;
  readonly missing: Rule['missing'];
}

const NOT_ONE = above(0);

const rule = (
  name: string,
  title: string,
  field: string,
  limits: Limits,
  missing: Rule['missing'],
): Rule => ({
  name,
  title,
  path: { group: matches.name, id: [], field },
  measure: { kind: 'value' },
  limits,
  missing,
  tooShort: 'unknown',
});

/** The rules; throws RuleError where the limits are none. */
export const lineRules = ({ names, max, bySeverity, missing }: LineLimits): readonly Rule[] => {
  const option = { name: 'max', help: '', rules: [], ...(bySeverity && { apart: true as const }) };
  const typed = max === undefined ? undefined : parseLimits(option, max);
  return names.flatMap((pattern) => {
    const at = (made: Rule): Rule => ({ ...made, path: { ...made.path, id: [pattern] } });
    const name = `lines ${pattern}`;
    if (!bySeverity)
      return at(rule(name, `lines with ${pattern}`, 'lines', typed ?? { warning: NOT_ONE }, missing));
    const { warning, critical } = typed ?? { warning: NOT_ONE, critical: NOT_ONE };
    return [
      ...(warning === undefined
        ? []
        : [rule(`${name} warnings`, `warnings with ${pattern}`, 'warning_lines', { warning }, missing)]),
      ...(critical === undefined
        ? []
        : [rule(`${name} errors`, `errors with ${pattern}`, 'critical_lines', { critical }, missing)]),
    ].map(at);
  });
};
