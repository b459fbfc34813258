/** What is most likely not meant as it is written, in rules that Prometheus loads without a word. */

import { formatDuration } from '../durations.js';
import { labelsLeft } from './labels-left.js';
import { EXPRESSION_LINTS } from './lint-expressions.js';
import type { Problem, Rule, RuleFile, RuleGroup } from './rule.js';

export interface Finding extends Problem {
  /** `rate-of-gauge`: what one can look up, or leave out. */
  readonly code: string;
}

export interface LintOptions {
  /** How far apart samples are, where it is known, ms. */
  readonly scrapeInterval?: number;
}

/** By place. */
export const lintRules = ({ groups, oddities }: RuleFile, options: LintOptions = {}): readonly Finding[] => {
  const found: Finding[] = oddities.map((one) => ({ code: 'prometheus-version', ...one }));
  for (const group of groups)
    for (const rule of group.rules) {
      found.push(...lintRule(rule, group));
      for (const { code, message, hint } of EXPRESSION_LINTS.flatMap((lint) => lint(rule, options)))
        found.push({ code, at: rule.queryAt, message: `${rule.name}: ${message}`, ...(hint && { hint }) });
    }
  found.push(...duplicates(groups));
  return found.sort((a, b) => a.at.offset - b.at.offset);
};

const VALUE = /\{\{[^}]*(?:\$value|\.Value)\b/;

const lintRule = (rule: Rule, group: RuleGroup): readonly Finding[] => {
  const found: Finding[] = [];
  const say = (code: string, message: string, hint?: string): void => {
    found.push({ code, at: rule.at, message: `${rule.name}: ${message}`, ...(hint && { hint }) });
  };
  if (rule.kind === 'record') {
    const templated = rule.labels.find(([, text]) => text.includes('{{'));
    if (templated !== undefined)
      say(
        'template-in-record',
        `the label ${templated[0]} of a recording rule is not filled in as a template`,
      );
    return found;
  }
  if (!rule.labels.some(([name]) => name === 'severity'))
    say(
      'no-severity',
      'no label severity: sysmon check counts it as a warning',
      'labels: { severity: critical }',
    );
  for (const [name, text] of rule.labels)
    if (VALUE.test(text))
      say(
        'value-in-label',
        `the label ${name} changes with the value: each change is a new alert, and "for" begins again`,
        'Values belong into annotations.',
      );
  const left = labelsLeft(rule.expr);
  for (const [name, text] of rule.annotations)
    for (const [, label = ''] of text.matchAll(/(?:\$labels|\.Labels)\.(\w+)/g))
      if (left !== undefined && !left.has(label))
        say(
          'label-is-gone',
          `the annotation ${name} speaks of the label ${label}, which the expression takes away`,
        );
  const interval = group.interval;
  if (interval !== undefined && rule.for > 0 && rule.for < interval)
    say(
      'for-below-interval',
      `"for: ${formatDuration(rule.for)}" is shorter than the group's interval, so it is ${formatDuration(interval)} in fact`,
    );
  return found;
};

/** Rules of one name and the same labels: promtool's duplicate-rules. */
const duplicates = (groups: readonly RuleGroup[]): readonly Finding[] => {
  const seen = new Map<string, number>();
  const found: Finding[] = [];
  for (const rule of groups.flatMap((group) => group.rules)) {
    const key = JSON.stringify([rule.kind, rule.name, [...rule.labels].sort()]);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, rule.at.line);
    else
      found.push({
        code: 'duplicate-rules',
        at: rule.at,
        message: `${rule.name}: the same name and labels as the rule in line ${before}`,
        hint: 'Might cause inconsistency while recording expressions.',
      });
  }
  return found;
};
