/** Alerts in words, as the screen says them. */

import { DEFAULT_RULES } from '../../core/defaults.js';
import { fieldOf } from '../../core/group.js';
import { formatPath, parsePath } from '../../core/path.js';
import type { Verdict } from '../../core/rule.js';
import type { ActiveAlert, Reading, Row } from '../../core/sample.js';
import { sameId } from '../../core/sample.js';
import { formatValue } from '../../core/units.js';
import { shortWhat, thresholdText, valueText } from '../../core/words.js';
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
    const text = `${shortWhat(verdict)}${value === undefined ? '' : ` ${value}`} (${thresholdText(verdict)})`;
    found.push({ rule: rule.name, path, state, since: held?.since ?? now, text });
  }
  return found.sort(bySeverity);
};

const rowAt = (
  readings: ReadonlyMap<string, Reading>,
  text: string,
): { row: Row; unit: string } | undefined => {
  try {
    const path = parsePath(text);
    const reading = readings.get(path.group);
    if (reading === undefined || !('rows' in reading)) return undefined;
    const row = reading.rows.find(({ id }) => sameId(id, path.id ?? []));
    const value = row?.numbers[path.field];
    const unit = fieldOf(reading.group, path.field)?.unit;
    return row === undefined || value === undefined || unit === undefined
      ? undefined
      : { row, unit: formatValue(value, unit) };
  } catch {
    return undefined;
  }
};

/** Alerts that a record says held: their rule may be one that nobody here knows. */
export const alertsThen = (
  alerts: readonly ActiveAlert[],
  readings: ReadonlyMap<string, Reading>,
): readonly ShownAlert[] =>
  alerts
    .map((alert) => {
      const title = DEFAULT_RULES.find(({ name }) => name === alert.rule)?.title ?? alert.rule;
      const value = rowAt(readings, alert.path)?.unit;
      return { ...alert, text: `${title}: ${alert.path}${value === undefined ? '' : ` ${value}`}` };
    })
    .sort(bySeverity);
