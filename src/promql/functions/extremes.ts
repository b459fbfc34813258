/**
 * max_over_time and min_over_time. A queue holds those samples of the window that may yet be the extreme: each one that enters
 * takes away all before it that it beats, for they go earlier and are less. The first in the queue is the answer.
 */

import type { Implementation, OverTime } from '../functions.js';

/** NaN is beaten by any number, and beats none: it is the answer only where there is nothing else. Of equals the first stands. */
const extreme =
  (beats: (value: number, other: number) => boolean): OverTime =>
  ({ values, from, to }, _windows, _args, out) => {
    const queue = new Uint32Array(values.length);
    let head = 0;
    let tail = 0;
    let added = 0;
    for (let step = 0; step < from.length; step++) {
      const first = from[step] as number;
      const after = to[step] as number;
      if (after === first) continue;
      if (added < first) {
        added = first;
        tail = head;
      }
      for (; added < after; added++) {
        const value = values[added] as number;
        if (Number.isNaN(value)) continue;
        while (tail > head && beats(value, values[queue[tail - 1] as number] as number)) tail--;
        queue[tail] = added;
        tail++;
      }
      while (head < tail && (queue[head] as number) < first) head++;
      out.values[step] = head < tail ? (values[queue[head] as number] as number) : Number.NaN;
      out.has[step] = 1;
    }
  };

export const extremeFunctions: Readonly<Record<string, Implementation>> = {
  max_over_time: { kind: 'over time', fill: extreme((value, other) => value > other) },
  min_over_time: { kind: 'over time', fill: extreme((value, other) => value < other) },
};
