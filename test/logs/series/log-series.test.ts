/** Series out of a log: what ends them, what is left out, and that odd lines confuse nothing. */

import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { counter, gauge, group, info } from '../../../src/core/group.js';
import { type Reading, type Row, row, type Sample } from '../../../src/core/sample.js';
import { UserError } from '../../../src/exit.js';
import type { LogRecord } from '../../../src/logs/record.js';
import { openLogSeries } from '../../../src/logs/series/log-series.js';
import { pairsOf } from '../../../src/promql/labels.js';
import type { Selection } from '../../../src/promql/series.js';
import { type LogFolder, lineOf, makeFolder } from '../log-folder.js';
import { matcher } from './naive.js';

const load = group({
  name: 'load',
  help: 'Load',
  fields: {
    load1: gauge('count', '1 minute', { prometheus: 'node_load1' }),
    load5: gauge('count', '5 minutes', { prometheus: 'node_load5', due: 'detail' }),
  },
});

const disk = group({
  name: 'disk',
  help: 'Disks',
  identity: ['device'],
  texts: { model: 'model' },
  fields: {
    busy_percent: gauge('percent', 'Busy'),
    read_bytes: counter('bytes', 'Read', { prometheus: 'node_disk_read_bytes_total', due: 'detail' }),
    about: info('Facts', { name: 'node_disk_info', texts: ['model'] }),
  },
});

const vmstat = group({
  name: 'vmstat',
  help: 'Counters',
  fields: { '*': counter('count', 'Counter', { prometheus: { name: 'node_vmstat_*', type: 'untyped' } }) },
});

const top = group({
  name: 'top',
  help: 'Processes',
  identity: ['pid'],
  list: true,
  fields: { cpu: gauge('percent', '') },
});

const facts = group({
  name: 'facts',
  help: 'Facts',
  texts: { name: 'name' },
  fields: { about: info('About', { name: 'node_about', texts: [] }, 'tick') },
});

/** Called nearly like what stands in a record itself. */
const inner = group({ name: 'inner', help: 'Inner', fields: { depth: gauge('count', 'Depth') } });

const GROUPS = new Map([load, disk, vmstat, top, facts, inner].map((one) => [one.name, one]));

const START = 1_795_000_000_000;

type Rows = Readonly<Record<string, readonly Row[] | 'failed'>>;

/** Seconds after the start. */
const sample = (at: number, rows: Rows, more: Partial<Sample> = { interval: 5 }): LogRecord => {
  const time = START + at * 1000;
  const readings = new Map<string, Reading>();
  for (const [name, of] of Object.entries(rows)) {
    const one = GROUPS.get(name) ?? group({ name, help: '', fields: {} });
    readings.set(name, of === 'failed' ? { group: one, failed: 'no' } : { group: one, rows: of });
  }
  const whole: Sample = { time, host: 'web-1', boot: 'b', seq: 7, readings, ...more };
  return { kind: 'sample', time, host: whole.host, sample: whole };
};

const stop = (at: number): LogRecord => ({
  kind: 'stop',
  time: START + at * 1000,
  host: 'web-1',
  reason: 'SIGTERM',
});

const load1 = (value: number): readonly Row[] => [row([], { load1: value })];

let folder: LogFolder;
let problems: string[];

beforeEach(() => {
  folder = makeFolder();
  problems = [];
});

afterEach(() => folder.remove());

const write = (...records: readonly LogRecord[]): void =>
  folder.live(records.map((one) => `${lineOf(one)}\n`).join(''));

const open = () => openLogSeries(folder.path, GROUPS, { onProblem: (text) => problems.push(text) });

const selection = (name: string, since = -1e6, until = 1e6): Selection => ({
  matchers: [matcher('__name__', '=', name)],
  since: START + since * 1000,
  until: START + until * 1000,
});

const seconds = (times: Iterable<number>): readonly number[] =>
  Array.from(times, (time) => (time - START) / 1000);

