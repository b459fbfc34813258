/** One quiet line for whoever started `sysmon log` by hand. Under cron and systemd there is nobody, and nothing is written. */

import { formatDuration } from '../core/duration.js';
import { rowsIn, type Sample } from '../core/sample.js';
import { formatValue } from '../core/units.js';
import type { World } from '../world.js';

const BACK = '\r\x1b[K';

/** Shows where samples go and what the last one said, on a terminal only. */
export const statusLine = (
  world: World,
  toStdout: boolean,
  place: { readonly path: string; readonly lost: () => number },
  interval: number | undefined,
): { readonly show: (sample: Sample, number: number) => void; readonly close: () => void } => {
  const { stderr } = world;
  if (toStdout || !stderr.isTerminal) return { show: () => {}, close: () => {} };
  let drawn = Number.NEGATIVE_INFINITY;
  let text = '';
  return {
    show: (sample, number) => {
      const value = (group: string): string => {
        const used = rowsIn(sample, group)[0]?.numbers['used_percent'];
        return used === undefined ? '' : ` · ${group} ${formatValue(used, 'percent')}`;
      };
      const time = new Date(sample.time).toTimeString().slice(0, 8);
      const pace = interval === undefined ? '' : ` every ${formatDuration(interval)}`;
      const lost = place.lost() > 0 ? ` · ${place.lost()} lines LOST` : '';
      const failed = [...sample.readings.values()].filter((reading) => 'failed' in reading).length;
      const unread = failed > 0 ? ` · ${failed} groups not read` : '';
      text = `${time} · ${number} samples${pace}${value('cpu')}${value('memory')}${lost}${unread} · ${place.path}`;
      // Ten times a second is as fast as anyone reads.
      if (world.clock.monotonic() - drawn < 0.1) return;
      drawn = world.clock.monotonic();
      stderr.write(`${BACK}${text.slice(0, stderr.columns() - 1)}`);
    },
    close: () => {
      if (text !== '') stderr.write(`${BACK}${text}\n`);
    },
  };
};
