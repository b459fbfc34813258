/** The rules that would be judged, for `--list`. */

import { clean } from '../core/clean.js';
import type { Group } from '../core/group.js';
import { fieldOf } from '../core/group.js';
import { formatPath } from '../core/path.js';
import type { Rule } from '../core/rule.js';
import { describeLimits } from '../core/words.js';

/** One line a rule: its name, what it looks at, and when it alerts. */
export const formatRules = async (
  rules: readonly Rule[],
  groups: ReadonlyMap<string, Group>,
): Promise<string> => {
  const { formatTable } = await import('./table.js');
  return formatTable(
    [{ title: 'rule' }, { title: 'path' }, { title: 'alerts' }],
    rules.map((rule) => {
      const group = groups.get(rule.path.group);
      const unit = rule.unit ?? (group && fieldOf(group, rule.path.field)?.unit) ?? 'count';
      return [rule.name, formatPath(rule.path), describeLimits(rule, unit)].map(clean);
    }),
  );
};