/** Every series that is selected, in words that can be compared. */
const read = async (one: Selection) =>
  (await open().load([one])).select(one).map(({ labels, times, values, ends }) => ({
    labels: Object.fromEntries(pairsOf(labels).filter(([name]) => name !== '__name__')),
    points: seconds(times).map((time, index) => [time, values[index]]),
    ends: seconds(ends),
  }));

const pointsOf = async (one: Selection) => (await read(one)).map(({ points }) => points);
const endsOf = async (one: Selection) => (await read(one)).map(({ ends }) => ends);

const NODE = { instance: 'web-1', job: 'node' };

describe('a series', () => {
  it('has the labels of its row, of its host and of its job', async () => {
    write(sample(0, { disk: [row(['sda'], { read_bytes: 7 }, { model: 'X' })] }, { detail: true }));
    expect(await read(selection('node_disk_read_bytes_total'))).toEqual([
      { labels: { ...NODE, device: 'sda' }, points: [[0, 7]], ends: [] },
    ]);
    expect((await read(selection('node_disk_info')))[0]?.labels).toEqual({
      ...NODE,
      device: 'sda',
      model: 'X',
    });
    expect(await read(selection('up'))).toEqual([{ labels: NODE, points: [[0, 1]], ends: [] }]);
  });

  it('is made of a field that its group does not name', async () => {
    write(sample(0, { vmstat: [row([], { pgfault: 3, oom_kill: 4 })] }));
    expect(await pointsOf(selection('node_vmstat_oom_kill'))).toEqual([[[0, 4]]]);
    expect(await pointsOf(selection('node_vmstat_nothing'))).toEqual([]);
  });

  it('is none of a list', async () => {
    write(sample(0, { top: [row(['1'], { cpu: 3 })], load: load1(1) }));
    expect(await pointsOf({ ...selection('up'), matchers: [matcher('__name__', '!=', 'up')] })).toEqual([
      [[0, 1]],
    ]);
  });

  it('shares its times with others that were in the same samples', async () => {
    write(
      ...[0, 5, 10].map((at) =>
        sample(at, { disk: [row(['a'], { busy_percent: 1 }), row(['b'], { busy_percent: 2 })] }),
      ),
    );
    const one = selection('sysmon_disk_busy_percent');
    const [a, b] = (await open().load([one])).select(one);
    expect(a?.times.buffer).toBe(b?.times.buffer);
    expect(seconds(a?.times ?? [])).toEqual([0, 5, 10]);
  });

  it('has no point of a time that nobody asked for where it costs something to read it', async () => {
    write(...[0, 5, 10, 15].map((at) => sample(at, { load: load1(at) })));
    expect(await pointsOf(selection('node_load1', 5, 10))).toEqual([
      [
        [5, 5],
        [10, 10],
      ],
    ]);
  });
});

describe('rows that are called like a group', () => {
  it.each([
    ['before it', { disk: [row(['load'], { load1: 66, busy_percent: 1 })], load: load1(1) }, [[[0, 1]]]],
    ['where it is not', { disk: [row(['load'], { load1: 66, busy_percent: 1 })] }, []],
    ['where it failed', { disk: [row(['load'], { load1: 66 })], load: 'failed' as const }, []],
    [
      'in a text',
      { disk: [row(['a'], {}, { model: '},"load":{"load1":5},"' })], load: load1(2) },
      [[[0, 2]]],
    ],
  ])('are not it: %s', async (_, rows, points) => {
    write(sample(0, rows));
    expect(await pointsOf(selection('node_load1'))).toEqual(points);
  });
});

