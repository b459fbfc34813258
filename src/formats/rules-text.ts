/** The rules that would be judged, for `--list`. */

import { clean } from '../core/clean.js';
import { fieldOf, type Group, type Unit } from '../core/group.js';
import { toJson } from '../core/json-text.js';
import { formatPath } from '../core/path.js';
import type { Rule } from '../core/rule.js';
import { describeLimits } from '../core/words.js';
import { limitsOf } from './check-json.js';

const unitOf = ({ unit, path }: Rule, groups: ReadonlyMap<string, Group>): Unit => {
  const group = groups.get(path.group);
  return unit ?? (group && fieldOf(group, path.field)?.unit) ?? 'count';
};

/** One line a rule: its name, what it looks at, and when it alerts. */
export const formatRules = async (
  rules: readonly Rule[],
  groups: ReadonlyMap<string, Group>,
): Promise<string> => {
  const { formatTable } = await import('./table.js');
  return formatTable(
    [{ title: 'rule' }, { title: 'path' }, { title: 'alerts' }],
    rules.map((rule) =>
      [rule.name, formatPath(rule.path), describeLimits(rule, unitOf(rule, groups))].map(clean),
    ),
  );
};

/** The same as one JSON array. */
export const formatRulesJson = (rules: readonly Rule[], groups: ReadonlyMap<string, Group>): string =>
  `${toJson(
    rules.map((rule) => ({
      rule: rule.name,
      path: formatPath(rule.path),
      title: rule.title,
      unit: unitOf(rule, groups),
      ...limitsOf(rule.limits),
      measure: rule.measure.kind,
      ...('seconds' in rule.measure ? { seconds: rule.measure.seconds } : {}),
      text: describeLimits(rule, unitOf(rule, groups)),
    })),
  )}\n`;
