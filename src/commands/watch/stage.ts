/** What stands on the screen of samples as they come; while it is held they wait, and none is left out afterwards. */

import type { Sample } from '../../core/sample.js';
import { openBoard } from '../../screen/board.js';
import type { Frame, ShownAlert } from '../../screen/frame.js';
import { type Chart, openTrail, SLOTS } from '../../screen/trail.js';

export interface Stage {
  /** True where it can be seen now. */
  readonly add: (sample: Sample, alerts: readonly ShownAlert[]) => boolean;
  readonly hold: (on: boolean) => void;
  readonly shown: () => Pick<Frame, 'sample' | 'readings' | 'trail' | 'alerts'>;
}

export const openStage = (charts: readonly Chart[]): Stage => {
  const board = openBoard();
  const trail = openTrail(charts);
  let sample: Sample | undefined;
  let alerts: readonly ShownAlert[] = [];
  let held = false;
  let waiting: { readonly sample: Sample; readonly alerts: readonly ShownAlert[] }[] = [];

  const put = (next: Sample, its: readonly ShownAlert[]): void => {
    board.add(next);
    trail.add(next);
    sample = next;
    alerts = its;
  };

  return {
    add: (next, its) => {
      if (!held) put(next, its);
      else if (waiting.push({ sample: next, alerts: its }) > SLOTS) waiting.shift();
      return !held;
    },
    hold: (on) => {
      held = on;
      if (on) return;
      for (const one of waiting) put(one.sample, one.alerts);
      waiting = [];
    },
    shown: () => ({ sample, readings: board.readings(), trail, alerts }),
  };
};
