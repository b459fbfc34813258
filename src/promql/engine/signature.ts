/** What of a series' labels has to be the same for two of them to match. */

import type { Matching } from '../ast.js';
import { type Labels, METRIC_NAME, onlyLabels, withoutLabels } from '../labels.js';

/** Without `on` and `ignoring`: all labels but the name. */
export const matchedLabels = (
  matching: Pick<Matching, 'labels' | 'on'> | undefined,
): ((labels: Labels) => Labels) => {
  if (matching?.on) {
    const names = new Set(matching.labels);
    return (labels) => onlyLabels(labels, names);
  }
  const names = new Set([...(matching?.labels ?? []), METRIC_NAME]);
  return (labels) => withoutLabels(labels, names);
};

export const groupBy = <T extends { readonly labels: Labels }>(
  lines: readonly T[],
  signature: (labels: Labels) => Labels,
): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const line of lines) {
    const { key } = signature(line.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return groups;
};
