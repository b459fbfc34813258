/** The data of a script. Native histograms are known by name and time only: what would select one cannot be evaluated. */

import { type Labels, labelOf, METRIC_NAME, withLabel, withoutLabels } from '../../src/promql/labels.js';
import { MemorySet } from '../../src/promql/memory.js';
import type { Selection, Series, SeriesSet } from '../../src/promql/series.js';
import type { Load } from './script.js';

/** Thrown from within an evaluation. */
export class NeedsHistogram extends Error {}

interface Histograms {
  readonly labels: Labels;
  readonly times: number[];
}

const BUCKET = /_bucket$/;
const LE: ReadonlySet<string> = new Set(['le']);

export class Store implements SeriesSet {
  readonly #floats = new MemorySet();
  readonly #histograms = new Map<string, Histograms>();

  load({ step, series, customBuckets }: Load): void {
    for (const { labels, points } of series) {
      points.forEach((point, index) => {
        const time = index * step;
        if (point === 'none') return;
        if (point === 'stale') this.#floats.end(labels, time);
        else if (point === 'histogram') this.#addHistogram(labels, time);
        else this.#floats.append(labels, time, point);
        if (customBuckets && typeof point === 'number') this.#convert(labels, time);
      });
    }
  }

  clear(): void {
    this.#floats.clear();
    this.#histograms.clear();
  }

  select(selection: Selection): readonly Series[] {
    const { matchers, since, until } = selection;
    for (const { labels, times } of this.#histograms.values())
      if (
        matchers.every(({ name, matches }) => matches(labelOf(labels, name))) &&
        times.some((time) => since <= time && time <= until)
      )
        throw new NeedsHistogram();
    return this.#floats.select(selection);
  }

  #addHistogram(labels: Labels, time: number): void {
    const known = this.#histograms.get(labels.key);
    if (known === undefined) this.#histograms.set(labels.key, { labels, times: [time] });
    else known.times.push(time);
  }

  #convert(labels: Labels, time: number): void {
    const name = labelOf(labels, METRIC_NAME);
    if (!BUCKET.test(name) || labelOf(labels, 'le') === '') return;
    this.#addHistogram(withLabel(withoutLabels(labels, LE), METRIC_NAME, name.replace(BUCKET, '')), time);
  }
}
