/** Rules of the judge as a Prometheus rule file, which needs nothing but node_exporter. */

import { IN_A_ROW } from '../core/alerts.js';
import { formatDuration } from '../core/duration.js';
import type { Group } from '../core/group.js';
import type { Rule } from '../core/rule.js';
import { type Alert, holdsFor, type Translated, translate } from './rule-file/translate.js';

/** Seconds between evaluations. */
const INTERVAL = 60;

const HEAD = `# The default rules of sysmon, as "sysmon check" judges them, for Prometheus and for "sysmon check --rules".
# Made by "sysmon rules defaults"; metrics are node_exporter's, so that it works where only that is scraped.
#
# An alert takes three evaluations in a row. Where it ends by a milder limit than it begins by, ALERTS tells whether it holds.
# What Prometheus cannot know as sysmon does: limits of a container (these are of the whole machine), which interfaces are
# hardware and which mounts are of one device (names and types tell it here), and whether a log was ended on purpose.
`;

/** A scalar in single quotes, where only these need care. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const block = (lines: readonly string[], indent: string): string =>
  lines.length === 1
    ? ` ${quoted(lines[0] as string)}`
    : ` |-\n${lines.map((line) => `${indent}${line}`).join('\n')}`;

const alertText = ({ name, severity, expression, summary, description }: Alert): string =>
  `      - alert: ${name}
        expr:${block(expression, '          ')}
        for: ${holdsFor(INTERVAL, IN_A_ROW)}
        labels:
          severity: ${severity}
        annotations:
          summary: ${quoted(summary)}
          description: ${quoted(description)}
`;

const ruleText = ({ words, record, alerts, reason }: Translated): string => {
  const comment = `      # ${words}\n`;
  if (reason !== undefined) return `${comment}      # Not here: ${reason}.\n`;
  const recorded =
    record === undefined
      ? ''
      : `      - record: ${record.name}\n        expr:${block(record.expression, '          ')}\n`;
  return `${comment}${recorded}${alerts.map(alertText).join('')}`;
};

/** `groups` describe what the rules look at. */
export const formatRuleFile = (rules: readonly Rule[], groups: ReadonlyMap<string, Group>): string =>
  `${HEAD}groups:
  - name: sysmon
    interval: ${formatDuration(INTERVAL)}
    rules:
${rules.map((rule) => ruleText(translate(rule, groups))).join('\n')}`;
