/** One quiet line for whoever started `sysmon log` by hand. Under cron and systemd there is nobody, and nothing is written. */

import { clean, cleanLines } from '../core/clean.js';
import { formatDuration } from '../core/duration.js';
import { rowsIn, type Sample } from '../core/sample.js';
import { formatValue } from '../core/units.js';
import { cutMiddle, widthOf } from '../core/width.js';
import type { World } from '../world.js';

const BACK = '\r\x1b[K';

/** The parts of the line before the path. */
interface Said {
  readonly time: string;
  readonly count: string;
  readonly pace: string;
  readonly measured: string;
}

/** Cells left free: terminals show Ctrl-C as `^C` where the cursor is, and go to the next line when that is full. */
const FREE = 3;

/** Below this a path says nothing, and is left out. */
const SHORTEST_PATH = 12;

/** As much as fits: what was measured first, then the count, the pace, and as much of the path as there is room for. */
const fitLine = ({ time, count, pace, measured }: Said, path: string, columns: number): string => {
  const room = columns - FREE;
  const lines = [time + count + pace + measured, time + count + measured, time + measured];
  const line = lines.find((one) => widthOf(one) <= room) ?? cutMiddle(time + measured, room);
  const left = line === lines[0] ? room - widthOf(line) : 0;
  return left < SHORTEST_PATH ? line : line + cutMiddle(path, left);
};

/** A line that stays, in place of the status line where there is one. */
export const say = ({ stderr }: World, message: string): void =>
  stderr.write(`${stderr.isTerminal ? BACK : ''}sysmon log: ${cleanLines(message)}\n`);

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
  const path = ` · ${clean(place.path)}`;
  let said: Said | undefined;
  return {
    show: (sample, number) => {
      const value = (group: string): string => {
        const used = rowsIn(sample, group)[0]?.numbers['used_percent'];
        return used === undefined ? '' : ` · ${group} ${formatValue(used, 'percent')}`;
      };
      const pace = interval === undefined ? '' : ` every ${formatDuration(interval)}`;
      const lost = place.lost() > 0 ? ` · ${place.lost()} lines LOST` : '';
      const failed = [...sample.readings.values()].filter((reading) => 'failed' in reading).length;
      const unread = failed > 0 ? ` · ${failed} groups not read` : '';
      said = {
        time: new Date(sample.time).toTimeString().slice(0, 8),
        count: ` · ${number} ${number === 1 ? 'sample' : 'samples'}`,
        pace,
        measured: `${value('cpu')}${value('memory')}${lost}${unread}`,
      };
      // Ten times a second is as fast as anyone reads.
      if (world.clock.monotonic() - drawn < 0.1) return;
      drawn = world.clock.monotonic();
      stderr.write(`${BACK}${fitLine(said, path, stderr.columns())}`);
    },
    close: () => {
      if (said === undefined) return;
      const text = said.time + said.count + said.pace + said.measured;
      // It stays, so nothing is cut: what is too long for one line takes two.
      const fits = widthOf(text + path) <= stderr.columns();
      stderr.write(`${BACK}${fits ? text + path : `${text}\n${clean(place.path)}`}\n`);
    },
  };
};
