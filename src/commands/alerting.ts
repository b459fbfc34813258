/** The judge beside the recorder: each sample is judged as it is taken, and what begins or ends to hold is said. */

import { nextAlerts, resumeAlerts } from '../core/alerts.js';
import { openHistory } from '../core/history.js';
import { judgeAll } from '../core/judge.js';
import type { Rule } from '../core/rule.js';
import type { ActiveAlert, Sample } from '../core/sample.js';
import type { Watcher } from './recording.js';

/** Judges by these rules, going on from what the log already holds: its recent samples, oldest first. */
export const openWatcher = (rules: readonly Rule[], past: readonly Sample[]): Watcher => {
  const history = openHistory(rules);
  for (const sample of past) history.add(sample);
  let active: readonly ActiveAlert[] = past.at(-1)?.alerts ?? [];
  let state = resumeAlerts(active);
  return (sample) => {
    history.add(sample);
    const verdicts = judgeAll(rules, { now: sample, history, held: active });
    const step = nextAlerts(state, verdicts, sample.time);
    state = step.state;
    active = step.active;
    return step;
  };
};
