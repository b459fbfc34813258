/**
 * The life of a rule's alerts, evaluation by evaluation: pending, firing, kept firing, resolved. As Prometheus's AlertingRule
 * has it (rules/alerting.go), with everything kept that its state forgets.
 */

import { type Labels, labelsFrom, pairsOf, withoutName } from '../labels.js';
import type { AlertingRule, Pairs } from './rule.js';

/** One sample of the expression at a moment. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** From when an alert's condition began to hold until it was over. Moments in ms. */
export interface Episode {
  readonly labels: Labels;
  readonly pendingSince: number;
  /** It held at the first moment that was looked at, or may have been kept firing from there: it may have begun before. */
  readonly sinceAtLeast: boolean;
  readonly firingSince?: number;
  /** It no longer holds, and is kept firing. */
  readonly keepFiringSince?: number;
  readonly resolvedAt?: number;
  /** What the expression gave when it last gave anything, and when it began to fire. */
  readonly lastValue: number;
  readonly lastAt: number;
  readonly valueAtFire?: number;
  /** The expression's labels as of then, which annotations speak of. */
  readonly source: Labels;
  /** Every value that it had: what annotations said at any moment can be told from it. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Gives the text of a template for one sample. */
export type Expand = (text: string, sample: Sample, moment: number) => string;

export interface ActiveAlert {
  readonly episode: Episode;
  readonly state: 'pending' | 'firing';
}

/** Which of them were pending or firing after the evaluation at a moment, or after the last one before it. */
export const activeAt = (episodes: readonly Episode[], moment: number): readonly ActiveAlert[] =>
  episodes
    .filter(
      ({ pendingSince, resolvedAt }) =>
        pendingSince <= moment && moment < (resolvedAt ?? Number.POSITIVE_INFINITY),
    )
    .map((episode) => ({
      episode,
      state: (episode.firingSince ?? Number.POSITIVE_INFINITY) <= moment ? 'firing' : 'pending',
    }));

export interface AlertState {
  /** One evaluation. Gives what is active now; throws a RuleFailure where Prometheus's evaluation fails. */
  readonly step: (moment: number, samples: readonly Sample[]) => readonly ActiveAlert[];
  readonly episodes: readonly Episode[];
  readonly active: () => readonly ActiveAlert[];
}

/** An evaluation that gave nothing; the message is Prometheus's. */
export class RuleFailure extends Error {}

/** Texts with nothing but labels in their templates give the same for the same labels, whatever the value and the time. */
const ONLY_LABELS = /^(?:[^{]|\{(?!\{)|\{\{-?\s*(?:\$labels|\.Labels)\.\w+\s*-?\}\})*$/;

export const openAlertState = (
  rule: AlertingRule,
  limit: number,
  firstMoment: number,
  expand: Expand,
): AlertState => {
  const episodes: Mutable<Episode>[] = [];
  let active = new Map<string, Mutable<Episode>>();
  const known = new Map<string, Labels>();
  const isFixed = rule.labels.every(([, text]) => ONLY_LABELS.test(text));

  const alertLabels = (sample: Sample, moment: number): Labels => {
    const before = isFixed ? known.get(sample.labels.key) : undefined;
    if (before !== undefined) return before;
    const own: Pairs = rule.labels.map(([name, text]) => [name, expand(text, sample, moment)]);
    const made = labelsFrom([...pairsOf(withoutName(sample.labels)), ...own, ['alertname', rule.name]]);
    if (isFixed) known.set(sample.labels.key, made);
    return made;
  };

  const stateOf = (episode: Episode): 'pending' | 'firing' =>
    episode.firingSince === undefined ? 'pending' : 'firing';
  const activeNow = (): readonly ActiveAlert[] =>
    [...active.values()].map((episode) => ({ episode, state: stateOf(episode) }));

  /** Until when alerts may be kept firing that began before the first moment, where that is not the same for all. */
  const kept = new Map<string, number>();
  const mayBeOlder = ({ key }: Labels, moment: number): boolean =>
    moment === firstMoment ||
    (rule.keepFiringFor > 0 && moment <= (kept.get(key) ?? firstMoment + rule.keepFiringFor));

  const begin = (labels: Labels, moment: number, { labels: source, value }: Sample): Mutable<Episode> => {
    const episode: Mutable<Episode> = {
      labels,
      pendingSince: moment,
      sinceAtLeast: mayBeOlder(labels, moment),
      lastValue: value,
      lastAt: moment,
      source,
      times: [],
      values: [],
    };
    episodes.push(episode);
    return episode;
  };

  /** All at once, and as if this evaluation had not been: nobody was told of what began with it. */
  const forget = (moment: number): void => {
    for (const episode of active.values()) {
      if (episode.firingSince === moment) {
        delete episode.firingSince;
        delete episode.valueAtFire;
      }
      episode.resolvedAt = moment;
      if (episode.pendingSince === moment) episodes.splice(episodes.indexOf(episode), 1);
    }
    active = new Map();
  };

  return {
    episodes,
    active: activeNow,
    step: (moment, samples) => {
      if (samples.length === 0 && active.size === 0) return [];
      const holding = new Map<string, readonly [Labels, Sample]>();
      for (const sample of samples) {
        const labels = alertLabels(sample, moment);
        if (holding.has(labels.key))
          throw new RuleFailure('vector contains metrics with the same labelset after applying alert labels');
        holding.set(labels.key, [labels, sample]);
      }
      for (const [key, [labels, sample]] of holding) {
        const episode = active.get(key) ?? begin(labels, moment, sample);
        active.set(key, episode);
        episode.source = sample.labels;
        episode.lastValue = sample.value;
        episode.lastAt = moment;
        (episode.times as number[]).push(moment);
        (episode.values as number[]).push(sample.value);
      }
      for (const [key, episode] of active) {
        if (holding.has(key)) {
          delete episode.keepFiringSince;
          if (episode.firingSince === undefined && moment - episode.pendingSince >= rule.for) {
            episode.firingSince = moment;
            episode.valueAtFire = episode.lastValue;
          }
          continue;
        }
        if (episode.firingSince !== undefined && rule.keepFiringFor > 0) {
          episode.keepFiringSince ??= moment;
          if (moment - episode.keepFiringSince < rule.keepFiringFor) continue;
        }
        // It is over here; one that was firing already when the past began to be looked at is kept a while.
        if (episode.sinceAtLeast && episode.firingSince === undefined && rule.keepFiringFor > 0)
          kept.set(key, moment + rule.keepFiringFor);
        episode.resolvedAt = moment;
        active.delete(key);
      }
      if (limit > 0 && active.size > limit) {
        const count = active.size;
        forget(moment);
        throw new RuleFailure(`exceeded limit of ${limit} with ${count} alerts`);
      }
      return activeNow();
    },
  };
};