describe('an end', () => {
  it('is where a row is missing in a sample', async () => {
    const disks = (...names: readonly string[]) => ({
      disk: names.map((name) => row([name], { busy_percent: 1 })),
    });
    write(sample(0, disks('a', 'b')), sample(5, disks('a')), sample(10, disks('a', 'b')));
    expect(await endsOf(selection('sysmon_disk_busy_percent', 0, 10))).toEqual([[], [5]]);
    expect(await pointsOf(selection('sysmon_disk_busy_percent', 0, 10))).toEqual([
      [
        [0, 1],
        [5, 1],
        [10, 1],
      ],
      [
        [0, 1],
        [10, 1],
      ],
    ]);
  });

  it('is where a group fails', async () => {
    write(sample(0, { load: load1(1) }), sample(5, { load: 'failed' }), sample(10, { load: load1(2) }));
    expect(await endsOf(selection('node_load1', 0, 10))).toEqual([[5]]);
  });

  it('is none of what is recorded once a minute, between two of its records', async () => {
    const detail = { interval: 5, detail: true as const };
    const full = { load: [row([], { load1: 1, load5: 2 })] };
    const ticks = Array.from({ length: 11 }, (_, index) => sample(5 + index * 5, { load: load1(1) }));
    write(sample(0, full, detail), ...ticks, sample(60, full, detail), sample(65, { load: load1(1) }));
    expect(await read(selection('node_load5', 0, 65))).toEqual([
      {
        labels: NODE,
        points: [
          [0, 2],
          [60, 2],
        ],
        ends: [],
      },
    ]);
    write(sample(0, full, detail), ...ticks, sample(60, { load: load1(1) }, detail));
    expect(await endsOf(selection('node_load5', 0, 60))).toEqual([[60]]);
  });

  it('is one interval after the last sample before a gap, and none where one was only late', async () => {
    write(...[0, 5, 20, 36, 41].map((at) => sample(at, { load: load1(at) })));
    expect(await endsOf(selection('node_load1', 0, 41))).toEqual([[25]]);
    expect(await endsOf(selection('up', 0, 41))).toEqual([[25]]);
  });

  it('is at a gap for what is in the detail too', async () => {
    const full = { load: [row([], { load1: 1, load5: 2 })] };
    write(
      sample(0, full, { interval: 5, detail: true }),
      sample(5, { load: load1(1) }),
      sample(100, { load: load1(1) }),
    );
    expect(await endsOf(selection('node_load5', 0, 100))).toEqual([[10]]);
  });

  it('is sooner where the recorder was stopped, but not where it went on in time', async () => {
    write(
      sample(0, { load: load1(1) }),
      stop(1),
      sample(7, { load: load1(2) }),
      stop(8),
      sample(9, { load: load1(3) }),
    );
    expect(await endsOf(selection('node_load1', 0, 10))).toEqual([[5]]);
  });

  it('is behind the last sample, as far as somebody looks', async () => {
    write(sample(0, { load: load1(1) }));
    expect(await endsOf(selection('node_load1', 0, 15))).toEqual([[]]);
    expect(await endsOf(selection('node_load1', 0, 16))).toEqual([[5]]);
  });

  it('is none between samples that cron asks for, whether they tell an interval or not', async () => {
    const once = (at: number, interval?: number) =>
      sample(at, { load: load1(at) }, { detail: true, ...(interval === undefined ? {} : { interval }) });
    write(once(0), once(301, 301), once(599, 298), once(905, 306));
    expect(await endsOf(selection('node_load1', 0, 1200))).toEqual([[]]);
  });
});

describe('two records of one moment', () => {
  it('are one: the later value stands, and what only one of them has is there', async () => {
    write(
      sample(0, { load: load1(1) }),
      sample(0, { disk: [row(['a'], { busy_percent: 3 })], load: load1(2) }),
    );
    expect(await pointsOf(selection('node_load1'))).toEqual([[[0, 2]]]);
    expect(await pointsOf(selection('sysmon_disk_busy_percent'))).toEqual([[[0, 3]]]);
  });

  it('end nothing that one of them has', async () => {
    write(
      sample(0, { load: load1(1) }),
      sample(5, {}),
      sample(5, { load: load1(2) }),
      sample(5, {}),
      sample(10, {}),
    );
    expect(await endsOf(selection('node_load1', 0, 10))).toEqual([[10]]);
  });
});

