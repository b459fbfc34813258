/** Evaluates rule files for a check. */

import { resolve } from 'node:path';
import { countUnknown, stateOfAlerts } from '../../core/alert.js';
import { formatDuration } from '../../core/duration.js';
import { UserError } from '../../exit.js';
import { summarizeAlerts } from '../../formats/alert-words.js';
import { labelsFrom } from '../../promql/labels.js';
import type { ReplayOptions } from '../../promql/rules/replay.js';
import type { World } from '../../world.js';
import { evaluateAlerts } from '../alerts/evaluate.js';
import { loadGroups } from '../alerts/load.js';
import { openSeries } from '../series-source.js';
import { withSpinner } from '../spinner.js';
import type { Part } from './part.js';
import type { RuleWatch } from './rule-file-options.js';

/** The rule files, and how a server with that configuration would evaluate them. */
const rulesFrom = async ({
  files,
  config,
}: RuleWatch): Promise<{
  readonly files: readonly string[];
  /** ms; of groups that name none. */
  readonly queryOffset: number;
  readonly replay: Omit<ReplayOptions, 'since' | 'until'>;
}> => {
  if (config === undefined) return { files, queryOffset: 0, replay: {} };
  const { readRuleSettings } = await import('../../scrape/rule-settings.js');
  const { ruleFiles, evaluationInterval, externalLabels, queryOffset } = await readRuleSettings(
    resolve(config),
  );
  if (files.length + ruleFiles.length === 0)
    throw new UserError(`${config} names no rule_files`, {
      kind: 'usage',
      hint: 'Name the files themselves: --rules FILE',
    });
  return {
    files: [...files, ...ruleFiles],
    queryOffset: queryOffset * 1000,
    replay: {
      interval: evaluationInterval * 1000,
      externalLabels: labelsFrom(Object.entries(externalLabels)),
    },
  };
};

/** Throws a UserError for rules that are none, and where there is no log. */
export const judgeAlerts = async (
  watch: RuleWatch,
  file: string | undefined,
  world: World,
): Promise<Part> => {
  const { files, queryOffset, replay } = await rulesFrom(watch);
  const groups = await loadGroups(files, queryOffset);
  const now = world.clock.now();
  const series = await openSeries({ file, command: 'sysmon check' }, world);
  // It loads node:crypto, which takes as long as reading ten minutes of the log.
  const changing = watch.onChange ? await import('../alerts/changes.js') : undefined;
  const memory = changing?.openChanges(
    { files, log: series.path, ...(watch.state && { state: watch.state }) },
    world,
  );
  const { found, replayed } = await withSpinner(world, 'evaluating rules', () =>
    evaluateAlerts(series.source, {
      groups,
      severities: watch.severities,
      now,
      lookback: now - watch.lookback * 1000,
      ...(memory?.time === undefined ? {} : { before: memory.time }),
      newest: () => series.span()?.newest,
      replay,
    }),
  );
  const source = `rules over ${series.path}`;
  const state = stateOfAlerts(found);
  const common = { state, summary: summarizeAlerts(found), alerts: found };
  if (changing === undefined || memory === undefined) return { ...common, source };
  const { changes, firing } = changing.findChanges(memory, replayed, watch.severities, now);
  const trouble = [
    found.stale === undefined ? '' : 'stale',
    countUnknown(found) === found.rules ? 'blind' : '',
    ...found.failures.map(({ rule }) => rule),
  ]
    .filter((word) => word !== '')
    .join();
  // Of a log that ended nothing is known: what was firing stays so until it goes on.
  const isKnown = found.stale === undefined;
  const told = isKnown ? changes : [];
  const since =
    memory.time === undefined
      ? 'the first run'
      : `the run ${formatDuration(Math.max(0, Math.round((now - memory.time) / 1000)))} ago`;
  return {
    ...common,
    alerts: {
      ...found,
      changes: told,
      ...(memory.time === undefined ? {} : { comparedWith: memory.time }),
    },
    source: `${source}, changes since ${since}`,
    isNews: told.length > 0 || trouble !== memory.trouble,
    settle: () =>
      memory.save(isKnown ? now : (memory.time ?? now), isKnown ? firing : memory.firing, trouble),
  };
};
