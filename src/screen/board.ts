/** Keeps, of samples as they come, what the next frame shows of each group: a reading that failed leaves the last one, with its age. */

import type { Sample } from '../core/sample.js';
import type { Kept } from './frame.js';

export interface Board {
  readonly add: (sample: Sample) => void;
  readonly readings: () => ReadonlyMap<string, Kept>;
  readonly clear: () => void;
}

interface Seen {
  readonly rows: Kept['rows'];
  readonly time: number;
  readonly details: Kept['details'];
}

/** What is read once a minute is shown that long and some, s; then it has gone. */
const DETAIL_LASTS = 300;

export const openBoard = (): Board => {
  const seen = new Map<string, Seen>();
  let kept = new Map<string, Kept>();
  let before: Sample | undefined;

  return {
    add: (sample) => {
      if (before !== undefined && (before.boot !== sample.boot || before.host !== sample.host)) seen.clear();
      before = sample;
      kept = new Map();
      for (const [name, reading] of sample.readings) {
        if ('rows' in reading) {
          const { rows } = reading;
          const details = sample.detail === true ? rows : seen.get(name)?.details;
          seen.set(name, { rows, time: sample.time, details });
          continue;
        }
        const last = seen.get(name);
        const age = last === undefined ? 0 : Math.max(0, (sample.time - last.time) / 1000);
        const details = last?.details && { details: last.details };
        kept.set(name, { rows: last?.rows ?? [], age, failed: reading.failed, ...details });
      }
      for (const [name, { rows, time, details }] of seen) {
        if (kept.has(name)) continue;
        const age = (sample.time - time) / 1000;
        if (age <= DETAIL_LASTS && age >= -DETAIL_LASTS)
          kept.set(name, { rows, age: 0, ...(details && { details }) });
        else seen.delete(name);
      }
    },
    readings: () => kept,
    clear: () => {
      seen.clear();
      kept = new Map();
      before = undefined;
    },
  };
};
