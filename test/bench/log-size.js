/** How much room a day at five seconds takes, before and after compression. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compress } from './make-log.js';
import { pause, withFolder, withSysmon } from './process.js';

const TICKS_A_DAY = 86_400 / 5;
const DETAILS_A_DAY = 86_400 / 60;

/**
 * `--full` is the real thing for ten minutes. Else a hundred times as fast, with the same mix: a detail in 12 samples. There values
 * change less from one to the next, so it compresses a little better.
 */
const PACES = {
  full: { args: ['--interval', '5', '--detail-interval', '1m'], seconds: 600 },
  fast: { args: ['--interval', '50ms', '--detail-interval', '600ms'], seconds: 12 },
};

const mean = (lines) => lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const bytes = (count) => `${Math.round(count)} B`;

export const measureLogSize = ({ full }) =>
  withFolder(async (folder) => {
    const { args, seconds } = full ? PACES.full : PACES.fast;
    const file = join(folder, 'sysmon.log');
    await withSysmon(['log', ...args, '--file', file], () => pause(seconds));
    const lines = readFileSync(file, 'utf8').split(/(?<=\n)/);
    const samples = lines.filter((line) => line.includes('"msg":"sample"') && line.endsWith('\n'));
    // Only a detailed sample has the kernel's whole vmstat.
    const isDetail = (line) => line.includes('"vmstat":{"');
    const [tick, detail] = [mean(samples.filter((line) => !isDetail(line))), mean(samples.filter(isDetail))];
    const day = tick * (TICKS_A_DAY - DETAILS_A_DAY) + detail * DETAILS_A_DAY;
    const ratio = compress(samples).length / samples.join('').length;
    return [
      { what: 'record of a tick', ours: bytes(tick), bound: '3 KB', holds: tick <= 3000 },
      { what: 'record with every detail', ours: bytes(detail) },
      { what: 'log of a day at 5 s', ours: mb(day), bound: '60 MB', holds: day <= 60e6 },
      {
        what: 'the same, compressed',
        ours: mb(day * ratio),
        ratio,
        bound: '9 MB',
        holds: day * ratio <= 9e6,
      },
    ];
  });
