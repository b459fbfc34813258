/** What tests of evaluated rules have in common. */

import { expect } from 'vitest';
import { type AlertsWanted, evaluateAlerts } from '../../../src/commands/alerts/evaluate.js';
import { severitiesFrom } from '../../../src/commands/alerts/severity.js';
import { labelsFrom } from '../../../src/promql/labels.js';
import { MemorySet } from '../../../src/promql/memory.js';
import { readSeries } from '../../../src/promql/notation.js';
import { loadRules } from '../../../src/promql/rules/load.js';
import type { RuleGroup } from '../../../src/promql/rules/rule.js';
import type { SeriesSource } from '../../../src/promql/series.js';

export const MINUTE = 60_000;
export const START = Date.parse('2026-11-21T00:00:00Z');

export const rules = async (...lines: readonly string[]): Promise<readonly RuleGroup[]> => {
  const text = `groups:\n- name: g\n  rules:\n${lines.map((line) => `  - {${line}}\n`).join('')}`;
  const { groups, problems } = await loadRules(text, 'f.yml');
  expect(problems).toEqual([]);
  return groups;
};

/** Series at a sample a minute, and how often they were asked for. */
export const sourceOf = (...lines: readonly string[]): SeriesSource & { readonly sinces: number[] } => {
  const set = new MemorySet();
  for (const line of lines) {
    const { labels, points } = readSeries(line);
    points.forEach((point, index) => {
      if (typeof point === 'number') set.append(labels, START + index * MINUTE, point);
      else if (point === 'stale') set.end(labels, START + index * MINUTE);
    });
  }
  const sinces: number[] = [];
  const whole = Math.max(...lines.map((line) => readSeries(line).points.length));
  if (!lines.some((line) => line.startsWith('up')))
    for (let index = 0; index < whole; index++)
      set.append(labelsFrom([['__name__', 'up']]), START + index * MINUTE, 1);
  return {
    sinces,
    load: async (selections) => {
      sinces.push(Math.min(...selections.map(({ since }) => since)));
      return set;
    },
    metrics: async () => [],
  };
};

/** All in minutes after the start. */
export const evaluateAt = async (
  groups: readonly RuleGroup[],
  source: SeriesSource,
  minute: number,
  { lookback = 0, ...more }: Partial<AlertsWanted> = {},
) =>
  evaluateAlerts(source, {
    groups,
    severities: severitiesFrom([]),
    now: START + minute * MINUTE,
    lookback: START + lookback * MINUTE,
    newest: () => undefined,
    replay: {},
    ...more,
  });
