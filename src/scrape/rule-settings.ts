/** What prometheus.yml says of rules. All else in it is Prometheus's own matter, and is passed over. */

import type { YamlEntry } from '../yaml.js';
import { NOT_AT_TOP, openConfig, passOver, readGlobals } from './config-globals.js';

export interface RuleSettings {
  /** Patterns of rule files, absolute. */
  readonly ruleFiles: readonly string[];
  readonly externalLabels: Readonly<Record<string, string>>;
  /** s */
  readonly evaluationInterval: number;
  /** s; of groups that have no query_offset. */
  readonly queryOffset: number;
}

/** Throws a UserError with file, line and column of what is not right. */
export const readRuleSettings = async (file: string): Promise<RuleSettings> => {
  const { root, reader } = await openConfig(file);
  let global: YamlEntry | undefined;
  let ruleFiles: readonly string[] = [];
  if (root !== undefined)
    reader.fields(
      root,
      'the configuration',
      {
        global: (entry) => {
          global = entry;
        },
        rule_files: (entry) => {
          ruleFiles = reader.texts(entry).map((path) => reader.path(path));
        },
        ...passOver(['scrape_configs', 'alerting', ...NOT_AT_TOP]),
      },
      [],
    );
  const { evaluationInterval, externalLabels, ruleQueryOffset } = readGlobals(reader, global, 'pass over');
  return { ruleFiles, evaluationInterval, externalLabels, queryOffset: ruleQueryOffset };
};
