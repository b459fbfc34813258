/** In which order rules are evaluated, and which of them over all moments at once. */

import { selectorsIn } from '../parts.js';
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
  const ordered: RuleGroup[] = [];
  const seen = new Set<RuleGroup>();
  const visit = (group: RuleGroup): void => {
    if (seen.has(group)) return;
    seen.add(group);
    const read = group.rules.flatMap(({ expr }) => selectorsIn(expr));
    const others = new Set(read.flatMap(({ matchers }) => writers(matchers).map(({ index }) => index)));
    for (const index of [...others].sort((a, b) => a - b)) visit(groups[index] as RuleGroup);
    ordered.push(group);
  };
  groups.forEach(visit);
  return ordered;
};

/** Stages for groups that are evaluated in this order, each with its rules in theirs. */
export const stagesOf = (groups: readonly RuleGroup[]): readonly Stage[] => {
  const placed = groups.flatMap((group) => group.rules.map((rule) => ({ rule, group })));
  const before: number[][] = placed.map(() => []);
  const writers = openWriters([...placed.keys()], (index) => (placed[index] as Placed).rule);
  const readsItself = new Set<number>();
  placed.forEach(({ rule }, reader) => {
    const read = new Set(selectorsIn(rule.expr).flatMap(({ matchers }) => writers(matchers)));
    for (const writer of [...read].sort((a, b) => a - b)) {
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

/** Strongly connected parts of a graph, those first that others point to (Tarjan 1972). */
const knots = (edges: readonly (readonly number[])[]): readonly (readonly number[])[] => {
  const found: number[][] = [];
  const index = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const visit = (node: number): void => {
    index.set(node, index.size);
    lowest.set(node, index.get(node) as number);
    stack.push(node);
    onStack.add(node);
    for (const next of edges[node] ?? []) {
      if (!index.has(next)) visit(next);
      else if (!onStack.has(next)) continue;
      const reached = index.has(next) && onStack.has(next) ? lowest.get(next) : undefined;
      if (reached !== undefined) lowest.set(node, Math.min(lowest.get(node) as number, reached));
    }
    if (lowest.get(node) !== index.get(node)) return;
    const members: number[] = [];
    for (let last = stack.pop(); last !== undefined; last = stack.pop()) {
      onStack.delete(last);
      members.push(last);
      if (last === node) break;
    }
    found.push(members);
  };
  edges.forEach((_, node) => {
    if (!index.has(node)) visit(node);
  });
  return found;
};
