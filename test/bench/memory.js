/** Resident memory after a minute at one sample a second, and after 10,000 samples. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { median, pause, residentBytes, withFolder, withProcess, withSysmon } from './process.js';

const LOOKS = 10;

/** Memory goes up and down with every collection of garbage: the median of some looks. */
const settled = async (pid, everySeconds) => {
  const looks = [];
  while (looks.length < LOOKS) {
    looks.push(residentBytes(pid));
    await pause(everySeconds);
  }
  return median(looks);
};

/** Number of the last record of a log. */
const newestSeq = (file) => {
  const fd = openSync(file, 'r');
  try {
    const tail = Buffer.alloc(64 * 1024);
    const length = readSync(fd, tail, 0, tail.length, Math.max(0, fstatSync(fd).size - tail.length));
    return Number(
      tail
        .latin1Slice(0, length)
        .match(/"seq":\d+/g)
        ?.at(-1)
        ?.slice(6) ?? 0,
    );
  } finally {
    closeSync(fd);
  }
};

const afterMinute = (folder, seconds) =>
  withSysmon(['log', '--interval', '1', '--file', join(folder, 'minute.log')], async (pid) => {
    await pause(seconds - LOOKS);
    return settled(pid, 1);
  });

const afterSamples = (folder, count) => {
  const file = join(folder, 'accelerated.log');
  return withSysmon(['log', '--interval', '10ms', '--file', file], async (pid) => {
    do await pause(0.5);
    while (newestSeq(file) < count);
    return settled(pid, 0.3);
  });
};

const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

export const measureMemory = ({ quick }) =>
  withFolder(async (folder) => {
    const seconds = quick ? 20 : 60;
    const count = quick ? 2000 : 10_000;
    const [own, bare] = await Promise.all([
      afterMinute(folder, seconds),
      withProcess(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], async (pid) => {
        await pause(seconds - LOOKS);
        return settled(pid, 1);
      }),
    ]);
    const later = await afterSamples(folder, count);
    return [
      {
        what: `resident memory after ${seconds} s, against bare Node`,
        ours: mb(own),
        peer: mb(bare),
        ratio: own / bare,
        bound: '1.5',
        holds: own <= 1.5 * bare,
      },
      {
        what: `resident memory after ${count} samples, against that`,
        ours: mb(later),
        peer: mb(own),
        ratio: later / own,
        bound: '5 MB more',
        holds: later - own <= 5e6,
      },
    ];
  });
