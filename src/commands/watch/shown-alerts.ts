/** Alerts in words, as the screen says them. */

import { DEFAULT_RULES } from '../../core/defaults.js';
import { fieldOf } from '../../core/group.js';
import { formatPath, type Path, parsePath } from '../../core/path.js';
import type { Verdict } from '../../core/rule.js';
import type { ActiveAlert, Reading } from '../../core/sample.js';
import { rowLike } from '../../core/sample.js';
import { formatValue } from '../../core/units.js';
import { thresholdText, valueText, what } from '../../core/words.js';
import type { ShownAlert } from '../../screen/frame.js';

const RANK = { critical: 0, warning: 1 } as const;

const bySeverity = (a: ShownAlert, b: ShownAlert): number =>
  RANK[a.state] - RANK[b.state] || a.since - b.since;

/** Verdicts that are beyond a limit now; since when, where the one who follows them knows. */
export const alertsNow = (
  verdicts: readonly Verdict[],
  active: readonly ActiveAlert[],
  now: number,
): readonly ShownAlert[] => {
  const found: ShownAlert[] = [];
  for (const verdict of verdicts) {
    const { state, rule } = verdict;
    if (state !== 'warning' && state !== 'critical') continue;
    const path = formatPath(verdict.path);
    const held = active.find((one) => one.rule === rule.name && one.path === path);
    const value = valueText(verdict);
    const text = `${what(verdict)}${value === undefined ? '' : ` ${value}`} (${thresholdText(verdict)})`;
    found.push({ rule: rule.name, path, state, since: held?.since ?? now, text });
  }
  return found.sort(bySeverity);
};

const pathOf = (text: string): Path | undefined => {
  try {
    return parsePath(text);
  } catch {
    return undefined; // A log can hold anything.
  }
};

/** What stands at a path now, in words; undefined where there is nothing. */
const valueAt = (readings: ReadonlyMap<string, Reading>, text: string): string | undefined => {
  const path = pathOf(text);
  const reading = path && readings.get(path.group);
  if (path === undefined || reading === undefined || !('rows' in reading)) return undefined;
  const value = rowLike(reading.rows, path.id ?? [])?.numbers[path.field];
  const unit = fieldOf(reading.group, path.field)?.unit;
  return value === undefined || unit === undefined ? undefined : formatValue(value, unit);
};

/** What it is about, in the words for now where the rule is one of ours. */
const whatThen = ({ rule, path }: ActiveAlert): string => {
  const title = DEFAULT_RULES.find(({ name }) => name === rule)?.title;
  return title === undefined ? `${rule}: ${path}` : [title, ...(pathOf(path)?.id ?? [])].join(' ');
};

/** Alerts that a record says held: their rule may be one that nobody here knows. */
export const alertsThen = (
  alerts: readonly ActiveAlert[],
  readings: ReadonlyMap<string, Reading>,
): readonly ShownAlert[] =>
  alerts
    .map((alert) => {
      const value = valueAt(readings, alert.path);
      return { ...alert, text: `${whatThen(alert)}${value === undefined ? '' : ` ${value}`}` };
    })
    .sort(bySeverity);
