/** What a rule reads, and what it writes: which rules have to be evaluated before which. */

import type { Expr } from '../ast.js';
import { METRIC_NAME } from '../labels.js';
import type { Matcher } from '../matcher.js';
import { allParts } from '../parts.js';
import type { Rule } from './rule.js';

/**
 * Whether it has to be asked moment by moment: `@` and negative offsets see what is later than the moment in a query over
 * all of them, and `start()` and `end()` mean the query's own.
 */
export const looksElsewhere = (expr: Expr): boolean =>
  allParts(expr).some(
    (part) =>
      (part.kind === 'vectorSelector' || part.kind === 'subquery') &&
      (part.at !== undefined || part.offset < 0),
  );

/** Which of many rules could be read by matchers: most name what they read, and need no look at all the others. */
export const openWriters = <T>(
  all: readonly T[],
  ruleOf: (one: T) => Rule,
): ((matchers: readonly Matcher[]) => readonly T[]) => {
  const byName = new Map<string, T[]>();
  for (const one of all) {
    for (const name of namesOf(ruleOf(one))) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [one]);
      else known.push(one);
    }
  }
  return (matchers) => {
    const named = matchers.find(({ name, operator }) => name === METRIC_NAME && operator === '=');
    const candidates = named === undefined ? all : (byName.get(named.value) ?? []);
    return candidates.filter((one) => canRead(matchers, ruleOf(one)));
  };
};

const namesOf = (rule: Rule): readonly string[] =>
  rule.kind === 'record' ? [rule.name] : ['ALERTS', 'ALERTS_FOR_STATE'];

/** Whether series that a rule writes could pass these matchers. Labels that are not known before evaluation always could. */
export const canRead = (matchers: readonly Matcher[], rule: Rule): boolean => {
  const fixed = new Map(rule.labels.filter(([, text]) => rule.kind === 'record' || !text.includes('{{')));
  if (rule.kind === 'alert') fixed.set('alertname', rule.name);
  return namesOf(rule).some((name) =>
    matchers.every((matcher) => {
      if (matcher.name === METRIC_NAME) return matcher.matches(name);
      const value = fixed.get(matcher.name);
      if (value !== undefined) return matcher.matches(value);
      if (matcher.name === 'alertstate' && rule.kind === 'alert')
        return name === 'ALERTS' ? ['pending', 'firing'].some(matcher.matches) : matcher.matches('');
      return true;
    }),
  );
};
