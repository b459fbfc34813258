/** Series while they are read: they grow, and come out as columns. */

import type { Labels } from '../../promql/labels.js';
import type { Series } from '../../promql/series.js';

const FIRST_ROOM = 64;

/** One series, line by line. */
export class Column {
  readonly labels: Labels;
  /** As the lines so far left it. */
  isThere = false;
  /** Whether its last sample came with a time of its own: then it is never seen to be gone. */
  isStamped = false;
  private times = new Float64Array(FIRST_ROOM);
  private values = new Float64Array(FIRST_ROOM);
  private length = 0;
  private readonly ends: number[] = [];

  constructor(labels: Labels) {
    this.labels = labels;
  }

  add(time: number, value: number): void {
    if (this.length === this.times.length) {
      const [times, values] = [new Float64Array(this.length * 2), new Float64Array(this.length * 2)];
      times.set(this.times);
      values.set(this.values);
      this.times = times;
      this.values = values;
    }
    this.times[this.length] = time;
    this.values[this.length] = value;
    this.length++;
  }

  end(time: number): void {
    if (this.isThere && !this.isStamped) this.ends.push(time);
  }

  /** Undefined where there is nothing in it. Times that went back are put in order; of two at one time the later written stands. */
  toSeries(): Series | undefined {
    if (this.length === 0) return undefined;
    const { labels, length } = this;
    let times = this.times.subarray(0, length);
    let values = this.values.subarray(0, length);
    let isOrdered = true;
    for (let index = 1; index < length && isOrdered; index++)
      isOrdered = (times[index] as number) > (times[index - 1] as number);
    if (!isOrdered) {
      const last = new Map<number, number>();
      for (let index = 0; index < length; index++) last.set(times[index] as number, values[index] as number);
      times = Float64Array.from(last.keys()).sort();
      values = times.map((time) => last.get(time) as number);
    }
    const own = this.ends.length === 0 ? undefined : new Set(times);
    const ends = Float64Array.from(new Set(this.ends.filter((end) => own?.has(end) === false))).sort();
    return { labels, times, values, ends };
  }
}
