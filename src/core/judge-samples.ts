/** Judges one sample after the other, as they are recorded or shown. */

import { speaksUp } from './alerts.js';
import { type Evidence, judge, NONE_HELD, newest } from './judge.js';
import { bringsNews, measureKeeps } from './measure.js';
import { alerts } from './range.js';
import type { Rule, Verdict } from './rule.js';
import type { Row, Sample } from './sample.js';

/** A rule, and what it said when it was last judged. */
interface Standing {
  readonly rule: Rule;
  /** The rule's own, one look away: what lies apart in memory is most of what it takes to see that all is well once a second. */
  readonly name: string;
  readonly group: string;
  readonly field: string;
  readonly limits: Rule['limits'];
  /** Whether it is about the newest value. */
  readonly isOfNow: boolean;
  /** How long that is good, ms: where a sample may bring news, and where not. */
  readonly keeps: { readonly news: number; readonly none: number };
  at: number;
  verdicts: readonly Verdict[];
  isBeyond: boolean;
}

/** When a rule was judged that never was, ms. */
const NEVER = Number.POSITIVE_INFINITY;

const standingOf = (rule: Rule): Standing => ({
  rule,
  name: rule.name,
  group: rule.path.group,
  field: rule.path.field,
  limits: rule.limits,
  isOfNow: rule.measure.kind === 'value',
  keeps: { news: measureKeeps(rule.measure, true), none: measureKeeps(rule.measure, false) },
  at: NEVER,
  verdicts: [],
  isBeyond: false,
});

/** Whether what a rule said is still as good as what it would say now. */
const isGood = ({ rule, keeps, at }: Standing, now: Sample): boolean => {
  const age = now.time - at;
  // Most are younger than both, which takes no look at the sample.
  return age >= 0 && age < keeps.none && (age < keeps.news || !bringsNews(rule, now));
};

const isBeyond = ({ warning, critical }: Rule['limits'], value: number): boolean =>
  (warning !== undefined && alerts(warning, value)) || (critical !== undefined && alerts(critical, value));

/** Whether it takes one look to see that no row of this sample can be beyond the limits of a rule about the newest value. */
const isWithin = ({ rule, group, field, limits }: Standing, evidence: Evidence): boolean => {
  const reading = evidence.now.readings.get(group);
  if (reading === undefined) return false;
  if (!('rows' in reading)) return true;
  const { rows } = reading;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as Row;
    const value = row.numbers[field] ?? newest(rule, row, evidence);
    if (value !== undefined && isBeyond(limits, value)) return false;
  }
  return true;
};

/**
 * Judges one sample after the other, by all rules: verdicts about long windows, and about what is read once a minute, are kept for
 * a while, so that a log with a sample a second does not judge the same again and again. Where rules are named those alone give
 * all of their verdicts; of the others, of which nothing may hold, only what is beyond limits is given, and mostly no more
 * is looked at than it takes to see that nothing is.
 */
export const openJudge = (
  rules: readonly Rule[],
): ((evidence: Evidence, named?: ReadonlySet<string>) => readonly Verdict[]) => {
  const standings = rules.map(standingOf);
  let boot: string | undefined;
  let before = NONE_HELD;
  return (evidence, named) => {
    const { now, held = NONE_HELD } = evidence;
    // What holds already is left by other limits.
    if (now.boot !== boot || (held !== before && held.length + before.length > 0))
      for (const one of standings) one.at = NEVER;
    boot = now.boot;
    before = held;
    const verdicts: Verdict[] = [];
    for (let index = 0; index < standings.length; index++) {
      const one = standings[index] as Standing;
      const beyondOnly = named !== undefined && !named.has(one.name);
      if (beyondOnly && one.isOfNow && isWithin(one, evidence)) {
        // What it said of an older sample says nothing any more.
        one.at = NEVER;
        continue;
      }
      if (!isGood(one, now)) {
        one.at = now.time;
        one.verdicts = judge(one.rule, evidence);
        one.isBeyond = one.verdicts.some(speaksUp);
      }
      if (beyondOnly && !one.isBeyond) continue;
      for (let at = 0; at < one.verdicts.length; at++) verdicts.push(one.verdicts[at] as Verdict);
    }
    return verdicts;
  };
};
