/** The past of what is drawn as a graph: one slot a sample, with holes where nothing is known. */

import type { Sample } from '../core/sample.js';
import { longestRate } from '../core/schedule.js';

/** A field whose past is kept, in every row of its group. */
export interface Chart {
  readonly group: string;
  readonly field: string;
}

export interface Trail {
  /** Values of the last `count` slots, oldest first; NaN where nothing is known. */
  readonly values: (group: string, id: readonly string[], field: string, count: number) => readonly number[];
  /** Times of the same slots, ms since 1970; NaN for a hole between samples. */
  readonly times: (count: number) => readonly number[];
}

export interface KeptTrail extends Trail {
  /** Takes in the next sample; a longer silence than rates are made over leaves a hole. */
  readonly add: (sample: Sample) => void;
  readonly clear: () => void;
}

/** Two dots a cell on the widest terminal in use, and some. */
export const SLOTS = 600;

interface Series {
  readonly values: Float64Array;
  /** Slot that was written last; older ones that were left out are holes. */
  last: number;
}

const keyOf = (group: string, id: readonly string[], field: string): string =>
  `${group}\0${id.join('\0')}\0${field}`;

export const openTrail = (charts: readonly Chart[]): KeptTrail => {
  const fields = new Map<string, string[]>();
  for (const { group, field } of charts) {
    const known = fields.get(group) ?? [];
    if (!known.includes(field)) known.push(field);
    fields.set(group, known);
  }
  const series = new Map<string, Series>();
  const times = new Float64Array(SLOTS).fill(Number.NaN);
  /** Number of the newest slot since the beginning. */
  let newest = -1;
  let before: Sample | undefined;

  const put = (key: string, value: number): void => {
    let one = series.get(key);
    if (one === undefined) {
      one = { values: new Float64Array(SLOTS).fill(Number.NaN), last: newest - 1 };
      series.set(key, one);
    }
    // What came and went meanwhile must not show what stood here a round ago.
    const from = Math.max(one.last + 1, newest - SLOTS + 1);
    for (let slot = from; slot < newest; slot++) one.values[slot % SLOTS] = Number.NaN;
    one.values[newest % SLOTS] = value;
    one.last = newest;
  };

  const advance = (time: number): void => {
    newest++;
    times[newest % SLOTS] = time;
  };

  return {
    add: (sample) => {
      const usual = longestRate(sample.interval ?? 0) * 1000;
      if (before !== undefined && Math.abs(sample.time - before.time) > usual) advance(Number.NaN);
      before = sample;
      advance(sample.time);
      for (const [group, names] of fields) {
        const reading = sample.readings.get(group);
        if (reading === undefined || !('rows' in reading)) continue;
        for (const row of reading.rows)
          for (const name of names) {
            const value = row.numbers[name];
            if (value !== undefined) put(keyOf(group, row.id, name), value);
          }
      }
      // Devices that have gone for good.
      for (const [key, one] of series) if (newest - one.last >= SLOTS) series.delete(key);
    },
    clear: () => {
      series.clear();
      newest = -1;
      before = undefined;
      times.fill(Number.NaN);
    },
    values: (group, id, field, count) => {
      const one = series.get(keyOf(group, id, field));
      const wanted = Math.min(count, SLOTS);
      const out: number[] = [];
      for (let slot = newest - wanted + 1; slot <= newest; slot++) {
        const known = one !== undefined && slot >= 0 && slot <= one.last;
        out.push(known ? (one.values[slot % SLOTS] as number) : Number.NaN);
      }
      return out;
    },
    times: (count) => {
      const wanted = Math.min(count, SLOTS);
      const out: number[] = [];
      for (let slot = newest - wanted + 1; slot <= newest; slot++)
        out.push(slot < 0 ? Number.NaN : (times[slot % SLOTS] as number));
      return out;
    },
  };
};
