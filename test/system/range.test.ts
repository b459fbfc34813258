import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alerts, parseRange } from '../../src/core/range.js';

const PLUGIN = '/usr/lib/nagios/plugins/check_procs';

/** What the plugin says of 0 processes; undefined where it refuses the range. */
const pluginAlerts = (range: string): boolean | undefined => {
  const { status } = spawnSync(PLUGIN, ['-w', range, '-C', 'no-such-command'], { encoding: 'utf8' });
  return status === 0 ? false : status === 1 ? true : undefined;
};

const oursAlert = (range: string): boolean | undefined => {
  try {
    return alerts(parseRange(range), 0);
  } catch {
    return undefined;
  }
};

const starts = ['', '~', '-2', '-0.5', '0', '.5', '2', '1e1', '+1'];
const ends = ['', '-3', '-1', '0', '0.5', '2', '20', '1E2'];
const ranges = ['', '@'].flatMap((at) => [
  ...ends.filter((end) => end !== '').map((end) => `${at}${end}`),
  ...starts.flatMap((start) => ends.map((end) => `${at}${start}:${end}`)),
]);

/** Forms that the plugins take for something nobody can have meant, and that are refused here (see parseRange). */
const REFUSED = [':', '@:', '@', '', '~', 'a', '0:~', '1:2:3', '0:b', 'inf'];

it.skipIf(!existsSync(PLUGIN))(
  'means what it means to the plugins',
  () => {
    const compared = ranges.filter((range) => !REFUSED.includes(range));
    expect(compared.length).toBeGreaterThan(150);
    for (const range of compared) expect([range, oursAlert(range)]).toEqual([range, pluginAlerts(range)]);
    for (const range of REFUSED) expect([range, oursAlert(range)]).toEqual([range, undefined]);
  },
  60_000,
);
