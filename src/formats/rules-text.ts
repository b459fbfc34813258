/** The rules that would be judged, for `--list`. */

import { clean } from '../core/clean.js';
import { fieldOf, type Group, type Unit } from '../core/group.js';
import { toJson } from '../core/json-text.js';
import { formatPath } from '../core/path.js';
import type { Rule } from '../core/rule.js';
import { widthOf } from '../core/width.js';
import { describeLimits } from '../core/words.js';
import { wrap } from '../core/wrap.js';
import { limitsOf } from './check-json.js';

const unitOf = ({ unit, path }: Rule, groups: ReadonlyMap<string, Group>): Unit => {
  const group = groups.get(path.group);
  return unit ?? (group && fieldOf(group, path.field)?.unit) ?? 'count';
};

const GAP = 2;

/** What a limit takes at least, cells. */
const LEAST = 18;

/** Its name, what it looks at, and when it alerts, in lines of at most `width` cells: one line a rule where there is no end. */
export const formatRules = async (
  rules: readonly Rule[],
  groups: ReadonlyMap<string, Group>,
  width = Number.POSITIVE_INFINITY,
): Promise<string> => {
  const { formatTable } = await import('./table.js');
  const cells = rules.map((rule) =>
    [rule.name, formatPath(rule.path), describeLimits(rule, unitOf(rule, groups))].map(clean),
  );
  const widest = (column: number): number => Math.max(0, ...cells.map((row) => widthOf(row[column] ?? '')));
  const third = Math.max(LEAST, Math.floor((width - 2 * GAP) / 3));
  const names = Math.min(widest(0), third);
  const paths = Math.min(widest(1), Math.max(third, width - names - LEAST - 2 * GAP));
  const alerts = Math.max(LEAST, width - names - paths - 2 * GAP);
  return formatTable(
    [{ title: 'rule' }, { title: 'path' }, { title: 'alerts' }],
    cells.map(([name = '', path = '', when = '']) => [
      wrap(name, names),
      wrap(path, paths),
      wrap(when, alerts),
    ]),
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
