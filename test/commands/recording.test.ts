import { describe, expect, test } from 'vitest';
import { type Recording, record } from '../../src/commands/recording.js';
import type { Clock } from '../../src/core/clock.js';
import { gauge, group } from '../../src/core/group.js';
import { row } from '../../src/core/sample.js';
import { Sampler } from '../../src/core/sampler.js';
import type { Vital } from '../../src/core/vital.js';
import type { GapRecord, LogRecord, SampleRecord } from '../../src/logs/record.js';
import { fakeClock } from '../world.js';

const many = group({ name: 'many', help: '', fields: { x: gauge('count', '') } });
const detail = group({ name: 'detail', help: '', fields: { y: gauge('count', '', { due: 'detail' }) } });

const START = Date.UTC(2026, 10, 21, 12, 0, 0, 300);

interface Bench {
  readonly clock: ReturnType<typeof fakeClock>;
  readonly records: LogRecord[];
  readonly samples: () => readonly SampleRecord[];
  readonly gaps: () => readonly GapRecord[];
  readonly run: (more: Partial<Recording>) => ReturnType<typeof record>;
}

/** `reading` is called at each sample: for what a slow machine does. */
const bench = (reading: (clock: Bench['clock'], count: number) => void = () => {}): Bench => {
  const clock = fakeClock(START);
  const records: LogRecord[] = [];
  let count = 0;
  const vital: Vital = {
    groups: [many, detail],
    read: (ask) => {
      reading(clock, ++count);
      return [
        { group: many, rows: [row([], { x: count })] },
        ...(ask.detail ? [{ group: detail, rows: [row([], { y: count })] }] : []),
      ];
    },
  };
  const wanted = { top: 0, processArguments: false, processes: [], filters: {} };
  const sampler = new Sampler({ vitals: [vital], wanted, clock: clock as Clock, host: 'h', boot: 'b' });
  return {
    clock,
    records,
    samples: () => records.filter((one) => one.kind === 'sample'),
    gaps: () => records.filter((one) => one.kind === 'gap'),
    run: (more) =>
      record({
        sampler,
        sink: { beginsFile: () => records.length === 0, write: (one) => records.push(one) },
        clock,
        host: 'h',
        uptime: () => undefined,
        interval: 5,
        detailInterval: 60,
        count: Number.POSITIVE_INFINITY,
        duration: Number.POSITIVE_INFINITY,
        stop: new AbortController().signal,
        ...more,
      }),
  };
};

const seconds = (records: readonly LogRecord[]): readonly number[] =>
  records.map(({ time }) => (time - START) / 1000);

describe('ticks', () => {
  test('do not drift, however long a sample takes', async () => {
    const one = bench((clock, count) => clock.pass(count * 7));
    expect(await one.run({ interval: 1, count: 100 })).toBe('count reached');
    expect(seconds(one.samples()).slice(1)).toEqual(Array.from({ length: 99 }, (_, index) => index + 0.7));
    expect(one.gaps()).toEqual([]);
  });

  test('of a millisecond are kept', async () => {
    const one = bench();
    await one.run({ interval: 0.001, count: 500 });
    expect(one.samples().map(({ time }) => time - START)).toEqual(
      Array.from({ length: 500 }, (_, index) => index),
    );
  });

  test('of a day are kept, though no timer is that long', async () => {
    const one = bench();
    await one.run({ interval: 86_400, count: 3 });
    expect(one.samples().map(({ time }) => new Date(time).toISOString())).toEqual([
      '2026-11-21T12:00:00.300Z',
      '2026-11-22T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z',
    ]);
  });

  test('never come twice', async () => {
    const one = bench((clock, count) => clock.pass(count % 7 === 0 ? 11_000 : 10));
    await one.run({ count: 60 });
    const times = one.samples().map(({ time }) => time);
    expect(new Set(times).size).toBe(60);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });
});

describe('the end', () => {
  test('comes with the duration, in the middle of an interval too', async () => {
    const one = bench();
    expect(await one.run({ duration: 12 })).toBe('duration reached');
    expect(one.clock.now()).toBe(START + 12_000);
  });

  test('comes at once when it is stopped', async () => {
    const stop = new AbortController();
    const one = bench((_, count) => count === 3 && stop.abort());
    expect(await one.run({ stop: stop.signal })).toBe('stopped');
    expect(one.samples()).toHaveLength(3);
  });
});

describe('lateness', () => {
  test('is said once a minute by a machine that is too slow, with all that was missed', async () => {
    // Every sample takes two intervals and a half.
    const one = bench((clock) => clock.pass(2500));
    await one.run({ interval: 1, duration: 300 });
    const gaps = one.gaps();
    expect(gaps.length).toBeGreaterThanOrEqual(4);
    expect(gaps.length).toBeLessThanOrEqual(7);
    expect(gaps.every(({ reason }) => reason === 'late')).toBe(true);
    const missed = gaps.reduce((sum, gap) => sum + gap.missed, 0);
    expect(missed + one.samples().length).toBeGreaterThanOrEqual(298);
    expect(missed + one.samples().length).toBeLessThanOrEqual(302);
  });

  test('of a single tick is said at once', async () => {
    const one = bench((clock, count) => count === 3 && clock.pass(7000));
    await one.run({ interval: 5, count: 6 });
    expect(one.gaps()).toEqual([expect.objectContaining({ reason: 'late', missed: 1 })]);
    const at = one.records.indexOf(one.gaps()[0] as GapRecord);
    expect(one.records[at + 1]).toBe(one.samples()[3]);
  });

  test('that was held back is said at the end, in the order of time', async () => {
    const one = bench((clock, count) => (count === 2 || count === 4) && clock.pass(2500));
    await one.run({ interval: 1, count: 20 });
    expect(one.gaps().map(({ missed }) => missed)).toEqual([2, 2]);
    const times = one.records.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

test('details come with the first sample, with a new file’s, and with each new minute', async () => {
  const one = bench();
  const begins = [true, false, false, false, true, ...Array<boolean>(40).fill(false)];
  await one.run({
    interval: 10,
    count: 14,
    sink: { beginsFile: () => begins.shift() ?? false, write: (record) => one.records.push(record) },
  });
  const detailed = one.samples().map(({ sample }) => sample.readings.has('detail'));
  const first = [true, false, false, false, true, false];
  expect(detailed).toEqual([...first, true, false, false, false, false, false, true, false]);
});

test('what a watcher finds stands in the sample, and after it', async () => {
  const one = bench();
  const active = [{ rule: 'r', path: 'many.x', state: 'warning' as const, since: START }];
  const event = {
    rule: 'r',
    path: 'many.x',
    state: 'warning' as const,
    before: 'ok' as const,
    since: START,
    text: 't',
  };
  let count = 0;
  await one.run({
    count: 2,
    watcher: () => (++count === 2 ? { active, events: [event] } : { active: [], events: [] }),
  });
  expect(one.records.map(({ kind }) => kind)).toEqual(['sample', 'sample', 'alert']);
  expect(one.samples().map(({ sample }) => sample.alerts)).toEqual([undefined, active]);
});
