/** Which rules are evaluated, and as which server would: rule files, and a prometheus.yml that names some. */

import { resolve } from 'node:path';
import { UserError } from '../../exit.js';
import { labelsFrom } from '../../promql/labels.js';
import type { ReplayOptions } from '../../promql/rules/replay.js';
import type { RuleGroup } from '../../promql/rules/rule.js';
import { loadGroups } from './load.js';

export interface RuleSet {
  /** Names and patterns. */
  readonly files: readonly string[];
  readonly groups: readonly RuleGroup[];
  /** What the configuration says of all of them. */
  readonly replay: Pick<ReplayOptions, 'interval' | 'externalLabels'>;
}

/** Throws a UserError where files are not to be used, and where the configuration names none and nobody else does. */
export const loadRuleSet = async (
  files: readonly string[],
  config: string | undefined,
  /** How they are named in the call. */
  named: string,
): Promise<RuleSet> => {
  if (config === undefined) return { files, groups: await loadGroups(files), replay: {} };
  const { readRuleSettings } = await import('../../scrape/rule-settings.js');
  const { ruleFiles, evaluationInterval, externalLabels, queryOffset } = await readRuleSettings(
    resolve(config),
  );
  const all = [...files, ...ruleFiles];
  if (all.length === 0)
    throw new UserError(`${config} names no rule_files`, {
      kind: 'usage',
      hint: `Name the files themselves: ${named}`,
    });
  return {
    files: all,
    groups: await loadGroups(all, queryOffset * 1000),
    replay: {
      interval: evaluationInterval * 1000,
      externalLabels: labelsFrom(Object.entries(externalLabels)),
    },
  };
};
