/** How long a screen of the past takes: a jump to any moment of a long log, a step, and the search for an alert. */

import { join } from 'node:path';
import { load } from './make-log.js';
import { makeYear } from './make-year.js';
import { median, withFolder } from './process.js';

const { openReplay } = await load('src/logs/replay.ts');
const { GROUPS } = await load('src/vitals/index.ts');

const JUMPS = 41;
const STEPS = 200;
/** Samples that a history graph shows. */
const POINTS = 200;
/** Groups that it shows. */
const only = new Set(['cpu', 'memory', 'disk', 'network', 'pressure', 'load']);
const BOUND = 200;

const timeOf = (act) => {
  const started = process.hrtime.bigint();
  const result = act();
  return { result, ms: Number(process.hrtime.bigint() - started) / 1e6 };
};

const show = (replay, moment) => replay.window(moment, { count: POINTS, only });
const ms = (value) => `${value.toFixed(1)} ms`;

/** Opens the log and shows the screen of a moment, as a new process would, but for the compiling of its code. */
const jump = (file, time) =>
  timeOf(() => {
    const replay = openReplay(file, GROUPS);
    show(replay, replay.at(time));
    replay.close();
  }).ms;

const stepsFrom = (replay, begin) => {
  let moment = begin;
  return Array.from({ length: STEPS }, () => {
    const { result, ms: taken } = timeOf(() => {
      const next = replay.previous(moment);
      show(replay, next);
      return next;
    });
    moment = result;
    return taken;
  });
};

export const measureReplay = ({ quick }) =>
  withFolder(async (folder) => {
    const days = quick ? 30 : 365;
    const file = join(folder, 'sysmon.log');
    const { first, last } = await makeYear(file, days);
    // The first is as slow as it is for a person who has just called it.
    const cold = jump(file, (first + last) / 2);
    const jumps = Array.from({ length: JUMPS }, (_, index) =>
      jump(file, first + ((last - first) * index) / (JUMPS - 1)),
    );
    const replay = openReplay(file, GROUPS);
    const middle = replay.at((first + last) / 2);
    show(replay, middle);
    const steps = stepsFrom(replay, middle);
    const from = replay.last();
    const started = process.hrtime.bigint();
    const alert = await replay.previousAlert(from);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const searched = (from.sample.time - alert.sample.time) / 86_400_000;
    replay.close();
    const slowest = Math.max(cold, ...jumps);
    return [
      {
        what: `jump to any moment in ${days} days of archives, slowest of ${JUMPS + 1}`,
        ours: ms(slowest),
        bound: `${BOUND} ms`,
        holds: slowest <= BOUND,
      },
      { what: 'the same, median', ours: ms(median(jumps)) },
      { what: 'a step back, median', ours: ms(median(steps)) },
      { what: 'search for an alert, a day of archives', ours: ms((seconds * 1000) / searched) },
    ];
  });
