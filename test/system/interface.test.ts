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
  sleep 1
  ip link set one name three
  ip link set two name one
  ip link set three name two
  sleep 1
  ip link del one
  sleep 1
  ip link add one address 02:00:00:00:00:03 mtu 1403 type veth peer name two address 02:00:00:00:00:04 mtu 1404
  sleep 1
  kill $PID
  wait $PID || :
`;

const canChange =
  isRoot &&
  has('unshare') &&
  run('unshare', ['--net', '--mount', 'sh', '-c', 'ip link add one type veth peer name two']).status === 0;

test.skipIf(!canChange)(
  'is told for what it is by now',
  () => {
    const log = [process.execPath, SYSMON, 'log', '--file', '-', '--only', 'interface'];
    const pace = ['--interval', '100ms', '--detail-interval', '100ms'];
    const { stdout } = run('unshare', ['--net', '--mount', 'sh', '-c', SCRIPT, 'sh', ...log, ...pace]);
    const seen = samplesOf(stdout).map((sample) =>
      ['one', 'two'].map((name) => {
        const row = sample['interface'][name];
        return row === undefined ? 'none' : `${row.address.slice(-2)} ${row.mtu_bytes}`;
      }),
    );
    const told = seen.map((names) => names.join(', ')).filter((now, index, all) => now !== all[index - 1]);
    // A sample may fall between two commands: it tells what was so then.
    const steady = told.filter((now) => /^(0\d 140\d, 0\d 140\d|none, none)$/.test(now));
    expect(steady).toEqual(['01 1401, 02 1402', '02 1402, 01 1401', 'none, none', '03 1403, 04 1404']);
  },
  20_000,
);
