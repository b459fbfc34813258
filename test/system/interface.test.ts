/** Interfaces that change their names, go and come, in a network of their own: what is kept open of them must not be mistaken. */

import { expect, test } from 'vitest';
import { has, isRoot, run, SYSMON, samplesOf } from './sysmon.js';

const SCRIPT = `
  set -e
  mount -t sysfs sysfs /sys
  ip link add one type veth peer name two
  ip link set one address 02:00:00:00:00:01 mtu 1401
  ip link set two address 02:00:00:00:00:02 mtu 1402
  "$@" & PID=$!
  kept() { ls -l /proc/$PID/fd | grep -c '/net/.*/mtu' >&2 || :; }
  sleep 1
  kept
  ip link set one name three
  ip link set two name one
  ip link set three name two
  ip link set one mtu 1405
  sleep 1
  ip link del one
  sleep 1
  kept
  ip link add one address 02:00:00:00:00:03 mtu 1403 type veth peer name two address 02:00:00:00:00:04 mtu 1404
  sleep 1
  kill $PID
  wait $PID || :
`;

const canChange =
  isRoot &&
  has('unshare') &&
  run('unshare', [
    '--net',
    '--mount',
    'sh',
    '-c',
    'mount -t sysfs sysfs /sys && ip link add one type veth peer name two',
  ]).status === 0;

/** What the names "one" and "two" mean, one after the other. */
const MEANINGS = ['01 1401, 02 1402', '02 1405, 01 1401', 'none, none', '03 1403, 04 1404'];

test.skipIf(!canChange)(
  'is told for what it is by now',
  () => {
    const log = [process.execPath, SYSMON, 'log', '--file', '-', '--only', 'interface'];
    const pace = ['--interval', '100ms', '--detail-interval', '100ms'];
    const { stdout, stderr } = run('unshare', [
      '--net',
      '--mount',
      'sh',
      '-c',
      SCRIPT,
      'sh',
      ...log,
      ...pace,
    ]);
    const seen = samplesOf(stdout).map((sample) =>
      ['one', 'two']
        .map((name) => sample['interface']?.[name])
        .map((row) => (row === undefined ? 'none' : `${row.address?.slice(-2)} ${row.mtu_bytes}`))
        .join(', '),
    );
    // A sample may fall between two commands: it tells what was so then.
    const steady = seen.filter((meaning) => MEANINGS.includes(meaning));
    expect(seen.length - steady.length).toBeLessThan(5);
    expect(steady.filter((now, index) => now !== steady[index - 1])).toEqual(MEANINGS);
    // Of the loopback and of both; of what has gone nothing is kept.
    expect(stderr.match(/^\d+$/gm)).toEqual(['3', '1']);
  },
  20_000,
);

test('is told where hardly a file can be opened', () => {
  const log = [process.execPath, SYSMON, 'log', '--file', '-', '--only', 'interface', '--count', '3'];
  const pace = ['--interval', '100ms', '--detail-interval', '100ms'];
  const { stdout } = run('sh', ['-c', 'ulimit -n 28; exec "$@"', 'sh', ...log, ...pace]);
  const samples = samplesOf(stdout);
  expect(samples.map(({ failed }) => failed)).toEqual([undefined, undefined, undefined]);
  for (const sample of samples) expect(sample['interface'].lo.mtu_bytes).toBeGreaterThan(0);
});
