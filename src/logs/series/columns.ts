/** Points as they come in, in typed arrays that grow by doubling. */

import type { Due } from '../../core/group.js';
import type { Labels } from '../../promql/labels.js';
import type { Series } from '../../promql/series.js';

const FIRST = 64;

/** The array itself, or a copy with twice the room where `count` values fill it. */
const withRoom = (values: Float64Array, count: number): Float64Array<ArrayBufferLike> => {
  if (count < values.length) return values;
  const larger = new Float64Array(Math.max(FIRST, values.length * 2));
  larger.set(values);
  return larger;
};

const NOTHING = new Float64Array(0);

/** When samples were taken: one for all series that have a point in each of them. */
export class Timeline {
  #times: Float64Array = NOTHING;
  count = 0;

  /** Times never fall. The same one again is the same moment. */
  add(time: number): void {
    if (this.count > 0 && this.#times[this.count - 1] === time) return;
    this.#times = withRoom(this.#times, this.count);
    this.#times[this.count++] = time;
  }

  get last(): number | undefined {
    return this.#times[this.count - 1];
  }

  slice(start: number, end: number): Float64Array {
    return this.#times.subarray(start, end);
  }
}

/** One series. As long as it has a point in every sample, its times are those of a timeline. */
export class Column {
  /** Number of the record that it was last in. */
  seen = -1;
  /** Whether it has no end since its last point. */
  live = true;
  /** Of its last point. */
  last = Number.NEGATIVE_INFINITY;
  readonly #timeline: Timeline;
  #start = 0;
  #count = 0;
  #values: Float64Array = NOTHING;
  /** Its own times, once a sample was without it. */
  #times: Float64Array | undefined;
  readonly #ends: number[] = [];

  constructor(
    readonly labels: Labels,
    readonly due: Due,
    timeline: Timeline,
  ) {
    this.#timeline = timeline;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a point that is not older than those before; of two of one time the later one stands. */
  add(time: number, value: number): void {
    if (time === this.last) {
      this.#values[this.#count - 1] = value;
      return;
    }
    const place = this.#timeline.count - 1;
    if (this.#count === 0) this.#start = place;
    const isNext = this.#start + this.#count === place && this.#timeline.last === time;
    if (this.#times === undefined && !isNext)
      this.#times = this.#timeline.slice(this.#start, this.#start + this.#count).slice();
    if (this.#times !== undefined) {
      this.#times = withRoom(this.#times, this.#count);
      this.#times[this.#count] = time;
    }
    this.#values = withRoom(this.#values, this.#count);
    this.#values[this.#count++] = value;
    this.last = time;
    // A record of this very moment was without it.
    if (this.#ends.at(-1) === time) this.#ends.pop();
  }

  /** Says that it is gone from then on. */
  end(time: number): void {
    this.live = false;
    if (time > this.last) this.#ends.push(time);
  }

  series(): Series {
    const end = this.#count;
    return {
      labels: this.labels,
      times: this.#times?.subarray(0, end) ?? this.#timeline.slice(this.#start, this.#start + this.#count),
      values: this.#values.subarray(0, end),
      ends: Float64Array.from(this.#ends),
    };
  }
}