describe('a record', () => {
  it('may begin with a group that is called nearly like what stands before it', async () => {
    const depth = (at: number, more: Partial<Sample>) =>
      sample(at, { inner: [row([], { depth: at })] }, more);
    write(depth(0, {}), depth(5, {}), depth(10, { interval: 5 }), depth(40, {}));
    expect(await read(selection('sysmon_inner_depth', 0, 40))).toEqual([
      {
        labels: NODE,
        points: [
          [0, 0],
          [5, 5],
          [10, 10],
          [40, 40],
        ],
        ends: [15],
      },
    ]);
  });

  it('without a row of a group says nothing of it', async () => {
    write(
      sample(0, { facts: [] }),
      sample(5, { facts: [row([], {})] }),
      sample(10, { facts: [row([], {}, { name: 'x' })] }),
    );
    expect(await pointsOf(selection('node_about'))).toEqual([
      [
        [5, 1],
        [10, 1],
      ],
    ]);
  });
});

describe('time', () => {
  it('goes up, though the clock was set back', async () => {
    write(...[0, 5, 10, 3, 8, 10, 15].map((at, index) => sample(at, { load: load1(index) })));
    expect(await pointsOf(selection('node_load1'))).toEqual([
      [
        [0, 0],
        [3, 3],
        [5, 1],
        [8, 4],
        [10, 5],
        [15, 6],
      ],
    ]);
  });

  it('is each host’s own', async () => {
    write(
      sample(100, { load: load1(1) }, { host: 'a', interval: 5 }),
      sample(50, { load: load1(2) }, { host: 'b', interval: 5 }),
      sample(105, { load: load1(3) }, { host: 'a', interval: 5 }),
    );
    const found = await read(selection('node_load1', 0, 105));
    expect(found.map(({ labels, points }) => [labels['instance'], points])).toEqual([
      [
        'a',
        [
          [100, 1],
          [105, 3],
        ],
      ],
      ['b', [[50, 2]]],
    ]);
  });
});

describe('a log', () => {
  it('is read through its archives, of every form', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => lineOf(sample(index * 5, { load: load1(index) })));
    folder.archive(START + 12_000, 1, lines.slice(0, 3), 'gzip', 1);
    folder.archive(START + 27_000, 2, lines.slice(3, 6), 'one gzip');
    folder.archive(START + 37_000, 3, lines.slice(6, 8), 'plain');
    folder.live(`${lines[8]}\n`);
    const all = Array.from({ length: 9 }, (_, index) => [index * 5, index]);
    expect(await pointsOf(selection('node_load1'))).toEqual([all]);
    expect(await pointsOf(selection('node_load1', 10, 36))).toEqual([all.slice(2, 8)]);
  });

  it('has nothing where there is none', async () => {
    expect(await read(selection('node_load1'))).toEqual([]);
    expect(await open().metrics()).toEqual([]);
  });

  it('may hold anything else', async () => {
    const good = lineOf(sample(0, { load: load1(1) }));
    const spelled = JSON.stringify(JSON.parse(lineOf(sample(5, { load: load1(2) }))), undefined, 1).replace(
      /\n/g,
      '',
    );
    const newer = lineOf(sample(10, { load: load1(9) })).replace('"v":1', '"v":99');
    const torn = lineOf(sample(15, { disk: [row(['a'], { busy_percent: 1 })], load: load1(9) }));
    folder.live(
      [
        '{}',
        'Nov 21 web-1 sshd: hello',
        good,
        spelled,
        newer,
        torn.slice(0, -9),
        '',
        '\0'.repeat(99),
        '{"level":30,"time":',
      ].join('\n'),
    );
    appendFileSync(folder.path, `\n${lineOf(sample(20, { load: load1(3) }))}\n${good.slice(0, 60)}`);
    expect(await pointsOf(selection('node_load1'))).toEqual([
      [
        [0, 1],
        [5, 2],
        [20, 3],
      ],
    ]);
    expect(problems).toEqual([]);
  });

  it('is found in the middle of a long file', async () => {
    const padding = { disk: [row(['a'.repeat(9000)], { busy_percent: 1 })] };
    const times = Array.from({ length: 120 }, (_, index) => index * 5);
    write(...times.map((at) => sample(at, { ...padding, load: load1(at) })));
    for (const [since, until] of [
      [0, 0],
      [200, 205],
      [595, 595],
      [300, 595],
      [-50, 40],
    ] as const)
      expect(await pointsOf(selection('node_load1', since, until))).toEqual([
        times.filter((at) => at >= since && at <= until).map((at) => [at, at]),
      ]);
  });

  it('keeps what lies behind a clock that was set back in a long file', async () => {
    const padding = { disk: [row(['a'.repeat(9000)], { busy_percent: 1 })] };
    const times = [
      ...Array.from({ length: 60 }, (_, i) => i * 5),
      ...Array.from({ length: 60 }, (_, i) => 12 + i * 5),
    ];
    write(...times.map((at) => sample(at, { ...padding, load: load1(at) })));
    const sorted = times.filter((at) => at >= 100 && at <= 150).sort((a, b) => a - b);
    expect(await pointsOf(selection('node_load1', 100, 150))).toEqual([sorted.map((at) => [at, at])]);
  });
});

