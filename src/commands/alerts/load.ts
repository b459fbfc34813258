/** Rule files for who evaluates them: by names and patterns, without anything wrong in them. */

import { resolve } from 'node:path';
import { UserError } from '../../exit.js';
import type { RuleGroup } from '../../promql/rules/rule.js';
import { globFiles, readTextFile } from '../rules/files.js';

/** All groups of all files. Throws a UserError where a file is not to be used, with the first thing that is wrong and how many more there are. `queryOffset`, ms, is of groups that name none. */
export const loadGroups = async (
  patterns: readonly string[],
  queryOffset = 0,
): Promise<readonly RuleGroup[]> => {
  const { loadRules } = await import('../../promql/rules/load.js');
  const groups: RuleGroup[] = [];
  const seen = new Set<string>();
  for (const pattern of patterns) {
    const files = globFiles(pattern);
    // A name that is no file says so when it is read.
    for (const file of files.length === 0 ? [pattern] : files) {
      // A file that is named twice, or by two patterns, is one file, as it is to Prometheus.
      if (seen.has(resolve(file))) continue;
      seen.add(resolve(file));
      const { groups: found, problems } = await loadRules(readTextFile(file), file, queryOffset);
      const [first] = problems;
      if (first !== undefined) {
        const more = problems.length - 1;
        throw new UserError(
          `${file}:${first.at.line}:${first.at.column}: ${first.message}${more > 0 ? ` (and ${more} more)` : ''}`,
          { kind: 'usage', hint: first.hint ?? `See all of it with: sysmon rules lint ${file}` },
        );
      }
      groups.push(...found);
    }
  }
  return groups;
};
