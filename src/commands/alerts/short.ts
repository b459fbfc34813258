/** Rules that cannot know anything, as a window of theirs is too short for the samples of the log. */

import type { TooShort } from '../../core/alert.js';
import { selectorsIn } from '../../promql/parts.js';
import { openWriters } from '../../promql/rules/reads.js';
import type { Rule } from '../../promql/rules/rule.js';
import type { Selection, SeriesSet, SeriesSource } from '../../promql/series.js';
import { shortWindow, windowsUnknown } from '../../promql/short-window.js';

/** The window that is too short of a rule, or of one that records what it reads; undefined where there is none. */
export const openShort = (
  all: readonly Rule[],
  set: SeriesSet,
): ((rule: Rule) => TooShort['window'] | undefined) => {
  const records = all.filter(({ kind }) => kind === 'record');
  const writers = openWriters(records, (rule) => rule);
  const known = new Map<Rule, TooShort['window'] | undefined>();
  const find = (rule: Rule): TooShort['window'] | undefined => {
    if (known.has(rule)) return known.get(rule);
    // For those that read themselves.
    known.set(rule, undefined);
    let found = shortWindow(rule.expr, set);
    for (const { matchers } of selectorsIn(rule.expr))
      for (const other of writers(matchers)) found ??= find(other);
    known.set(rule, found);
    return found;
  };
  return find;
};

/** How far back samples are looked for to tell how far apart they are: some windows, and ten minutes at least. */
const WINDOWS = 5;
const LEAST = 600_000;

/** The set, with as much more of the past as tells how far apart samples are; the same where it tells that already. */
export const withDistances = async (
  source: SeriesSource,
  set: SeriesSet,
  rules: readonly Rule[],
  now: number,
): Promise<SeriesSet> => {
  const missing = rules
    .flatMap(({ expr }) => windowsUnknown(expr, set))
    .map(
      ({ window: { selector, range } }): Selection => ({
        matchers: selector.matchers,
        since: now - Math.max(LEAST, WINDOWS * range),
        until: now,
      }),
    );
  if (missing.length === 0) return set;
  const more = await source.load(missing);
  return { select: (selection) => [...set.select(selection), ...more.select(selection)] };
};
