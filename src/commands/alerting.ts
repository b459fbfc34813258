/** The judge beside the recorder: each sample is judged as it is taken, and what begins or ends to hold is said. */

import {
  type AlertState,
  type AlertStep,
  IN_A_ROW,
  nextAlerts,
  resumeAlerts,
  rulesOf,
} from '../core/alerts.js';
import { openHistory } from '../core/history.js';
import { openJudge } from '../core/judge-samples.js';
import type { Rule } from '../core/rule.js';
import type { ActiveAlert, Sample } from '../core/sample.js';
import { longestRate } from '../core/schedule.js';
import type { Watcher } from './recording.js';

/** Whether a sample is the next one after another: what holds in both has held in between. */
const follows = (sample: Sample, before: Sample | undefined): boolean =>
  before !== undefined &&
  before.boot === sample.boot &&
  sample.time >= before.time &&
  sample.time - before.time <= longestRate(sample.interval ?? 0) * 1000;

/** Judges by these rules, going on from what the log already holds: its recent samples, oldest first. */
export const openWatcher = (rules: readonly Rule[], past: readonly Sample[]): Watcher => {
  const history = openHistory(rules);
  const judge = openJudge(rules);
  const look = (state: AlertState, sample: Sample, held: readonly ActiveAlert[]): AlertStep =>
    nextAlerts(state, judge({ now: sample, history, held }, rulesOf(state, held)), sample.time);

  // What holds is in the log, but what was about to begin is not: the last samples are judged once more. Else nothing
  // ever began where each run takes a single sample.
  let rising = resumeAlerts();
  let before: Sample | undefined;
  for (const [index, sample] of past.entries()) {
    history.add(sample);
    if (!follows(sample, before)) rising = resumeAlerts();
    if (index > past.length - IN_A_ROW) rising = look(rising, sample, before?.alerts ?? []).state;
    before = sample;
  }
  let active: readonly ActiveAlert[] = before?.alerts ?? [];
  let state: AlertState | undefined;
  return (sample) => {
    history.add(sample);
    state ??= resumeAlerts(active, follows(sample, before) ? rising : undefined);
    const step = look(state, sample, active);
    state = step.state;
    // The very same as before where nothing began or ended: what was judged by it stays good.
    if (step.events.length > 0) active = step.active;
    return step;
  };
};
