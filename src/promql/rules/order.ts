/** In which order rules are evaluated, and which of them over all moments at once. */

import { selectorsIn } from '../parts.js';
import { knots, readersLast } from './graph.js';
import { looksElsewhere, openWriters } from './reads.js';
import type { Rule, RuleGroup } from './rule.js';

export interface Placed {
  readonly rule: Rule;
  readonly group: RuleGroup;
}

/** Rules that are evaluated together. Those of later stages read what earlier ones wrote, never the other way round. */
export interface Stage {
  readonly rules: readonly Placed[];
  /** Moment by moment, since one of them needs what another one or itself wrote the moment before. */
  readonly stepwise: boolean;
  /** They read what they wrote themselves: what they say at a moment may go back to any moment before it. */
  readonly looped: boolean;
}

/** Groups in the order in which they are written, but those first that others read from. Those that read each other stay. */
export const orderGroups = (groups: readonly RuleGroup[]): readonly RuleGroup[] => {
  const placed = groups.flatMap((group, index) => group.rules.map((rule) => ({ rule, index })));
  const writers = openWriters(placed, ({ rule }) => rule);
  const readBy = (group: RuleGroup): readonly number[] => {
    const read = group.rules.flatMap(({ expr }) => selectorsIn(expr));
    return ascending(read.flatMap(({ matchers }) => writers(matchers).map(({ index }) => index)));
  };
  return readersLast(groups.map(readBy)).map((index) => groups[index] as RuleGroup);
};

const ascending = (indices: readonly number[]): readonly number[] =>
  [...new Set(indices)].sort((a, b) => a - b);

/** Stages for groups that are evaluated in this order, each with its rules in theirs. */
export const stagesOf = (groups: readonly RuleGroup[]): readonly Stage[] => {
  const placed = groups.flatMap((group) => group.rules.map((rule) => ({ rule, group })));
  const before: number[][] = placed.map(() => []);
  const writers = openWriters([...placed.keys()], (index) => (placed[index] as Placed).rule);
  const readsItself = new Set<number>();
  placed.forEach(({ rule }, reader) => {
    for (const writer of ascending(selectorsIn(rule.expr).flatMap(({ matchers }) => writers(matchers)))) {
      before[reader]?.push(writer);
      // What is written later in the order is seen at the next moment only: the two take turns.
      if (writer > reader) before[writer]?.push(reader);
      if (writer === reader) readsItself.add(reader);
    }
  });
  return knots(before).map((members) => {
    const rules = [...members].sort((a, b) => a - b).map((index) => placed[index] as Placed);
    const looped = members.length > 1 || readsItself.has(members[0] as number);
    return { rules, looped, stepwise: looped || rules.some(({ rule }) => looksElsewhere(rule.expr)) };
  });
};

/** Whether any rules read what they wrote themselves. */
export const areLooped = (groups: readonly RuleGroup[]): boolean =>
  stagesOf(orderGroups(groups)).some(({ looped }) => looped);
