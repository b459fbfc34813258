/** One rule being evaluated, moment by moment: what comes of its expression's samples, and the series that it writes. */

import { type Labels, labelsFrom, METRIC_NAME, pairsOf, withLabel } from '../labels.js';
import { type AlertState, type Expand, openAlertState, RuleFailure, type Sample } from './alert-state.js';
import type { Placed } from './order.js';
import type { Recorder } from './recorder.js';
import type { RecordingRule } from './rule.js';

export interface Failure {
  /** ms since 1970 */
  readonly at: number;
  /** In Prometheus's words. */
  readonly message: string;
}

export interface RuleRun extends Placed {
  /** Of an alerting rule. */
  readonly alerts: AlertState | undefined;
  readonly failures: readonly Failure[];
  readonly step: (moment: number, samples: readonly Sample[]) => void;
  /** The evaluation gave nothing: neither series nor state change. */
  readonly fail: (moment: number, message: string) => void;
}

interface Written {
  readonly labels: Labels;
  readonly value: number;
}

export const openRun = (placed: Placed, firstMoment: number, recorder: Recorder, expand: Expand): RuleRun => {
  const { rule, group } = placed;
  const failures: Failure[] = [];
  const alerts = rule.kind === 'alert' ? openAlertState(rule, group.limit, firstMoment, expand) : undefined;
  const evaluate = alerts === undefined ? recording(rule as RecordingRule, group.limit) : alerting(alerts);
  let previous = new Map<string, Labels>();
  const fail = (at: number, message: string): void => {
    failures.push({ at, message });
  };
  return {
    ...placed,
    alerts,
    failures,
    fail,
    step: (moment, samples) => {
      let written: readonly Written[];
      try {
        written = evaluate(moment, samples);
      } catch (error) {
        if (!(error instanceof RuleFailure)) throw error;
        fail(moment, error.message);
        return;
      }
      if (written.length === 0 && previous.size === 0) return;
      const time = moment - group.queryOffset;
      const now = new Map<string, Labels>();
      for (const { labels, value } of written) {
        now.set(labels.key, labels);
        recorder.write(labels, time, value);
      }
      for (const [key, labels] of previous) if (!now.has(key)) recorder.end(labels, time);
      previous = now;
    },
  };
};

type Step = (moment: number, samples: readonly Sample[]) => readonly Written[];

const recording = (rule: RecordingRule, limit: number): Step => {
  const known = new Map<string, Labels>();
  const labelsOf = (source: Labels): Labels => {
    const before = known.get(source.key);
    if (before !== undefined) return before;
    const made = labelsFrom([...pairsOf(source), [METRIC_NAME, rule.name], ...rule.labels]);
    known.set(source.key, made);
    return made;
  };
  return (_moment, samples) => {
    const written = samples.map(({ labels, value }) => ({ labels: labelsOf(labels), value }));
    if (new Set(written.map(({ labels }) => labels.key)).size < written.length)
      throw new RuleFailure('vector contains metrics with the same labelset after applying rule labels');
    if (limit > 0 && written.length > limit)
      throw new RuleFailure(`exceeded limit of ${limit} with ${written.length} series`);
    return written;
  };
};

const alerting = (alerts: AlertState): Step => {
  const known = new Map<string, { pending: Labels; firing: Labels; state: Labels }>();
  const seriesOf = (labels: Labels) => {
    const before = known.get(labels.key);
    if (before !== undefined) return before;
    const named = withLabel(labels, METRIC_NAME, 'ALERTS');
    const made = {
      pending: withLabel(named, 'alertstate', 'pending'),
      firing: withLabel(named, 'alertstate', 'firing'),
      state: withLabel(labels, METRIC_NAME, 'ALERTS_FOR_STATE'),
    };
    known.set(labels.key, made);
    return made;
  };
  return (moment, samples) =>
    alerts.step(moment, samples).flatMap(({ episode, state }) => {
      const series = seriesOf(episode.labels);
      return [
        { labels: series[state], value: 1 },
        // Whole seconds, as Prometheus has it.
        { labels: series.state, value: Math.floor(episode.pendingSince / 1000) },
      ];
    });
};
