/** Series in memory, which grow: samples of a test, results of recording rules. */

import { type Labels, labelOf, METRIC_NAME } from './labels.js';
import type { Selection, Series, SeriesSet } from './series.js';

/** Numbers in a row that doubles when it is full. What was given out stays as it was: it is never written to below its length. */
class Row {
  #room = new Float64Array(8);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#room[index] as number;
  }

  view(): Float64Array {
    return this.#room.subarray(0, this.#length);
  }

  push(value: number): void {
    if (this.#length === this.#room.length) this.#grow(this.#length * 2);
    this.#room[this.#length++] = value;
  }

  /** Puts a value at an index, in place of `replaced` others (0 or 1), in a copy. */
  splice(index: number, replaced: 0 | 1, ...values: readonly number[]): void {
    const all = [...this.view()];
    all.splice(index, replaced, ...values);
    this.#room = Float64Array.from(all);
    this.#length = all.length;
    if (this.#length === 0) this.#room = new Float64Array(8);
  }

  #grow(size: number): void {
    const wider = new Float64Array(size);
    wider.set(this.#room);
    this.#room = wider;
  }
}

/** Where a time stands in ascending ones, or would. Mostly at the end. */
const placeIn = (times: Row, time: number): number => {
  let index = times.length;
  while (index > 0 && times.at(index - 1) >= time) index--;
  return index;
};

class Growing {
  readonly times = new Row();
  readonly values = new Row();
  readonly ends = new Row();
  readonly labels: Labels;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  append(time: number, value: number): void {
    const end = placeIn(this.ends, time);
    if (end < this.ends.length && this.ends.at(end) === time) this.ends.splice(end, 1);
    const place = placeIn(this.times, time);
    if (place === this.times.length) {
      this.times.push(time);
      this.values.push(value);
      return;
    }
    const replaced = this.times.at(place) === time ? 1 : 0;
    this.times.splice(place, replaced, time);
    this.values.splice(place, replaced, value);
  }

  end(time: number): void {
    const sample = placeIn(this.times, time);
    if (sample < this.times.length && this.times.at(sample) === time) {
      this.times.splice(sample, 1);
      this.values.splice(sample, 1);
    }
    const place = placeIn(this.ends, time);
    if (place === this.ends.length) this.ends.push(time);
    else if (this.ends.at(place) !== time) this.ends.splice(place, 0, time);
  }

  view(): Series {
    return {
      labels: this.labels,
      times: this.times.view(),
      values: this.values.view(),
      ends: this.ends.view(),
    };
  }
}

export class MemorySet implements SeriesSet {
  readonly #byKey = new Map<string, Growing>();
  readonly #byName = new Map<string, Growing[]>();

  /** In any order of time, though ascending is what is fast. The last one of a time stands. */
  append(labels: Labels, time: number, value: number): void {
    this.#of(labels).append(time, value);
  }

  /** Marks the series as gone from this time on, until its next sample. */
  end(labels: Labels, time: number): void {
    this.#of(labels).end(time);
  }

  clear(): void {
    this.#byKey.clear();
    this.#byName.clear();
  }

  select({ matchers }: Pick<Selection, 'matchers'>): readonly Series[] {
    const ofName = matchers.filter(({ name }) => name === METRIC_NAME);
    const others = matchers.filter(({ name }) => name !== METRIC_NAME);
    const found: Series[] = [];
    for (const series of this.#named(ofName))
      if (others.every(({ name, matches }) => matches(labelOf(series.labels, name))))
        found.push(series.view());
    return found;
  }

  *#named(matchers: Selection['matchers']): Iterable<Growing> {
    const exact = matchers.find(({ operator }) => operator === '=');
    const candidates =
      exact === undefined ? this.#byName : ([[exact.value, this.#byName.get(exact.value) ?? []]] as const);
    for (const [name, group] of candidates) if (matchers.every(({ matches }) => matches(name))) yield* group;
  }

  #of(labels: Labels): Growing {
    let series = this.#byKey.get(labels.key);
    if (series === undefined) {
      series = new Growing(labels);
      this.#byKey.set(labels.key, series);
      const name = labelOf(labels, METRIC_NAME);
      const group = this.#byName.get(name);
      if (group === undefined) this.#byName.set(name, [series]);
      else group.push(series);
    }
    return series;
  }
}
