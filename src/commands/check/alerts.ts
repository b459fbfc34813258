/** Evaluates rule files for a check. */

import { countUnknown, stateOfAlerts } from '../../core/alert.js';
import { formatDuration } from '../../core/duration.js';
import { summarizeAlerts } from '../../formats/alert-words.js';
import type { World } from '../../world.js';
import { evaluateAlerts } from '../alerts/evaluate.js';
import { loadRuleSet } from '../alerts/rule-set.js';
import { openSeries } from '../series-source.js';
import { withSpinner } from '../spinner.js';
import type { Part } from './part.js';
import type { RuleWatch } from './rule-file-options.js';

/** Throws a UserError for rules that are none, and where there is no log. */
export const judgeAlerts = async (
  watch: RuleWatch,
  file: string | undefined,
  world: World,
): Promise<Part> => {
  const { files, groups, replay } = await loadRuleSet(watch.files, watch.config, '--rules FILE');
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
