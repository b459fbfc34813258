/** What has to be loaded before rules can be replayed, and from when on. */

import type { Expr } from '../ast.js';
import { type EngineOptions, selectionsOf } from '../engine.js';
import type { Matcher } from '../matcher.js';
import type { Selection } from '../series.js';
import { queriesIn } from './asked.js';
import { orderGroups, stagesOf } from './order.js';
import { openWriters } from './reads.js';
import { momentsOf, type ReplayOptions } from './replay.js';
import type { Rule, RuleGroup } from './rule.js';

/**
 * How long before a moment, in ms, a replay has to begin so that every rule's state at that moment is what a server that ran
 * for ever would have: a rule's `for` and `keep_firing_for`, and as much again for the rules that it reads, before what it
 * reads of them. An alert that was kept firing from gap to gap all this time, or that reads itself, may have begun earlier.
 */
export const neededPast = (
  groups: readonly RuleGroup[],
  options: Pick<ReplayOptions, 'interval' | 'engine'> = {},
): number => {
  const placed = stagesOf(orderGroups(groups)).flatMap(({ rules }) => rules);
  const writers = openWriters(placed, (one) => one.rule);
  const past = new Map<Rule, number>();
  // Readers first: what a rule has to be exact for is known before the rules that it reads from.
  const needed = new Map<Rule, number>();
  for (const { rule, group } of [...placed].reverse()) {
    const interval = momentsOf(group, { since: 0, until: 0, ...options }).step;
    const own = rule.kind === 'alert' ? rule.for + rule.keepFiringFor : 0;
    const all = (needed.get(rule) ?? 0) + group.queryOffset + own + 2 * interval;
    past.set(rule, all);
    for (const { matchers, since } of selectionsOf(rule.expr, NOW, optionsOf(options)))
      for (const other of writers(matchers))
        if (!past.has(other.rule))
          needed.set(other.rule, Math.max(needed.get(other.rule) ?? 0, all + (NOW.start - since)));
  }
  return Math.max(0, ...past.values());
};

/** Any moment does, as long as nothing before 1970 is asked for. */
const NOW = { start: 2 ** 42, end: 2 ** 42, step: 0 };

const optionsOf = ({ engine, interval }: Pick<ReplayOptions, 'interval' | 'engine'>): EngineOptions => ({
  ...(interval === undefined ? {} : { subqueryStep: interval }),
  ...engine,
});

/** What a rule evaluates: its expression, and what its texts ask for. */
const expressionsOf = (rule: Rule): readonly Expr[] => [
  rule.expr,
  ...(rule.kind === 'alert'
    ? [...rule.labels, ...rule.annotations].flatMap(([, text]) => queriesIn(text))
    : []),
];

/** All that a replay selects: loaded in one go, it answers every rule. */
export const selectionsOfGroups = (
  groups: readonly RuleGroup[],
  options: ReplayOptions,
): readonly Selection[] => {
  const found = new Map<string, Selection>();
  for (const group of groups) {
    const { start, end, step } = momentsOf(group, options);
    if (end < start) continue;
    const by = -group.queryOffset;
    const moments = { start: start + by, end: end + by, step: end === start ? 0 : step };
    for (const expr of group.rules.flatMap(expressionsOf))
      for (const selection of selectionsOf(expr, moments, optionsOf(options))) {
        const key = selection.matchers.map(wordsOf).join(',');
        const known = found.get(key);
        found.set(key, {
          matchers: selection.matchers,
          since: Math.min(selection.since, known?.since ?? selection.since),
          until: Math.max(selection.until, known?.until ?? selection.until),
        });
      }
  }
  return [...found.values()];
};

const wordsOf = ({ name, operator, value }: Matcher): string => `${name}${operator}${JSON.stringify(value)}`;