describe('loading', () => {
  it('answers several selections, each of its own time, and what is within them', async () => {
    write(...[0, 5, 10, 15].map((at) => sample(at, { load: load1(at) }, { interval: 5, detail: true })));
    const some = [selection('node_load1', 0, 5), selection('up', 10, 15)];
    const set = await open().load(some);
    const times = (one: Selection) => set.select(one).map((series) => seconds(series.times));
    expect(times(some[0] as Selection)).toEqual([[0, 5]]);
    expect(times(some[1] as Selection)).toEqual([[10, 15]]);
    const narrower = selection('node_load1', 0, 5);
    expect(
      times({ ...narrower, matchers: [...narrower.matchers, matcher('instance', '=', 'web-2')] }),
    ).toEqual([]);
  });

  it('tells how far it is, and stops where it is told to', async () => {
    write(sample(0, { load: load1(1) }));
    const parts: number[] = [];
    await open().load([selection('up')], { onProgress: (part) => parts.push(part) });
    expect(parts.at(-1)).toBe(1);
    expect(parts.length).toBeGreaterThan(1);
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await expect(open().load([selection('up')], { signal: abort.signal })).rejects.toThrow('enough');
  });

  it('opens nothing where another job is asked for', async () => {
    const source = openLogSeries(folder.at('.'), GROUPS);
    await expect(source.load([selection('up')])).rejects.toThrow(UserError);
    const other = { ...selection('up'), matchers: [matcher('job', '=', 'api')] };
    expect((await source.load([other])).select(other)).toEqual([]);
  });
});

describe('metrics', () => {
  it('are those of the newest records', async () => {
    write(
      sample(0, { vmstat: [row([], { old: 1 })] }),
      sample(100_000, { load: [row([], { load1: 1, load5: 1 })] }, { interval: 5, detail: true }),
      sample(100_005, { load: load1(1), disk: [row(['a'], { busy_percent: 1 })] }),
    );
    expect(await open().metrics()).toEqual([
      { name: 'node_load1', type: 'gauge', help: '1 minute', unit: 'count' },
      { name: 'node_load5', type: 'gauge', help: '5 minutes', unit: 'count' },
      { name: 'sysmon_disk_busy_percent', type: 'gauge', help: 'Busy', unit: 'percent' },
      { name: 'up', type: 'gauge', help: '1 at each moment of which there is a sample', unit: 'boolean' },
    ]);
  });
});
