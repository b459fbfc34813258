/** How long short commands take, against a Node that does nothing. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { makeLog } from './make-log.js';
import { median, SYSMON, withFolder } from './process.js';

const RUNS = 31;

const timeOf = ([program, ...args]) => {
  const started = process.hrtime.bigint();
  const { error } = spawnSync(program, args, { stdio: 'ignore' });
  if (error !== undefined) throw error;
  return Number(process.hrtime.bigint() - started) / 1e6;
};

/** Medians in ms and the median ratio of runs in pairs, so that whatever else the machine does falls on both alike. */
export const race = (ours, peer, runs = RUNS) => {
  const pairs = [];
  for (let run = -2; run < runs; run++) {
    const pair = [timeOf(ours), timeOf(peer)];
    if (run >= 0) pairs.push(pair);
  }
  return {
    ours: `${median(pairs.map((pair) => pair[0])).toFixed(1)} ms`,
    peer: `${median(pairs.map((pair) => pair[1])).toFixed(1)} ms`,
    ratio: median(pairs.map((pair) => pair[0] / pair[1])),
  };
};

const sysmon = (...args) => [process.execPath, SYSMON, ...args];
const BARE = [process.execPath, '-e', '0'];

const judged = (what, bound, result) => ({
  what,
  ...result,
  bound: String(bound),
  holds: result.ratio <= bound,
});

export const measureStartUp = () =>
  withFolder(async (folder) => {
    const file = join(folder, 'sysmon.log');
    await makeLog(file);
    const check = race(sysmon('check', '--file', file), BARE);
    const version = race(sysmon('--version'), BARE);
    return [
      judged('check over a log of 24 hours, against node -e 0', 1.4, check),
      judged('--version, against node -e 0', 1.25, version),
    ];
  });
