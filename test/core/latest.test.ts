import { describe, expect, test } from 'vitest';
import { gauge, group, info } from '../../src/core/group.js';
import { latest } from '../../src/core/latest.js';
import { type Reading, type Row, row, rowsIn, type Sample } from '../../src/core/sample.js';

const network = group({
  name: 'network',
  help: 'Interfaces',
  identity: ['device'],
  texts: { address: 'of the card', operstate: 'up or down' },
  fields: {
    bytes: gauge('bytes', 'Received'),
    mtu: gauge('bytes', 'Longest packet', { due: 'detail' }),
    about: info('What it is', { name: 'node_network_info', texts: ['address', 'operstate'] }),
  },
});
const uname = group({
  name: 'uname',
  help: 'The system',
  texts: { release: 'of the kernel' },
  fields: { about: info('The kernel', { name: 'node_uname_info', texts: ['release'] }) },
});

const at = (seconds: number, rows: readonly Row[] | Reading[], boot = 'b'): Sample => {
  const readings: readonly Reading[] =
    rows[0] !== undefined && 'group' in rows[0]
      ? (rows as Reading[])
      : [{ group: network, rows: rows as readonly Row[] }];
  return {
    time: seconds * 1000,
    host: 'h',
    boot,
    readings: new Map(readings.map((reading) => [reading.group.name, reading])),
  };
};
const now = (samples: readonly Sample[], name = 'network'): readonly Row[] =>
  rowsIn(latest(samples, 300_000) as Sample, name);

const detail = row(['eth0'], { bytes: 1, mtu: 1500 }, { address: 'aa', operstate: 'up' });

describe('latest', () => {
  test('nothing of nothing', () => {
    expect(latest([], 1000)).toBeUndefined();
  });

  test('the newest tick with the detail before it', () => {
    const newest = at(10, [row(['eth0'], { bytes: 3 }, { operstate: 'down' })]);
    const found = latest([at(0, [detail]), at(5, [row(['eth0'], { bytes: 2 })]), newest], 300_000);
    expect(found?.time).toBe(10_000);
    expect(rowsIn(found as Sample, 'network')).toEqual([
      row(['eth0'], { mtu: 1500, bytes: 3 }, { address: 'aa', operstate: 'down' }),
    ]);
  });

  test('a row that is in no newest reading has gone, one that only has detail has not', () => {
    const virtual = row(['ifb0'], { mtu: 1400 });
    const gone = row(['eth1'], { bytes: 5, mtu: 9000 });
    expect(now([at(0, [detail, virtual, gone]), at(5, [row(['eth0'], { bytes: 2 })])])).toEqual([
      row(['eth0'], { mtu: 1500, bytes: 2 }, detail.texts),
      virtual,
    ]);
  });

  test('a field that the newest reading with detail lacks is not known any more', () => {
    const samples = [
      at(0, [detail]),
      at(60, [row(['eth0'], { bytes: 2 }), row(['lo'], { bytes: 1, mtu: 65536 })]),
      at(65, [row(['eth0'], { bytes: 3 }), row(['lo'], { bytes: 1 })]),
    ];
    expect(now(samples)).toEqual([row(['eth0'], { bytes: 3 }), row(['lo'], { mtu: 65536, bytes: 1 })]);
    expect(now([at(0, [detail]), at(5, [row(['eth0'], {})])])[0]?.numbers).toEqual({ mtu: 1500 });
  });

  test('what failed last, or found nothing, says nothing of before', () => {
    const failed: Reading = { group: network, failed: 'permission denied' };
    expect(now([at(0, [detail]), at(5, [failed])])).toEqual([]);
    expect(latest([at(0, [detail]), at(5, [failed])], 300_000)?.readings.get('network')).toEqual(failed);
    expect(now([at(0, [detail]), at(5, [{ group: network, rows: [] }])])).toEqual([]);
  });

  test('a group that is only read with the detail stays until the next', () => {
    const system: Reading = { group: uname, rows: [row([], {}, { release: '6.1' })] };
    const samples = [at(0, [system]), at(5, [detail])];
    expect(now(samples, 'uname')).toEqual(system.rows);
  });

  test('nothing is older than asked, and nothing is of another boot', () => {
    const tick = [row(['eth0'], { bytes: 2 })];
    expect(now([at(0, [detail]), at(300, tick)])[0]?.numbers).toEqual({ bytes: 2, mtu: 1500 });
    expect(now([at(0, [detail]), at(301, tick)])).toEqual(tick);
    expect(now([at(0, [detail]), at(5, tick, 'other')])).toEqual(tick);
    const system: Reading = { group: uname, rows: [row([], {}, { release: '6.1' })] };
    expect(now([at(0, [system]), at(301, tick)], 'uname')).toEqual([]);
  });
});

test('devices that nobody looks at stand in the detail alone, and are still there for who wants them', () => {
  const all = (samples: readonly Sample[]) =>
    rowsIn(latest(samples, 300_000, { withAside: true }) as Sample, 'network');
  const loopback = row(['lo'], { bytes: 7, mtu: 65536 }, { aside: 'inside' });
  const tick = row(['eth0'], { bytes: 2 });
  const eth0 = row(['eth0'], { bytes: 2, mtu: 1500 }, { address: 'aa', operstate: 'up' });
  const samples = [at(0, [detail, loopback]), at(5, [tick])];
  expect(all(samples)).toEqual([eth0, loopback]);
  expect(now(samples)).toEqual([eth0]);
  // Where ticks have them as well, one that is missing has gone.
  const seen = row(['lo'], { bytes: 8 }, { aside: 'inside' });
  expect(all([at(0, [detail, loopback]), at(5, [tick, seen]), at(10, [tick])])).toEqual([eth0]);
});
